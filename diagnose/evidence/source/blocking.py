"""How a piece of code can wait for ever: calls that wait without a limit, and loops that nothing leaves."""

import ast
from dataclasses import dataclass
from enum import Enum

from diagnose.evidence.source.module import (
    Function,
    Loop,
    Module,
    is_constant,
    last_name,
    within,
)

_DEPTH = 3
# How many arguments each may have and still wait without a limit.
_WAITS = {
    "join": 0,
    "wait": 0,
    "wait_for": 1,
    "get": 0,
    "acquire": 0,
    "result": 0,
    "communicate": 1,
    "recv": 0,
    "accept": 0,
    "serve_forever": 0,
    "run_forever": 0,
}
_PROGRAMS = frozenset(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output"))
_ALL = frozenset({"concurrent.futures.wait", "concurrent.futures.as_completed"})
_LIMITS = frozenset({"timeout", "block", "blocking"})
CLOCKS = frozenset({"time", "monotonic", "perf_counter", "now", "utcnow"})


class Blocking(Enum):
    """In which way a piece of code may wait for ever."""

    LOOP = "loops for ever"
    POLL = "asks again and again without a time limit"
    WAIT = "waits without a time limit"
    PROGRAM = "runs a program without a time limit"


@dataclass(frozen=True, slots=True)
class Block:
    """The place where a piece of code may wait for ever."""

    way: Blocking
    path: str
    node: ast.expr | ast.stmt

    @property
    def words(self) -> str:
        """Half a sentence: `waits without a time limit in line 12`."""
        return f"{self.way.value} in line {self.node.lineno}"


def waits(module: Module, call: ast.Call) -> bool:
    """Whether a call waits for somebody else, and is given no limit. What is awaited leaves others to work."""
    if isinstance(module.parents.get(call), ast.Await) or any(each.arg in _LIMITS for each in call.keywords):
        return False
    origin = module.origin(call.func)
    if origin in _ALL:
        return True
    if not isinstance(call.func, ast.Attribute):
        return False
    most = _WAITS.get(call.func.attr)
    waiting_get = call.func.attr == "get" and len(call.args) == 1 and is_constant(call.args[0], True)
    return most is not None and (len(call.args) <= most or waiting_get)


def unbounded(module: Module, function: Function | ast.Lambda) -> Block | None:
    """The first place in a function, or in what it calls of the same file, where it may wait for ever."""
    return _unbounded(module, function, _DEPTH, set())


def _unbounded(
    module: Module, function: Function | ast.Lambda, depth: int, seen: set[ast.AST]
) -> Block | None:
    seen.add(function)
    for node in within(function):
        way = _way(module, node)
        if way is not None and isinstance(node, ast.expr | ast.stmt):
            return Block(way, module.path, node)
        if depth > 1 and isinstance(node, ast.Call):
            for called in called_here(module, node.func):
                if called not in seen and (block := _unbounded(module, called, depth - 1, seen)):
                    return block
    return None


def _way(module: Module, node: ast.AST) -> Blocking | None:
    if isinstance(node, ast.While) and not is_left(node):
        if is_endless(node):
            return Blocking.LOOP
        return Blocking.POLL if _sleeps(node) and not _is_counted(node) else None
    if isinstance(node, ast.Call):
        if waits(module, node) and not _has_sentinel(module, node):
            return Blocking.WAIT
        if module.origin(node.func) in _PROGRAMS and not any(
            k.arg in ("timeout", None) for k in node.keywords
        ):
            return Blocking.PROGRAM
    return None


def _has_sentinel(module: Module, call: ast.Call) -> bool:
    """Whether a `get` stands in a loop that something leaves: what it is given may say that there is no more."""
    loops = (node for node in module.ancestors(call) if isinstance(node, Loop))
    return last_name(call.func) == "get" and any(is_left(loop) for loop in loops)


def _sleeps(loop: ast.While) -> bool:
    return any(
        isinstance(node, ast.Call) and last_name(node.func) in ("sleep", "wait") for node in within(loop)
    )


def _is_counted(loop: ast.While) -> bool:
    """Whether its condition looks at a clock, or at a number that its body changes."""
    names = {node.id for node in ast.walk(loop.test) if isinstance(node, ast.Name)}
    calls = {last_name(node.func) for node in ast.walk(loop.test) if isinstance(node, ast.Call)}
    changed = {last_name(node.target) for node in within(loop) if isinstance(node, ast.AugAssign)}
    return bool(calls & CLOCKS or names & changed)


def called_here(module: Module, func: ast.expr) -> list[Function]:
    """The functions of the same file that an expression may stand for, by name."""
    if module.origin(func) is not None:
        return []
    return list(module.functions_by_name.get(last_name(func), ()))


def run_by(module: Module, func: ast.expr | None) -> list[Function | ast.Lambda]:
    """What is run when an expression is called: functions of the same file, a lambda, what `partial` wraps."""
    if isinstance(func, ast.Lambda):
        return [func]
    if isinstance(func, ast.Call) and module.origin(func.func) == "functools.partial" and func.args:
        return run_by(module, func.args[0])
    return list(called_here(module, func)) if func is not None else []


def is_endless(loop: ast.While) -> bool:
    """`while True`, or until an event that a waiting `get()` never sees."""
    if is_constant(loop.test, True, 1):
        return True
    calls = [node for node in ast.walk(loop.test) if isinstance(node, ast.Call)]
    return bool(calls) and all(
        isinstance(call.func, ast.Attribute) and call.func.attr == "is_set" for call in calls
    )


def is_left(loop: Loop) -> bool:
    """Whether anything in its body ends the loop."""
    for node in within(loop):
        if isinstance(node, ast.Return | ast.Raise):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("exit", "_exit")
        ):
            return True
    return any(_breaks(step) for step in loop.body)


def _breaks(node: ast.AST) -> bool:
    """Whether a `break` in here belongs to the loop around it."""
    if isinstance(node, ast.Break):
        return True
    if isinstance(node, Loop):
        return any(_breaks(step) for step in node.orelse)
    if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case) and not isinstance(
        node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ):
        return any(_breaks(child) for child in ast.iter_child_nodes(node))
    return False
