"""What is put around an executed script: the lab clock for Python and for the shell."""

import sys
from pathlib import Path

SLEEP = """#!/bin/sh
total=$(printf '%s\\n' "$@" | awk -v k="$LAB_SCALE" '
  { n = $1 + 0; if ($1 ~ /m$/) n *= 60; if ($1 ~ /h$/) n *= 3600; t += n } END { printf "%.6f", t / k }')
exec /bin/sleep "$total"
"""

TIMEOUT = """#!/bin/sh
limit=$(awk -v s="$1" -v k="$LAB_SCALE" 'BEGIN { printf "%.6f", s / k }')
shift
exec /usr/bin/timeout "$limit" "$@"
"""

DATE = """#!/bin/sh
now=$(/bin/date +%s.%N | awk -v z="$LAB_T0" -v r="$LAB_REAL0" -v k="$LAB_SCALE" '
  { printf "%.3f", z + ($1 - r) * k }')
exec /bin/date -u -d "@$now" "$@"
"""


def write_commands(folder: Path) -> None:
    """Puts `python`, `sleep`, `timeout` and `date` of the lab into a folder that goes first on PATH."""
    folder.mkdir(parents=True)
    python = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
    commands = {"python": python, "python3": python, "sleep": SLEEP, "timeout": TIMEOUT, "date": DATE}
    for name, text in commands.items():
        path = folder / name
        path.write_text(text)
        path.chmod(0o755)
