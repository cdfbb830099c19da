"""The rule catalogue: one mechanism a file, one folder a cause; `ls -R` is the table of contents."""

import importlib
import pkgutil
from functools import cache

from diagnose.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule that lies in this package, by name. A rule that cannot load is an error here, not a warning."""
    found = {}
    for info in pkgutil.walk_packages(__path__, f"{__name__}."):
        if not info.ispkg:
            name = info.name.rsplit(".", 1)[-1]
            found[name] = getattr(importlib.import_module(info.name), name)
    return tuple(found[name] for name in sorted(found))
