"""How long a run has been going beside earlier completed ones of its experiment: evidence that several rules cite."""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.run import RunRecord
from diagnose.evidence.siblings import Siblings
from diagnose.pieces import duration, plural
from diagnose.rule import Evidence, EvidenceKind

FAR_BEYOND = 2.0
"""Times as long as the longest earlier run: more than data that grew, or a slower node."""


def within_usual(run: RunRecord, cadence: Cadence, siblings: Siblings | Missing) -> Iterator[Evidence]:
    """That earlier completed runs took longer than this one has been running."""
    found = _beside_earlier(run, cadence, siblings)
    if found and found[0] < found[1]:
        yield _earlier(siblings, *found)


def beyond_usual(run: RunRecord, cadence: Cadence, siblings: Siblings | Missing) -> Iterator[Evidence]:
    """That this run has been running far longer than any earlier completed one: a witness apart from its own traces."""
    found = _beside_earlier(run, cadence, siblings)
    if found and found[0] > FAR_BEYOND * found[1]:
        yield _earlier(siblings, *found)


def _beside_earlier(
    run: RunRecord, cadence: Cadence, siblings: Siblings | Missing
) -> tuple[float, float] | None:
    """How long it has been running, and the longest earlier run, in seconds; `None` where either is not known."""
    longest = None if isinstance(siblings, Missing) else siblings.longest_s
    if not longest or run.started_at is None or cadence.now is None:
        return None
    return (cadence.now - run.started_at).total_seconds(), longest


def _earlier(siblings: Siblings | Missing, so_far: float, longest: float) -> Evidence:
    timed = 0 if isinstance(siblings, Missing) else sum(s.duration_s is not None for s in siblings.all)
    return Evidence(
        EvidenceKind.STATUS,
        f"{plural(timed, 'earlier completed run')} took up to {duration(longest)}; this one is at {duration(so_far)}.",
        channel="earlier runs",
    )
