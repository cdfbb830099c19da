"""A child run (a pipeline step, a trial) is still open and has fallen silent, and its open parent waits for it.

A parent has no process of its own: it ends when the last of its children does. One that lingers holds it for as long.

Signs: the parent is open and a child that has begun is too, and the child shows no sign of life for longer than it, or
any of its siblings, has lived.
Near misses: a child that still works, whose log or metrics move; a child that waits for a node and has not begun; reused
steps, which are Completed at once and tell nothing of a usual length; children that were canceled; a child's changed
record, which is no sign of life.
Safety constraint: an open child of an open parent is what a healthy pipeline looks like; only its silence is a finding.
"""

from collections.abc import Iterator
from datetime import datetime

from diagnose.evidence.cadence import Cadence
from diagnose.evidence.children import Child, Children
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import child_piece, clock, duration, siblings_piece, some, status
from diagnose.rule import Cause, Certainty, Finding, Step, rule

SHORTEST_S = 1800.0
"""A child that is silent for less may be loading data or an image."""
MULTIPLE = 1.0
"""Silent for longer than it, or any of its siblings, has lived: something to look at, and no more than a suspicion."""
SWEEPS = ("sweep", "hyperdrive", "automl")


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
def open_step_silent(run: RunRecord, children: Children, cadence: Cadence) -> Iterator[Finding]:
    """An open child that shows no life, under a parent that waits for it."""
    if run.phase is not Phase.OPEN:
        return
    begun = [c for c in children.open if c.phase is Phase.OPEN]
    silent = [(c, s) for c in begun if (s := _silence(c, children, cadence.now)) is not None]
    if not silent:
        return
    child, quiet = silent[0]
    names = some(c.display_name or c.run_id for c, _ in silent)
    yield Finding(
        headline=f"The child run {names} is still {child.status}, silent for {duration(quiet)}, and its parent waits for it; diagnose or cancel the child.",
        story=f"{children.told} and {names} {'has' if len(silent) == 1 else 'have'} not. "
        f"Its last sign of life was {clock(child.last_own_sign or child.started_at)}.",
        evidence=(
            *(
                child_piece(c, f"says {c.status}; nothing seen of it for {duration(seconds)}")
                for c, seconds in silent[:5]
            ),
            status(run),
            *siblings_piece(children),
        ),
        mechanism="open-trial-silent" if (run.type or "").lower() in SWEEPS else "open-step-silent",
        began_at=child.last_own_sign or child.started_at,
        subjects=frozenset(c.run_id for c, _ in silent),
        at_most=Certainty.SUSPECTED,
    )


def _silence(child: Child, children: Children, now: datetime | None) -> float | None:
    """Seconds without a sign, where that is long by the child's own life and by its siblings'; else `None`."""
    last = child.last_own_sign or child.started_at or child.created_at
    if now is None or last is None or child.signs_unread:
        return None
    quiet = (now - last).total_seconds()
    siblings = [c.lived_s for c in children.all if c.lived_s is not None and not c.is_reused]
    lived = (last - child.started_at).total_seconds() if child.started_at else 0.0
    usual = max([lived, *siblings], default=0.0)
    return quiet if quiet > max(SHORTEST_S, MULTIPLE * usual) else None
