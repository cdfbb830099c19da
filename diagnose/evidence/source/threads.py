"""Which functions run in a thread of their own, and whether that thread ends with the interpreter."""

import ast
from collections import defaultdict

from diagnose.evidence.source.module import Module, is_constant, keyword, last_name

_STARTING = frozenset({"Thread", "Process", "Timer"})
_HANDING = frozenset({"submit", "apply_async", "run_in_executor", "to_thread", "start_new_thread"})


def run_in_threads(module: Module) -> frozenset[str]:
    """The names of functions that a thread, a process or a pool runs, and of those that these call in turn."""
    calls: defaultdict[str, set[str]] = defaultdict(set)
    for call in module.calls:
        function = module.enclosing(call)
        if function is not None:
            calls[function.name].add(last_name(call.func))
    reached: set[str] = set()
    pending = list(_targets(module))
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending.extend(calls[name])
    return frozenset(reached)


def _targets(module: Module) -> set[str]:
    """The names of functions that are given to a thread, a process, a pool or an executor."""
    names: set[str] = set()
    for call in module.calls:
        name = last_name(call.func)
        if name in _STARTING:
            names |= {last_name(keyword(call, "target")), *(last_name(arg) for arg in call.args)}
        elif name in _HANDING or name in ("map", "imap", "imap_unordered", "map_async"):
            names |= {last_name(arg) for arg in call.args}
    workers = (node for node in module.nodes if isinstance(node, ast.ClassDef))
    if any(last_name(base) in ("Thread", "Process") for node in workers for base in node.bases):
        names.add("run")
    return names - {""}


def in_daemon_thread(module: Module, node: ast.AST) -> bool:
    """Whether a node runs in, or is itself the target of, a thread that ends with the interpreter."""
    function = module.enclosing(node)
    names = {function.name if function is not None else "", last_name(node)} - {""}
    for call in module.calls:
        if last_name(call.func) not in _STARTING or not is_constant(keyword(call, "daemon"), True):
            continue
        target = keyword(call, "target")
        if target is node or last_name(target) in names:
            return True
    return any(
        isinstance(step, ast.Assign)
        and is_constant(step.value, True)
        and any(isinstance(target, ast.Attribute) and target.attr == "daemon" for target in step.targets)
        for step in module.nodes
    )
