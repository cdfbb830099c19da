"""Which rule files are asked for, and whether the rules of installed packages are: first found wins."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diagnose.errors import UsageError
from diagnose.evidence.members import quoted
from diagnose.settings.places import settings_table

_WORDS = {
    "on": True,
    "true": True,
    "1": True,
    "yes": True,
    "off": False,
    "false": False,
    "0": False,
    "no": False,
}


@dataclass(frozen=True, slots=True)
class RulesAsked:
    """Rule files and folders of them, as they were named, and whether installed packages may add rules."""

    paths: tuple[Path, ...] = ()
    plugins: bool = True
    passed_over: tuple[str, ...] = ()
    """What was wrong with a settings file that might have said something, without its full stop."""


def rules_asked(
    typed: Sequence[str], environ: Mapping[str, str], cwd: Path, *, no_plugins: bool = False
) -> RulesAsked:
    """`--rules` · `DIAGNOSE_RULES` · `rules` in `diagnose.toml`; `--no-plugins` · `DIAGNOSE_PLUGINS` · `plugins`.

    Raises `UsageError` for a value that can be none.
    """
    if any(not path.strip() for path in typed):
        raise UsageError(
            "--rules was given an empty name; name a .yaml file or a folder of them, or leave it out."
        )
    listed = [path for path in environ.get("DIAGNOSE_RULES", "").split(os.pathsep) if path.strip()]
    switch = environ.get("DIAGNOSE_PLUGINS", "").strip()
    plugins = False if no_plugins else _switch(switch, "DIAGNOSE_PLUGINS") if switch else None
    paths = tuple(Path(path) for path in (typed or listed))
    if paths and plugins is not None:
        return RulesAsked(paths, plugins)
    table, folder, source, troubles = settings_table(cwd)
    paths = paths or tuple(folder / path for path in _paths(table.get("rules", []), source))
    if plugins is None:
        plugins = _switch(table.get("plugins", True), source)
    return RulesAsked(paths, plugins, troubles)


def _paths(value: Any, source: str) -> list[str]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(path, str) and path.strip() for path in listed):
        raise UsageError(f'rules in {source} is no list of paths; write rules = ["team-rules"].')
    return listed


def _switch(value: Any, source: str) -> bool:
    chosen = value if isinstance(value, bool) else _WORDS.get(str(value).lower())
    if chosen is None:
        raise UsageError(f"{quoted(str(value))} from {source} is neither on nor off; correct it there.")
    return chosen
