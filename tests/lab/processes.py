# ruff: noqa: PTH115, PTH123, PTH208 - /proc is looked at a hundred times a second, and pathlib takes three times as long
"""The process tree of a run, watched in /proc: who lives, who holds the pipe, who writes which file."""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
BOOT = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(slots=True)
class Process:
    """One process of the run; times are real seconds since the epoch."""

    pid: int
    parent: int
    group: int
    name: str
    command: str
    state: str
    started: float
    holds_pipe: bool = False
    ended: float | None = None
    exit_code: int | None = None


class Watch:
    """Finds a run's processes by a mark in their environment, which children inherit even when detached."""

    def __init__(self, mark: str, main: int, pipe: str) -> None:
        self.mark = f"LAB_RUN={mark}".encode()
        self.main = main
        self.pipe = pipe
        self.seen: dict[int, Process] = {}
        self._others: set[tuple[int, float]] = set()

    def poll(self) -> None:
        """Looks once at every process of the machine."""
        now = time.time()
        alive = set()
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                process = self._look(int(entry), now)
            except (OSError, ValueError, IndexError):
                continue  # it went while we looked
            if process and process.state != "Z":
                alive.add(process.pid)
        for pid, process in self.seen.items():
            if pid not in alive and process.ended is None:
                process.ended = now

    def alive(self) -> list[Process]:
        """The processes that had not ended at the last look."""
        return [process for process in self.seen.values() if process.ended is None]

    def holders(self) -> list[Process]:
        """Those that keep the run open: in the main process's group, or holding its output pipe."""
        return [process for process in self.alive() if process.group == self.main or process.holds_pipe]

    def open_for_writing(self) -> set[str]:
        """Paths of regular files that a living process of the run has open for writing."""
        paths = set()
        for process in self.alive():
            folder = Path(f"/proc/{process.pid}")
            try:
                for fd in (folder / "fd").iterdir():
                    flags = int((folder / "fdinfo" / fd.name).read_text().split("flags:")[1].split()[0], 8)
                    if flags & os.O_ACCMODE != os.O_RDONLY:
                        paths.add(str(fd.readlink()))
            except OSError:
                continue
        return paths

    def _look(self, pid: int, now: float) -> Process | None:
        folder = f"/proc/{pid}"
        with open(f"{folder}/stat", encoding="utf-8", errors="replace") as stat:
            head, _, rest = stat.read().rpartition(")")
        fields = rest.split()
        parent, group = int(fields[1]), int(fields[2])
        started = BOOT + int(fields[19]) / TICKS
        if (pid, started) in self._others:
            return None
        known = self.seen.get(pid)
        if known is None:
            with open(f"{folder}/environ", "rb") as environ:
                ours = pid == self.main or parent in self.seen or self.mark in environ.read().split(b"\0")
            if not ours:
                if now - started > 2:  # a process just forked may not have its own environment yet
                    self._others.add((pid, started))
                return None
            known = self.seen[pid] = Process(pid, parent, group, "", "", "", started)
        known.state, known.group = fields[0], group
        if known.state == "Z":
            known.holds_pipe = False
            return known
        # A descriptor may be closed while it is looked at: the process lives on all the same.
        with contextlib.suppress(OSError):
            text = (
                Path(f"{folder}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            )
            known.name, known.command = head.partition("(")[2], text or known.command
            known.holds_pipe = self._has_open(folder, self.pipe)
        return known

    def _has_open(self, folder: str, target: str) -> bool:
        for fd in os.listdir(f"{folder}/fd"):
            with contextlib.suppress(OSError):
                if os.readlink(f"{folder}/fd/{fd}") == target:
                    return True
        return False
