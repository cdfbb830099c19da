"""What static reading may say about the run's own code: a kind, a place, and why."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from diagnose.evidence.source.handles import Handles
from diagnose.evidence.source.module import Module


class CodeKind(StrEnum):
    """What a piece of code does that can keep a run open, lose its output, or hide its failure."""

    THREAD_NOT_JOINED = "thread-not-joined"
    THREAD_ENDED_BY_EVENT = "thread-ended-by-event"
    DAEMON_THREAD = "daemon-thread"
    DAEMON_PROCESS = "daemon-process"
    POPEN_NOT_WAITED = "popen-not-waited"
    PROCESS_NOT_JOINED = "process-not-joined"
    POOL_NOT_CLOSED = "pool-not-closed"
    EXIT_HOOK_BLOCKS = "exit-hook-blocks"
    LOOP_NEVER_STOPPED = "loop-never-stopped"
    TASK_NEVER_ENDS = "task-never-ends"
    POOL_TASK_NEVER_ENDS = "pool-task-never-ends"
    LOADER_WORKERS_KEPT = "loader-workers-kept"
    SERVER_NOT_STOPPED = "server-not-stopped"
    SHELL_CHILD_NOT_WAITED = "shell-child-not-waited"
    QUEUE_GET_WITHOUT_SENTINEL = "queue-get-without-sentinel"
    SWALLOWED_EXCEPT = "swallowed-except"
    RETRIED_UNTIL_DONE = "retried-until-done"
    RETRIED_THEN_LEFT = "retried-then-left"
    IGNORED_RESULT = "ignored-result"
    RESULT_NOT_FETCHED = "result-not-fetched"
    REQUEST_WITHOUT_CHECK = "request-without-check"
    WRITER_NOT_CLOSED = "writer-not-closed"
    NEVER_COMMITTED = "never-committed"
    METRICS_IN_CHILD = "metrics-in-child"
    FLUSH_IN_LOOP = "flush-in-loop"
    OS_EXIT = "os-exit"
    SOURCE_REMOVED_AFTER_UPLOAD = "source-removed-after-upload"
    EXIT_ZERO = "exit-zero"
    LOCK_TAKEN_TWICE = "lock-taken-twice"
    LOCKS_IN_OPPOSITE_ORDER = "locks-in-opposite-order"
    POOL_WAITS_FOR_ITSELF = "pool-waits-for-itself"
    LOCK_COPIED_BY_FORK = "lock-copied-by-fork"
    PIPE_NEVER_READ = "pipe-never-read"
    CHILD_NOT_CHECKED = "child-not-checked"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True, order=True)
class CodeFinding:
    """One place in the run's source. It supports or contradicts a cause; on its own it proves none."""

    path: str
    line: int
    kind: CodeKind
    text: str
    """The source line, stripped, at most 200 characters."""
    detail: str
    """What is missing or done there, in half a sentence."""
    last_line: int = 0
    """Where the statement, or the handler, ends."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A class of the run's own that is a thread or a process."""

    base: str
    daemon: bool | None
    """None when it is decided while running."""
    starts_itself: bool
    ends_itself: bool
    """One of its methods joins it; whether that is called cannot be told from here."""


class Project:
    """All files of the snapshot, with what is only known over all of them."""

    def __init__(self, modules: Iterable[Module], workers: Callable[[Module], Mapping[str, Worker]]) -> None:
        self.modules = tuple(modules)
        self._find_workers = workers

    @cached_property
    def handles(self) -> Mapping[Module, Handles]:
        """The names of each module and what they may stand for."""
        return {module: Handles(module) for module in self.modules}

    @cached_property
    def workers(self) -> Mapping[str, Worker]:
        """The run's own thread and process classes, by name."""
        return {
            name: worker for module in self.modules for name, worker in self._find_workers(module).items()
        }

    @cached_property
    def attribute_uses(self) -> Mapping[str, frozenset[str]]:
        """For each attribute name what any file uses of the object it holds."""
        uses: dict[str, frozenset[str]] = {}
        for handles in self.handles.values():
            for name, used in handles.attribute_uses():
                uses[name] = uses.get(name, frozenset()) | used
        return uses


Detector = Callable[[Module, Project], Iterator[CodeFinding]]


def found(
    module: Module, node: ast.stmt | ast.expr | ast.excepthandler, kind: CodeKind, detail: str
) -> CodeFinding:
    """A finding at the line where `node` begins."""
    last_line = node.end_lineno or node.lineno
    return CodeFinding(module.path, node.lineno, kind, module.text(node), detail, last_line)
