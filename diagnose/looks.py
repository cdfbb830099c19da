"""Where to look next when the evidence does not decide: the looks that would decide most of what is open, first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from diagnose.engine import NotChecked, Outcome, facts_of
from diagnose.evidence.bundle import Bundle, Missing, PartState
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.children import Children
from diagnose.evidence.code import Code
from diagnose.evidence.logs import Logs
from diagnose.evidence.metrics import Metrics
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.processes import Processes
from diagnose.evidence.run import Phase, RunRecord, phase_of_run
from diagnose.hypotheses import Hypothesis
from diagnose.pieces import some
from diagnose.rule import Cause, Rule, Step

MOST = 4
CALM = (Cause.NONE, Cause.INCONCLUSIVE)
USUAL = {
    Phase.BEFORE_START: (Cause.SERVICE_SIDE,),
    Phase.OPEN: (
        Cause.LINGERING_CHILD_PROCESS,
        Cause.IN_PROCESS_DEADLOCK,
        Cause.WAITING_ON_EXTERNAL,
        Cause.DISTRIBUTED_HANG,
        Cause.SILENT_ERROR,
        Cause.SERVICE_SIDE,
        Cause.STILL_WORKING,
    ),
    Phase.COMPLETED: (
        Cause.SILENT_ERROR,
        Cause.UNFLUSHED_OUTPUT,
        Cause.UNFLUSHED_METRICS,
        Cause.LINGERING_CHILD_PROCESS,
    ),
    Phase.FAILED: (Cause.LOUD_FAILURE, Cause.RESOURCE_KILL, Cause.SERVICE_SIDE, Cause.DISTRIBUTED_HANG),
}
"""What may be behind a run in each phase; any cause where the phase is not known."""


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at: what it would show, and when that is neither here already nor out of reach."""

    step: Step
    shows: Callable[[Rule], bool]
    """Whether a rule would be told something by it."""
    lacks: Callable[[Bundle], bool]
    while_open: bool = False
    """Only a run that is still there can be looked at in this way."""
    part: str | None = None
    """The part of the bundle that it would complete: where that was denied, the permission comes first."""


def looks_for(
    bundle: Bundle, outcomes: Sequence[Outcome], hypotheses: Sequence[Hypothesis]
) -> tuple[Step, ...]:
    """The looks that are left, by how many of the open causes they would decide."""
    rules = [outcome.rule for outcome in outcomes]
    wanted = _open_causes(bundle, outcomes, hypotheses)
    is_open = phase_of_run(bundle) in (Phase.OPEN, Phase.BEFORE_START)
    left = [look for look in LOOKS if (is_open or not look.while_open) and look.lacks(bundle)]
    decided = [(look, _decides(look, rules, wanted)) for look in left]
    ranked = sorted((pair for pair in decided if pair[1]), key=lambda pair: -len(pair[1]))
    return tuple(_told(look, causes, len(wanted), bundle) for look, causes in ranked[:MOST])


def _open_causes(
    bundle: Bundle, outcomes: Sequence[Outcome], hypotheses: Sequence[Hypothesis]
) -> tuple[Cause, ...]:
    """What nobody could rule out: what stands or leans, what could not be looked for, what such a run is held by."""
    named = [h.cause for h in hypotheses]
    unchecked = [o.rule.cause for o in outcomes if isinstance(o, NotChecked) and not o.rule.extra]
    usual = USUAL.get(phase_of_run(bundle), tuple(Cause))
    return tuple(cause for cause in dict.fromkeys((*named, *unchecked, *usual)) if cause not in CALM)


def _decides(look: Look, rules: Sequence[Rule], wanted: Sequence[Cause]) -> tuple[Cause, ...]:
    shown = {rule.cause for rule in rules if look.shows(rule)}
    return tuple(cause for cause in wanted if cause in shown)


