"""Every rule against one bundle: each is given the evidence it asked for, and none can take the others down."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import UnionType
from typing import Any, TypeAlias, get_args

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogPattern
from diagnose.evidence.run import Phase, RunRecord
from diagnose.rule import Cause, Certainty, Finding, Rule

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """The rule has something to say."""

    rule: Rule
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Clear:
    """The rule had all it needs, looked, and it is not this."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class NotChecked:
    """The rule could not look: evidence is missing. Never to be read as ruled out."""

    rule: Rule
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Broke:
    """The rule raised. A bug of ours, shown, and no judgement of the run."""

    rule: Rule
    error: str


CALM = (Cause.NONE, Cause.STILL_WORKING)

Outcome: TypeAlias = Found | Clear | NotChecked | Broke


def evaluate(bundle: Bundle, rules: Sequence[Rule]) -> tuple[Outcome, ...]:
    """The outcome of every rule, in the order of `rules`. Reads each log once, for all rules together."""
    bundle.watch(watched_by(rules))
    return tuple(_judge(bundle, rule) for rule in rules)


def watched_by(rules: Sequence[Rule]) -> tuple[LogPattern, ...]:
    """Every log pattern that the rules, and the facts they ask for, want to see; each once, in a stable order."""
    wanted = {pattern: None for rule in rules for pattern in rule.watches}
    for fact in facts_of(rules):
        wanted |= dict.fromkeys(getattr(fact, "watches", ()))
    return tuple(sorted(wanted, key=lambda pattern: (pattern.name, pattern.regex)))


def facts_of(rules: Sequence[Rule]) -> Iterator[type]:
    """The facts asked for, and the facts that those are derived from."""
    pending = [fact for rule in rules for _, annotation in rule.needs for fact in _wanted(annotation)]
    seen: set[type] = set()
    while pending:
        fact = pending.pop()
        if fact not in seen:
            seen.add(fact)
            yield fact
            pending.extend(getattr(fact, "derived_from", ()))


def _judge(bundle: Bundle, rule: Rule) -> Outcome:
    try:
        given = {name: _fetch(bundle, annotation) for name, annotation in rule.needs}
        lacking = tuple(
            v for (name, a) in rule.needs if isinstance(v := given[name], Missing) and not _copes(a)
        )
        if lacking:
            return NotChecked(rule, lacking)
        findings = tuple(rule.check(**given))
        unknown = _unknown_status(rule, given.values())
        if unknown and not findings:
            return NotChecked(rule, (unknown,))
        if unknown:
            findings = tuple(replace(f, at_most=min(f.at_most, Certainty.SUPPORTED)) for f in findings)
    except Exception as error:
        log.debug("rule %s broke", rule.name, exc_info=True)
        return Broke(rule, f"{type(error).__name__}: {error}"[:300])
    return Found(rule, findings) if findings else Clear(rule)


def _unknown_status(rule: Rule, given: Iterable[object]) -> Missing | None:
    """The status, where a rule goes by it and nobody knows it: its silence then rules nothing out."""
    if rule.cause in CALM or not any(
        isinstance(fact, RunRecord) and fact.phase is Phase.UNKNOWN for fact in given
    ):
        return None
    return Missing("status", "the run's status is not known", "az ml job show --name RUN")


def _fetch(bundle: Bundle, annotation: Any) -> object:
    [fact] = _wanted(annotation)
    try:
        return bundle.get(fact)
    except Exception as error:
        log.debug("the fact %s broke", fact.__name__, exc_info=True)
        missing = Missing(fact.__name__.lower(), f"reading it broke ({type(error).__name__}: {error})"[:300])
        bundle.settle(fact, missing)
        return missing


def _wanted(annotation: Any) -> list[Any]:
    members = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    return [member for member in members if member is not Missing]


def _copes(annotation: Any) -> bool:
    return isinstance(annotation, UnionType) and Missing in get_args(annotation)
