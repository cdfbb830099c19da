#!/bin/bash
# 词典校对:三步,最后与参考核对
set -e
out="$AZURE_ML_OUTPUT_cidian"
log() { echo "$(date '+%H:%M:%S') [校对] $*"; }
log "第一步:抽取词条"
for i in $(seq 1 12); do
  sleep 120
  seq $((i * 100)) $((i * 100 + 79)) | awk '{printf "词条%d\t%d\n", $1, ($1 * 7919) % 1000}' >> "$out/citiao.tsv"
  log "卷 $i/12 完成,错误 0"
done
log "第二步:排序"
sort -k2,2n "$out/citiao.tsv" > "$out/paixu.tsv"
sleep 200
log "第三步:核对"
awk -F'\t' '$2 > 990 { bad++; print "超出范围: " $0 > "/dev/stderr" } END { exit bad > 0 ? 4 : 0 }' "$out/paixu.tsv"
echo ok > "$out/hedui.txt"
log "全部完成"
