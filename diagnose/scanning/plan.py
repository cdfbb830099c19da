"""All that one scan was told, before it begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from diagnose.scanning.asked import WORKERS, ScanAsked
from diagnose.scanning.errand import Post
from diagnose.settings import RulesAsked


@dataclass(frozen=True, slots=True)
class Plan:
    """Where, what, and with how many hands. `posts`: the workspaces; `bundles`: a folder of evidence in their place.

    `prices`: money for an hour of one node, by its size; `pauses`: seconds for which a service that went away is waited for,
    time after time.
    """

    folder: Path
    asked: ScanAsked = field(default_factory=ScanAsked)
    posts: Sequence[Post] = ()
    bundles: Path | None = None
    engine: str = "threads"
    workers: int = WORKERS
    cluster: str | None = None
    fresh: bool = False
    rules: RulesAsked | None = None
    analytics: str | None = None
    """The id of a Log Analytics workspace that the Azure ML workspaces send their events to."""
    prices: Mapping[str, object] | None = None
    pauses: Sequence[float] = (15.0, 30.0, 60.0, 120.0)
