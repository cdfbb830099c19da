"""Locks that a program takes in a way in which it can wait for itself: twice, or two of them in two orders."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Function, Module, is_function, last_name

_LOCKS = {"threading.Lock": False, "multiprocessing.Lock": False, "threading.RLock": True}
"""What makes a lock, and whether its holder may take it again."""
_STARTERS = frozenset(
    {
        "threading.Thread",
        "threading.Timer",
        "concurrent.futures.ThreadPoolExecutor",
        "multiprocessing.ThreadPool",
        "multiprocessing.dummy.Pool",
    }
)
_DEPTH = 3
"""Calls from one function into another that are followed."""
_MAX_TAKINGS = 2_000

Lock = tuple[str, str]
"""Where a lock's name belongs (a class, a function, or nothing for the module), and the name."""


@dataclass(frozen=True, slots=True)
class Taking:
    """One place where a lock is taken, with those that are held there already."""

    lock: Lock
    node: ast.With | ast.AsyncWith | ast.Call
    held: frozenset[Lock]
    function: str


class Locks:
    """The locks of one file, and where they are taken."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self.reentrant = dict(self._made())
        self._functions = {(self._class_of(f), f.name): f for f in module.functions}

    def made_by(self, package: str) -> frozenset[Lock]:
        """The locks that a package makes."""
        return frozenset(
            self._key(name)
            for call in self._module.calls
            if (origin := self._module.origin(call.func)) in _LOCKS and origin.startswith(f"{package}.")
            for name, value in _bindings(self._module.statement(call))
            if value is call
        )

    def named(self, expression: ast.expr) -> Lock | None:
        """The lock that an expression stands for; None where it is none, or which one depends on the object."""
        match expression:
            case ast.Name(id=name):
                around = self._module.enclosing(expression)
                own = (around.name, name) if around else ("", name)
                return own if own in self.reentrant else ("", name) if ("", name) in self.reentrant else None
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                lock = (self._class_of(expression), name)
                return lock if lock in self.reentrant else None
        return None

    def is_any(self, expression: ast.expr) -> bool:
        """Whether an expression is a lock, of whichever object."""
        names = {name for _, name in self.reentrant}
        return isinstance(expression, ast.Name | ast.Attribute) and last_name(expression) in names

    def takings(self) -> Iterator[Taking]:
        """Every lock that is taken while another, or the same one, is held: here or in what is called from here."""
        for node in self._module.nodes:
            if isinstance(node, ast.With | ast.AsyncWith):
                outer = self.of_with(node)
                function = self._module.enclosing(node)
                name = function.name if function else ""
                for lock in outer:
                    yield from self._inside(node.body, frozenset({lock}), name, _DEPTH, set())

    def of_with(self, node: ast.With | ast.AsyncWith) -> list[Lock]:
        """The locks that a `with` statement takes."""
        return [lock for item in node.items if (lock := self.named(item.context_expr))]

    def _inside(
        self, body: list[ast.stmt], held: frozenset[Lock], name: str, depth: int, seen: set[Function]
    ) -> Iterator[Taking]:
        for node in _running(body):
            if isinstance(node, ast.With | ast.AsyncWith):
                yield from (Taking(taken, node, held, name) for taken in self.of_with(node))
            elif isinstance(node, ast.Call):
                if (lock := self._acquired(node)) is not None:
                    yield Taking(lock, node, held, name)
                elif depth and (callee := self._callee(node)) is not None and callee not in seen:
                    seen.add(callee)
                    for taking in self._inside(callee.body, held, name, depth - 1, seen):
                        yield Taking(taking.lock, node, held, name)

    def _acquired(self, call: ast.Call) -> Lock | None:
        """The lock of a plain `lock.acquire()`: one with arguments may give up."""
        if isinstance(call.func, ast.Attribute) and call.func.attr == "acquire" and not call.args:
            return None if call.keywords else self.named(call.func.value)
        return None

    def _callee(self, call: ast.Call) -> Function | None:
        match call.func:
            case ast.Name(id=name):
                return self._functions.get(("", name))
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return self._functions.get((self._class_of(call), name))
        return None

    def _made(self) -> Iterator[tuple[Lock, bool]]:
        for call in self._module.calls:
            made = _LOCKS.get(self._module.origin(call.func) or "")
            if made is not None:
                statement = self._module.statement(call)
                yield from ((self._key(name), made) for name, value in _bindings(statement) if value is call)

    def _key(self, target: ast.expr) -> Lock:
        if isinstance(target, ast.Attribute):
            return (self._class_of(target), target.attr)
        around = self._module.enclosing(target)
        return (around.name if around else self._class_of(target), last_name(target))

    def _class_of(self, node: ast.AST) -> str:
        around = self._module.ancestors(node)
        return next((each.name for each in around if isinstance(each, ast.ClassDef)), "")


def taken_twice(module: Module, project: Project) -> Iterator[CodeFinding]:  # noqa: ARG001  (as all detectors)
    """A lock that cannot be taken again by its holder, and is."""
    locks = Locks(module)
    for taking in islice(locks.takings(), _MAX_TAKINGS):
        if taking.lock in taking.held and not locks.reentrant[taking.lock]:
            detail = f"takes {taking.lock[1]} while the same thread holds it"
            yield found(module, taking.node, CodeKind.LOCK_TAKEN_TWICE, detail)


def opposite_orders(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Two locks that two functions take in opposite orders, in a program with threads."""
    if not any(each.origin(call.func) in _STARTERS for each in project.modules for call in each.calls):
        return
    takings = [t for t in islice(Locks(module).takings(), _MAX_TAKINGS // 4) if t.lock not in t.held]
    for one in takings:
        for other in takings:
            if one.lock in other.held and other.lock in one.held and one.function != other.function:
                detail = f"{one.function} takes {one.lock[1]} while it holds {other.lock[1]}, and {other.function} does the reverse"
                yield found(module, one.node, CodeKind.LOCKS_IN_OPPOSITE_ORDER, detail)


def _bindings(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """The names that a statement gives, each with what it stands for; of tuples each part."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            yield from zip(names, values, strict=False)
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ast.AnnAssign(target=target, value=value):
            yield target, value


def _running(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """What runs when a block runs, in source order: not the bodies of what is only defined there."""
    stack: list[ast.AST] = list(reversed(body))
    while stack:
        node = stack.pop()
        if is_function(node) or isinstance(node, ast.ClassDef | ast.Lambda):
            continue
        yield node
        stack.extend(reversed(list(ast.iter_child_nodes(node))))
