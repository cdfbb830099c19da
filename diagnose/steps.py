"""What to do next: the remedy of the cause, or where to look when the evidence does not decide."""

from collections.abc import Sequence

from diagnose.engine import Outcome
from diagnose.evidence.bundle import Bundle
from diagnose.hypotheses import Claim, Hypothesis
from diagnose.looks import looks_for
from diagnose.rule import Step

READ_QUOTES = Step(
    "Read the quoted lines beside the source that printed them",
    "All that can be collected of this run is here. Whoever knows the program can tell whether what they speak of mattered.",
)


def steps_of(
    bundle: Bundle, lead: Claim | None, hypotheses: Sequence[Hypothesis], outcomes: Sequence[Outcome]
) -> tuple[Step, ...]:
    """The steps for the leading claim; without one, those that would make it possible to decide, the most telling first."""
    if lead:
        return (*lead.finding.steps, *lead.rule.remedy)
    missing = dict.fromkeys(words for h in hypotheses for words in h.missing)
    named = tuple(Step("Make visible what was missing", words) for words in list(missing)[:2])
    looks = looks_for(bundle, outcomes, hypotheses)
    return (*looks, *named) or (READ_QUOTES,)
