"""Packs runs that the lab has made for measuring: `python -m tests.quality.pack FOLDER …`.

Each becomes one archive in `tests/quality/runs/`; its label goes apart into `labels.json`. Packing the same run twice
gives the same bytes.
"""

import json
import sys
import zipfile
from pathlib import Path

from tests.lab.catalogue import APART as APART_SAMPLES

from .corpus import APART, LABELS

PROGRAMS = {sample.name: sample.program.split("__")[0].split(".")[0] for sample in APART_SAMPLES}
"""What makes a family: the program, with its twin and with whatever was withheld of it."""
LONG_AGO = (2026, 1, 1, 0, 0, 0)


def pack(folder: Path) -> dict:
    """Writes the archive of one run and returns its label."""
    with zipfile.ZipFile(APART / f"{folder.name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != "label.json":
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes(), compresslevel=9)
    label = json.loads((folder / "label.json").read_text())
    return {**label, "family": PROGRAMS[folder.name]}


def main() -> int:
    """Pack every named run."""
    APART.mkdir(exist_ok=True)
    labels = json.loads(LABELS.read_text()) if LABELS.exists() else {}
    for folder in map(Path, sys.argv[1:]):
        labels[folder.name] = pack(folder)
    LABELS.write_text(json.dumps(dict(sorted(labels.items())), indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
