"""What `diagnose rules test` says: does each signature find its own examples, and nothing in those that are not it."""

from collections.abc import Iterator
from dataclasses import dataclass

from diagnose.custom.plugins import Plugin
from diagnose.custom.rulebook import Rulebook
from diagnose.custom.signature import Signature

HEADINGS = ("rule", "from", "matches", "no_matches", "result")


@dataclass(frozen=True, slots=True)
class Row:
    """One rule in the table; `troubles` are sentences, none where all is well."""

    name: str
    origin: str
    matches: str
    no_matches: str
    troubles: tuple[str, ...] = ()


def tested(book: Rulebook) -> tuple[Row, ...]:
    """Every signature and every Python rule that is not the project's own."""
    rows = [_signature_row(signature) for signature in book.signatures]
    return (*rows, *(row for plugin in book.plugins for row in _plugin_rows(plugin)))


def shown(rows: tuple[Row, ...]) -> str:
    """The table, then what failed and what to do, then what was checked."""
    cells = [HEADINGS]
    cells += [(r.name, r.origin, r.matches, r.no_matches, "FAILED" if r.troubles else "ok") for r in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
    troubles = [f"{row.name}: {trouble}" for row in rows for trouble in row.troubles]
    failed = sum(bool(row.troubles) for row in rows)
    lines += ["", *troubles, *([""] if troubles else [])]
    lines.append(f"{len(rows)} tested, {failed} failed.")
    if any(row.matches == "-" for row in rows):
        lines.append(
            "Of a Python rule: that it loads, explains itself, has a name of its own, asks for facts, and that its "
            "patterns compile. What it finds is for its own tests."
        )
    return "\n".join(lines) + "\n"


def _signature_row(signature: Signature) -> Row:
    from diagnose.custom.sightings import is_found_in  # noqa: PLC0415  (RE2, only where there is a signature)

    found = [is_found_in(signature, example) for example in signature.matches]
    strayed = [is_found_in(signature, example) for example in signature.no_matches]
    return Row(
        signature.id,
        f"{signature.file}:{signature.line}",
        f"{sum(found)}/{len(found)}",
        f"{len(strayed) - sum(strayed)}/{len(strayed)}",
        (
            *_troubles(signature.matches, found, "matches", wanted=True),
            *_troubles(signature.no_matches, strayed, "no_matches", wanted=False),
        ),
    )


def _troubles(examples: tuple[str, ...], found: list[bool], key: str, *, wanted: bool) -> Iterator[str]:
    for number, (example, is_found) in enumerate(zip(examples, found, strict=True), 1):
        if is_found is not wanted:
            begins = "".join(c if c.isprintable() else " " for c in example.splitlines()[0][:60])
            said = "is not found" if wanted else "is found, and should not be"
            yield f"example {number} of {key} {said}: {begins}"


def _plugin_rows(plugin: Plugin) -> Iterator[Row]:
    troubles = (f"{plugin.trouble}.",) if plugin.trouble else ()
    for rule in plugin.rules:
        yield Row(rule.name, plugin.package, "-", "-", troubles)
