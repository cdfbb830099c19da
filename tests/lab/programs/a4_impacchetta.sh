set -e
cd "$1"
sha256sum lotti.csv > SHA256SUMS
echo "firma: $(cut -c1-16 SHA256SUMS)"
sleep 40
echo "pacchetto pronto"
