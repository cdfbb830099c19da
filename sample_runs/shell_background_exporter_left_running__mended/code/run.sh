#!/bin/bash
set -e
echo "== $(date '+%F %T') starting status exporter"
python exporter.py &
exporter=$!
trap 'kill $exporter 2>/dev/null' EXIT
echo "== $(date '+%F %T') starting training"
python fit.py
echo "== $(date '+%F %T') training script returned $?"
ls -l "$AZURE_ML_OUTPUT_model" | tail -n +2 | awk '{print $5, $9}'
echo "== $(date '+%F %T') all steps done"
