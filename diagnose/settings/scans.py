"""What the settings file and the environment say of scans: prices of nodes, and where the workspace's events are logged."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diagnose.errors import UsageError
from diagnose.evidence.members import quoted
from diagnose.settings.places import settings_table

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SIZES_MOST = 500


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """`prices`: `{"currency", "per_node_hour": {size in upper case: money}}`, None where nobody gives any."""

    prices: Mapping[str, object] | None = None
    log_analytics: str | None = None
    """The id of the Log Analytics workspace."""
    passed_over: tuple[str, ...] = ()
    """What was wrong with a settings file that might have said something, without its full stop."""


def scan_settings(environ: Mapping[str, str], cwd: Path) -> ScanSettings:
    """`[prices]` and `log-analytics` of `diagnose.toml`; `DIAGNOSE_LOG_ANALYTICS` wins. Raises `UsageError` for a wrong value."""
    table, _, source, troubles = settings_table(cwd)
    spoken = environ.get("DIAGNOSE_LOG_ANALYTICS", "").strip()
    named = table.get("log-analytics", table.get("log_analytics"))
    where = "DIAGNOSE_LOG_ANALYTICS" if spoken else source
    return ScanSettings(_prices(table.get("prices"), source), _guid(spoken or named, where), troubles)


def _guid(value: Any, source: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _GUID.fullmatch(value.strip()):
        raise UsageError(
            f"The Log Analytics workspace {quoted(str(value))} from {source} is not a GUID; correct it there."
        )
    return value.strip().lower()


def _prices(value: Any, source: str) -> dict[str, object] | None:
    if value is None:
        return None
    table = value if isinstance(value, dict) else {}
    sizes = table.get("per-node-hour", table.get("per_node_hour"))
    currency = table.get("currency")
    listed = sizes if isinstance(sizes, dict) and len(sizes) <= _SIZES_MOST else {}
    is_named = isinstance(currency, str) and len(currency) <= 8
    if not is_named or not listed or not all(map(_is_price, listed.values())):
        raise UsageError(
            f'[prices] in {source} is not right; write currency = "EUR", and below [prices.per-node-hour] lines such as '
            "STANDARD_NC6S_V3 = 3.06."
        )
    return {
        "currency": currency,
        "per_node_hour": {size.upper(): float(price) for size, price in listed.items()},
    }


def _is_price(value: object) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        and value >= 0
    )
