"""Data loaders whose worker processes are kept for as long as the program lives."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.handles import Handles, Made
from diagnose.evidence.source.module import Module, is_constant, keyword, last_name

_LOADERS = frozenset({"DataLoader", "StatefulDataLoader", "MultiEpochsDataLoader"})


def kept_workers(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Loaders with worker processes that nothing lets go: persistent ones, and iterators left half way."""
    handles = project.handles[module]
    for call in module.calls:
        if last_name(call.func) not in _LOADERS or not _has_workers(call):
            continue
        made = handles.made(call)
        how = _kept(module, handles, call, made)
        if how and not _is_let_go(module, handles, made):
            yield found(module, call, CodeKind.LOADER_WORKERS_KEPT, how)


def _has_workers(call: ast.Call) -> bool:
    given = keyword(call, "num_workers") or (call.args[5] if len(call.args) > 5 else None)
    return given is not None and not is_constant(given, 0)


def _kept(module: Module, handles: Handles, call: ast.Call, made: Made) -> str | None:
    if is_constant(keyword(call, "persistent_workers"), True):
        return "its worker processes live as long as the loader, and nothing lets it go"
    held = any(
        isinstance(step, ast.Assign)
        and isinstance(step.value, ast.Call)
        and module.origin(step.value.func) == "iter"
        and any(handles.same(arg, made.keys) for arg in step.value.args)
        for step in module.nodes
    )
    return "its iterator is held by a name, and its worker processes live as long" if held else None


def _is_let_go(module: Module, handles: Handles, made: Made) -> bool:
    gone: list[ast.expr] = []
    for node in module.nodes:
        if isinstance(node, ast.Delete) or (isinstance(node, ast.Assign) and is_constant(node.value, None)):
            gone += node.targets
    let_go = any(handles.same(each, made.keys) for each in gone)
    return let_go or "_shutdown_workers" in handles.attributes(made)
