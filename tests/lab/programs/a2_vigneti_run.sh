#!/bin/bash
# avvia la stima; il nodo ha poca memoria, quindi un tetto per processo
TETTO_KB=450000
python stima.py &
pid=$!
(
  while kill -0 $pid 2>/dev/null; do
    rss=$(awk '/VmRSS/ {print $2}' /proc/$pid/status 2>/dev/null)
    if [ "${rss:-0}" -gt $TETTO_KB ]; then
      echo "limite-memoria: pid $pid occupa ${rss} kB, tetto ${TETTO_KB} kB"
      kill -KILL $pid
      break
    fi
    sleep 30
  done
) &
wait $pid
exit $?
