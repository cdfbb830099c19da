"""What a program would do next after a given statement, as far as its flow can be followed."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from diagnose.evidence.source.blocking import called_here
from diagnose.evidence.source.flow import CHEAP, following, imports
from diagnose.evidence.source.module import Function, Loop, Module, is_function, last_name
from diagnose.evidence.source.printing import is_print, printers
from diagnose.evidence.source.threads import run_in_threads

_SCRIPT = re.compile(r"[\w./-]+\.py\b")
_MAX_STEPS = 200
_MAX_CALLS = 3
_MAX_TEXT = 60
_DEPTH = 4
_IDLE = (CHEAP - {"get", "join"}) | frozenset(
    [
        "isinstance",
        "strftime",
        "add",
        "extend",
        "lower",
        "upper",
        "replace",
        "startswith",
        "endswith",
        "is_set",
        "getattr",
        "setattr",
        "hasattr",
        "ArgumentParser",
        "add_argument",
        "Path",
        "basename",
        "dirname",
        "_getframe",
        "getpid",
        "get_ident",
        "current_thread",
        "encode",
        "decode",
        "hexdigest",
        "dumps",
        "tell",
        "getsize",
        "random",
        "gauss",
        "uniform",
        "choice",
        "choices",
        "randrange",
        "randint",
        "copy",
        "deepcopy",
        "gethostname",
        "cpu_count",
        "print",
    ]
)
"""Calls that cost nothing and wait for nobody."""


EventNode = ast.stmt | ast.expr | ast.withitem
Event = tuple[EventNode, bool]
"""What is done, and whether it is done in any case."""


@dataclass(frozen=True, slots=True)
class Next:
    """One thing that the program would do."""

    path: str
    line: int
    text: str
    """The source line."""
    call: str
    """The call itself, as it is written, at most 60 characters."""
    name: str
    """The last part of what is called; empty for a loop or the end of a block."""
    is_sure: bool
    """Whether it comes in any case, and not on a condition only."""
    leaves: bool = False
    """It is the end of a block that waits for what the block began."""


class Nexts:
    """Answers what comes after a printing call; nothing where that cannot be told."""

    def __init__(self, modules: Iterable[Module], command: str = "") -> None:
        self._modules = tuple(modules)
        self._scripts = frozenset(name.rpartition("/")[2] for name in _SCRIPT.findall(command))
        self._imported = {name for module in self._modules for name in imports(module)}
        self._threads = {module: run_in_threads(module) for module in self._modules}
        self._seen: set[ast.AST] = set()
        self._printers = frozenset(printers(self._modules))

    def is_main(self, module: Module, node: ast.AST) -> bool:
        """Whether the job's own script, or what it imports, runs a node, and in no thread or pool."""
        file = module.path.rpartition("/")[2]
        if self._scripts and file not in self._scripts and file.removesuffix(".py") not in self._imported:
            return False
        functions = [each for each in module.ancestors(node) if is_function(each)]
        return not any(each.name in self._threads[module] for each in functions)

    def after(self, module: Module, call: ast.Call) -> tuple[Next, ...]:
        """The calls of consequence between this one and the next that prints, at most three."""
        found: list[Next] = []
        self._seen.clear()
        for node, sure in self._flow(module, call):
            if isinstance(node, ast.Call) and self.prints(module, node):
                break
            found.append(_next(module, node, sure=sure))
            if len(found) == _MAX_CALLS or not isinstance(node, ast.Call):
                break
        return tuple(found)

    def steps(self, module: Module, call: ast.Call) -> Iterator[EventNode]:
        """What comes after a call in any case, up to the first that may not; printing calls are among it."""
        self._seen.clear()
        return (node for node, _ in takewhile(lambda event: event[1], self._flow(module, call)))

    def prints(self, module: Module, call: ast.Call) -> bool:
        """Whether a call prints, itself or by a function of the run's own that is made for it."""
        return is_print(module, call) or last_name(call.func) in self._printers

    def _flow(self, module: Module, call: ast.Call) -> Iterator[Event]:
        """What follows in the function, then in the one that called it, and so on up to the end of the module."""
        node: ast.AST = call
        for _ in range(_MAX_STEPS):
            step = module.statement(node)
            yield from self._to_the_end(module, step)
            function = module.enclosing(step)
            site = _only_call(module, function) if function is not None else None
            if site is None:
                return
            node = site

    def _to_the_end(self, module: Module, step: ast.stmt) -> Iterator[Event]:
        node: ast.AST = step
        for around in module.ancestors(step):
            for later in following(around, node):
                yield from self._events(module, later, _DEPTH)
            if isinstance(around, ast.With | ast.AsyncWith):
                yield from ((item, True) for item in around.items if _may_wait(item))
            if isinstance(around, Loop):
                yield around, False
                return
            if is_function(around) or isinstance(around, ast.Module | ast.ClassDef | ast.Lambda):
                return
            node = around

    def _events(self, module: Module, root: ast.AST, depth: int) -> Iterator[Event]:
        """The calls of consequence in the order in which they are made: arguments before what takes them."""
        for node, sure in _in_order(root, sure=True):
            if not isinstance(node, ast.Call) or (_is_idle(node) and not self.prints(module, node)):
                continue
            inner = [] if depth <= 1 or self.prints(module, node) else called_here(module, node.func)
            if len(inner) == 1 and not isinstance(inner[0], ast.AsyncFunctionDef):
                # What was gone through before has nothing new; it may be called a thousand times.
                if inner[0] in self._seen:
                    continue
                self._seen.add(inner[0])
                for part in inner[0].body:
                    yield from ((each, sure and s) for each, s in self._events(module, part, depth - 1))
            else:
                yield node, sure


