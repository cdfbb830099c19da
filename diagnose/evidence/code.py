"""The run's own code, from its snapshot: what it may leave open or hide, and which line printed what."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from diagnose.evidence.bundle import Bundle, Missing, Part, PartState
from diagnose.evidence.source import (
    committing,
    eventloops,
    executors,
    fetching,
    forking,
    hooks,
    launching,
    lingering,
    loaders,
    locking,
    pipes,
    queues,
    registering,
    reporting,
    requesting,
    retrying,
    servers,
    silence,
    writing,
)
from diagnose.evidence.source.finding import CodeFinding, CodeKind, Detector, Project
from diagnose.evidence.source.module import Module, UnreadableSourceError, parse
from diagnose.evidence.source.statements import Statement, log_statements, statements_of

__all__ = ["Code", "CodeFinding", "CodeKind", "Statement", "Unread"]

MAX_FILES = 300
MAX_FILE_BYTES = 1 << 20
MAX_BYTES = 8 << 20

_DETECTORS: tuple[Detector, ...] = (
    lingering.unjoined,
    lingering.unwaited,
    lingering.unclosed_pools,
    executors.endless_tasks,
    executors.tasks_within_tasks,
    loaders.kept_workers,
    hooks.blocking_hooks,
    eventloops.loops_left_running,
    eventloops.endless_coroutines,
    servers.endless_servers,
    servers.serving_children,
    servers.background_commands,
    launching.unchecked_children,
    queues.endless_get,
    silence.swallowed,
    silence.ignored_results,
    fetching.never_fetched,
    silence.exits,
    registering.registrations,
    reporting.logged_in_children,
    requesting.unchecked,
    retrying.retried,
    committing.never_committed,
    writing.unclosed_writers,
    writing.flushes_in_loops,
    writing.removed_after_upload,
    locking.taken_twice,
    locking.opposite_orders,
    forking.locks_copied,
    pipes.never_read,
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A source file of which nothing is known, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class Code:
    """The Python files under `code/`, read, never run. Alone it proves no cause: it supports and points."""

    modules: tuple[Module, ...]
    """By path; at most 300 files, 1 MiB each and 8 MiB together."""
    unread: tuple[Unread, ...]
    part: Part

    @cached_property
    def findings(self) -> tuple[CodeFinding, ...]:
        """What the code may leave open, lose or hide, by path and line."""
        project = Project(self.modules, lingering.workers)
        return tuple(
            sorted(
                {
                    found
                    for module in self.modules
                    for detect in _DETECTORS
                    for found in detect(module, project)
                }
            )
        )

    @cached_property
    def log_statements(self) -> tuple[Statement, ...]:
        """Every statement that prints or logs a text of its own, by path and line."""
        return tuple(log_statements(self.modules))

    def of(self, *kinds: CodeKind) -> tuple[CodeFinding, ...]:
        """The findings of some kinds."""
        return tuple(found for found in self.findings if found.kind in kinds)

    def statement_of(self, text: str) -> tuple[Statement, ...]:
        """The statements that can have printed a log line, the most telling first; empty when none can."""
        return statements_of(self.log_statements, text)

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        """The code of the run; Missing when no snapshot was collected."""
        part = bundle.part("code")
        names = [name for name in bundle.store.names() if name.startswith("code/") and name.endswith(".py")]
        if not names and part.state is not PartState.COMPLETE:
            return Missing("code", part.reason or f"the source snapshot is {part.state}")
        modules: list[Module] = []
        unread: list[Unread] = []
        for outcome in _read_files(bundle, sorted(names)):
            (modules if isinstance(outcome, Module) else unread).append(outcome)  # type: ignore[arg-type]
        return cls(tuple(modules), tuple(unread), part)


def _read_files(bundle: Bundle, names: list[str]) -> Iterator[Module | Unread]:
    left = MAX_BYTES
    for number, name in enumerate(names):
        path = name.removeprefix("code/")
        if number >= MAX_FILES:
            yield Unread(path, f"more than {MAX_FILES} files")
            continue
        data = _content(bundle, name, min(left, MAX_FILE_BYTES))
        if isinstance(data, str):
            yield Unread(path, data)
            continue
        left -= len(data)
        try:
            yield parse(path, data)
        except UnreadableSourceError as error:
            yield Unread(path, str(error))


def findings_of(code: Code | Missing, *kinds: CodeKind) -> tuple[CodeFinding, ...]:
    """The findings of some kinds, by path and line; none where no source is at hand."""
    return () if isinstance(code, Missing) else code.of(*kinds)


def _content(bundle: Bundle, name: str, most: int) -> bytes | str:
    """The bytes of a file, or why they are not read."""
    try:
        with bundle.store.open(name) as stream:
            data = stream.read(most + 1)
    except (KeyError, OSError) as error:
        return f"cannot be read: {error}"
    return data if len(data) <= most else f"larger than the {most} bytes that are read"
