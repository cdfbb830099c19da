"""Names as keys: which of them an expression may stand for, and the function that each belongs to."""

import ast
from collections import defaultdict

from diagnose.evidence.source.module import Module, is_function, preorder

Key = tuple[int, str]
"""A name and the function it belongs to; 0 is the module, -1 stands for attributes of whatever object."""

ATTRIBUTE, MODULE = -1, 0
COPYING = frozenset(
    {"list", "tuple", "set", "dict", "sorted", "reversed", "enumerate", "zip", "iter", "next", "filter"}
)
"""Calls whose result holds the same objects."""


class Names:
    """The keys of one module's expressions."""

    def __init__(self, module: Module) -> None:
        self._scopes = _scopes(module)
        self._bound = _bound(self._scopes)

    def keys(self, root: ast.expr, *, made_new: bool = True) -> list[Key]:
        """The names whose objects an expression may be or hold; of calls, what is called and with what.

        Without `made_new`, what a call returns is a new object, and none of these.
        """
        keys: list[Key] = []
        stack: list[ast.expr | None] = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, ast.Name):
                keys.append(self._key(node))
            elif isinstance(node, ast.Attribute):
                keys.append((ATTRIBUTE, node.attr))
            elif node is not None and (made_new or not _makes(node)):
                stack.extend(_parts(node))
        return keys

    def _key(self, node: ast.Name) -> Key:
        scope = self._scopes.get(node, MODULE)
        return (scope if node.id in self._bound.get(scope, ()) else MODULE, node.id)


def _makes(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in COPYING)


def _parts(node: ast.expr) -> list[ast.expr | None]:  # noqa: PLR0911  # one for each shape
    """The parts of an expression whose objects it may be or hold."""
    match node:
        case ast.Call(func=func, args=args):
            return [*args, func.value if isinstance(func, ast.Attribute) else None]
        case ast.Subscript(value=value) | ast.Starred(value=value) | ast.Await(value=value):
            return [value]
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.BoolOp(values=parts):
            return [*parts]
        case ast.Dict(values=parts):
            return [*parts]
        case ast.IfExp(body=left, orelse=right) | ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.NamedExpr(target=left, value=right):
            return [left, right]
    element = node.value if isinstance(node, ast.DictComp) else getattr(node, "elt", None)
    return [element] if isinstance(element, ast.expr) else []


def _scopes(module: Module) -> dict[ast.AST, int]:
    """For each node the outermost function it lies in, so that what closures do to a name counts."""
    outermost = [node for node in module.functions if not any(map(is_function, module.ancestors(node)))]
    return {inner: number for number, node in enumerate(outermost, start=1) for inner in preorder(node)}


def _bound(scopes: dict[ast.AST, int]) -> dict[int, set[str]]:
    """The names that each outermost function makes its own."""
    bound: defaultdict[int, set[str]] = defaultdict(set)
    shared: defaultdict[int, set[str]] = defaultdict(set)
    for node, scope in scopes.items():
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                bound[scope].add(name)
            case ast.Global(names=names):
                shared[scope].update(names)
    return {scope: names - shared[scope] for scope, names in bound.items()}
