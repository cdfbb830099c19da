"""Consumers that wait on a queue for ever, because nothing can tell them to stop."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Loop, Module, is_constant, last_name, within
from diagnose.evidence.source.names import Key

_QUEUES = frozenset(
    f"{package}.{kind}"
    for package in ("queue", "multiprocessing")
    for kind in ("Queue", "JoinableQueue", "SimpleQueue", "LifoQueue", "PriorityQueue")
)


def endless_get(module: Module, project: Project) -> Iterator[CodeFinding]:
    """`get()` without a time limit in an endless loop that nothing leaves."""
    queues = _queues(module, project)
    for loop in module.nodes:
        if not isinstance(loop, ast.While) or not _endless(loop) or _is_left(loop):
            continue
        for node in within(loop):
            if (
                isinstance(node, ast.Call)
                and _blocks(module, node)
                and _is_queue(module, project, node, queues)
            ):
                detail = "waits without a time limit in a loop that nothing leaves"
                yield found(module, node, CodeKind.QUEUE_GET_WITHOUT_SENTINEL, detail)


def _queues(module: Module, project: Project) -> list[Key]:
    handles = project.handles[module]
    return [
        key for call in module.calls if module.origin(call.func) in _QUEUES for key in handles.made(call).keys
    ]


def _endless(loop: ast.While) -> bool:
    """`while True`, or until an event that a waiting `get()` never sees."""
    if is_constant(loop.test, True, 1):
        return True
    calls = [node for node in ast.walk(loop.test) if isinstance(node, ast.Call)]
    return bool(calls) and all(
        isinstance(call.func, ast.Attribute) and call.func.attr == "is_set" for call in calls
    )


def _is_left(loop: ast.While) -> bool:
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


def _blocks(module: Module, call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "get":
        return False
    if isinstance(module.parents.get(call), ast.Await):
        return False
    return not call.keywords and (not call.args or (len(call.args) == 1 and is_constant(call.args[0], True)))


def _is_queue(module: Module, project: Project, call: ast.Call, queues: list[Key]) -> bool:
    """A queue by its making, or, where it comes from elsewhere, by its name."""
    holder = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    if project.handles[module].same(holder, queues):
        return True
    name = last_name(holder)
    lowered = name.lower()
    return not call.args and (
        "queue" in lowered or lowered in ("q", "inbox", "jobs", "tasks") or lowered.endswith("_q")
    )
