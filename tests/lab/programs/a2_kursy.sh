#!/bin/bash
# Pobiera kursy walut i kalendarz świąt, buduje zestaw do prognozy
K="$AZUREML_SERVICE_ENDPOINT"
CEL="$AZURE_ML_OUTPUT_zestaw"
echo "start $(date +%F' '%T)"
for waluta in eur usd chf gbp; do
  curl -s -o "$CEL/$waluta.json" "$K/kursy/$waluta"
  echo "$(date +%T) $waluta zapisane, $(wc -c < "$CEL/$waluta.json") B"
  sleep 300
done
curl -s "$K/swieta/2026" -o "$CEL/swieta.json"
sleep 120
ls "$CEL" | wc -l > "$CEL/liczba.txt"
echo "zestaw gotowy $(date +%F' '%T)"
