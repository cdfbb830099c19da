"""Findings become hypotheses that compete: grouped by cause, put in causal order, ranked by certainty.

Causal order decides, not loudness. Where an earlier link of the chain was found, the later one is its evidence.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from diagnose.engine import Found, Outcome
from diagnose.rule import Cause, Certainty, Evidence, Finding, Rule, weigh

CAUSAL_ORDER = (
    Cause.RESOURCE_KILL,
    Cause.SILENT_ERROR,
    Cause.WAITING_ON_EXTERNAL,
    Cause.DISTRIBUTED_HANG,
    Cause.IN_PROCESS_DEADLOCK,
    Cause.LINGERING_CHILD_PROCESS,
    Cause.LINGERING_CHILD_RUN,
    Cause.SERVICE_SIDE,
    Cause.UNFLUSHED_METRICS,
    Cause.UNFLUSHED_OUTPUT,
    Cause.LOUD_FAILURE,
    Cause.STILL_WORKING,
    Cause.NONE,
    Cause.INCONCLUSIVE,
)
"""Among equals the earlier link of the chain is the cause."""

LEADS_TO = {
    Cause.RESOURCE_KILL: frozenset(
        {
            Cause.UNFLUSHED_OUTPUT,
            Cause.UNFLUSHED_METRICS,
            Cause.LOUD_FAILURE,
            Cause.DISTRIBUTED_HANG,
            Cause.SILENT_ERROR,
            Cause.LINGERING_CHILD_PROCESS,
        }
    ),
    Cause.SILENT_ERROR: frozenset({Cause.UNFLUSHED_OUTPUT, Cause.UNFLUSHED_METRICS}),
    Cause.LINGERING_CHILD_PROCESS: frozenset({Cause.UNFLUSHED_OUTPUT, Cause.SERVICE_SIDE}),
    Cause.LOUD_FAILURE: frozenset({Cause.UNFLUSHED_OUTPUT, Cause.UNFLUSHED_METRICS, Cause.SILENT_ERROR}),
    Cause.WAITING_ON_EXTERNAL: frozenset({Cause.UNFLUSHED_OUTPUT, Cause.LINGERING_CHILD_PROCESS}),
    Cause.DISTRIBUTED_HANG: frozenset(
        {Cause.UNFLUSHED_OUTPUT, Cause.UNFLUSHED_METRICS, Cause.LINGERING_CHILD_PROCESS}
    ),
    Cause.IN_PROCESS_DEADLOCK: frozenset({Cause.UNFLUSHED_OUTPUT, Cause.LINGERING_CHILD_PROCESS}),
    Cause.UNFLUSHED_METRICS: frozenset({Cause.LINGERING_CHILD_PROCESS}),
}
"""What each cause brings about: `spec/verdict.md`, the paragraph on the chain."""

ENDS_THE_PROCESS = (Cause.RESOURCE_KILL, Cause.LOUD_FAILURE)
"""A process that is ended takes with it what it had not sent, whatever its name."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One finding of one rule."""

    rule: Rule
    finding: Finding

    @property
    def certainty(self) -> Certainty:
        """How sure; a mechanism that was only inferred is never established."""
        ceiling = Certainty.SUPPORTED if self.rule.inferred else Certainty.ESTABLISHED
        return min(self.finding.certainty, ceiling)

    def without(self, gone: frozenset[Evidence]) -> "Claim":
        """The same claim had these pieces not been there."""
        kept = tuple(piece for piece in self.finding.evidence if piece not in gone)
        return replace(self, finding=replace(self.finding, evidence=kept))


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One possible cause with what speaks for it, against it, and what was not there to look at."""

    cause: Cause
    certainty: Certainty
    lead: Claim | None
    """The claim that names the mechanism; `None` for a cause that nobody could look for."""
    supporting: tuple[Evidence, ...] = ()
    against: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


def claims_of(outcomes: Iterable[Outcome]) -> tuple[Claim, ...]:
    """Every finding of every rule that found something."""
    return tuple(Claim(o.rule, finding) for o in outcomes if isinstance(o, Found) for finding in o.findings)


def rank(claims: Sequence[Claim]) -> tuple[Hypothesis, ...]:
    """The hypotheses, best first; those that a rule leans to without any certainty come last."""
    standing = [claim for claim in claims if claim.certainty > Certainty.NONE]
    named = {claim.rule.cause for claim in standing}
    leaning = [claim for claim in claims if claim.rule.cause not in named and claim.finding.evidence]
    specific = [claim for claim in standing if not claim.rule.generic and not _lost_with(claim, named)]
    causes = {claim.rule.cause: None for claim in standing}
    grouped = [_group(cause, [c for c in standing if c.rule.cause is cause]) for cause in causes]
    chained = [_with_consequences(h, grouped) for h in grouped]
    ranked = sorted(chained, key=lambda h: _place(h, chained, bool(specific)))
    return (*ranked, *(_leaning(claim) for claim in leaning))


def _lost_with(claim: Claim, causes: set[Cause]) -> bool:
    """Whether it tells only what a failure in the open took with it: the failure keeps the word."""
    return claim.rule.cause is Cause.UNFLUSHED_METRICS and Cause.LOUD_FAILURE in causes


def _leaning(claim: Claim) -> Hypothesis:
    finding = claim.finding
    return Hypothesis(
        claim.rule.cause, Certainty.NONE, claim, finding.evidence, finding.against, finding.missing
    )


def _group(cause: Cause, claims: Sequence[Claim]) -> Hypothesis:
    """The claims of one cause. Where a specific one stands, the generic ones add evidence and no words of their own."""
    lead = max(claims, key=lambda claim: (not claim.rule.generic, claim.certainty, -_began(claim)))
    supporting = tuple(dict.fromkeys(piece for claim in (lead, *claims) for piece in claim.finding.evidence))
    agreeing = [claim for claim in claims if not claim.finding.against]
    together = weigh(tuple(p for claim in agreeing for p in claim.finding.evidence), ())
    ceiling = max(_ceiling(claim) for claim in claims)
    certainty = max(lead.certainty, min(together, ceiling)) if agreeing else lead.certainty
    return Hypothesis(
        cause=cause,
        certainty=certainty,
        lead=lead,
        supporting=supporting,
        against=tuple(dict.fromkeys(piece for claim in claims for piece in claim.finding.against)),
        missing=tuple(dict.fromkeys(words for claim in claims for words in claim.finding.missing)),
    )


def _ceiling(claim: Claim) -> Certainty:
    return min(claim.finding.at_most, Certainty.SUPPORTED if claim.rule.inferred else Certainty.ESTABLISHED)


def _began(claim: Claim) -> float:
    return claim.finding.began_at.timestamp() if claim.finding.began_at else float("inf")


def _with_consequences(hypothesis: Hypothesis, others: Sequence[Hypothesis]) -> Hypothesis:
    """What a cause has brought about speaks for it, as one more witness.

    A lost tail of metrics tells that the process ended abruptly and not by what, so it makes nothing surer.
    """
    effects = [h for h in _effects(hypothesis, others) if is_linked(hypothesis, h)]
    if not effects:
        return hypothesis
    pieces = tuple(dict.fromkeys(p for h in effects for p in h.supporting))
    telling = tuple(p for h in effects if h.cause is not Cause.UNFLUSHED_METRICS for p in h.supporting)
    certainty = hypothesis.certainty
    if not hypothesis.against and hypothesis.lead:
        raised = weigh(tuple(replace(p, direct=False) for p in (*hypothesis.supporting, *telling)), ())
        certainty = max(certainty, min(raised, _ceiling(hypothesis.lead)))
    supporting = tuple(dict.fromkeys((*hypothesis.supporting, *pieces)))
    return replace(hypothesis, supporting=supporting, certainty=certainty)


def _effects(hypothesis: Hypothesis, others: Sequence[Hypothesis]) -> Iterator[Hypothesis]:
    for other in others:
        if other.cause in LEADS_TO.get(hypothesis.cause, frozenset()):
            yield other


def is_linked(earlier: Hypothesis, later: Hypothesis) -> bool:
    """Whether the evidence of the earlier names what the later is about, or ended the process that held it."""
    if later.cause is Cause.UNFLUSHED_METRICS and earlier.cause in ENDS_THE_PROCESS:
        return True
    names = later.lead.finding.subjects if later.lead else frozenset()
    own = earlier.lead.finding.subjects if earlier.lead else frozenset()
    if names & own:
        return True
    words = "\n".join(_words(earlier)).lower()
    return any(len(name) > 3 and name.lower() in words for name in names)


def _words(hypothesis: Hypothesis) -> Iterator[str]:
    for piece in hypothesis.supporting:
        yield piece.summary
        if piece.source:
            yield from (piece.source.text or "", *piece.source.before, *piece.source.after)


def _place(
    hypothesis: Hypothesis, others: Sequence[Hypothesis], has_specific: bool
) -> tuple[int, int, int, int]:
    """Sort key: generic after specific, consequence after cause, surer first, earlier link first."""
    generic = has_specific and hypothesis.lead is not None and hypothesis.lead.rule.generic
    caused = any(
        hypothesis.cause in LEADS_TO.get(other.cause, frozenset()) and _outranks(other) for other in others
    )
    return (generic, caused, -hypothesis.certainty, CAUSAL_ORDER.index(hypothesis.cause))


def _outranks(earlier: Hypothesis) -> bool:
    """A generic finding is no earlier link of anything."""
    return earlier.lead is not None and not (
        earlier.lead.rule.generic and earlier.cause is not Cause.LOUD_FAILURE
    )
