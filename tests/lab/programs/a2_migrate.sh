#!/bin/bash
# Rebuild the embeddings index after a schema change
echo "[index] checking schema"
sleep 200
have=7; want=9
if [ "$have" -lt "$want" ]; then
  printf 'Index is at version %s, code wants %s. Drop and rebuild? [y/N] ' "$have" "$want"
  read -r answer
  case "$answer" in y|Y) echo "[index] dropping" ;; *) echo; echo "[index] left as it is"; exit 2 ;; esac
fi
for part in 1 2 3 4 5 6; do
  sleep 300
  seq 1 $((part * 100)) > "$AZURE_ML_OUTPUT_index/part$part.idx"
  echo "[index] part $part of 6 rebuilt"
done
echo "[index] version $want ready"
