#!/bin/bash
# Gece eğitimi. Kullanım: egit.sh
set -u

durum() {
  echo "[durum $(date +%H:%M:%S)] yük: $(cut -d' ' -f1 /proc/loadavg)  boş bellek: $(awk '/MemAvailable/ {print int($2/1024)}' /proc/meminfo) MB"
}

izle() {
  while :; do
    durum
    sleep 600
  done
}

echo ">> izleme başlatılıyor"
izle &
IZLE=$!
trap 'kill $IZLE 2>/dev/null' EXIT

echo ">> veri hazırlanıyor"
python a1_egit_veri.py veri.csv || exit 1

echo ">> eğitim"
python a1_egit_model.py veri.csv "$AZURE_ML_OUTPUT_model" || exit 1

echo ">> özet"
wc -l veri.csv
ls -l "$AZURE_ML_OUTPUT_model" | awk '{print $5, $9}'
echo ">> iş tamam"