def _may_wait(item: ast.withitem) -> bool:
    """Whether leaving a `with` waits: executors, groups and programs do, files and locks do not."""
    name = last_name(item.context_expr.func) if isinstance(item.context_expr, ast.Call) else ""
    return name.endswith(("Executor", "Pool", "TaskGroup", "Popen", "Manager", "task_group", "nursery"))


def _in_order(node: ast.AST, *, sure: bool) -> Iterator[tuple[ast.AST, bool]]:
    if is_function(node) or isinstance(node, ast.ClassDef | ast.Lambda | ast.ExceptHandler | ast.Import):
        return
    for name, value in ast.iter_fields(node):
        certain = sure and not (
            name in ("body", "orelse") and isinstance(node, ast.If | ast.IfExp | ast.For | ast.While)
        )
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _in_order(child, sure=certain)
    yield node, sure


def _is_idle(call: ast.Call) -> bool:
    """Whether a call waits for nobody: `", ".join(parts)`, `os.path.join(a, b)` and `get` with a key too."""
    name = last_name(call.func)
    return name in _IDLE or (name in ("join", "get") and bool(call.args))


def _next(module: Module, node: EventNode, *, sure: bool) -> Next:
    place = node.context_expr if isinstance(node, ast.withitem) else node
    is_call = isinstance(place, ast.Call)
    whole = " ".join(ast.unparse(place).split()) if is_call else module.text(place)
    text = whole if len(whole) <= _MAX_TEXT else f"{whole[:_MAX_TEXT]} …"
    name = (last_name(place.func) or "call") if isinstance(place, ast.Call) else ""
    return Next(
        module.path, place.lineno, module.text(place), text, name, sure, isinstance(node, ast.withitem)
    )


def _only_call(module: Module, function: Function) -> ast.Call | None:
    """The one place in the file that calls a function or a method; None when there are more, or other uses."""
    uses = [
        node
        for node in module.nodes
        if (isinstance(node, ast.Name) and node.id == function.name)
        or (isinstance(node, ast.Attribute) and node.attr == function.name)
    ]
    call = module.parents.get(uses[0]) if len(uses) == 1 else None
    return call if isinstance(call, ast.Call) and call.func is uses[0] else None
