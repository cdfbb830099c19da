"""The processes of the run, where somebody could see them: a local run, a compute instance, a recorder inside."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from diagnose.evidence import fields
from diagnose.evidence.bundle import Bundle, Missing, PartState

LIMIT = 10_000
"""Processes that are kept."""

_EVER, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

# The codes of ps, with its marks behind them (`Z+`, `Zs`), and the words of /proc and of monitors.
ENDED = re.compile(r"(?i)\s*(?:[zx][<nlse+]*|<?defunct>?|zombie|dead|exited|terminated|ended)\b")


@dataclass(frozen=True, slots=True)
class Process:
    """One process. `seen_at` is when it was last looked at; times are UTC."""

    pid: int
    parent_pid: int | None
    name: str | None
    command: str | None
    state: str | None
    started_at: datetime | None
    ended_at: datetime | None
    exit_code: int | None
    seen_at: datetime | None

    @property
    def is_alive(self) -> bool:
        """Whether it was running when it was last seen. A zombie has ended and waits to be collected."""
        if self.ended_at is not None or self.exit_code is not None:
            return False
        return not ENDED.match(self.state or "")


@dataclass(frozen=True, slots=True)
class Processes:
    """The process table, oldest first: of several looks at one process the last. From `processes.jsonl`."""

    all: tuple[Process, ...]

    @property
    def main(self) -> Process | None:
        """The user's first process: the oldest one whose parent is not in the table."""
        known = {process.pid for process in self.all}
        roots = [p for p in self.all if p.parent_pid not in known] or list(self.all)
        return min(roots, key=lambda p: (p.started_at or _NEVER, p.pid), default=None)

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        found: dict[tuple[int, datetime | None], Process] = {}
        for row in bundle.rows("processes"):
            process = _process(row)
            key = (process.pid, process.started_at) if process else None
            if process and key in found:
                found[key] = max(found[key], process, key=_age)
            elif process and key and len(found) < LIMIT:
                found[key] = process
        if not found:
            part = bundle.part("processes")
            seen = part.state is PartState.COMPLETE
            why = "no process was listed" if seen else "nobody could see the processes of the node"
            return Missing(
                "processes", part.reason or why, "py-spy dump --pid PID, or ps -ef --forest, on the node"
            )
        return cls(tuple(sorted(found.values(), key=lambda p: (p.started_at or _NEVER, p.pid))))


def _age(process: Process) -> tuple[datetime, bool, str]:
    """What orders several looks at one process, wherever they stand in the file."""
    return process.seen_at or _EVER, not process.is_alive, repr(process)


def _process(row: fields.Row) -> Process | None:
    pid = fields.size(row, "pid")
    if pid is None:
        return None
    return Process(
        pid=pid,
        parent_pid=fields.whole(row, "parent_pid"),
        name=fields.text(row, "name"),
        command=fields.text(row, "command"),
        state=fields.text(row, "state"),
        started_at=fields.instant(row, "started_at"),
        ended_at=fields.instant(row, "ended_at"),
        exit_code=fields.whole(row, "exit_code"),
        seen_at=fields.instant(row, "seen_at"),
    )
