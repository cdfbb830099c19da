#!/bin/bash
echo "Merkmale werden berechnet"
python merkmale.py
echo "Merkmale werden geprüft"
python -m unittest -b pruefung.py 2>&1
echo "Bericht wird gepackt"
tar -C "$AZURE_ML_OUTPUT_merkmale" -cf outputs/merkmale.tar .
echo "fertig"
