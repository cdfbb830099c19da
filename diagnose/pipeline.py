"""One run from its evidence to a verdict: the program in twenty lines."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from diagnose.collect.imported import open_evidence
from diagnose.engine import evaluate
from diagnose.evidence.bundle import Bundle
from diagnose.recording import Record, record_of
from diagnose.rule import Rule
from diagnose.rules import all_rules
from diagnose.verdict import decide


def diagnose_path(path: Path, at: datetime) -> Record:
    """The verdict on the evidence at `path`: a bundle, a downloaded job, a folder of logs.

    Raises `BundleError` when there is nothing to judge.
    """
    return judge(open_evidence(path), at)


def judge(bundle: Bundle, at: datetime, rules: Sequence[Rule] | None = None) -> Record:
    """The verdict on a bundle, as the record that all views are drawn from. Reaches for nothing outside it."""
    outcomes = evaluate(bundle, all_rules() if rules is None else rules)
    return _without_secrets(record_of(decide(bundle, outcomes), bundle, at), bundle)


def _without_secrets(record: Record, bundle: Bundle) -> Record:
    """What a later file gave away is taken out of what an earlier one is quoted with; and what was taken out is told."""
    if bundle.redaction is None:
        return record
    clean = bundle.redaction.value("verdict", record)
    assert isinstance(clean, dict)  # noqa: S101  (an object stays one)
    return clean | {"redaction": dict(bundle.redaction.told())}
