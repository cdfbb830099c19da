"""The sample runs: bundles of runs that really happened, in the package once installed, beside it in a checkout."""

import difflib
import json
from functools import cache
from pathlib import Path

from diagnose.errors import UsageError

FIRST = "monitor_thread_outlives_training"
"""The one that `diagnose demo` shows: the classic of the field, a thread that nobody stopped."""

_PACKAGE = Path(__file__).parent


def folder() -> Path:
    """Where the sample runs lie."""
    inside = _PACKAGE / "sample_runs"
    return inside if inside.is_dir() else _PACKAGE.parent / "sample_runs"


def names() -> list[str]:
    """Every sample run, by name."""
    return sorted(path.parent.name for path in folder().glob("*/bundle.json"))


def path_of(name: str | None) -> Path:
    """The bundle of a sample run; the first one when none is named.

    Raises `UsageError` for a name that is none.
    """
    known = names()
    wanted = FIRST if name is None else name.replace("-", "_")
    if wanted in known:
        return folder() / wanted
    close = difflib.get_close_matches(wanted[:100], known, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise UsageError(f"There is no sample run {name!r}.{hint} diagnose demo --list names them.")


def showing(rule: str) -> list[str]:
    """The sample runs in which a rule speaks: those whose verdict it leads come first."""
    found = _speaking().get(rule, {})
    return sorted(found, key=lambda name: (not found[name], name))


@cache
def _speaking() -> dict[str, dict[str, bool]]:
    """Of each rule the sample runs in which it has evidence, and whether it leads there; by what was accepted of them."""
    rules: dict[str, dict[str, bool]] = {}
    for path in folder().glob("*/expected.json"):
        told = [piece["rule"] for piece in json.loads(path.read_text(encoding="utf-8"))["evidence"]]
        for rule in told:
            rules.setdefault(rule, {})[path.parent.name] = rule == told[0]
    return rules
