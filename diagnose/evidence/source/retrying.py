"""Handlers in loops that try again until it works: what they log was mended where the run went on at all."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Loop, Module, is_constant, is_function, last_name, within

_EXITS = frozenset({"sys.exit", "exit", "quit"})


def retried(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Handlers whose loop is left by success, and else by nothing or by an error of its own."""
    for node in module.nodes:
        loop = _loop_around(module, node) if isinstance(node, ast.Try | ast.TryStar) else None
        if loop is None or not isinstance(node, ast.Try | ast.TryStar) or not _success_leaves(loop, node):
            continue
        left = _gives_up(module, loop, node) or _is_caught(module, project, node)
        kind = CodeKind.RETRIED_THEN_LEFT if left else CodeKind.RETRIED_UNTIL_DONE
        for handler in node.handlers:
            how = "may give up" if left else "ends with success or with an error"
            yield found(module, handler, kind, f"tries again in a loop that {how}")


def _loop_around(module: Module, node: ast.AST) -> ast.For | ast.AsyncFor | ast.While | None:
    for around in module.ancestors(node):
        if is_function(around):
            return None
        if isinstance(around, Loop):
            return around
    return None


def _success_leaves(loop: ast.AST, node: ast.Try | ast.TryStar) -> bool:
    done = [inner for step in (*node.body, *node.orelse) for inner in within(step)]
    return any(isinstance(inner, ast.Return | ast.Break) for inner in done) or bool(_flags(loop, node))


def _flags(loop: ast.AST, node: ast.Try | ast.TryStar) -> set[str]:
    """The names that a `while` asks for and that success sets."""
    if not isinstance(loop, ast.While):
        return set()
    asked = {inner.id for inner in ast.walk(loop.test) if isinstance(inner, ast.Name)}
    done = (inner for step in (*node.body, *node.orelse) for inner in within(step))
    return asked & {last_name(t) for inner in done if isinstance(inner, ast.Assign) for t in inner.targets}


def _gives_up(module: Module, loop: ast.For | ast.AsyncFor | ast.While, node: ast.Try | ast.TryStar) -> bool:
    """Whether the loop can also end without success and without an error."""
    succeeds = {inner for step in (*node.body, *node.orelse) for inner in ast.walk(step)}
    rest = [inner for step in loop.body for inner in within(step) if inner not in succeeds]
    if any(isinstance(inner, ast.Return | ast.Break) for inner in rest):
        return True
    return _runs_out(loop, node) and not (
        any(_raises(module, inner) for inner in rest)
        or any(_raises(module, step) for step in _behind(module, loop))
    )


def _runs_out(loop: ast.For | ast.AsyncFor | ast.While, node: ast.Try | ast.TryStar) -> bool:
    """Whether the loop has a number of turns, or a condition of its own beside success."""
    if not isinstance(loop, ast.While):
        return True
    bare = loop.test.operand if isinstance(loop.test, ast.UnaryOp) else loop.test
    return not (
        is_constant(loop.test, True, 1) or (isinstance(bare, ast.Name) and bare.id in _flags(loop, node))
    )


def _behind(module: Module, loop: ast.For | ast.AsyncFor | ast.While) -> list[ast.stmt]:
    """What runs when the turns are over: the loop's `else`, or the statement after it."""
    block = getattr(module.parents[loop], "body", [])
    after = block[block.index(loop) + 1 :][:2] if loop in block else []
    return [*loop.orelse, *after]


def _raises(module: Module, node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) or (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and module.origin(node.value.func) in _EXITS
        and bool(node.value.args)
        and not is_constant(node.value.args[0], 0, None)
    )


def _is_caught(module: Module, project: Project, node: ast.AST) -> bool:
    """Whether somebody else may catch what the loop raises in the end, by the name of its function."""
    function = module.enclosing(node)
    if function is None:
        return any(isinstance(around, ast.Try | ast.TryStar) for around in module.ancestors(node))
    return any(
        isinstance(inner, ast.Call) and last_name(inner.func) == function.name
        for other in project.modules
        for each in other.nodes
        if isinstance(each, ast.Try | ast.TryStar) and each.handlers
        for step in each.body
        for inner in within(step)
    )
