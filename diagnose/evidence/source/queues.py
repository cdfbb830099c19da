"""Consumers that wait on a queue for ever, because nothing can tell them to stop."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.blocking import is_endless, is_left
from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Module, is_constant, last_name, within
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
        if not isinstance(loop, ast.While) or not is_endless(loop) or is_left(loop):
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
