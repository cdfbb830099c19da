"""Why did this Azure Machine Learning run never complete? Evidence in, a verdict out.

`diagnose_path(path, at)` gives the verdict on what lies at a path; `open_evidence` and `judge` are its two halves.
`scan` finds and diagnoses the stuck runs of a workspace. `Report` shows a verdict in a notebook; `load_scan` and
`load_history` read what scans left behind.
"""

import importlib
from typing import TYPE_CHECKING, Any

from diagnose.version import __version__

if TYPE_CHECKING:
    from diagnose.collect.imported import open_evidence
    from diagnose.frames import load_history
    from diagnose.notebook import Report, Scan, load_scan
    from diagnose.pipeline import diagnose_path, judge
    from diagnose.scanning.api import scan

__all__ = [
    "Report",
    "Scan",
    "__version__",
    "diagnose_path",
    "judge",
    "load_history",
    "load_scan",
    "open_evidence",
    "scan",
]

_HOMES = {
    "Report": "diagnose.notebook",
    "Scan": "diagnose.notebook",
    "diagnose_path": "diagnose.pipeline",
    "judge": "diagnose.pipeline",
    "load_history": "diagnose.frames",
    "load_scan": "diagnose.notebook",
    "open_evidence": "diagnose.pipeline",
    "scan": "diagnose.scanning.api",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first asked for, so that `--help` does not pay for them."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'diagnose' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
