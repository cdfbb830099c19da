"""How often verdicts like this one were right on runs that no rule was made on.

The figures lie in `measured.json`, which `python -m tests.quality` writes: per cause and certainty, and per rule, on the
labelled runs that were set aside, with the 95 % interval of Wilson. A few runs make a wide interval, and it is shown.
"""

import importlib.resources
import json
from functools import cache
from typing import Any, TypeAlias

from diagnose.rule import Cause, Certainty

Figures: TypeAlias = dict[str, Any]


@cache
def figures() -> Figures:
    """All that was measured: `corpus`, `runs`, `verdicts` by cause and certainty, `rules` by name."""
    text = (importlib.resources.files("diagnose") / "measured.json").read_text(encoding="utf-8")
    loaded: Figures = json.loads(text)
    return loaded


def of_verdict(cause: Cause, certainty: Certainty) -> Figures | None:
    """Corpus, count, precision and interval of a cause at a certainty; `None` where no such verdict was measured."""
    return _row(figures()["verdicts"].get(cause.value, {}).get(certainty.word))


def of_rule(name: str) -> Figures | None:
    """The same of the verdicts that a rule led; `None` where it led none."""
    return _row(figures()["rules"].get(name))


def _row(found: Figures | None) -> Figures | None:
    if found is None:
        return None
    return {"corpus": figures()["corpus"], **{key: found[key] for key in ("n", "precision", "ci95")}}
