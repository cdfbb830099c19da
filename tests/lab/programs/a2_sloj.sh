#!/bin/sh
# čeka da noćna obrada ostavi oznaku, zatim spaja slojeve
set -e
ULAZ="$AZURE_ML_INPUT_data"
echo "$(date '+%d.%m.%Y. %H:%M') spajanje slojeva"
n=0
while [ ! -e "$ULAZ/slojevi/GOTOVO" ]; do
  n=$((n + 1))
  sleep 300
done
for s in "$ULAZ"/slojevi/*.txt; do
  echo "$(date '+%d.%m.%Y. %H:%M') $(basename "$s")"
  sleep 200
  cat "$s" >> "$AZURE_ML_OUTPUT_karta/karta.txt"
done
echo "$(date '+%d.%m.%Y. %H:%M') karta je spojena"
