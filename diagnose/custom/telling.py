"""A signature becomes a rule like any other: the same engine, verdict and report, and never more than supported."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from diagnose.custom.reading import folded
from diagnose.custom.sightings import Reading, Sighting, Sightings, reading_for, sightings_for
from diagnose.custom.signature import How, Signature, When
from diagnose.evidence.bundle import Missing
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import plural, status
from diagnose.rule import Certainty, Evidence, EvidenceKind, Finding, Origin, Page, Rule, Source

QUOTED = 3
"""Logs that are quoted."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_GROUP = 80


def rules_of(signatures: Sequence[Signature]) -> tuple[Rule, ...]:
    """The rules of these signatures; together they read the logs once."""
    reading = reading_for(signatures)
    return tuple(_rule(signature, reading) for signature in signatures)


def _rule(signature: Signature, reading: type[Reading]) -> Rule:
    run: Any = RunRecord if signature.when else RunRecord | Missing
    return Rule(
        name=signature.name,
        title=signature.title,
        cause=signature.cause,
        check=_check(signature),
        needs=(("lines", sightings_for(signature, reading)), ("run", run)),
        watches=(),
        remedy=signature.remedy,
        links=signature.links,
        generic=False,
        inferred=True,
        page=_page(signature),
        origin=Origin(signature.file, signature.digest),
    )


def _check(signature: Signature) -> Callable[..., Iterator[Finding]]:
    def check(lines: Sightings, run: RunRecord | Missing) -> Iterator[Finding]:
        applies = _applies(signature.when, run)
        if lines.all and applies is not False:
            yield _finding(signature, lines.all, run, is_known=applies is True)

    return check


def _applies(when: When, run: RunRecord | Missing) -> bool | None:
    """Whether it is about such a run; None where the service's word is not known."""
    if not when:
        return True
    if isinstance(run, Missing) or run.phase is Phase.UNKNOWN:
        return None
    named = not when.statuses or folded(run.status or "") in when.statuses
    return named and (not when.phases or run.phase in when.phases)


def _finding(
    signature: Signature, seen: Sequence[Sighting], run: RunRecord | Missing, *, is_known: bool
) -> Finding:
    evidence = tuple(piece for sighting in seen[:QUOTED] for piece in _pieces(signature, sighting))
    # The status is a second witness only for what was written with it in mind.
    if signature.certainty is Certainty.SUPPORTED and not isinstance(run, Missing):
        evidence = (*evidence, status(run))
    is_sure = not signature.unless or any(sighting.is_whole for sighting in seen)
    missing = [] if is_known else ["the status of the run, which this signature is about"]
    missing += [] if is_sure else [f"the rest of {seen[0].path}, which may hold what rules this out"]
    at_most = signature.certainty if is_sure else Certainty.SUSPECTED
    return Finding(
        headline=filled(signature.headline, seen[0]),
        story=f"{signature.explanation} So says the signature {signature.id} of {signature.file}.",
        evidence=evidence,
        missing=tuple(missing),
        mechanism=signature.mechanism or signature.id.replace("_", "-"),
        began_at=seen[0].places[0].at,
        at_most=at_most if is_known else Certainty.NONE,
    )


def filled(headline: str, sighting: Sighting) -> str:
    """The headline with what the named groups say: short, on one line, with nothing invisible in it."""
    said: dict[str, str] = {}
    for place in sighting.places:
        said = {**place.groups, **said}
    return _PLACEHOLDER.sub(lambda found: _safe(said, found[1]), headline)


def _safe(said: Mapping[str, str], name: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in said.get(name, ""))
    words = " ".join(shown.split())
    return (words if len(words) <= _GROUP else f"{words[: _GROUP - 1]}…") or "(not said)"


def _pieces(signature: Signature, sighting: Sighting) -> Iterator[Evidence]:
    count = len(sighting.places)
    for number, place in enumerate(sighting.places, 1):
        which = f"Line {number} of {count} that" if count > 1 else "The line that"
        source = Source(sighting.path, place.line, place.text, place.before, place.after)
        summary = f"{which} the signature {signature.id} looks for."
        yield Evidence(EvidenceKind.LOG, summary, place.at, source)


_HOW = {
    How.ANY: "a line like any of",
    How.ALL: "lines like all of",
    How.IN_ORDER: "in this order, lines like",
}


def _page(signature: Signature) -> Page:
    match = signature.match
    where = ", ".join(sorted(kind.value for kind in signature.where.kinds))
    paths = f" named {', '.join(signature.where.paths)}" if signature.where.paths else ""
    runs = ", ".join(sorted((*signature.when.statuses, *signature.when.phases)))
    within = f", within {plural(match.within, 'line')}" if match.within else ""
    examples = plural(len(signature.no_matches), "example")
    unless = f"A log that also has {_quoted(signature.unless)} is left alone. " if signature.unless else ""
    return Page(
        mechanism=signature.explanation,
        signs=f"In the logs ({where}{paths}), {_HOW[match.how]} {_quoted(match.patterns)}{within}"
        + (f"; in runs that are {runs}." if runs else "."),
        near_misses=f"{unless}Its file holds {examples} of what it is not.",
        safety=f"A signature of {signature.file}: at most {signature.certainty.word}, never established.",
    )


def _quoted(patterns: Sequence[str]) -> str:
    return " · ".join(f"`{regex}`" for regex in patterns)
