#!/bin/bash
echo "[1/3] fetching"
python fetch.py
echo "[2/3] aggregating"
python aggregate.py 2>&1 | tee aggregate.log
echo "[3/3] packing"
tar -C "$AZURE_ML_OUTPUT_report" -cf outputs/report.tar .
echo "report ready"
