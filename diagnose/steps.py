"""What to do next: the remedy of the cause, or where to look when the evidence does not decide."""

from collections.abc import Sequence

from diagnose.evidence.bundle import Bundle, Missing, PartState
from diagnose.evidence.run import Phase, RunRecord
from diagnose.hypotheses import Claim, Hypothesis
from diagnose.rule import Step

PARTS = ("run", "children", "metrics", "outputs", "logs", "code")
LOOK_AGAIN = Step(
    "Capture the evidence again in a few minutes",
    "Two captures tell whether logs, metrics or outputs still move. One capture cannot.",
)
ASK_SERVICE = Step(
    "Get what the service knows of the run, and diagnose it with that",
    "Its status and its outputs decide between most causes.",
    "az ml job show --name RUN\naz ml job download --all --name RUN",
)
STACKS = Step(
    "Look at the stacks of the process while it is still there",
    "On the node, or through the run's interactive terminal: it names the line, the lock and the thread at once.",
    "py-spy dump --pid PID",
    "It stops the process for some milliseconds.",
)


def steps_of(bundle: Bundle, lead: Claim | None, hypotheses: Sequence[Hypothesis]) -> tuple[Step, ...]:
    """The steps for the leading claim; without one, those that would make it possible to decide."""
    if lead:
        return (*lead.finding.steps, *lead.rule.remedy)
    denied = [name for name in PARTS if bundle.part(name).state is PartState.DENIED]
    if denied:
        reasons = "; ".join(f"{name}: {bundle.part(name).reason or 'denied'}" for name in denied)
        return (Step("Get the permission that was refused, and capture again", reasons), *_looks(bundle))
    missing = dict.fromkeys(words for h in hypotheses for words in h.missing)
    named = tuple(Step("Make visible what was missing", words) for words in list(missing)[:3])
    return (*named, *_looks(bundle))


def _looks(bundle: Bundle) -> tuple[Step, ...]:
    """Where else to look: at the living process of an open run, at the service's word on any other."""
    return (
        (LOOK_AGAIN, STACKS) if phase_of_run(bundle) in (Phase.OPEN, Phase.BEFORE_START) else (ASK_SERVICE,)
    )


def phase_of_run(bundle: Bundle) -> Phase:
    """What the service's status means; unknown when there is no record of the run."""
    run = bundle.get(RunRecord)
    return Phase.UNKNOWN if isinstance(run, Missing) else run.phase
