#!/bin/bash
# joint calling, one background job per chromosome, then concat
OUT="$AZURE_ML_OUTPUT_calls"
mkdir -p work
echo "[$(date '+%F %T')] calling 8 chromosomes, 4 samples"
for chr in chr1 chr2 chr3 chr4 chr5 chr6 chr7 chr8; do
  python call_chr.py "$chr" > "work/$chr.vcf" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || exit 1; done
echo "[$(date '+%F %T')] concat"
{ printf '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'; cat work/chr?.vcf; } > "$OUT/cohort.vcf"
grep -vc '^#' "$OUT/cohort.vcf" | sed 's/$/ records/'
for chr in chr1 chr2 chr3 chr4 chr5 chr6 chr7 chr8; do
  echo "$chr $(grep -c "^$chr	" "$OUT/cohort.vcf")"
done > "$OUT/counts.txt"
sleep 120
echo "[$(date '+%F %T')] cohort.vcf + counts.txt in place"
