#!/bin/sh
# Éjszakai összesítés, utána a nyers mérések archiválása.
ki="$AZURE_ML_OUTPUT_archivum"
naplo() { echo "$(date '+%Y.%m.%d. %H:%M:%S')  $*"; }

naplo "mérőállomások beolvasása"
python a1_mentes_osszesit.py osszesito.csv || exit 1
cp osszesito.csv "$ki/osszesito.csv"
naplo "összesítő kész: $(wc -l < osszesito.csv) sor"

naplo "archiválás indul"
python a1_mentes_archiv.py "$ki" > archiv.log 2>&1 || { naplo "az archiválás nem sikerült"; exit 1; }
naplo "éjszakai futás vége"
