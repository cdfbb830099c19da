"""Writes `expected.json` beside each sample run: `python -m tests.accept [NAME …]`.

Run it when a change of judgement is meant, and read the difference before it is committed.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from samples import FOLDER, NAMES, judgement, record_of


def accept(name: str) -> None:
    """Write what the tool says of one sample run today."""
    text = json.dumps(judgement(record_of(name)), indent=1, ensure_ascii=False)
    (FOLDER / name / "expected.json").write_text(text + "\n")


if __name__ == "__main__":
    for sample in sys.argv[1:] or NAMES:
        accept(sample)
