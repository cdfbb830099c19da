"""Tasks that are given to a pool or an executor and never come to their end."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.blocking import Blocking, called_here, run_by, unbounded, waits
from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.lingering import EXECUTORS, POOLS
from diagnose.evidence.source.module import Function, Module, last_name, within
from diagnose.evidence.source.names import Key

_HANDING = frozenset({"submit", "map", "apply_async", "map_async", "imap", "imap_unordered", "starmap_async"})
_LOOPS = {"run_in_executor": 1, "to_thread": 0}
"""Where each takes the function that an event loop's executor runs."""
_EXECUTOR = CodeKind.TASK_NEVER_ENDS
_THREADS = frozenset(
    {"concurrent.futures.ThreadPoolExecutor", "multiprocessing.ThreadPool", "multiprocessing.dummy.Pool"}
)
"""Pools whose tasks share the pool with who hands them out."""
_AT_ONCE = frozenset({"map", "starmap"})
_DEPTH = 3


def endless_tasks(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Functions handed to a pool or an executor that loop for ever or wait without a limit."""
    executors, pools = _made(module, project, EXECUTORS), _made(module, project, POOLS)
    handles = project.handles[module]
    for call in module.calls:
        if len(call.args) > _LOOPS.get(last_name(call.func), len(call.args)):
            # The event loop's own executor is waited for when the loop is closed.
            yield from _judge(module, call, call.args[_LOOPS[last_name(call.func)]], _EXECUTOR)
        elif isinstance(call.func, ast.Attribute) and call.func.attr in _HANDING and call.args:
            for kind, made in ((_EXECUTOR, executors), (CodeKind.POOL_TASK_NEVER_ENDS, pools)):
                if handles.same(call.func.value, made):
                    yield from _judge(module, call, call.args[0], kind)


def tasks_within_tasks(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Tasks of a pool of threads that hand the same pool tasks and wait for them: when all workers do, none is left."""
    handles = project.handles[module]
    for made in module.calls:
        if module.origin(made.func) in _THREADS:
            pool = handles.made(made).keys
            hands = [call for call in module.calls if _hands(call) and handles.same(call.func.value, pool)]  # type: ignore[attr-defined]
            for task in (task for call in hands for task in run_by(module, call.args[0])):
                yield from _hands_and_waits(module, task, hands)


def _hands(call: ast.Call) -> bool:
    named = isinstance(call.func, ast.Attribute) and call.func.attr in _HANDING | _AT_ONCE
    return named and bool(call.args)


def _hands_and_waits(
    module: Module, task: Function | ast.Lambda, hands: list[ast.Call]
) -> Iterator[CodeFinding]:
    inside = [node for node in _reached(module, task, _DEPTH, set()) if isinstance(node, ast.Call)]
    again = [call for call in inside if call in hands]
    if again and any(waits(module, call) for call in inside):
        detail = f"hands tasks to the pool of which {getattr(task, 'name', 'it')} is a task itself, which then waits for them"
        yield found(module, again[0], CodeKind.POOL_WAITS_FOR_ITSELF, detail)


def _reached(
    module: Module, function: Function | ast.Lambda, depth: int, seen: set[ast.AST]
) -> Iterator[ast.AST]:
    """What runs when a function runs, in it and in what it calls of the same file."""
    seen.add(function)
    for node in within(function):
        yield node
        for called in called_here(module, node.func) if depth > 1 and isinstance(node, ast.Call) else ():
            if called not in seen:
                yield from _reached(module, called, depth - 1, seen)


def _judge(module: Module, call: ast.Call, task: ast.expr, kind: CodeKind) -> Iterator[CodeFinding]:
    for function in run_by(module, task):
        block = unbounded(module, function)
        if block is not None and block.way is not Blocking.PROGRAM:
            yield found(module, call, kind, f"{getattr(function, 'name', 'a lambda')} {block.words}")


def _made(module: Module, project: Project, origins: frozenset[str]) -> list[Key]:
    handles = project.handles[module]
    return [
        key for call in module.calls if module.origin(call.func) in origins for key in handles.made(call).keys
    ]