def _told(look: Look, causes: Sequence[Cause], count: int, bundle: Bundle) -> Step:
    part = bundle.part(look.part) if look.part else None
    denied = part is not None and part.state is PartState.DENIED
    reason = f" It was refused: {part.reason or 'denied'}." if part and denied else ""
    tells = f"It tells of {len(causes)} of the {count} causes that are open: {some(c.value for c in causes)}."
    title = f"Get the permission that was refused, then: {look.step.title[0].lower()}{look.step.title[1:]}"
    return replace(
        look.step,
        title=title if denied else look.step.title,
        detail=" ".join(filter(None, (look.step.detail, tells))) + reason,
    )


def _uses(*facts: type) -> Callable[[Rule], bool]:
    return lambda rule: bool({*facts} & set(facts_of([rule])))


def _reads_stacks(rule: Rule) -> bool:
    return any("stack" in pattern.name for pattern in rule.watches)


def _incomplete(part: str) -> Callable[[Bundle], bool]:
    return lambda bundle: not bundle.part(part).is_complete


def _log_is_cut(bundle: Bundle) -> bool:
    logs = bundle.get(Logs)
    return (
        isinstance(logs, Missing)
        or not logs.part.is_complete
        or not logs.user_files
        or not all(file.is_whole for file in logs.user_files)
    )


def _pace_is_unclear(bundle: Bundle) -> bool:
    cadence = bundle.get(Cadence)
    return isinstance(cadence, Missing) or cadence.beat is Beat.UNCLEAR


LOOKS = (
    Look(
        Step(
            "Look at the stacks of the process while it is still there",
            "On the node, or through the run's interactive terminal: they name the line, the lock and the thread at once.",
            "py-spy dump --pid PID",
            "It stops the process for some milliseconds.",
        ),
        _reads_stacks,
        lambda _: True,
        while_open=True,
    ),
    Look(
        Step(
            "Look at the processes of the node while the run is there",
            "Saved as logs/diagnose/processes.jsonl among the run's artifacts they become part of the evidence.",
            "ps -ef --forest",
        ),
        _uses(Processes),
        lambda bundle: isinstance(bundle.get(Processes), Missing),
        while_open=True,
    ),
    Look(
        Step(
            "Capture the evidence again in five minutes",
            "Two captures tell whether logs, metrics or outputs still move. One capture cannot.",
            "diagnose capture RUN -o later.zip",
        ),
        _uses(Cadence),
        _pace_is_unclear,
        while_open=True,
    ),
    Look(
        Step(
            "Get what the service knows of the run, and diagnose it with that",
            "Its status says whether the run is open at all.",
            "az ml job show --name RUN\naz ml job download --all --name RUN",
        ),
        _uses(RunRecord),
        lambda bundle: phase_of_run(bundle) is Phase.UNKNOWN,
        part="run",
    ),
    Look(
        Step("Get the whole log of the user's process", "", "az ml job download --all --name RUN"),
        _uses(Logs),
        _log_is_cut,
        part="logs",
    ),
    Look(
        Step(
            "List the outputs with their sizes and times",
            "With Storage Blob Data Reader on the workspace's storage account.",
            "az ml job download --all --name RUN",
        ),
        _uses(Outputs),
        _incomplete("outputs"),
        part="outputs",
    ),
    Look(
        Step(
            "Read the metrics again in five minutes",
            "They are taken in with a delay, so a tail that is missing now may still come.",
            "diagnose capture RUN -o later.zip",
        ),
        _uses(Metrics),
        _incomplete("metrics"),
        part="metrics",
    ),
    Look(
        Step("Look at the child runs", "", "az ml job list --parent-job-name RUN -o table"),
        _uses(Children),
        _incomplete("children"),
        part="children",
    ),
    Look(
        Step("Get the source that ran", "The snapshot of the run, or the commit that it was made from."),
        _uses(Code),
        _incomplete("code"),
        part="code",
    ),
)
"""Ties keep this order: a process that may be gone soon comes first."""
