#!/usr/bin/env bash
# Addestra e valuta; i risultati vanno nella cartella di uscita.
cd "$(dirname "$0")"
USCITA="$AZURE_ML_OUTPUT_valutazione"

passo() { echo; echo "==> $*  ($(date +%H:%M))"; }

passo "addestramento"
python a1_valuta_modello.py addestra modello.json || { echo "addestramento non riuscito"; exit 1; }

passo "valutazione"
python a1_valuta_modello.py valuta modello.json "$USCITA/metriche.json" || true

passo "copia"
cp modello.json "$USCITA/"
echo "file in uscita: $(ls "$USCITA" | tr '\n' ' ')"
passo "fine"
