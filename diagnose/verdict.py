"""The verdict: what happened to the run, why, how sure that is, and what would change it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from diagnose.engine import Broke, NotChecked, Outcome
from diagnose.evidence.bundle import Bundle, Missing, PartState
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.ending import Ending
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.logs import Logs
from diagnose.evidence.processes import Processes
from diagnose.evidence.run import Phase, RunRecord
from diagnose.hypotheses import Claim, Hypothesis, claims_of, rank
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Step


class RunOutcome(StrEnum):
    """What became of the run. The words of `spec/verdict.md`, version 1."""

    STUCK = "stuck"
    CUT_SHORT = "cut-short"
    FALSE_COMPLETION = "false-completion"
    FAILED = "failed"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    NEVER_STARTED = "never-started"
    UNKNOWN = "unknown"


ENDED_BY_SERVICE = frozenset({"preempted", "time-limit", "node-lost", "quota"})
"""Mechanisms by which the service itself ends a run, whatever status word it leaves."""


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest evidence without which the verdict changes, and the cause that it changes to."""

    evidence: tuple[Evidence, ...]
    to: Cause


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `diagnose` says of one run. `hypotheses` are best first; the first one is the cause unless inconclusive."""

    outcome: RunOutcome
    cause: Cause
    mechanism: str | None
    certainty: Certainty
    headline: str
    explanation: str
    hypotheses: tuple[Hypothesis, ...]
    next_steps: tuple[Step, ...]
    flip: Flip | None
    outcomes: tuple[Outcome, ...]


def decide(bundle: Bundle, outcomes: Sequence[Outcome]) -> Verdict:
    """Weigh what the rules found. The same bundle and rules give the same verdict, always."""
    claims = claims_of(outcomes)
    unseen = _unseen(bundle)
    hypotheses = _without_calm(_judge(claims, unseen))
    if any(isinstance(outcome, Broke) for outcome in outcomes):
        # A rule that broke might have found something: what is left may not be called a clean bill of health.
        hypotheses = tuple(_doubted(h) if h.cause is Cause.NONE else h for h in hypotheses)
    best = hypotheses[0] if hypotheses else None
    cause = best.cause if best and best.certainty > Certainty.NONE else Cause.INCONCLUSIVE
    lead = best.lead if best and cause is not Cause.INCONCLUSIVE else None
    outcome = _outcome(bundle, cause, lead)
    return Verdict(
        outcome=outcome,
        cause=cause,
        mechanism=(lead.finding.mechanism or lead.rule.name.replace("_", "-")) if lead else None,
        certainty=best.certainty if best and lead else Certainty.NONE,
        headline=lead.finding.headline if lead else _undecided(bundle, outcome, hypotheses),
        explanation=_explanation(lead, best, unseen, hypotheses),
        hypotheses=(*hypotheses, *_unchecked(outcomes, hypotheses)),
        next_steps=_steps(bundle, lead, hypotheses),
        flip=_flip(claims, unseen, best) if lead and best else None,
        outcomes=tuple(outcomes),
    )


@dataclass(frozen=True, slots=True)
class Unseen:
    """A part without which some causes cannot be told from others, and why it was not seen."""

    part: str
    reason: str
    bars: frozenset[Cause]


def _unseen(bundle: Bundle) -> tuple[Unseen, ...]:
    """What was not seen and hides an earlier link of the chain.

    What only a later link can explain is then left open, and not put in the place of the earlier one. An error that was
    swallowed stands in the log and nowhere else, and so does what ended a process, unless the service quotes it. A child
    that was cut off in its write stands in the process table, which a run of one's own machine has.
    """
    run = bundle.get(RunRecord)
    if not isinstance(run, Missing) and run.is_parent_type:
        return ()  # a parent has no process and no log of its own
    return (*_unseen_log(bundle), *_unseen_processes(bundle))


def _unseen_log(bundle: Bundle) -> Iterator[Unseen]:
    logs, ending = bundle.get(Logs), bundle.get(Ending)
    bars = {Cause.UNFLUSHED_OUTPUT, Cause.UNFLUSHED_METRICS}
    covered = not isinstance(logs, Missing) and any(file.covers_end for file in logs.user_files)
    if not covered and (isinstance(ending, Missing) or not ending.last_words):
        bars.add(Cause.LOUD_FAILURE)
    if isinstance(logs, Missing):
        yield Unseen("the user's log", logs.reason, frozenset(bars))
    elif not logs.user_files:
        yield Unseen(
            "the user's log", "the run's listing holds no log of the user's process", frozenset(bars)
        )
    elif not logs.part.is_complete or not all(file.is_whole for file in logs.user_files):
        cut = [file.path for file in logs.user_files if not file.is_whole]
        reason = f"{cut[0]} was not read whole" if cut else (logs.part.reason or "not all logs are here")
        yield Unseen("the user's log", reason, frozenset(bars))


def _unseen_processes(bundle: Bundle) -> Iterator[Unseen]:
    processes = bundle.get(Processes)
    if bundle.manifest.origin.kind == "local" and isinstance(processes, Missing):
        yield Unseen("the process table", processes.reason, frozenset({Cause.UNFLUSHED_OUTPUT}))


def _judge(claims: Sequence[Claim], unseen: Sequence[Unseen]) -> tuple[Hypothesis, ...]:
    """Ranked hypotheses; one that rests on a part that was not seen is kept, without certainty and in its place."""
    return tuple(_barred(hypothesis, unseen) for hypothesis in rank(claims))


def _barred(hypothesis: Hypothesis, unseen: Sequence[Unseen]) -> Hypothesis:
    gaps = tuple(f"{gap.part}: {gap.reason}" for gap in unseen if hypothesis.cause in gap.bars)
    own_words = hypothesis.cause is not Cause.LOUD_FAILURE and any(
        piece.direct for piece in hypothesis.supporting if piece.kind is EvidenceKind.LOG
    )
    if not gaps or own_words:
        return hypothesis
    return replace(hypothesis, certainty=Certainty.NONE, missing=(*gaps, *hypothesis.missing))


def _without_calm(hypotheses: tuple[Hypothesis, ...]) -> tuple[Hypothesis, ...]:
    """Where a cause stands, that all is well is no rival of it."""
    calm = (Cause.NONE, Cause.STILL_WORKING)
    stands = bool(hypotheses) and hypotheses[0].cause not in calm and hypotheses[0].certainty > Certainty.NONE
    return tuple(h for h in hypotheses if h.cause not in calm) if stands else hypotheses


def _doubted(hypothesis: Hypothesis) -> Hypothesis:
    broken = "a rule broke, so not everything was looked for; the list of rules says which"
    return replace(hypothesis, certainty=Certainty.NONE, missing=(*hypothesis.missing, broken))


FALSE_ENDINGS = frozenset(Cause) - {Cause.NONE, Cause.INCONCLUSIVE, Cause.STILL_WORKING}


def _phase(bundle: Bundle) -> Phase:
    run = bundle.get(RunRecord)
    return Phase.UNKNOWN if isinstance(run, Missing) else run.phase


def _outcome(bundle: Bundle, cause: Cause, lead: Claim | None) -> RunOutcome:
    phase = _phase(bundle)
    mechanism = lead.finding.mechanism if lead else None
    match phase:
        case Phase.COMPLETED:
            return RunOutcome.FALSE_COMPLETION if cause in FALSE_ENDINGS else RunOutcome.COMPLETED
        case Phase.FAILED:
            return RunOutcome.CUT_SHORT if mechanism in ENDED_BY_SERVICE else RunOutcome.FAILED
        case Phase.CANCELED:
            return RunOutcome.CUT_SHORT
        case Phase.BEFORE_START:
            return RunOutcome.NEVER_STARTED
        case Phase.OPEN:
            return _open_outcome(bundle, cause)
        case Phase.UNKNOWN:
            return RunOutcome.UNKNOWN


def _open_outcome(bundle: Bundle, cause: Cause) -> RunOutcome:
    lifecycle, cadence = bundle.get(Lifecycle), bundle.get(Cadence)
    if not isinstance(lifecycle, Missing) and lifecycle.process is UserProcess.NOT_SPAWNED:
        return RunOutcome.NEVER_STARTED
    if cause is Cause.STILL_WORKING:
        return RunOutcome.IN_PROGRESS
    if cause is not Cause.INCONCLUSIVE:
        return RunOutcome.STUCK
    beat = Beat.UNCLEAR if isinstance(cadence, Missing) else cadence.beat
    return {Beat.ALIVE: RunOutcome.IN_PROGRESS, Beat.SILENT: RunOutcome.STUCK}.get(beat, RunOutcome.UNKNOWN)


OPENING = {
    RunOutcome.STUCK: "The run is open and has fallen silent",
    RunOutcome.CUT_SHORT: "The run was ended from outside",
    RunOutcome.FALSE_COMPLETION: "The run says Completed and its work is in doubt",
    RunOutcome.FAILED: "The run failed",
    RunOutcome.IN_PROGRESS: "The run is open and shows signs of life",
    RunOutcome.COMPLETED: "The run says Completed",
    RunOutcome.NEVER_STARTED: "The run has not started",
    RunOutcome.UNKNOWN: "Nothing tells whether the run moves",
}


def _undecided(bundle: Bundle, outcome: RunOutcome, hypotheses: Sequence[Hypothesis]) -> str:
    opening = (
        OPENING[outcome] if _phase(bundle) is not Phase.UNKNOWN else "The status of the run is not known"
    )
    leaning = next((h for h in hypotheses if h.lead), None)
    if leaning:
        gap = f"; not seen: {leaning.missing[0]}" if leaning.missing else ""
        to = "nothing being wrong" if leaning.cause is Cause.NONE else leaning.cause.value
        return f"{opening}; the evidence leans to {to} but does not decide{gap}."
    return f"{opening}, and the evidence does not decide why."


def _explanation(
    lead: Claim | None, best: Hypothesis | None, unseen: Sequence[Unseen], hypotheses: Sequence[Hypothesis]
) -> str:
    if lead and best:
        rivals = [h for h in hypotheses[1:] if h.certainty > Certainty.NONE and h.lead]
        beside = (
            f" Also found, and ranked below: {', '.join(h.cause.value for h in rivals[:3])}."
            if rivals
            else ""
        )
        return (lead.finding.story or lead.finding.headline) + beside
    gaps = "; ".join(f"{gap.part}: {gap.reason}" for gap in unseen)
    leaning = next((h.lead.finding.story or h.lead.finding.headline for h in hypotheses if h.lead), "")
    not_seen = f"Not seen: {gaps}. " if gaps else "No rule found enough to name a cause. "
    return (not_seen + leaning).strip()


def _unchecked(outcomes: Sequence[Outcome], named: Sequence[Hypothesis]) -> Iterator[Hypothesis]:
    """The causes that stay open because evidence was missing: no certainty, and what would decide."""
    known = {hypothesis.cause for hypothesis in named}
    gaps: dict[Cause, dict[str, None]] = {}
    for outcome in outcomes:
        match outcome:
            case NotChecked(rule, missing) if rule.cause not in known:
                words = (f"{m.name}: {m.reason}" + (f" ({m.remedy})" if m.remedy else "") for m in missing)
                gaps.setdefault(rule.cause, {}).update(dict.fromkeys(words))
            case Broke(rule, error) if rule.cause not in known:
                gaps.setdefault(rule.cause, {}).update({f"the rule {rule.name} broke: {error}": None})
            case _:
                pass
    for cause in sorted(gaps):
        yield Hypothesis(cause, Certainty.NONE, None, missing=tuple(gaps[cause]))


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


def _steps(bundle: Bundle, lead: Claim | None, hypotheses: Sequence[Hypothesis]) -> tuple[Step, ...]:
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
    return (LOOK_AGAIN, STACKS) if _phase(bundle) in (Phase.OPEN, Phase.BEFORE_START) else (ASK_SERVICE,)


FLIP_SIZE = 2
"""Sets of up to this many pieces are tried one by one; beyond that a large one is thinned until none can be spared."""
FLIP_POOL = 15


def _flip(claims: Sequence[Claim], unseen: Sequence[Unseen], best: Hypothesis) -> Flip | None:
    pool = best.supporting[:FLIP_POOL]
    for count in range(1, min(FLIP_SIZE, len(pool)) + 1):
        for gone in combinations(pool, count):
            to = _cause_without(claims, unseen, gone)
            if to is not best.cause:
                return Flip(gone, to)
    return _thinned(claims, unseen, best)


def _thinned(claims: Sequence[Claim], unseen: Sequence[Unseen], best: Hypothesis) -> Flip | None:
    """All of the cause's evidence, less every piece that makes no difference."""
    gone = best.supporting
    if _cause_without(claims, unseen, gone) is best.cause:
        return None
    for piece in best.supporting[:FLIP_POOL]:
        fewer = tuple(other for other in gone if other != piece)
        if _cause_without(claims, unseen, fewer) is not best.cause:
            gone = fewer
    return Flip(gone, _cause_without(claims, unseen, gone))


def _cause_without(claims: Sequence[Claim], unseen: Sequence[Unseen], gone: Sequence[Evidence]) -> Cause:
    hypotheses = _judge([claim.without(frozenset(gone)) for claim in claims], unseen)
    return (
        hypotheses[0].cause if hypotheses and hypotheses[0].certainty > Certainty.NONE else Cause.INCONCLUSIVE
    )
