#!/bin/bash
# Curățare și arhivare date contoare. Rulează noaptea.
set -u
IESIRE="$AZURE_ML_OUTPUT_contoare"
mesaj() { echo "$(date '+%d.%m.%Y %H:%M:%S') [$1] $2"; }

( while true; do mesaj PULS "proces activ"; sleep 300; done ) &
PULS=$!
trap 'kill "$PULS" 2>/dev/null' EXIT

mesaj INFO "pornire"
rm tmp_vechi/*.csv || true
mkdir -p lucru
for zona in nord sud est vest centru; do
  for i in $(seq 1 400); do echo "$zona;$i;$(( (i * 7919) % 997 ))"; done > "lucru/$zona.csv"
  sleep 240
  if grep -n ';-' "lucru/$zona.csv"; then mesaj AVERT "valori negative în $zona"; fi
  mesaj INFO "zona $zona: $(wc -l < "lucru/$zona.csv") citiri, erori: $(grep -c EROARE "lucru/$zona.csv")"
done
sort -t';' -k1,1 -k2,2n lucru/*.csv | gzip -9 > "$IESIRE/citiri.csv.gz" || exit 1
gzip -t "$IESIRE/citiri.csv.gz" || exit 1
command -v pigz || mesaj AVERT "pigz nu este instalat, folosim gzip"
mesaj INFO "arhiva verificată: $(zcat "$IESIRE/citiri.csv.gz" | wc -l) citiri"
mesaj INFO "sfârșit, 0 erori"
exit 0
