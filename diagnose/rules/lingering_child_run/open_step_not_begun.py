"""A child run has not begun, long after it was made, and its parent waits for it while its siblings have ended.

A step waits for a node, an image or an approval; the parent says Running all the while, as if it worked.

Signs: the parent is open, every other child has ended, and the one that is left has had a status from before its start
(NotStarted, Queued, Preparing …) for longer than half an hour and longer than any sibling took to begin.
Near misses: a child that has only just been made; a child beside others that still run, for which its turn may not have
come; a child that runs and is silent, which is another mechanism.
Safety constraint: waiting for a node is ordinary on a busy cluster, so it stays a suspicion.
"""

from collections.abc import Iterator
from datetime import datetime

from diagnose.evidence.cadence import Cadence
from diagnose.evidence.children import Child, Children
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import child_piece, clock, duration, siblings_piece, some, status
from diagnose.rule import Cause, Certainty, Finding, Step, rule

SHORTEST_S = 1800.0


@rule(
    title="A child run has not begun",
    cause=Cause.LINGERING_CHILD_RUN,
    remedy=Step(
        "Look at the quota and the nodes of the child's compute",
        "The child's own page says what it waits for.",
        "az ml compute show --name COMPUTE\ndiagnose CHILD-RUN-ID",
    ),
)
def open_step_not_begun(run: RunRecord, children: Children, cadence: Cadence) -> Iterator[Finding]:
    """Children that wait to begin when nothing else runs."""
    waiting = [c for c in children.open if c.phase is Phase.BEFORE_START]
    if run.phase is not Phase.OPEN or not waiting or len(waiting) != len(children.open):
        return
    long = [(c, s) for c in waiting if (s := _wait(c, children, cadence.now)) is not None]
    if not long:
        return
    child, seconds = long[0]
    names = some(c.display_name or c.run_id for c, _ in long)
    yield Finding(
        headline=f"The child run {names} has been {child.status} for {duration(seconds)} and has not begun; its parent waits for it: look at the child's compute.",
        story=f"{children.told}; {names} was made at {clock(child.created_at)} and has not begun.",
        evidence=(
            *(child_piece(c, f"says {c.status} since {duration(s)}") for c, s in long[:5]),
            status(run),
            *siblings_piece(children),
        ),
        mechanism="open-step-not-begun",
        began_at=child.created_at,
        subjects=frozenset(c.run_id for c, _ in long),
        at_most=Certainty.SUSPECTED,
    )


def _wait(child: Child, children: Children, now: datetime | None) -> float | None:
    """Seconds since it was made, where that is longer than any sibling took to begin; else `None`."""
    if now is None or child.created_at is None:
        return None
    seconds = (now - child.created_at).total_seconds()
    others = [
        (c.started_at - c.created_at).total_seconds() for c in children.all if c.started_at and c.created_at
    ]
    return seconds if seconds > max([SHORTEST_S, *others]) else None
