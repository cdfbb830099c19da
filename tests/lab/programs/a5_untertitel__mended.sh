#!/bin/bash
# Untertitel für die Mediathek, Nachtlauf. Aufruf: untertitel.sh [Sendungen]
set -euo pipefail

mkdir -p outputs/protokoll
PROTOKOLL=outputs/protokoll/lauf.log
: > "$PROTOKOLL"

# was die Werkzeuge ins Protokoll schreiben, soll auch im Portal zu sehen sein
tail -n +1 -F "$PROTOKOLL" &
MITLESER=$!
trap 'sleep 5; kill $MITLESER 2>/dev/null || true' EXIT

echo "$(date '+%F %T') Start, Zielordner $AZURE_ML_OUTPUT_untertitel"
python transkribieren.py "${1:-14}" >> "$PROTOKOLL" 2>&1

n=$(ls "$AZURE_ML_OUTPUT_untertitel" | wc -l)
echo "$(date '+%F %T') $n Dateien im Zielordner, Lauf beendet"
