"""The Markdown summary of a scan for a pipeline: figures, groups, and the runs that held most. Nothing active is made of evidence."""

from collections.abc import Iterator, Sequence

from diagnose.report import units
from diagnose.report.claims import certainty_word
from diagnose.report.fields import Node
from diagnose.report.fleet import found, groups, idle, parts, tally
from diagnose.report.fleet.changes import changes
from diagnose.report.fleet.groups import Alike, Cause
from diagnose.report.fleet.history import History
from diagnose.report.fleet.runs import Run, run_of
from diagnose.report.fleet.scan import Scan, frame, scan_of
from diagnose.report.markdown import code, plain
from diagnose.report.visible import obeyed_by_none, prose
from diagnose.roster import Row

RUNS = 20
GROUPS = 20
LONG = 60_000
"""Below what a comment may hold at GitHub: 65,536 characters."""

_COLUMNS = ("Runs", "Cause", "What happened", "How sure", "Idle node-hours")


def render(rows: Sequence[Row], unread: Sequence[Node], facts: Node, history: History | None = None) -> str:
    """The summary in at most `LONG` characters, then a newline. Links lead to reports beside it, and to the portal."""
    scan = scan_of(rows, unread, facts, history)
    said = ""
    for most in (RUNS, 10, 5, 2):
        said = _summary(scan, most)
        if len(said) <= LONG:
            break
    return said


def _summary(scan: Scan, most: int) -> str:
    sections = (_figures(scan), _groups(scan, most), _runs(scan, most), _unread(scan, most))
    said = "\n\n".join(filter(None, ("\n".join(section) for section in sections)))
    return obeyed_by_none(said) + "\n"


def _figures(scan: Scan) -> Iterator[str]:
    told, shared = scan.tally, frame(scan)
    yield f"## Scan of {plain(shared.where)}"
    yield ""
    yield f"**{plain(tally.line(told))}**"
    yield ""
    yield f"- {units.plural(told.troubled + told.healthy, 'run')} diagnosed, {told.healthy:,} with nothing wrong"
    if changed := changes(scan.history, scan.rows):
        yield "- " + ", ".join(f"{each.count:,} {each.name.lower()}" for each in changed.counts)
    for size in told.cost.unpriced_sizes[:5] if told.cost.money else ():
        yield f"- No price is given for {plain(size)}"
    for trouble in found.troubles(scan.facts).items[:10]:
        yield f"- **{plain(trouble.what)}**: {plain(trouble.why)}"
    yield "- [The whole report](index.html)"


def _groups(scan: Scan, most: int) -> Iterator[str]:
    alike = sorted(
        _every(groups.causes(scan.troubled, scan.prices), scan), key=lambda each: -len(each[1].rows)
    )
    if not alike:
        return
    yield "### Alike failures"
    yield ""
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|{'---|' * len(_COLUMNS)}"
    for cause, each in alike[: min(most, GROUPS)]:
        first = each.rows[0]
        hours = idle.cost(each.rows, scan.prices).hours
        cells = (
            f"{len(each.rows):,}",
            *map(plain, (cause, prose(first.headline, 160), certainty_word(first.certainty))),
            idle.hours_text(hours),
        )
        yield f"| {' | '.join(cells)} |"
    left = len(alike) - min(most, GROUPS)
    if left > 0:
        yield ""
        yield f"… and {units.plural(left, 'more way')} to fail."


def _every(causes: Sequence[Cause], scan: Scan) -> Iterator[tuple[str, Alike]]:
    for cause in causes:
        yield from ((cause.name, group) for group in cause.groups)
        yield from ((cause.name, groups.alone(row, scan.prices)) for row in cause.single)


def _runs(scan: Scan, most: int) -> Iterator[str]:
    if not scan.troubled:
        return
    yield "### What held most"
    yield ""
    for row in scan.troubled[:most]:
        yield f"- {_run(run_of(row, scan.prices, scan.history))}"
    if len(scan.troubled) > most:
        yield ""
        yield f"… and {units.plural(len(scan.troubled) - most, 'more run')}."


def _run(run: Run) -> str:
    # Paths and addresses were matched against what they may hold; angle brackets keep their parentheses apart.
    links = [f"[report](<{run.report}>)"] if run.report else []
    links += [f"[Azure](<{run.portal}>)"] if run.portal else []
    said = [run.status, run.idle.text if run.idle.sort is None else f"idle {run.idle.text}"]
    said += [each for each in (run.money.text, run.owner, run.compute, run.word or "-") if each != "-"]
    told = ", ".join(plain(each) for each in said)
    return f"{code(run.name)} ({told}): {plain(run.headline)}" + (f" {' '.join(links)}" if links else "")


def _unread(scan: Scan, most: int) -> Iterator[str]:
    if not scan.unread:
        return
    yield "### Could not be diagnosed"
    yield ""
    for each in map(parts.unread_run, scan.unread[:most]):
        yield f"- {code(each.name)}: {plain(each.why)}"
    if len(scan.unread) > most:
        yield ""
        yield f"… and {units.plural(len(scan.unread) - most, 'more run')}."
