"""One run on its way through a scan: what a worker is sent out with, and what it comes back with. Both can be pickled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from diagnose.collect.azureml.workspace import Json
from diagnose.redact.policy import Policy
from diagnose.settings import RulesAsked, Where

ATTEMPTS = 3
"""How often a run is tried that alone is not answered for, while others are."""


@dataclass(frozen=True, slots=True)
class Post:
    """Where runs are asked for, and how: the same for every run of a workspace.

    `share`: the part of the services' budgets that one process may use.
    """

    where: Where
    environ: Mapping[str, str]
    siblings: int = 0
    connections: int = 16
    share: float = 1.0

    @property
    def key(self) -> tuple[str, str, str]:
        """Which workspace it is."""
        where = self.where
        return where.subscription.value, where.resource_group.value, where.workspace.value


@dataclass(frozen=True, slots=True)
class Errand:
    """A run to be looked at: a row of run history in a workspace, or a bundle on disk."""

    number: int
    """Which of the errands of this scan it is."""
    workspace_id: str
    workspace: str
    run_id: str
    mark: str
    """By which a later scan sees whether the run has changed."""
    now: datetime | None = None
    """The service's clock when the run was found."""
    post: Post | None = None
    run: Json = field(default_factory=dict)
    has_open_child: bool = False
    silent_for: timedelta = timedelta(0)
    is_named: bool = False
    path: Path | None = None
    rules: RulesAsked | None = None
    report: str = ""
    """Where its report goes, below the folder of the scan."""
    attempts: int = 0
    policy: Policy | None = None
    """What of the evidence may stay as it is."""


class Fate(StrEnum):
    """What became of an errand."""

    DIAGNOSED = "diagnosed"
    PASSED = "passed over"
    UNREAD = "unread"
    AWAY = "a service did not answer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker brings back. `calls` and `waited_s`: by service, made since this worker's last outcome."""

    fate: Fate
    why: str = ""
    line: str = ""
    """The line of `results.jsonl`, with its newline."""
    html: str = ""
    is_trouble: bool = False
    cause: str = ""
    calls: Mapping[str, int] = field(default_factory=dict)
    waited_s: Mapping[str, float] = field(default_factory=dict)
