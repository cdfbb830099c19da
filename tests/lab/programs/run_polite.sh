#!/bin/bash
# Trains, but leaves the machine to the backup between 02:00 and 03:00.
python polite_training.py &
job=$!
while kill -0 $job 2>/dev/null; do
  sleep 420
  hour=$(date +%H:%M)
  case $hour in
    02:*) kill -STOP $job ;;
    03:00) kill -CONT $job ;;
  esac
done
wait $job
