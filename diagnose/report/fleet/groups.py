"""The runs in trouble, grouped by cause, and within a cause by how alike they failed: one broken loader is one line."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from diagnose.report import units, visible
from diagnose.report.claims import cause_name, certainty_word
from diagnose.report.fleet import idle
from diagnose.report.fleet.idle import Price
from diagnose.report.fleet.tally import STUCK, kind
from diagnose.roster import Row


@dataclass(frozen=True, slots=True)
class Alike:
    """Runs that failed alike, the one that held most first."""

    rows: tuple[Row, ...]
    mechanism: str | None
    said: str
    """What they have in common besides: how sure, whose, where."""
    held: str


@dataclass(frozen=True, slots=True)
class Cause:
    """The runs of one cause: groups of several, the largest first, and those that stand alone."""

    cause_id: str
    name: str
    rows: tuple[Row, ...]
    said: str
    groups: tuple[Alike, ...]
    single: tuple[Row, ...]


def by_weight(rows: Iterable[Row]) -> list[Row]:
    """What held most first; then what is open, then by name: the same order for the same rows."""
    return sorted(rows, key=lambda row: (-(idle.node_hours(row) or 0.0), kind(row) != STUCK, row.key))


def causes(rows: Sequence[Row], known: Mapping[str, Price]) -> tuple[Cause, ...]:
    """The runs in trouble by cause, what held most first, and what is not decided last."""
    by_cause: dict[str, list[Row]] = defaultdict(list)
    for row in by_weight(row for row in rows if row.is_trouble):
        by_cause[row.cause].append(row)
    made = [_cause(name, listed, known) for name, listed in by_cause.items()]
    return tuple(sorted(made, key=_order))


def _order(cause: Cause) -> tuple[bool, float, int, str]:
    hours = sum(idle.node_hours(row) or 0.0 for row in cause.rows)
    return cause.cause_id == "inconclusive", -round(hours, 3), -len(cause.rows), cause.cause_id


def _cause(name: str, rows: Sequence[Row], known: Mapping[str, Price]) -> Cause:
    alike: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        alike[row.shape].append(row)
    groups = [_alike(listed, known) for listed in alike.values() if len(listed) > 1]
    return Cause(
        cause_id=name,
        name=cause_name(name),
        rows=tuple(rows),
        said=", ".join([units.plural(len(rows), "run"), held(rows, known)]),
        groups=tuple(sorted(groups, key=lambda each: -len(each.rows))),
        single=tuple(listed[0] for listed in alike.values() if len(listed) == 1),
    )


def _alike(rows: Sequence[Row], known: Mapping[str, Price]) -> Alike:
    mechanism = rows[0].mechanism
    sure = Counter(certainty_word(row.certainty).lower() for row in rows).most_common(3)
    said = [" and ".join(word if count == len(rows) else f"{count:,} {word}" for word, count in sure)]
    said += filter(None, [_common(rows, "owner", "owner"), _common(rows, "compute", "compute")])
    return Alike(
        tuple(rows),
        visible.line(mechanism.replace("-", " ").replace("_", " "), 80)
        if mechanism and mechanism != "none"
        else None,
        ", ".join(said),
        held(rows, known),
    )


def alone(row: Row, known: Mapping[str, Price]) -> Alike:
    """A run that failed like no other, as a group of one."""
    return _alike([row], known)


def held(rows: Sequence[Row], known: Mapping[str, Price]) -> str:
    """`412 idle node-hours, EUR 1,260`."""
    cost = idle.cost(rows, known)
    if cost.unknown == len(rows):
        return "idle time not known"
    paid = idle.money_text(cost.money)
    return f"{idle.hours_text(cost.hours)} idle node-hours" + (f", {paid}" if paid else "")


def _common(rows: Sequence[Row], field: str, noun: str) -> str | None:
    """The one owner of all, or how many there are; None where none is known."""
    values = {
        value.strip() for row in rows if isinstance(value := getattr(row, field), str) and value.strip()
    }
    if not values:
        return None
    return visible.line(min(values), 60) if len(values) == 1 else units.plural(len(values), noun)
