#!/bin/bash
# Väderarkiv: packa månaderna lokalt, kopiera till utdata
set -eu
mal="$AZURE_ML_OUTPUT_arkiv"
for manad in 01 02 03 04 05 06; do
  sleep 400
  seq 1 6000 | awk -v m="$manad" '{ print "2026-" m "," $1 "," ($1 * 31 % 97) / 3 }' > "vader_$manad.csv"
  echo "månad $manad: $(wc -l < "vader_$manad.csv") rader, 0 fel"
done
echo "packar..."
cat vader_*.csv | gzip -9 > "$mal/arkiv.gz"
echo "klart"
