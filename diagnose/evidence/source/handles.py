"""Which names stand for the same object, and what is done to it.

Followed loosely: names that may be the same are taken to be. Whatever ends an object under any of its names
ends it here, so that a finding means that nothing in the whole file does.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from diagnose.evidence.source.module import Module
from diagnose.evidence.source.names import ATTRIBUTE, COPYING, Key, Names

_KEEPING = frozenset({"append", "add", "appendleft", "extend", "insert", "update", "setdefault", "put"})
_LOOKING = frozenset({"print", "len", "str", "repr", "id", "isinstance", "type", "hasattr", "bool"})


@dataclass(frozen=True, slots=True)
class Made:
    """Where a newly made object goes."""

    keys: tuple[Key, ...] = ()
    """The names that hold it."""
    methods: frozenset[str] = frozenset()
    """What is called on it right where it is made."""
    managed: bool = False
    """A `with` statement ends it."""
    escapes: bool = False
    """It is handed to somebody else, who may end it."""


@dataclass
class _Uses:
    attributes: set[str] = field(default_factory=set)
    stored: list[tuple[str, ast.expr]] = field(default_factory=list)
    managed: bool = False
    escapes: bool = False
    tested: bool = False


class Handles:
    """The names of one module in groups that may hold the same object."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._owner: dict[Key, Key] = {}
        self._uses: defaultdict[Key, _Uses] = defaultdict(_Uses)
        self._names = Names(module)
        # A function may be handed to anybody: it is no object that somebody has to end.
        self._functions = frozenset(function.name for function in module.functions)
        for node in module.nodes:
            self._link(node)
        for node in module.nodes:
            self._note(node)

    def made(self, node: ast.expr) -> Made:
        """Where the object goes that the expression `node` makes."""
        child: ast.AST = node
        for parent in self._module.ancestors(node):
            if not _passes_on(parent, child):
                return self._bound_by(parent)
            child = parent
        return Made(escapes=True)

    def _bound_by(self, parent: ast.AST) -> Made:
        match parent:
            case ast.Assign(targets=targets):
                return Made(tuple(key for target in targets for key in self._names.keys(target)))
            case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
                return Made(tuple(self._names.keys(target)))
            case ast.Attribute(attr=attr):
                return Made(methods=frozenset({attr}))
            case ast.withitem(optional_vars=name):
                return Made(tuple(self._names.keys(name)) if name is not None else (), managed=True)
            case ast.Call(func=ast.Attribute(value=holder, attr=attr)) if attr in _KEEPING:
                return Made(tuple(self._names.keys(holder)))
        return Made(escapes=not isinstance(parent, ast.Expr))

    def attributes(self, made: Made) -> frozenset[str]:
        """Every attribute and method that is used of the object, under any of its names."""
        return made.methods.union(*(use.attributes for use in self._all(made)))

    def stored(self, made: Made, attribute: str) -> list[ast.expr]:
        """What is assigned to an attribute of the object."""
        return [value for use in self._all(made) for name, value in use.stored if name == attribute]

    def is_managed(self, made: Made) -> bool:
        """Whether a `with` statement ends it, here or further down."""
        return made.managed or any(use.managed for use in self._all(made))

    def escapes(self, made: Made) -> bool:
        """Whether it is returned, or handed to a function that may do anything with it."""
        return made.escapes or any(use.escapes for use in self._all(made))

    def is_tested(self, made: Made) -> bool:
        """Whether its truth is asked for."""
        return any(use.tested for use in self._all(made))

    def held_as(self, made: Made) -> frozenset[str]:
        """The attribute names that hold it, under which other files may reach it."""
        owners = {self._find(key) for key in made.keys}
        return frozenset(
            name for scope, name in self._owner if scope == ATTRIBUTE and self._find((scope, name)) in owners
        )

    def attribute_uses(self) -> Iterator[tuple[str, frozenset[str]]]:
        """For each attribute name what is used of what it holds."""
        for scope, name in list(self._owner):
            if scope == ATTRIBUTE:
                yield name, frozenset(self._uses[self._find((scope, name))].attributes)

    def same(self, left: ast.expr, right: Iterable[Key]) -> bool:
        """Whether an expression may be the object that one of these keys holds."""
        owners = {self._find(key) for key in right}
        return any(self._find(key) in owners for key in self._names.keys(left))

    def _all(self, made: Made) -> list[_Uses]:
        return [self._uses[owner] for owner in {self._find(key) for key in made.keys}]

    def _find(self, key: Key) -> Key:
        root = key
        while self._owner.setdefault(root, root) != root:
            root = self._owner[root]
        while self._owner[key] != root:
            self._owner[key], key = root, self._owner[key]
        return root

    def _join(self, left: Iterable[Key], right: Iterable[Key]) -> None:
        keys = [*left, *right]
        for key in keys[1:]:
            self._owner[self._find(key)] = self._find(keys[0])

    def _link(self, node: ast.AST) -> None:  # noqa: C901  # one case for each way to give a name
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=left)], value=ast.Tuple(elts=right)) if len(left) == len(
                right
            ):
                for target, value in zip(left, right, strict=True):
                    self._join(self._names.keys(target), self._held(value))
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._join(self._names.keys(target), self._held(value))
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.NamedExpr(target=target, value=value)
            ):
                self._join(self._names.keys(target), self._held(value))
            case ast.AugAssign(target=target, value=value):
                self._join(self._names.keys(target), self._held(value))
            case ast.For(target=target, iter=each) | ast.AsyncFor(target=target, iter=each):
                self._join(self._names.keys(target), self._names.keys(each))
            case ast.comprehension(target=target, iter=each):
                self._join(self._names.keys(target), self._names.keys(each))
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self._join(self._names.keys(target), self._held(value))
            case ast.Call(func=ast.Attribute(value=holder, attr=attr), args=args) if attr in _KEEPING:
                self._join(self._names.keys(holder), [key for arg in args for key in self._held(arg)])

    def _held(self, value: ast.expr) -> list[Key]:
        """The names whose objects a value is or holds; what a call returns is new, unless it copies."""
        if isinstance(value, ast.BinOp) and not isinstance(value.op, ast.Add):
            return []
        return self._names.keys(value, made_new=False)

    def _note(self, node: ast.AST) -> None:  # noqa: C901  # one case for each use
        match node:
            case ast.Attribute(value=value, attr=attr, ctx=ast.Load()) if not isinstance(value, ast.Call):
                for key in self._names.keys(value):
                    self._use(key).attributes.add(attr)
            case ast.Assign(targets=[ast.Attribute(value=value, attr=attr)], value=stored):
                for key in self._names.keys(value):
                    self._use(key).stored.append((attr, stored))
            case ast.withitem(context_expr=ast.Name() | ast.Attribute() as value):
                for key in self._names.keys(value):
                    self._use(key).managed = True
            case ast.Call():
                self._note_arguments(node)
            case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value):
                self._escape(value)
            case ast.If(test=test) | ast.IfExp(test=test) | ast.Assert(test=test) | ast.While(test=test):
                inner = test.operand if isinstance(test, ast.UnaryOp) else test
                for key in self._names.keys(inner) if isinstance(inner, ast.Name) else []:
                    self._use(key).tested = True

    def _use(self, key: Key) -> _Uses:
        return self._uses[self._find(key)]

    def _note_arguments(self, call: ast.Call) -> None:
        func = call.func
        if isinstance(func, ast.Name) and func.id in _LOOKING | COPYING:
            return
        if isinstance(func, ast.Attribute) and func.attr in _KEEPING:
            return
        for argument in (*call.args, *(given.value for given in call.keywords)):
            self._escape(argument)

    def _escape(self, value: ast.expr) -> None:
        if not isinstance(value, ast.Name | ast.Attribute | ast.Tuple | ast.List | ast.Dict | ast.Starred):
            return
        if isinstance(value, ast.Name) and value.id in self._functions:
            return
        for key in self._names.keys(value):
            self._use(key).escapes = True


def _passes_on(parent: ast.AST, child: ast.AST) -> bool:
    """Whether what `child` makes becomes what `parent` is or holds."""
    match parent:
        case ast.Call(func=ast.Name(id=name)) if name in COPYING:
            return True
        case (
            ast.ListComp(elt=made)
            | ast.SetComp(elt=made)
            | ast.GeneratorExp(elt=made)
            | ast.DictComp(value=made)
        ):
            return made is child
    return isinstance(parent, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.IfExp | ast.BoolOp | ast.Await)
