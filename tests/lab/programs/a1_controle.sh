#!/bin/bash
set -euo pipefail
# Contrôle des ventes avant l'agrégation mensuelle.
ENTREE="$AZURE_ML_INPUT_data/ventes.csv"
SORTIE="$AZURE_ML_OUTPUT_agregat"

etape() { printf '%s -- %s\n' "$(date '+%F %T')" "$1"; }

etape "copie du fichier d'entrée"
cp "$ENTREE" ventes.csv
sleep 300

etape "contrôle des montants"
mauvais=$(awk -F, 'NR > 1 && $3 < 0' ventes.csv | wc -l)
if [ "$mauvais" -gt "${TOLERANCE:-0}" ]; then
  etape "refusé : $mauvais montants négatifs, tolérance ${TOLERANCE:-0}"
  awk -F, 'NR > 1 && $3 < 0' ventes.csv | head -3
  exit 3
fi

etape "agrégation"
sleep 1500
awk -F, 'NR > 1 { s[$2] += $3 } END { for (m in s) printf "%s,%.2f\n", m, s[m] }' ventes.csv | sort > "$SORTIE/mois.csv"
etape "terminé, $(wc -l < "$SORTIE/mois.csv") mois"
