"""Tasks that are given to a pool or an executor and never come to their end."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.blocking import Blocking, run_by, unbounded
from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.lingering import EXECUTORS, POOLS
from diagnose.evidence.source.module import Module
from diagnose.evidence.source.names import Key

_HANDING = frozenset({"submit", "map", "apply_async", "map_async", "imap", "imap_unordered", "starmap_async"})


def endless_tasks(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Functions handed to a pool or an executor that loop for ever or wait without a limit."""
    executors, pools = _made(module, project, EXECUTORS), _made(module, project, POOLS)
    handles = project.handles[module]
    for call in module.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in _HANDING or not call.args:
            continue
        for kind, made in ((CodeKind.TASK_NEVER_ENDS, executors), (CodeKind.POOL_TASK_NEVER_ENDS, pools)):
            if handles.same(call.func.value, made):
                yield from _judge(module, call, kind)


def _judge(module: Module, call: ast.Call, kind: CodeKind) -> Iterator[CodeFinding]:
    for function in run_by(module, call.args[0]):
        block = unbounded(module, function)
        if block is not None and block.way is not Blocking.PROGRAM:
            yield found(module, call, kind, f"{getattr(function, 'name', 'a lambda')} {block.words}")


def _made(module: Module, project: Project, origins: frozenset[str]) -> list[Key]:
    handles = project.handles[module]
    return [
        key for call in module.calls if module.origin(call.func) in origins for key in handles.made(call).keys
    ]
