"""What each thread of a stack dump waits for, and which locks it holds, by the run's own source."""

import ast
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.code import Code
from diagnose.evidence.source.locking import Lock, Locks
from diagnose.evidence.source.module import Module
from diagnose.evidence.stacks import Dump, Frame, Stacks, Thread


class Wait(StrEnum):
    """What a thread is in."""

    LOCK = "a lock"
    JOIN = "the end of a thread"
    QUEUE = "room in a queue, or for its items to be done"
    IDLE = "work that a pool hands out"
    CHILD = "the end of a child process"
    OTHER = "something that may come"
    """An event, an item of a queue, a connection: somebody outside may end the wait, or it has a time limit."""
    NONE = "nothing"
    """It was at work, as far as its stack tells."""


_KINDS = {
    ("threading.py", "_wait_for_tstate_lock"): Wait.JOIN,
    ("threading.py", "join"): Wait.JOIN,
    ("threading.py", "_shutdown"): Wait.JOIN,
    ("threading.py", "wait"): Wait.OTHER,
    ("threading.py", "acquire"): Wait.OTHER,
    ("queue.py", "put"): Wait.QUEUE,
    ("queue.py", "join"): Wait.QUEUE,
    ("queue.py", "get"): Wait.OTHER,
    ("thread.py", "_worker"): Wait.IDLE,
    ("thread.py", "shutdown"): Wait.JOIN,
    ("thread.py", "_python_exit"): Wait.JOIN,
    ("_base.py", "result"): Wait.JOIN,
    ("_base.py", "result_iterator"): Wait.JOIN,
    ("subprocess.py", "_try_wait"): Wait.CHILD,
    ("subprocess.py", "_wait"): Wait.CHILD,
    ("subprocess.py", "wait"): Wait.CHILD,
}
"""The library's own functions in which a thread waits; others of the library are passed through."""
REDACTED = "⟦redacted"
_LIBRARY = frozenset({file for file, _ in _KINDS})


@dataclass(frozen=True, slots=True)
class Blocked:
    """One thread of the dump."""

    thread: Thread
    wait: Wait
    wanted: Lock | None
    """The lock that it waits for, where the source names the one; None for a lock of whichever object."""
    held: frozenset[Lock]
    at: Frame | None
    """The first call that is not the library's."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """All threads of the last dump, each with what it waits for."""

    derived_from: ClassVar[tuple[type, ...]] = (Stacks, Code)

    dump: Dump
    same: int
    threads: tuple[Blocked, ...]
    reentrant: frozenset[Lock]

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        stacks, code = bundle.get(Stacks), bundle.get(Code)
        if isinstance(stacks, Missing):
            return stacks
        if isinstance(code, Missing):
            return Missing("the source of the stacks", code.reason, code.remedy)
        locks = {module: Locks(module) for module in code.modules}
        threads = tuple(_blocked(thread, locks) for thread in stacks.last.threads if thread.frames)
        again = frozenset(lock for each in locks.values() for lock, twice in each.reentrant.items() if twice)
        return cls(stacks.last, stacks.same, threads, again)


def _blocked(thread: Thread, locks: dict[Module, Locks]) -> Blocked:
    wait, outside = Wait.NONE, 0
    for frame in thread.frames:
        if (file := frame.path.replace("\\", "/").rpartition("/")[2]) not in _LIBRARY:
            break
        wait = _KINDS.get((file, frame.function), wait)
        outside += 1
    own = thread.frames[outside:]
    held: set[Lock] = set()
    wanted: Lock | None = None
    for depth, frame in reversed(list(enumerate(own))):
        module = _module(frame, locks)
        if module is None:
            continue
        known = locks[module]
        if depth == 0 and wait is Wait.NONE and (taken := _taken_at(module, frame.line, known, held)):
            wait, wanted = Wait.LOCK, taken[0]
        held |= _held_at(module, frame.line, known, but=frame.line if depth == 0 else 0)
    return Blocked(thread, wait, wanted, frozenset(held), own[0] if own else None)


def _module(frame: Frame, locks: dict[Module, Locks]) -> Module | None:
    """The file of the snapshot that a frame stands in: the longest path that ends alike.

    Where the path was redacted: the one file that has a function of that name around that line.
    """
    path = "/" + frame.path.replace("\\", "/").lstrip("/")
    found = [module for module in locks if path.endswith("/" + module.path)]
    if not found and REDACTED in frame.path:
        found = [module for module in locks if _has_function(module, frame)]
        return found[0] if len(found) == 1 else None
    return max(found, key=lambda module: len(module.path), default=None)


def _has_function(module: Module, frame: Frame) -> bool:
    if frame.function == "<module>":
        return frame.line <= len(module.lines)
    return any(
        f.name == frame.function and f.lineno <= frame.line <= (f.end_lineno or 0) for f in module.functions
    )


def _taken_at(module: Module, line: int, locks: Locks, held: set[Lock]) -> tuple[Lock | None] | None:
    """The lock that is taken in a line without a time limit; None where none is, or the line may be in anything else."""
    for node in module.nodes:
        match node:
            case ast.With(items=[item, *_]) if node.lineno == line and locks.is_any(item.context_expr):
                lock = locks.named(item.context_expr)
                if lock in held and locks.reentrant.get(lock or ("", "")):
                    return None  # its holder does not wait for it
                # In `with lock: work()` on one line the thread may be at work, unless it cannot have got the lock.
                return (lock,) if node.body[0].lineno > line or lock in held else None
            case ast.Call(func=ast.Attribute(value=holder, attr="acquire"), args=[], keywords=[]):
                if node.lineno == line and locks.is_any(holder):
                    return (locks.named(holder),)
    return None


def _held_at(module: Module, line: int, locks: Locks, but: int) -> set[Lock]:
    """The locks whose `with` block a line lies in, but for a block that begins in the line itself."""
    return {
        lock
        for node in module.nodes
        if isinstance(node, ast.With) and node.lineno != but
        if any(step.lineno <= line <= (step.end_lineno or step.lineno) for step in node.body)
        for lock in locks.of_with(node)
    }
