"""Tasks that are given to a pool or an executor and never come to their end."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.blocking import Blocking, run_by, unbounded
from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.lingering import EXECUTORS, POOLS
from diagnose.evidence.source.module import Module, last_name
from diagnose.evidence.source.names import Key

_HANDING = frozenset({"submit", "map", "apply_async", "map_async", "imap", "imap_unordered", "starmap_async"})
_LOOPS = {"run_in_executor": 1, "to_thread": 0}
"""Where each takes the function that an event loop's executor runs."""
_EXECUTOR = CodeKind.TASK_NEVER_ENDS


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
