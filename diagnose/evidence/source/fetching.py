"""Results that nobody asks for: with them goes the exception that a task ended with."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Module, is_constant, keyword, last_name

_HANDED = frozenset({"submit", "apply_async", "map_async", "starmap_async", "run_in_executor"})
_EXECUTORS = (
    "concurrent.futures.",
    "multiprocessing.Pool",
    "multiprocessing.pool.",
    "joblib.",
    "loky.",
)


def never_fetched(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Tasks whose future is thrown away, and gathered exceptions that nobody looks at."""
    del project
    lazy = any((module.origin(call.func) or "").startswith("concurrent.futures.") for call in module.calls)
    eager = any((module.origin(call.func) or "").endswith((".Pool", ".ThreadPool")) for call in module.calls)
    pools = any((module.origin(call.func) or "").startswith(_EXECUTORS) for call in module.calls)
    for node in module.nodes:
        if not isinstance(node, ast.Expr):
            continue
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if not isinstance(call, ast.Call):
            continue
        if is_constant(keyword(call, "return_exceptions"), True):
            detail = "gathers exceptions as results, which nobody looks at"
            yield found(module, node, CodeKind.RESULT_NOT_FETCHED, detail)
        elif lazy and not eager and isinstance(call.func, ast.Attribute) and call.func.attr == "map":
            detail = "never goes through the results, which raise only then"
            yield found(module, node, CodeKind.RESULT_NOT_FETCHED, detail)
        elif pools and last_name(call.func) in _HANDED and keyword(call, "error_callback") is None:
            detail = "throws away the future, and with it the exception of the task"
            yield found(module, node, CodeKind.RESULT_NOT_FETCHED, detail)
