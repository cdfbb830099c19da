#!/usr/bin/env bash
# Import ogłoszeń części zamiennych i liczenie cen
set -euo pipefail
echo "== $(date '+%F %T') start importu"
echo "katalog wyjściowy: $AZURE_ML_OUTPUT_ceny"
python wydobadz.py | python policz.py "$AZURE_ML_OUTPUT_ceny/ceny.csv"
sleep 30
echo "== $(date '+%F %T') wierszy w pliku: $(wc -l < "$AZURE_ML_OUTPUT_ceny/ceny.csv")"
echo "== koniec"
