"""Why did this Azure Machine Learning run never complete? Evidence in, a verdict out.

`diagnose_path(path, at)` gives the verdict on what lies at a path; `open_evidence` and `judge` are its two halves.
"""

from typing import TYPE_CHECKING, Any

from diagnose.version import __version__

if TYPE_CHECKING:
    from diagnose.collect.imported import open_evidence
    from diagnose.pipeline import diagnose_path, judge

__all__ = ["__version__", "diagnose_path", "judge", "open_evidence"]


def __getattr__(name: str) -> Any:
    """The public functions, imported when they are first asked for, so that `--help` does not pay for them."""
    if name in ("diagnose_path", "judge", "open_evidence"):
        from diagnose import pipeline  # noqa: PLC0415

        return getattr(pipeline, name)
    raise AttributeError(f"module 'diagnose' has no attribute {name!r}")
