#!/bin/bash
echo "== $(date '+%F %T') starting status exporter"
python exporter.py &
echo "== $(date '+%F %T') starting training"
python fit.py
echo "== $(date '+%F %T') training script returned $?"
ls -l "$AZURE_ML_OUTPUT_model" | tail -n +2 | awk '{print $5, $9}'
echo "== $(date '+%F %T') all steps done"
