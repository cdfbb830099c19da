"""The verdict: what happened to the run, why, how sure that is, and what would change it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from diagnose.engine import Broke, NotChecked, Outcome
from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, phase_of_run
from diagnose.evidence.stopping import Stopping
from diagnose.flip import Flip, flip_of
from diagnose.hypotheses import Claim, Hypothesis, claims_of
from diagnose.rule import Cause, Certainty, Step
from diagnose.steps import steps_of
from diagnose.unseen import Unseen, judge, unseen_in


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


ENDED_BY_SERVICE = frozenset({"preempted", "time-limit", "node-lost", "quota", "evicted"})
"""Mechanisms by which the service itself ends a run, whatever status word it leaves."""


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
    unseen = unseen_in(bundle)
    hypotheses = _without_calm(judge(claims, unseen))
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
        explanation=_explanation(lead, best, unseen, hypotheses) + ("" if lead else _stood(bundle)),
        hypotheses=(*hypotheses, *_unchecked(outcomes, hypotheses)),
        next_steps=steps_of(bundle, lead, hypotheses, outcomes),
        flip=flip_of(claims, unseen, best) if lead and best else None,
        outcomes=tuple(outcomes),
    )


def _without_calm(hypotheses: tuple[Hypothesis, ...]) -> tuple[Hypothesis, ...]:
    """Where a cause stands, that all is well is no rival of it."""
    calm = (Cause.NONE, Cause.STILL_WORKING)
    stands = bool(hypotheses) and hypotheses[0].cause not in calm and hypotheses[0].certainty > Certainty.NONE
    return tuple(h for h in hypotheses if h.cause not in calm) if stands else hypotheses


def _doubted(hypothesis: Hypothesis) -> Hypothesis:
    broken = "a rule broke, so not everything was looked for; the list of rules says which"
    return replace(hypothesis, certainty=Certainty.NONE, missing=(*hypothesis.missing, broken))


FALSE_ENDINGS = frozenset(Cause) - {Cause.NONE, Cause.INCONCLUSIVE, Cause.STILL_WORKING}


def _outcome(bundle: Bundle, cause: Cause, lead: Claim | None) -> RunOutcome:
    phase = phase_of_run(bundle)
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
    if beat is Beat.ALIVE and _only_repeats(bundle, cadence):
        return RunOutcome.UNKNOWN
    return {Beat.ALIVE: RunOutcome.IN_PROGRESS, Beat.SILENT: RunOutcome.STUCK}.get(beat, RunOutcome.UNKNOWN)


def _only_repeats(bundle: Bundle, cadence: Cadence | Missing) -> bool:
    """Whether nothing but a log that says one thing again and again shows that the run lives."""
    progress = bundle.get(Progress)
    produces = isinstance(cadence, Cadence) and cadence.produces
    return isinstance(progress, Progress) and progress.repeated is not None and not produces


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
        OPENING[outcome]
        if phase_of_run(bundle) is not Phase.UNKNOWN
        else "The status of the run is not known"
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
    gaps = "; ".join(f"{gap.part}: {gap.reason}" for gap in unseen if gap.at_most is Certainty.NONE)
    leaning = next((h.lead.finding.story or h.lead.finding.headline for h in hypotheses if h.lead), "")
    not_seen = f"Not seen: {gaps}. " if gaps else "No rule found enough to name a cause. "
    return (not_seen + leaning).strip()


def _stood(bundle: Bundle) -> str:
    """Of an open run that nothing explains at least where it stopped."""
    stop = bundle.get(Stopping) if phase_of_run(bundle) is Phase.OPEN else None
    return f" {stop.sentence}" if isinstance(stop, Stopping) else ""


def _unchecked(outcomes: Sequence[Outcome], named: Sequence[Hypothesis]) -> Iterator[Hypothesis]:
    """The causes that stay open because evidence was missing: no certainty, and what would decide."""
    known = {hypothesis.cause for hypothesis in named}
    gaps: dict[Cause, dict[str, None]] = {}
    for outcome in outcomes:
        match outcome:
            case NotChecked(rule, missing) if rule.cause not in known and not rule.extra:
                words = (f"{m.name}: {m.reason}" + (f" ({m.remedy})" if m.remedy else "") for m in missing)
                gaps.setdefault(rule.cause, {}).update(dict.fromkeys(words))
            case Broke(rule, error) if rule.cause not in {*known, Cause.INCONCLUSIVE}:
                gaps.setdefault(rule.cause, {}).update({f"the rule {rule.name} broke: {error}": None})
            case _:
                pass
    for cause in sorted(gaps):
        yield Hypothesis(cause, Certainty.NONE, None, missing=tuple(gaps[cause]))
