"""All around the verdict: facts of the run, rules ruled out, provenance."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnose.report import fields, redacted, units, visible, words
from diagnose.report.fields import Node
from diagnose.report.gaps import rule_title
from diagnose.report.units import Shown
from diagnose.report.when import Reference

RULES = 80
TAGS = 20

# Links are made only to the two portals, of characters that a URL may hold; anything else is shown as text.
_PORTAL = re.compile(r"https://(?:ml|portal)\.azure\.com/[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{0,1800}")


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and a value; `exact` is the value in full where `value` is rounded or short."""

    name: str
    value: str
    exact: str | None = None
    code: bool = False
    href: str | None = None


def run_name(record: Node) -> str:
    """What people call the run."""
    run = fields.node(record, "run")
    return fields.text(run, "display_name", 120) or fields.text(run, "id", 120) or "a run without a name"


def portal(record: Node) -> str | None:
    """The address of the run in the Azure portal, when it is one."""
    address = fields.raw(fields.node(record, "run"), "portal_url")
    return address if address and _PORTAL.fullmatch(address) else None


def facts(record: Node, told: Reference) -> tuple[Fact, ...]:
    """What is known of the run, in a fixed order; what is not known is not listed."""
    return tuple(_facts(record, told))


def _facts(record: Node, told: Reference) -> Iterator[Fact]:
    run = fields.node(record, "run")
    named = run.get("display_name") != run.get("id")
    names = (("Run", "id"), *([("Name", "display_name")] if named else []), ("Experiment", "experiment"))
    yield from _texts(run, names, code=True)
    if status := fields.text(run, "status", 40):
        yield Fact("Status", f"{status}: {words.STATUSES[status]}" if status in words.STATUSES else status)
    yield from _times(run, told)
    if (seconds := fields.number(run, "duration_s")) is not None:
        yield Fact("Duration", units.duration(seconds), f"{seconds:,.0f} seconds")
    yield from _texts(run, (("Exit code", "exit_code"), ("Type", "type")))
    if error := _error(fields.node(run, "error")):
        yield Fact("Error", error)
    yield from _texts(run, (("Command", "command"),), code=True)
    yield from _texts(run, (("Compute", "compute"), ("Environment", "environment"), ("SDK", "sdk")))
    yield from _texts(run, (("Parent run", "parent_id"), ("Submitted by", "user")), code=True)
    if tags := _tags(fields.node(run, "tags")):
        yield Fact("Tags", tags)
    if address := fields.text(run, "portal_url", 400):
        yield Fact("Studio", address, href=portal(record))
    yield from _signs(fields.node(record, "last_sign_of_life"), told)


def _texts(run: Node, names: tuple[tuple[str, str], ...], *, code: bool = False) -> Iterator[Fact]:
    for name, key in names:
        if value := fields.text(run, key, 400):
            yield Fact(name, value, code=code)


def _times(run: Node, told: Reference) -> Iterator[Fact]:
    for name, key in (("Created", "created_at"), ("Started", "started_at"), ("Ended", "ended_at")):
        if at := told.tell(fields.when(run, key)):
            yield Fact(name, at.text, at.relative)
        elif odd := fields.text(run, key, 60):
            yield Fact(name, odd, "not a time that could be read")


def _signs(signs: Node, told: Reference) -> Iterator[Fact]:
    for key, name in words.CHANNELS.items():
        if at := told.tell(fields.when(signs, key)):
            yield Fact(f"Last {name}", at.text, at.relative)


def _error(error: Node) -> str | None:
    """The service's error as `code: message (component)`, as far as it is known."""
    code, message = fields.text(error, "code", 80), fields.prose(error, "message", 600)
    component = fields.text(error, "component", 80)
    said = ": ".join(each for each in (code, message) if each)
    return f"{said} ({component})" if said and component else said or None


def _tags(tags: Node) -> str | None:
    named = [
        f"{visible.line(str(key), 60)} = {fields.text(tags, key, 80) or 'empty'}"
        for key in sorted(tags, key=str)
    ]
    listed = units.shown(named, TAGS)
    return "; ".join((*listed.items, *filter(None, [listed.more]))) or None


def ruled_out(record: Node) -> Shown[str]:
    """Titles of the rules that looked and found nothing, in alphabetical order."""
    rows = fields.nodes(fields.node(record, "rules"), "ruled_out")
    return units.shown(sorted(rule_title(row) for row in rows), RULES)


def ruled_out_title(record: Node) -> str:
    """`12 rules looked and found nothing`."""
    count = len(fields.nodes(fields.node(record, "rules"), "ruled_out"))
    return f"{units.plural(count, 'rule')} looked and found nothing"


def provenance(record: Node) -> tuple[Fact, ...]:
    """Which program judged which evidence, and when: enough to do it again."""
    return tuple(_provenance(record))


def _provenance(record: Node) -> Iterator[Fact]:
    generated, bundle = fields.node(record, "generated"), fields.node(record, "bundle")
    yield from _texts(generated, (("Judged by", "by"),))
    if at := fields.when(generated, "at"):
        yield Fact("Judged at", units.stamp(at))
    yield from _texts(generated, (("Ruleset", "ruleset"),), code=True)
    yield from _texts(bundle, (("Evidence captured by", "captured_by"),))
    if at := fields.when(bundle, "captured_at"):
        yield Fact("Evidence captured at", units.stamp(at))
    yield from _texts(
        bundle, (("Came from", "origin_kind"), ("Workspace", "workspace"), ("Region", "region"))
    )
    if (skew := fields.number(bundle, "clock_skew_s")) is not None:
        yield Fact("Clocks", f"the service's clock was {skew:+.1f} s from the capturing machine's")
    if said := redacted.sentence(record):
        yield Fact("Secrets", said)
        yield from (Fact(f"Secrets in {path}", kinds) for path, kinds in redacted.by_file(record))
    parts = fields.node(bundle, "parts")
    for name in sorted(parts, key=str)[:20]:
        yield Fact(f"Part: {visible.line(str(name), 40)}", _part(fields.node(parts, name)))


def _part(part: Node) -> str:
    said = [(fields.text(part, "state", 40) or "state unknown").replace("-", " ")]
    if (count := fields.whole(part, "items")) is not None:
        said.append(units.plural(count, "item"))
    if (count := fields.whole(part, "bytes")) is not None:
        said.append(
            f"{units.size(count)} ({units.exact_bytes(count)})" if count >= 1024 else units.exact_bytes(count)
        )
    if reason := fields.prose(part, "reason", 300):
        said.append(reason)
    return ", ".join(said)
