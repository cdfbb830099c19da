"""The parent says Completed, and so does every child run of it.

A pipeline or a sweep has no process and no user log of its own: what it did, its children did.

Signs: a parent's type, its status Completed, and a complete list of children that have all ended well.
Near misses: children that were canceled, which many sweeps do on purpose; reused steps, which are Completed at once.
Safety constraint: it says nothing of what the children wrote; each of them has a verdict of its own.
"""

from collections.abc import Iterator

from diagnose.evidence.children import Children
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import plural, status
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, rule


@rule(
    title="All children ended well",
    cause=Cause.NONE,
    remedy=Step("Nothing is to be done; diagnose a child to see more of it"),
    generic=True,
)
def children_all_well(run: RunRecord, children: Children) -> Iterator[Finding]:
    """A closed parent whose children are closed."""
    if (
        run.phase is not Phase.COMPLETED
        or not run.is_parent_type
        or not children.part.is_complete
        or not children.all
    ):
        return
    ended = [c for c in children.all if c.phase in (Phase.COMPLETED, Phase.CANCELED)]
    if len(ended) != len(children.all):
        return
    yield Finding(
        headline="Nothing is wrong: the parent completed, and so did its child runs.",
        story="A parent run has no process of its own. The service closed it, and every child of it had ended.",
        evidence=(
            status(run),
            Evidence(
                EvidenceKind.CHILD,
                f"All of its {plural(len(ended), 'child run')} have ended, none failed.",
                run.ended_at,
            ),
        ),
        mechanism="none",
        at_most=Certainty.SUPPORTED,
    )
