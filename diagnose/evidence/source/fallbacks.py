"""Fixed values that a function answers with when something it needs is not there."""

import ast
from collections.abc import Iterable, Iterator

from diagnose.evidence.source.module import Module, is_function


def fallbacks(modules: Iterable[Module], value: float) -> Iterator[tuple[Module, ast.stmt, bool]]:
    """The statements that answer with a value: in a handler (True), or where something was found to be None (False)."""
    for module in modules:
        for node in module.nodes:
            if isinstance(node, ast.Return | ast.Assign) and _is(node.value, value):
                around = _around(module, node)
                if isinstance(around, ast.ExceptHandler):
                    yield module, node, True
                elif (
                    isinstance(node, ast.Return)
                    and isinstance(around, ast.If)
                    and _asks_for_none(around.test)
                ):
                    yield module, node, False


def _is(node: ast.expr | None, value: float) -> bool:
    """Whether an expression is that figure; a minus stands apart from it in the tree."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _is(node.operand, -value)
    return isinstance(node, ast.Constant) and type(node.value) in (float, int) and node.value == value


def _around(module: Module, node: ast.AST) -> ast.AST | None:
    """The innermost handler or condition around a statement, within its function."""
    for around in module.ancestors(node):
        if is_function(around):
            return None
        if isinstance(around, ast.ExceptHandler | ast.If):
            return around
    return None


def _asks_for_none(test: ast.expr) -> bool:
    """Whether a condition asks if something is not there: `x is None`, `not x`."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return isinstance(test.operand, ast.Name | ast.Attribute)
    compared = isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is)
    return compared and isinstance(test, ast.Compare) and isinstance(test.comparators[0], ast.Constant)
