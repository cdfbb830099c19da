"""A rule file becomes signatures, or one sentence that says what is wrong with it, where, and what to do."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from diagnose.custom.nodes import LARGEST, Node, NodeError, read_node, refused
from diagnose.custom.patterns import compiled, groups_of
from diagnose.custom.schema import block, items, sentence, table, text, texts, whole, word
from diagnose.custom.signature import How, Match, Signature, When, Where
from diagnose.errors import UsageError
from diagnose.evidence.logs import LogKind
from diagnose.evidence.run import PHASES, Phase
from diagnose.rule import Cause, Certainty, Step

NEEDED = ("id", "title", "cause", "match", "headline", "explanation", "remedy", "examples")
KEYS = (*NEEDED, "mechanism", "unless", "where", "when", "links", "certainty")
SIGNATURES = 500
"""In one file."""
PATTERNS = 20
FARTHEST = 10_000
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_LOGS = {
    "user": frozenset({LogKind.USER}),
    "system": frozenset({LogKind.RUNTIME}),
    "any": frozenset(LogKind),
}
# That nothing is wrong, that it still works or that nobody knows is weighed from all the evidence.
_CAUSES = tuple(c.value for c in Cause if c not in (Cause.NONE, Cause.STILL_WORKING, Cause.INCONCLUSIVE))
_CERTAINTIES = {"suspected": Certainty.SUSPECTED, "supported": Certainty.SUPPORTED}


def read_signatures(path: Path) -> tuple[Signature, ...]:
    """The signatures of one file; raises `UsageError`."""
    data = _content(path)
    try:
        said = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refused(str(path), line, "this is not UTF-8; save the file as UTF-8") from error
    try:
        node = read_node(said)
        digest = hashlib.sha256(data).hexdigest()
        return tuple(_signature(each, path.name, digest) for each in items(node, "a rule file", SIGNATURES))
    except NodeError as error:
        raise refused(str(path), error.line, str(error)) from error


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); name a file that can.") from error
    if len(data) > LARGEST:
        raise UsageError(f"{path} is larger than {LARGEST // 1024} KiB; split it into several files.")
    return data


def _signature(node: Node, file: str, digest: str) -> Signature:
    given = table(node, "a signature", KEYS, NEEDED)
    examples = table(given["examples"], "examples", ("matches", "no_matches"), ("matches", "no_matches"))
    match, when = _match(given["match"]), _when(given)
    return Signature(
        id=_name(given["id"], "id"),
        title=sentence(given["title"], "title", 120),
        cause=Cause(word(given["cause"], "cause", _CAUSES)),
        match=match,
        headline=_headline(given["headline"], match),
        explanation=sentence(given["explanation"], "explanation", 2000),
        remedy=tuple(_step(each) for each in items(given["remedy"], "remedy", 10)),
        matches=texts(examples["matches"], "an example", 50, 20_000),
        no_matches=texts(examples["no_matches"], "an example", 50, 20_000),
        file=file,
        line=node.line,
        digest=digest,
        unless=_patterns(given["unless"], "unless") if "unless" in given else (),
        where=_where(given),
        when=when,
        mechanism=_name(given["mechanism"], "mechanism").replace("_", "-") if "mechanism" in given else None,
        links=tuple(_links(given)),
        certainty=_certainty(given, when),
    )


def _name(node: Node, what: str) -> str:
    said = text(node, what, 60)
    if not _NAME.fullmatch(said) or said == "test":
        raise NodeError(
            node.line,
            f"{what} {said!r} is no name; use small letters, digits and single hyphens or underscores (and not `test`)",
        )
    return said


def _match(node: Node) -> Match:
    if not isinstance(node.value, Mapping):
        return Match(How.ANY, _patterns(node, "match"))
    given = table(node, "match", (*How, "within"))
    named = [how for how in How if how in given]
    if len(named) != 1:
        raise NodeError(node.line, "match has one of any, all and in_order; keep one")
    [how] = named
    within = whole(given["within"], "within", FARTHEST) if "within" in given else None
    patterns = _patterns(given[how], how)
    if how is How.ANY and within is not None:
        raise NodeError(given["within"].line, "within goes with all or in_order; leave it out")
    if how is How.IN_ORDER and (within is None or len(patterns) < 2):
        raise NodeError(
            node.line,
            "in_order takes at least two patterns and within, a number of lines; add what is missing",
        )
    return Match(how, patterns, within)


def _patterns(node: Node, what: str) -> tuple[str, ...]:
    return tuple(_pattern(each) for each in items(node, what, PATTERNS))


def _pattern(node: Node) -> str:
    regex = block(node, "a pattern", 2000)
    try:
        compiled(regex)
    except ValueError as error:
        raise NodeError(node.line, f"the pattern {regex[:60]!r} {error}") from error
    return regex


def _headline(node: Node, match: Match) -> str:
    said = sentence(node, "headline", 300)
    known = frozenset[str]().union(*(groups_of(regex) for regex in match.patterns))
    for name in _PLACEHOLDER.findall(said):
        if name not in known:
            raise NodeError(
                node.line,
                f"the headline names {{{name}}}, and no pattern of match has a group (?P<{name}>...); add the group or take it out",
            )
    return said


def _step(node: Node) -> Step:
    if isinstance(node.value, str):
        return Step(sentence(node, "a step of the remedy", 200))
    given = table(node, "a step of the remedy", ("title", "detail", "snippet", "risk"), ("title",))
    return Step(
        sentence(given["title"], "title", 200),
        sentence(given["detail"], "detail", 1000) if "detail" in given else "",
        block(given["snippet"], "snippet", 2000) if "snippet" in given else None,
        sentence(given["risk"], "risk", 500) if "risk" in given else None,
    )


def _where(given: Mapping[str, Node]) -> Where:
    if "where" not in given:
        return Where()
    inner = table(given["where"], "where", ("logs", "path"))
    logs = word(inner["logs"], "logs", _LOGS) if "logs" in inner else "any" if "path" in inner else "user"
    return Where(
        _LOGS[logs],
        tuple(sentence(each, "path", 300) for each in items(inner["path"], "path", 20))
        if "path" in inner
        else (),
    )


def _when(given: Mapping[str, Node]) -> When:
    if "when" not in given:
        return When()
    inner = table(given["when"], "when", ("status", "phase"))
    if not inner:
        raise NodeError(given["when"].line, "when has neither status nor phase; add one or leave it out")
    phases = [p.value for p in Phase if p is not Phase.UNKNOWN]
    statuses = items(inner["status"], "status", 20) if "status" in inner else ()
    named = items(inner["phase"], "phase", 5) if "phase" in inner else ()
    return When(
        frozenset(_status(each) for each in statuses),
        frozenset(Phase(word(each, "phase", phases)) for each in named),
    )


def _status(node: Node) -> str:
    said = text(node, "status", 40)
    if folded(said) not in PHASES:
        raise NodeError(
            node.line,
            f"status {said!r} is no status of a run; use one as Azure ML shows it, such as Completed",
        )
    return folded(said)


def folded(status: str) -> str:
    """A status word as it is compared."""
    return status.replace(" ", "").replace("_", "").lower()


def _links(given: Mapping[str, Node]) -> Iterator[str]:
    for node in items(given["links"], "links", 10) if "links" in given else ():
        said = sentence(node, "a link", 500)
        if not said.startswith(("https://", "http://")) or " " in said:
            raise NodeError(node.line, f"the link {said[:60]!r} is no address; begin it with https://")
        yield said


def _certainty(given: Mapping[str, Node], when: When) -> Certainty:
    if "certainty" not in given:
        return Certainty.SUSPECTED
    node = given["certainty"]
    if node.value == "established":
        raise NodeError(node.line, "a signature is never established; write supported or suspected")
    chosen = _CERTAINTIES[word(node, "certainty", _CERTAINTIES)]
    if chosen is Certainty.SUPPORTED and not when:
        raise NodeError(
            node.line,
            "supported takes two witnesses, the log and the status of the run; add when, or write suspected",
        )
    return chosen
