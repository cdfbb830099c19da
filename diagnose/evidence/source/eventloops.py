"""Event loops that nothing stops, and coroutines without an end that somebody awaits."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.blocking import called_here, is_endless, is_left
from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Module, last_name, within
from diagnose.evidence.source.threads import in_daemon_thread

_GATHERING = frozenset({"gather", "wait", "run_until_complete", "run", "shield"})
_TASKS = frozenset({"create_task", "ensure_future"})


def loops_left_running(module: Module, project: Project) -> Iterator[CodeFinding]:
    """`run_forever` in files of which none ever stops a loop."""
    stops = any("stop" in _attributes(each) for each in project.modules)
    for node in module.nodes:
        if not isinstance(node, ast.Attribute) or node.attr != "run_forever" or stops:
            continue
        if not in_daemon_thread(module, node):
            yield found(module, node, CodeKind.LOOP_NEVER_STOPPED, "runs for ever; nothing stops the loop")


def _attributes(module: Module) -> set[str]:
    return {node.attr for node in module.nodes if isinstance(node, ast.Attribute)}


def endless_coroutines(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Coroutines that loop for ever and are awaited or gathered, so that whoever waits never goes on."""
    for call in module.calls:
        name = _endless_coroutine(module, call)
        if name and _is_awaited(module, project, call):
            detail = f"{name} loops for ever, and the event loop waits for it"
            yield found(module, call, CodeKind.LOOP_NEVER_STOPPED, detail)


def _endless_coroutine(module: Module, call: ast.Call) -> str | None:
    for function in called_here(module, call.func):
        if isinstance(function, ast.AsyncFunctionDef) and any(
            isinstance(node, ast.While) and is_endless(node) and not is_left(node)
            for node in within(function)
        ):
            return function.name
    return None


def _is_awaited(module: Module, project: Project, call: ast.Call) -> bool:
    parent = _around(module, call)
    if isinstance(parent, ast.Await):
        return True
    if not isinstance(parent, ast.Call):
        return False
    name = last_name(parent.func)
    if name in _TASKS:
        waiting = _around(module, parent)
        directly = isinstance(waiting, ast.Await) or (isinstance(waiting, ast.Call) and _waits(waiting))
        return directly or _task_is_awaited(module, project, parent)
    return _waits(parent)


def _waits(call: ast.Call) -> bool:
    """Whether a call waits for all that it is given. With a limit, or for the first of several, the waiting ends."""
    limited = any(each.arg in ("timeout", "return_when") for each in call.keywords)
    return last_name(call.func) in _GATHERING and not limited


def _around(module: Module, call: ast.Call) -> ast.AST | None:
    """What takes the coroutine: the call or the `await` around it, through lists, stars and comprehensions."""
    for around in module.ancestors(call):
        if not isinstance(
            around, ast.Starred | ast.List | ast.Tuple | ast.Set | ast.ListComp | ast.GeneratorExp
        ):
            return around
    return None


def _task_is_awaited(module: Module, project: Project, task: ast.Call) -> bool:
    """A task that is awaited and never cancelled, or one of a group, which waits for all of its own."""
    handles = project.handles[module]
    made = handles.made(task)
    if "cancel" in handles.attributes(made):
        return False
    holder = task.func.value if isinstance(task.func, ast.Attribute) else None
    if holder is not None and module.origin(holder) is None and _is_group(module, last_name(holder)):
        return True
    return any(
        handles.same(waited, made.keys)
        for node in module.nodes
        for waited in _waited_for(module, node)
        if isinstance(waited, ast.Name | ast.Attribute | ast.Starred)
    )


def _is_group(module: Module, name: str) -> bool:
    return any(
        isinstance(item, ast.withitem)
        and isinstance(item.context_expr, ast.Call)
        and last_name(item.context_expr.func) in ("TaskGroup", "create_task_group", "open_nursery")
        and last_name(item.optional_vars) == name
        for item in module.nodes
    )


def _waited_for(module: Module, node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Await):
        return [node.value]
    asynchronous = isinstance(node, ast.Call) and (module.origin(node.func) or "").startswith("asyncio.")
    return node.args if isinstance(node, ast.Call) and asynchronous and _waits(node) else []
