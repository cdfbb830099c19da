#!/usr/bin/env bash
# um processo por região
set -u
echo "== início $(date '+%d/%m/%Y %H:%M:%S') em $(hostname | cut -c1-3)"
export OMP_NUM_THREADS=1 GLOO_SOCKET_IFNAME=lo
pids=()
for r in 0 1 2 3; do
  python sensores.py --rank "$r" --total 4 &
  pids+=($!)
  sleep 20
done
echo "== ${#pids[@]} processos lançados"
codigo=0
for p in "${pids[@]}"; do
  wait "$p" || codigo=1
done
echo "== fim, código $codigo"
exit $codigo
