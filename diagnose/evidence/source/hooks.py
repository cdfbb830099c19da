"""What runs when the interpreter exits and may never come to its end."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.blocking import run_by, unbounded
from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Function, Module

_AT_EXIT = {"atexit.register": 0, "weakref.finalize": 1, "threading._register_atexit": 0}
"""Where each takes the function that is to run at exit."""


def blocking_hooks(module: Module, _project: Project) -> Iterator[CodeFinding]:
    """Exit hooks and finalisers that join, wait, get or loop without a time limit."""
    for node, function in _hooks(module):
        block = unbounded(module, function)
        if block is not None:
            name = getattr(function, "name", "a lambda")
            yield found(module, node, CodeKind.EXIT_HOOK_BLOCKS, f"{name}, which runs at exit, {block.words}")


def _hooks(module: Module) -> Iterator[tuple[ast.stmt | ast.expr, Function | ast.Lambda]]:
    for call in module.calls:
        place = _AT_EXIT.get(module.origin(call.func) or "")
        if place is not None and len(call.args) > place:
            for function in run_by(module, call.args[place]):
                yield call, function
    for function in module.functions:
        if any(module.origin(each) == "atexit.register" for each in function.decorator_list) or (
            function.name == "__del__" and isinstance(module.parents.get(function), ast.ClassDef)
        ):
            yield function, function
