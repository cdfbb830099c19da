"""A child run (a pipeline step, a trial) is still open, and its parent waits for it or was closed without it.

Signs: the parent is open and a child is too, and the child shows no sign of life for longer than it, or any of its
siblings, has lived; or the parent says Completed and a child is still open.
Near misses: a child that still works, whose log or metrics move; reused steps, which are Completed at once; children that
were cancelled; a child's changed record, which is no sign of life.
Safety constraint: an open child of an open parent is what a healthy pipeline looks like; only its silence is a finding.
"""

from collections.abc import Iterator
from datetime import datetime

from diagnose.evidence.cadence import Cadence
from diagnose.evidence.children import Child, Children
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, duration, some, status
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

SHORTEST_S = 1800.0
"""A child that is silent for less may be loading data or an image."""
MULTIPLE = 1.0
"""Silent for longer than it, or any of its siblings, has lived: something to look at, and no more than a suspicion."""


@rule(
    title="A child run is open and silent",
    cause=Cause.LINGERING_CHILD_RUN,
    remedy=(
        Step(
            "Diagnose the child itself",
            "Its own log and outputs say why it does not end.",
            "diagnose CHILD-RUN-ID",
        ),
        Step(
            "Cancel the child",
            "The parent then ends by its own rules.",
            "az ml job cancel --name CHILD-RUN-ID",
            "A pipeline whose step was canceled counts as Canceled or Failed.",
        ),
    ),
)
def open_child_run(run: RunRecord, children: Children, cadence: Cadence) -> Iterator[Finding]:
    """An open child that shows no life, or one that its closed parent left behind."""
    if run.phase is Phase.COMPLETED:
        left = [
            c
            for c in children.open
            if run.ended_at is None or c.started_at is None or c.started_at <= run.ended_at
        ]
        silent: list[tuple[Child, float | None]] = [(c, None) for c in left]
    elif run.phase is Phase.OPEN:
        silent = [(c, s) for c in children.open if (s := _silence(c, children, cadence.now)) is not None]
    else:
        return
    if not silent:
        return
    child, quiet = silent[0]
    names = some(c.display_name or c.run_id for c, _ in silent)
    ended = len(children.all) - len(children.open)
    since = f", silent for {duration(quiet)}" if quiet else ""
    closed = run.phase is Phase.COMPLETED
    yield Finding(
        headline=f"The child run {names} is still {child.status}{since}, and its parent "
        + (
            "was closed without it; look at the child."
            if closed
            else "waits for it; diagnose or cancel the child."
        ),
        story=f"Of {len(children.all)} child runs {ended} have ended and {names} has not. "
        f"Its last sign of life was {clock(child.last_own_sign or child.started_at)}.",
        evidence=(
            *(_piece(c, s, direct=closed) for c, s in silent[:5]),
            status(run),
            *(
                [Evidence(EvidenceKind.CHILD, f"{ended} other child runs have ended.", channel="siblings")]
                if ended
                else []
            ),
        ),
        mechanism="orphaned-child-run" if closed else "open-child-run",
        began_at=child.last_own_sign or child.started_at,
        subjects=frozenset(c.run_id for c, _ in silent),
        at_most=Certainty.ESTABLISHED if closed else Certainty.SUSPECTED,
    )


def _silence(child: Child, children: Children, now: datetime | None) -> float | None:
    """Seconds without a sign, where that is long by the child's own life and by its siblings'; else `None`."""
    last = child.last_own_sign or child.started_at or child.created_at
    if now is None or last is None or child.signs_unread:
        return None
    quiet = (now - last).total_seconds()
    siblings = [
        (c.ended_at - c.started_at).total_seconds() for c in children.all if c.ended_at and c.started_at
    ]
    lived = (last - child.started_at).total_seconds() if child.started_at else 0.0
    usual = max([lived, *siblings], default=0.0)
    return quiet if quiet > max(SHORTEST_S, MULTIPLE * usual) else None


def _piece(child: Child, quiet: float | None, *, direct: bool) -> Evidence:
    seen = f"; nothing seen of it for {duration(quiet)}" if quiet else ""
    return Evidence(
        EvidenceKind.CHILD,
        f"{child.display_name or child.run_id} says {child.status}{seen}.",
        child.last_own_sign,
        Source("children.jsonl", None, child.run_id),
        direct,
    )
