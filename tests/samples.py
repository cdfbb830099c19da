"""The sample runs as the tests see them: members in memory, so that parts can be taken away, cut or shuffled."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from diagnose.evidence.bundle import Bundle, bundle_in, open_bundle
from diagnose.evidence.store import OverlayStore
from diagnose.pipeline import judge

FOLDER = Path(__file__).parents[1] / "sample_runs"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/bundle.json"))
BROKEN = [name for name in NAMES if not name.endswith("__mended")]
MENDED = [name for name in NAMES if name.endswith("__mended")]
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""When the tests say that the record was made."""

Members = dict[str, bytes]


def members_of(name: str) -> Members:
    """Every file of a sample run that belongs to its bundle."""
    beside = ("label.json", "expected.json")
    files = sorted(path for path in (FOLDER / name).rglob("*") if path.is_file() and path.name not in beside)
    return {path.relative_to(FOLDER / name).as_posix(): path.read_bytes() for path in files}


def bundle_of(members: Mapping[str, bytes]) -> Bundle:
    """The bundle with these members."""
    bundle = bundle_in(OverlayStore(None, members, {}, "in memory"))
    assert bundle is not None
    return bundle


def record_of(name: str) -> dict:
    """The verdict on a sample run as it lies there."""
    return judge(open_bundle(FOLDER / name), AT)


@cache
def cause_of(name: str) -> str:
    """The cause that the tool names of a sample run as it lies there."""
    return record_of(name)["cause"]


def label_of(name: str) -> dict:
    """What is true of a sample run, by how it was made."""
    return json.loads((FOLDER / name / "label.json").read_text())


def judgement(record: Mapping) -> dict:
    """The part of a record that a change of rules changes: no clock, no version, no picture."""
    lines = [
        {
            "rule": piece["rule"],
            "kind": piece["kind"],
            "stance": piece["stance"],
            "path": (piece["source"] or {}).get("path"),
            "line": (piece["source"] or {}).get("line"),
        }
        for piece in record["evidence"]
    ]
    open_causes = [{"cause": h["cause"], "certainty": h["certainty"]} for h in record["hypotheses"]]
    words = {key: record[key] for key in ("outcome", "cause", "mechanism", "certainty", "headline")}
    return {**words, "hypotheses": open_causes, "evidence": lines}
