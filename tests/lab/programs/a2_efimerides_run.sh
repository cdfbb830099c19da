#!/bin/bash
# node agent stand-in: the kernel of the real node ends what goes over its share
python eurethrio.py &
job=$!
while [ -d /proc/$job ]; do
  used=$(awk '/VmRSS/ {print $2}' /proc/$job/status 2>/dev/null)
  [ "${used:-0}" -gt 512000 ] && kill -KILL $job
  sleep 20
done
wait $job
