"""What runs held after their work had ended: seconds, node-hours, and money where prices are given."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from diagnose.report import fields, visible
from diagnose.report.fields import Node
from diagnose.roster import Row

_LONGEST_S = 10 * 365 * 86_400.0
"""A figure beyond this is a broken line, and is not added to a sum."""
_MOST_NODES = 10_000

Price = tuple[str, float]
"""Currency, and the price of an hour on a node."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What some runs held for nothing. `money`: currency -> amount; it leaves out `unpriced_hours`."""

    hours: float
    unknown: int
    """Runs of which nobody knows when their work ended."""
    money: Mapping[str, float]
    unpriced_hours: float
    unpriced_sizes: tuple[str, ...]
    low_priority: int
    """Runs on nodes that may cost less than the price of their size."""


def idle_s(row: Row) -> float | None:
    """Seconds from the end of the work; None when unknown, or no number that a run can reach."""
    return row.idle_s if row.idle_s is not None and 0 <= row.idle_s <= _LONGEST_S else None


def node_hours(row: Row) -> float | None:
    """Hours held after the end of the work, on each of its nodes; of an unknown number of nodes, one."""
    idle = idle_s(row)
    return None if idle is None else idle / 3600 * min(max(row.nodes or 1, 1), _MOST_NODES)


def idle_since(row: Row) -> datetime | None:
    """When the work ended, as far as it is known."""
    end, idle = row.ended_at or row.seen_at, idle_s(row)
    try:
        return None if end is None or idle is None else end - timedelta(seconds=idle)
    except OverflowError:
        return None


def prices(facts: Node) -> Mapping[str, Price]:
    """Size of a node, in small letters -> its price. `facts["prices"]` is a table of a currency, or a list of them."""
    given = facts.get("prices")
    tables = [given] if isinstance(given, Mapping) else [*fields.nodes(facts, "prices")]
    known: dict[str, Price] = {}
    for table in tables:
        currency = visible.line((fields.raw(table, "currency") or "").strip() or "money", 8)
        for size, value in fields.node(table, "per_node_hour").items():
            price = fields.finite(value)
            if price is not None and 0 <= price < 1e6:
                known.setdefault(str(size).strip().lower(), (currency, price))
    return known


def amount(row: Row, known: Mapping[str, Price]) -> Price | None:
    """What the run held for nothing, in money; None where its hours or its price are not known."""
    hours, price = node_hours(row), known.get((row.size or "").strip().lower())
    return None if hours is None or price is None else (price[0], price[1] * hours)


def cost(rows: Iterable[Row], known: Mapping[str, Price]) -> Cost:
    """The sums over `rows`."""
    hours = unpriced = 0.0
    unknown = low = 0
    money: dict[str, float] = defaultdict(float)
    sizes: set[str] = set()
    for row in rows:
        held = node_hours(row)
        if held is None:
            unknown += 1
            continue
        hours += held
        if (paid := amount(row, known)) is not None:
            money[paid[0]] += paid[1]
            low += (row.priority or "").lower().startswith("low")
        elif held:
            unpriced += held
            sizes.add(visible.line(row.size, 40) if row.size and row.size.strip() else "a size nobody named")
    return Cost(hours, unknown, dict(sorted(money.items())), unpriced, tuple(sorted(sizes)), low)


def hours_text(hours: float) -> str:
    """`1,204`, `3.4`, `less than 0.1`."""
    if 0 < hours < 0.05:
        return "less than 0.1"
    return f"{hours:,.0f}" if hours >= 9.95 or hours == 0 else f"{hours:.1f}"


def node_hours_text(hours: float) -> str:
    """`1 node-hour`, `1,204 node-hours`."""
    said = hours_text(hours)
    return f"{said} node-hour" if said == "1.0" else f"{said} node-hours"


def money_text(money: Mapping[str, float]) -> str | None:
    """`EUR 1,260 and USD 4.10`; None when there is none."""
    return " and ".join(f"{currency} {_amount(value)}" for currency, value in money.items()) or None


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"
