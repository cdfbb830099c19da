"""HTTP requests whose failure raises nothing, and whose answer nobody checks."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Module
from diagnose.evidence.source.names import Key

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request", "send"})
# urllib.request raises HTTPError by itself, so it is not among them.
_CLIENTS = ("requests", "httpx")
_SESSIONS = frozenset(
    {"requests.Session", "requests.session", "httpx.Client", "httpx.AsyncClient", "urllib3.PoolManager"}
)
_CHECKS = frozenset(
    {
        "raise_for_status",
        "status_code",
        "ok",
        "is_success",
        "is_error",
        "is_client_error",
        "is_server_error",
        "status",
        "reason",
    }
)


def unchecked(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Requests whose status is never looked at."""
    handles = project.handles[module]
    sessions = _sessions(module, project)
    for call in module.calls:
        if not _is_request(module, project, call, sessions):
            continue
        made = handles.made(call)
        used = handles.attributes(made).union(
            *(project.attribute_uses.get(name, frozenset()) for name in handles.held_as(made))
        )
        seen = used & _CHECKS or handles.is_tested(made)
        if not seen and not handles.escapes(made):
            yield found(module, call, CodeKind.REQUEST_WITHOUT_CHECK, "its status is never looked at")


def _sessions(module: Module, project: Project) -> list[Key]:
    """The names of client sessions; none where one of them is told to check for itself."""
    if any(isinstance(node, ast.Attribute | ast.keyword) and _is_hook(node) for node in module.nodes):
        return []
    keys: list[Key] = []
    for call in module.calls:
        if module.origin(call.func) in _SESSIONS:
            keys.extend(project.handles[module].made(call).keys)
    return keys


def _is_hook(node: ast.Attribute | ast.keyword) -> bool:
    return (node.attr if isinstance(node, ast.Attribute) else node.arg) in ("hooks", "event_hooks")


def _is_request(module: Module, project: Project, call: ast.Call, sessions: list[Key]) -> bool:
    if not isinstance(call.func, ast.Attribute | ast.Name):
        return False
    package, _, verb = (module.origin(call.func) or "").rpartition(".")
    if package in _CLIENTS:
        return verb in _VERBS
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _VERBS or package:
        return False
    holder = call.func.value
    if isinstance(holder, ast.Call):
        return module.origin(holder.func) in _SESSIONS
    return bool(sessions) and project.handles[module].same(holder, sessions)
