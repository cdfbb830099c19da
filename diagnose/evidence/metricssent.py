"""Whether a run is likely to have sent metrics: what is not at hand is only missed where something was due."""

import ast
import re
from enum import Enum

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code
from diagnose.evidence.counters import STEP
from diagnose.evidence.logs import Logs
from diagnose.evidence.progress import Progress
from diagnose.evidence.source.module import Module, last_name

CLIENTS = (
    "mlflow",
    "azureml",
    "azure",
    "tensorboard",
    "tensorboardX",
    "torch",
    "tensorflow",
    "keras",
    "transformers",
    "lightning",
    "pytorch_lightning",
    "xgboost",
    "lightgbm",
    "accelerate",
    "wandb",
    "runmetrics",
)
"""Packages that send metrics, or may be told to do so elsewhere."""
SENDS = frozenset(
    {"log", "log_metric", "log_metrics", "log_row", "log_list", "log_table", "add_scalar", "autolog"}
)
MEASURED = re.compile(r"(?<![\d.:,/-])\d{1,9}[.,]\d{1,9}(?:[eE][-+]?\d+)?(?![\d.:,/-])")
STAMP = re.compile(r"\d[\d:T/.-]*\d[:.,]\d+Z?")


class MetricsSent(Enum):
    """What the source, or else the log, says of it."""

    NONE = "the whole source calls nothing of the kind, or the log counts nothing"
    UNKNOWN = "the log counts whole things, and nobody sees the source"
    LIKELY = "the source sends some, or the log counts steps or measures"


def metrics_sent(progress: Progress, logs: Logs, code: Code | Missing) -> MetricsSent:
    """Whether metrics are to be expected."""
    if not progress.counts_steps:
        return MetricsSent.NONE
    if not isinstance(code, Missing) and code.modules and not code.unread:
        return MetricsSent.LIKELY if any(map(_sends, code.modules)) else MetricsSent.NONE
    lines = [line.text for file in logs.user_files for line in (*file.head, *file.tail)]
    measures = any(MEASURED.search(STAMP.sub(" ", text)) for text in lines)
    return MetricsSent.LIKELY if measures or logs.matches(STEP).count else MetricsSent.UNKNOWN


def _sends(module: Module) -> bool:
    imported = (
        name
        for node in module.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    )
    if any(name.partition(".")[0] in CLIENTS for name in imported):
        return True
    return any(last_name(call.func) in SENDS and _is_no_logger(module, call) for call in module.calls)


def _is_no_logger(module: Module, call: ast.Call) -> bool:
    """Whether `log` is called on something that is not known to be a logger or a library of mathematics."""
    return not (module.origin(call.func) or "").startswith(("logging", "math", "numpy", "cmath"))
