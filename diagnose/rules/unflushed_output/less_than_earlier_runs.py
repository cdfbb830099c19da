"""Earlier runs of the same experiment all left something that this one did not.

What a run should have made is rarely written down. Its own past is: what each of several completed runs of the same
experiment left, under the same names but for ids, dates and counts, was due here too.

Signs: names that every earlier run at hand left, two at least, and that the complete listing of this one does not hold; or
that hold less than a tenth of what the smallest of them held.
Near misses: one earlier run, which makes no habit; outputs that some of them left and others did not; sizes that differ
among them as much; a listing that is not complete; another program under the same experiment, which left nothing of
what they all left.
Safety constraint: a program may have been changed on purpose, so this alone is a suspicion.
"""

from collections import Counter
from collections.abc import Iterator

from diagnose.evidence.outputs import Outputs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.siblings import Siblings, template_of
from diagnose.pieces import plural, some
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

FAR_BELOW = 0.1
ALIKE = 2.0
"""Sizes within this factor of one another are a habit."""


@rule(
    title="Earlier runs left more than this one",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Compare it with the last run that left everything",
        "The inputs, the arguments and the code of the two say what was different this time.",
        "az ml job show --name RUN > this.yml\naz ml job show --name EARLIER-RUN > earlier.yml\ndiff this.yml earlier.yml",
    ),
    extra=True,
)
def less_than_earlier_runs(run: RunRecord, outputs: Outputs, siblings: Siblings) -> Iterator[Finding]:
    """What every earlier run left and this one did not."""
    if run.phase is not Phase.COMPLETED or not outputs.is_complete:
        return
    here: Counter[str] = Counter()
    for blob in outputs.results:
        here[template_of(blob.output, blob.path)] += blob.size or 0
    absent = [name for name in siblings.always if name not in here]
    small = [
        name for name, sizes in siblings.always.items() if name in here and _is_far_below(here[name], sizes)
    ]
    if (not absent and not small) or _is_another_program(here, siblings):
        return
    what = f"{some(absent or small)} {'is missing' if absent else 'is far smaller than before'}"
    earlier = plural(len(siblings.all), "earlier run")
    yield Finding(
        headline=f"{what}, although each of {earlier} of this experiment left it and the run says Completed; compare it with the last good one.",
        story=f"Each of {earlier} at hand left {some(sorted(siblings.always))}. Of this, {what}. Nothing that the service watches "
        "noticed the difference.",
        evidence=(
            *(
                Evidence(
                    EvidenceKind.ABSENCE,
                    f"Nothing like {name} is in the complete listing; each of {earlier} left it.",
                    None,
                    Source(name),
                )
                for name in absent[:5]
            ),
            *(
                Evidence(
                    EvidenceKind.OUTPUT,
                    f"{name} holds {here[name]:,} bytes, and {min(siblings.always[name]):,} or more in each of {earlier}.",
                    None,
                    Source(name),
                )
                for name in small[:5]
            ),
        ),
        mechanism="less-than-earlier-runs",
        subjects=frozenset(name.rpartition("/")[2] for name in (*absent, *small)),
        at_most=Certainty.SUPPORTED,
    )


def _is_another_program(here: Counter[str], siblings: Siblings) -> bool:
    """It left things, and none of them is among what they all left."""
    return bool(here) and not any(name in here for name in siblings.always)


def _is_far_below(size: int, before: tuple[int, ...]) -> bool:
    least, most = min(before), max(before)
    return least > 0 and most <= ALIKE * least and size < FAR_BELOW * least
