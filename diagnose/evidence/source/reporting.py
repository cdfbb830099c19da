"""Metrics that a child process logs through a client that buffers, and that nobody there flushes."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Module, is_constant, keyword, last_name

_PROCESSES = frozenset({"multiprocessing.Process", "os.fork"})
_POOLS = frozenset(
    {
        "map",
        "imap",
        "imap_unordered",
        "starmap",
        "apply",
        "apply_async",
        "map_async",
        "starmap_async",
        "submit",
    }
)
_POOL_MAKERS = frozenset({"multiprocessing.Pool", "concurrent.futures.ProcessPoolExecutor"})
_LOGS = frozenset({"log", "log_metric", "log_metrics", "log_row", "log_list"})
_ENDS = frozenset({"flush", "flush_async_logging", "end_run", "complete", "finish"})


def logged_in_children(module: Module, project: Project) -> Iterator[CodeFinding]:
    """The first metric call of each function that a child process runs, where nothing in that function flushes."""
    del project
    for name in sorted(_run_in_processes(module)):
        for body in module.functions_by_name.get(name, ()):
            calls = [node for node in ast.walk(body) if isinstance(node, ast.Call)]
            logged = [call for call in calls if _logs_a_metric(module, call)]
            if logged and not any(last_name(call.func) in _ENDS for call in calls):
                yield found(
                    module, logged[0], CodeKind.METRICS_IN_CHILD, f"{name} runs in a process of its own"
                )


def _run_in_processes(module: Module) -> set[str]:
    """The names of functions that are given to a process or to a pool of them."""
    pools = any(module.origin(call.func) in _POOL_MAKERS for call in module.calls)
    names = {
        last_name(keyword(call, "target")) for call in module.calls if module.origin(call.func) in _PROCESSES
    }
    if pools:
        handed = (call for call in module.calls if last_name(call.func) in _POOLS and call.args)
        names |= {last_name(call.args[0]) for call in handed}
    return names - {""}


def _logs_a_metric(module: Module, call: ast.Call) -> bool:
    """A name and a value, through an object that is no logger and no library of mathematics."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _LOGS:
        return False
    origin = module.origin(call.func) or ""
    if origin.startswith("mlflow.") and not is_constant(keyword(call, "synchronous"), False):
        return False  # each call waits for the service
    if origin.partition(".")[0] in ("logging", "math", "numpy", "torch", "jax", "structlog"):
        return False
    named = bool(call.args) and isinstance(call.args[0], ast.Constant | ast.JoinedStr | ast.Dict | ast.Name)
    return named and (len(call.args) > 1 or any(k.arg in ("value", "step") for k in call.keywords))
