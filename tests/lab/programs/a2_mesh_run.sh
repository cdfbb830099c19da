#!/bin/bash
# usage: run.sh  -- starts the simulation under the per-process memory ceiling of the shared node
LIMIT_KB=420000
python malha.py & main=$!
echo "[memguard] watching children of $main, ceiling $LIMIT_KB kB"
while kill -0 $main 2>/dev/null; do
  for p in $(pgrep -P $main); do
    rss=$(awk '/VmRSS/ {print $2}' /proc/$p/status 2>/dev/null)
    if [ "${rss:-0}" -gt $LIMIT_KB ]; then
      echo "[memguard] $(date '+%H:%M:%S') pid $p rss=${rss} kB over ceiling, SIGKILL"
      kill -9 $p
    fi
  done
  sleep 60
done
wait $main
