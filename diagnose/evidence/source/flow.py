"""What a program may still print after a given statement, as far as its main flow can be followed."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping

from diagnose.evidence.source.module import Function, Module, is_function, last_name, within
from diagnose.evidence.source.printing import is_print

_MAX_STEPS = 200


_WINDING_UP = frozenset(
    [
        "collect",
        "join",
        "close",
        "shutdown",
        "terminate",
        "kill",
        "cancel",
        "put",
        "put_nowait",
        "set",
        "stop",
        "flush",
        "finish",
        "end_run",
        "complete",
        "disconnect",
        "exit",
        "quit",
        "_exit",
        "release",
        "cleanup",
        "clear",
        "unlink",
        "remove",
        "rmtree",
        "rmdir",
        "cancel_join_thread",
        "task_done",
        "notify",
        "notify_all",
    ]
)
"""Calls that end what was begun. They may block for ever, and then the work before them is over all the same."""
CHEAP = frozenset(
    [
        "len",
        "str",
        "int",
        "float",
        "bool",
        "round",
        "min",
        "max",
        "sum",
        "abs",
        "sorted",
        "list",
        "dict",
        "set",
        "tuple",
        "repr",
        "format",
        "range",
        "enumerate",
        "zip",
        "time",
        "perf_counter",
        "monotonic",
        "now",
        "utcnow",
        "get",
        "items",
        "keys",
        "values",
        "append",
        "join",
        "strip",
        "split",
    ]
)


def costs_nothing(call: ast.Call) -> bool:
    """Whether a call winds up, or takes no time: nothing that a run could be at for long."""
    return last_name(call.func) in _WINDING_UP | CHEAP


class Flow:
    """Answers whether anything is printed or done after a statement; when in doubt, something is."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = tuple(modules)
        self._noisy = _noisy(self._modules)
        self._imported = {name for module in self._modules for name in imports(module)}
        self._loud = {module: self._eventful(module) for module in self._modules}
        self._references = {module: _references(module) for module in self._modules}

    def is_last(self, module: Module, call: ast.Call) -> bool:
        """Whether `call` lies in its module's main flow and nothing of consequence can follow it there.

        What may follow: winding up (joining, closing, exiting) and what costs nothing.
        """
        if module.path.rpartition("/")[2].removesuffix(".py") in self._imported:
            # Not the script that was run, so its end is not the run's.
            return False
        node: ast.AST = call
        for _ in range(_MAX_STEPS):
            node = module.statement(node)
            end = self._quiet_until(module, node)
            if isinstance(end, ast.Module):
                return True
            if end is None or (site := self._only_call(module, end)) is None:
                return False
            node = site
        return False

    def _eventful(self, module: Module) -> set[ast.AST]:
        """What prints or works when it runs: such calls, loops, and all around them."""
        loud: set[ast.AST] = set()
        loops = [node for node in module.nodes if isinstance(node, ast.For | ast.AsyncFor | ast.While)]
        for call in (*module.calls, *loops):
            if isinstance(call, ast.Call) and not self._is_eventful(module, call):
                continue
            for node in (call, *module.ancestors(call)):
                if node in loud or is_function(node) or isinstance(node, ast.ClassDef | ast.Lambda):
                    break
                loud.add(node)
        return loud

    def _is_eventful(self, module: Module, call: ast.Call) -> bool:
        name = last_name(call.func)
        return is_print(module, call) or name in self._noisy or name not in _WINDING_UP | CHEAP

    def _quiet_until(self, module: Module, step: ast.stmt) -> Function | ast.Module | None:
        """The function or module that ends after `step` with nothing printed in between; None otherwise."""
        node: ast.AST = step
        for around in module.ancestors(step):
            if isinstance(around, ast.For | ast.AsyncFor | ast.While | ast.ClassDef | ast.Lambda):
                return None
            if any(later in self._loud[module] for later in following(around, node)):
                return None
            if isinstance(around, ast.Module) or is_function(around):
                return around
            node = around
        return None

    def _only_call(self, module: Module, function: Function) -> ast.expr | None:
        """The one place in the file where a function is called; None when there are more, or other uses."""
        if not isinstance(module.parents.get(function), ast.Module):
            return None
        references = self._references[module].get(function.name, [])
        if len(references) != 1:
            return None
        reference = references[0]
        call = module.parents.get(reference)
        called = isinstance(call, ast.Call) and (call.func is reference or function.name == "main")
        printed = any(
            isinstance(node, ast.Call) and is_print(module, node) for node in module.ancestors(reference)
        )
        return reference if called and not printed else None


def following(around: ast.AST, node: ast.AST) -> list[ast.AST]:
    """What runs in `around` after its part `node`. Branches that exclude `node` do not."""
    later: list[ast.AST] = []
    for name in ("body", "handlers", "orelse", "finalbody"):
        block = getattr(around, name, None)
        if isinstance(block, list) and node in block:
            later.extend(block[block.index(node) + 1 :] if name != "handlers" else [])
            if isinstance(around, ast.Try | ast.TryStar):
                later.extend(around.orelse if name == "body" else [])
                later.extend(around.finalbody if name != "finalbody" else [])
    return later


def _noisy(modules: Iterable[Module]) -> set[str]:
    """The names of all functions and methods that print, themselves or through others."""
    callers: defaultdict[str, set[str]] = defaultdict(set)
    noisy: list[str] = []
    for module in modules:
        for function in module.functions:
            names = {function.name}
            around = module.parents.get(function)
            if function.name in ("__init__", "__call__", "__enter__", "__exit__") and isinstance(
                around, ast.ClassDef
            ):
                names.add(around.name)
            for node in within(function):
                if isinstance(node, ast.Call):
                    callers[last_name(node.func)] |= names
                    noisy.extend(names if is_print(module, node) else ())
    reached: set[str] = set()
    while noisy:
        name = noisy.pop()
        if name not in reached:
            reached.add(name)
            noisy.extend(callers[name])
    return reached


def imports(module: Module) -> set[str]:
    """The last parts of the names of modules that a file may import."""
    names: set[str] = set()
    for node in module.nodes:
        if isinstance(node, ast.Import):
            names |= {part for name in node.names for part in name.name.split(".")}
        elif isinstance(node, ast.ImportFrom):
            names |= {*(node.module or "").split("."), *(name.name for name in node.names)}
    return names


def _references(module: Module) -> Mapping[str, list[ast.Name]]:
    references: defaultdict[str, list[ast.Name]] = defaultdict(list)
    for node in module.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            references[node.id].append(node)
    return references
