"""Calls that log a metric, with its name, and the printing statements that only run when the call was made."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from diagnose.evidence.source.module import Module, is_function, keyword, last_name, within
from diagnose.evidence.source.printing import Template, constants, is_print, template

_LOGS = frozenset({"log", "log_metric"})
_OTHER_LIBRARIES = ("logging", "math", "numpy", "torch", "jax", "structlog", "wandb", "comet_ml", "neptune")
_OTHER_RUNS = frozenset({"child_run", "create_children", "submit_child", "set_experiment", "start_logging"})
_MAX_CALLS = 500


@dataclass(frozen=True, slots=True)
class MetricCall:
    """One call that sends a value under a name."""

    path: str
    line: int
    text: str
    """The source line, stripped, at most 200 characters."""
    name: Template
    """The name in pieces; None where a value goes into it."""
    client: str
    """What the call is made on, by its last name: `run` of `self.run.log`."""
    shown_by: frozenset[int]
    """Lines of the printing calls of the same file that are reached through this call and no other way."""


def metric_calls(modules: Iterable[Module]) -> Iterator[MetricCall]:
    """Every such call whose name is written there; none where the run's own code may send it elsewhere."""
    modules = tuple(modules)
    if any(_goes_elsewhere(call) for module in modules for call in module.calls):
        return
    own = {name for module in modules for name in module.functions_by_name}
    found = (
        each
        for module in modules
        for call in module.calls
        if last_name(call.func) not in own and (each := _metric_call(module, call, constants(module)))
    )
    for _, each in zip(range(_MAX_CALLS), found, strict=False):
        yield each


def _goes_elsewhere(call: ast.Call) -> bool:
    """Whether it opens another run than the job's own, which then has the metrics."""
    name = last_name(call.func)
    return name in _OTHER_RUNS or (name == "start_run" and bool(call.keywords or call.args))


def _metric_call(module: Module, call: ast.Call, texts: Mapping[str, str]) -> MetricCall | None:
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in _LOGS or len(call.args) < 1:
        return None
    client = last_name(func.value)
    sends = len(call.args) > 1 or keyword(call, "value") is not None
    if client in ("", "self", "cls") or not sends or any(k.arg in (None, "run_id") for k in call.keywords):
        return None
    if (module.origin(func) or "").partition(".")[0] in _OTHER_LIBRARIES:
        return None
    name = template(call.args[0], texts)
    if not any(part and any(c.isalnum() for c in part) for part in name):
        return None
    shown = frozenset(each.lineno for each in _reached_through(module, call))
    return MetricCall(module.path, call.lineno, module.text(call), name, client, shown)


def _reached_through(module: Module, call: ast.Call) -> Iterator[ast.Call]:
    """The printing calls in the statements that follow a call's own in its block, and in what lies in them."""
    statement = module.parents.get(call)
    if not isinstance(statement, ast.Expr):
        return
    around = module.parents[statement]
    while isinstance(around, ast.With | ast.AsyncWith):
        yield from _prints_after(module, around, statement)
        statement, around = around, module.parents[around]
    yield from _prints_after(module, around, statement)


def _prints_after(module: Module, around: ast.AST, statement: ast.stmt) -> Iterator[ast.Call]:
    for block in (getattr(around, name, None) for name in ("body", "orelse", "finalbody")):
        if isinstance(block, list) and statement in block:
            for later in block[block.index(statement) + 1 :]:
                if not (is_function(later) or isinstance(later, ast.ClassDef)):
                    yield from (n for n in within(later) if isinstance(n, ast.Call) and is_print(module, n))
