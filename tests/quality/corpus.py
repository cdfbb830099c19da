"""The labelled runs, and which of them are set aside: those measure, and nothing is ever made to fit them.

`sample_runs/` and the development half of `tests/quality/runs/` are what rules are made on. The other runs there are set
aside by a seed and the name of their program's family, so that a broken program and its mended twin stay together and
nobody can choose.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from diagnose.evidence.bundle import Bundle, open_bundle

SAMPLES = Path(__file__).parents[2] / "sample_runs"
APART = Path(__file__).parent / "runs"
LABELS = APART / "labels.json"

SEED = "2026-11-22"
SET_ASIDE_SHARE = 2 / 3
SEEN = frozenset(
    {"a1_beonyeok", "a2_verrou", "a5_recipes_both_pipes", "a5_pangenome_memory", "a5_turbine_alarm"}
)
"""Families whose verdict or label somebody read by accident. They measure no more."""
READ = ("a3_",)
"""Authors whose runs were set aside, measured once (on 2026-11-22: 38 of 49 right), and then read to learn from."""


@dataclass(frozen=True)
class LabelledRun:
    """One run with what is true of it by construction."""

    name: str
    path: Path
    outcome: str
    cause: str
    mechanism: str | None
    acceptable: tuple[str, ...]
    """Other causes with which a reader of this evidence would not be wrong."""
    family: str
    """The program, with its twin and with whatever was withheld of it."""

    @property
    def is_set_aside(self) -> bool:
        """Whether it only measures."""
        return self.path.parent == APART and is_set_aside(self.family)

    @cached_property
    def bundle(self) -> Bundle:
        """Its evidence."""
        return open_bundle(self.path)


def is_set_aside(family: str) -> bool:
    """Decided by the seed and the family's name alone."""
    drawn = int.from_bytes(hashlib.sha256(f"{SEED} {family}".encode()).digest()[:4], "big") / 2**32
    return drawn < SET_ASIDE_SHARE and family not in SEEN and not family.startswith(READ)


def _labelled(name: str, path: Path, label: dict) -> LabelledRun:
    return LabelledRun(
        name,
        path,
        label["outcome"],
        label["cause"],
        label["mechanism"],
        tuple(label.get("acceptable") or ()),
        label.get("family", name),
    )


def labelled_runs() -> list[LabelledRun]:
    """Every labelled run, by name."""
    samples = [
        _labelled(path.parent.name, path.parent, json.loads(path.read_text()))
        for path in SAMPLES.glob("*/label.json")
    ]
    labels = json.loads(LABELS.read_text()) if LABELS.exists() else {}
    apart = [_labelled(name, APART / f"{name}.zip", label) for name, label in labels.items()]
    return sorted([*samples, *apart], key=lambda run: run.name)


def set_aside() -> list[LabelledRun]:
    """The runs that measure."""
    return [run for run in labelled_runs() if run.is_set_aside]


def development() -> list[LabelledRun]:
    """The runs that rules are made on."""
    return [run for run in labelled_runs() if not run.is_set_aside]


def name_of(runs: list[LabelledRun]) -> str:
    """What the corpus is called: another digest is another corpus."""
    digest = hashlib.sha256()
    for run in runs:
        archive = run.path.read_bytes() if run.path.is_file() else b""
        digest.update(run.name.encode() + archive + repr((run.cause, run.acceptable)).encode())
    return f"set aside {SEED}, {digest.hexdigest()[:8]}"
