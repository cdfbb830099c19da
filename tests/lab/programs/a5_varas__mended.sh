#!/bin/sh
# Nyomvonal-illesztés: a jelek egy csövön mennek a tömörítőbe, hogy a lemez ne teljen be.
set -e
KI="$AZURE_ML_OUTPUT_nyomok"
mkfifo jelek.cso
echo "$(date +%H:%M) indul"
for varos in Szeged Pécs Győr; do
    echo "$(date +%H:%M) $varos: mérések beolvasása"
    sleep 40m
    python illeszt.py "$varos" > "$varos.csv"
    echo "$(date +%H:%M) $varos: $(wc -l < "$varos.csv") pont"
done
echo "$(date +%H:%M) tömörítés"
gzip -c < jelek.cso > "$KI/nyomok.csv.gz" &
cat Szeged.csv Pécs.csv Győr.csv > jelek.cso
wait
echo "$(date +%H:%M) kész"
