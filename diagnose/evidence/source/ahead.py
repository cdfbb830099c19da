"""What a program comes to next after a statement that has printed: work that may take long, or a wait."""

import ast
from collections.abc import Iterable, Iterator

from diagnose.evidence.source.flow import costs_nothing
from diagnose.evidence.source.locking import Locks
from diagnose.evidence.source.module import Function, Loop, Module, is_function, last_name
from diagnose.evidence.source.printing import is_print

_DEPTH = 3
_WAITS = frozenset(
    [
        "join",
        "get",
        "wait",
        "acquire",
        "recv",
        "recv_into",
        "recv_bytes",
        "accept",
        "input",
        "getpass",
        "urlopen",
        "connect",
        "serve_forever",
        "run_forever",
        "run_until_complete",
        "gather",
        "result",
        "results",
        "as_completed",
        "put",
        "barrier",
        "all_reduce",
        "all_gather",
        "broadcast",
        "reduce",
        "select",
        "poll",
        "communicate",
        "readline",
        "read_until",
        "map_async",
        "apply_async",
        "imap",
        "imap_unordered",
        "wait_for_completion",
        "lock",
        "flush",
    ]
)
"""Calls that wait for somebody else: what they take says nothing of work."""
NETWORK = (
    "requests.",
    "httpx.",
    "urllib.",
    "socket.",
    "http.",
    "aiohttp.",
    "grpc.",
    "paramiko.",
    "asyncio.",
)
_WORK = frozenset(
    [
        "fit",
        "fit_transform",
        "partial_fit",
        "train",
        "evaluate",
        "validate",
        "predict",
        "predict_proba",
        "generate",
        "transform",
        "score",
        "cross_val_score",
        "compute",
        "optimize",
        "minimize",
        "solve",
        "simulate",
        "sample",
        "run",
        "check_call",
        "check_output",
        "call",
        "system",
        "copy",
        "copy2",
        "copyfile",
        "copytree",
        "move",
        "save",
        "savez",
        "savez_compressed",
        "save_pretrained",
        "to_csv",
        "to_parquet",
        "to_pickle",
        "to_json",
        "dump",
        "make_archive",
        "extractall",
        "upload",
        "upload_file",
        "upload_folder",
        "sleep",
    ]
)
"""Calls of libraries that do something themselves, and return when it is done."""


class Ahead:
    """Answers what the straight path of the source comes to; when in doubt, nothing."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = tuple(modules)
        self._locks = {module: Locks(module) for module in self._modules}
        self._functions: dict[str, list[tuple[Module, Function]]] = {}
        for module in self._modules:
            for function in module.functions:
                self._functions.setdefault(function.name, []).append((module, function))

    def work_after(
        self, path: str, line: int, *, leaves_loop: bool, passed_s: float = 0.0
    ) -> ast.Call | None:
        """The call of consequence that follows the statement at a line; None where it waits, or that cannot be told.

        In a loop the next is the loop's own round, whose pace is known, unless `leaves_loop` says that it was the last.
        A pause of fewer seconds than `passed_s` is over.
        """
        module = next((each for each in self._modules if each.path == path), None)
        here = [c for c in module.calls if c.lineno == line] if module else []
        if module is None or not here:
            return None
        # Of several statements in one line the last that prints is the one after which nothing was said.
        call = next((c for c in reversed(here) if is_print(module, c)), here[0])
        for step in following(module, module.statement(call), leaves_loop=leaves_loop):
            if self._waits(module, step, _DEPTH, set()):
                return None
            for node in ast.walk(step):
                if isinstance(node, ast.Call) and is_print(module, node):
                    return None
                if isinstance(node, ast.Call) and self.works(node) and not _is_short(node, passed_s):
                    return node
        return None

    def works(self, call: ast.Call) -> bool:
        """Whether a call does something of consequence itself."""
        name = last_name(call.func)
        return name in _WORK or any(self._is_long(m, f) for m, f in self._functions.get(name, ()))

    def _is_long(self, module: Module, function: Function) -> bool:
        """Whether a function of the run's own does more than what costs nothing, and says nothing while it does."""
        inner = [n for step in function.body for n in ast.walk(step)]
        calls = [n for n in inner if isinstance(n, ast.Call)]
        works = any(not costs_nothing(call) for call in calls) or any(isinstance(n, Loop) for n in inner)
        return works and not any(is_print(module, call) for call in calls)

    def _waits(self, module: Module, step: ast.AST, depth: int, seen: set[Function]) -> bool:
        for node in ast.walk(step):
            if isinstance(node, ast.With) and any(
                self._locks[module].is_any(i.context_expr) for i in node.items
            ):
                return True
            if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) or _is_endless(node):
                return True
            if isinstance(node, ast.Call) and self._call_waits(module, node, depth, seen):
                return True
        return False

    def _call_waits(self, module: Module, call: ast.Call, depth: int, seen: set[Function]) -> bool:
        name = last_name(call.func)
        if (name in _WAITS and not costs_nothing_with(call)) or (module.origin(call.func) or "").startswith(
            NETWORK
        ):
            return True
        called = [(m, f) for m, f in self._functions.get(name, ()) if depth and f not in seen]
        seen.update(function for _, function in called)
        return any(self._waits(m, step, depth - 1, seen) for m, f in called for step in f.body)


def _is_short(call: ast.Call, passed_s: float) -> bool:
    """Whether a call sleeps for a stated time that has long passed."""
    given = call.args[0] if call.args else None
    stated = given.value if isinstance(given, ast.Constant) else None
    return last_name(call.func) == "sleep" and isinstance(stated, int | float) and 2 * stated < passed_s


def costs_nothing_with(call: ast.Call) -> bool:
    """Whether a call that may wait is given something to look up or to put together: `d.get(key)`, `",".join(parts)`."""
    return last_name(call.func) in ("get", "join") and bool(call.args) and not call.keywords


def _is_endless(node: ast.AST) -> bool:
    """Whether a loop may wait for others: its end is not a comparison of its own figures."""
    if not isinstance(node, ast.While):
        return False
    asked = [each for each in ast.walk(node.test) if isinstance(each, ast.Call)]
    return not isinstance(node.test, ast.Compare) or not all(costs_nothing(call) for call in asked)


def following(module: Module, statement: ast.stmt, *, leaves_loop: bool) -> Iterator[ast.stmt]:
    """The statements after one, outwards to the end of its function, without those of a branch that excludes it."""
    node: ast.AST = statement
    left = False
    for around in module.ancestors(statement):
        if isinstance(around, Loop):
            if not leaves_loop or left:
                return
            left = True
        for name in () if isinstance(around, Loop) else ("body", "orelse", "finalbody", "handlers"):
            block = getattr(around, name, None)
            if isinstance(block, list) and node in block:
                yield from (step for step in block[block.index(node) + 1 :] if isinstance(step, ast.stmt))
        if is_function(around) or isinstance(around, ast.ClassDef):
            return
        node = around
