"""Failures that the code hides: handlers that only log, results nobody looks at, exits that claim success."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Function, Loop, Module, is_constant, is_function, within
from diagnose.evidence.source.printing import is_print

_BROAD = frozenset({"Exception", "BaseException"})
# Part of the normal course of a program, whatever the handler says about them.
_EXPECTED = frozenset(
    {
        "ImportError",
        "ModuleNotFoundError",
        "Empty",
        "Full",
        "StopIteration",
        "StopAsyncIteration",
        "KeyboardInterrupt",
        "SystemExit",
        "GeneratorExit",
        "CancelledError",
        "PackageNotFoundError",
    }
)
# Questions asked by trying; a handler that says nothing about them hides nothing.
_ASKED = frozenset(
    {
        "KeyError",
        "IndexError",
        "AttributeError",
        "ValueError",
        "TypeError",
        "LookupError",
        "FileNotFoundError",
        "FileExistsError",
        "UnicodeDecodeError",
        "JSONDecodeError",
        "NotImplementedError",
        "ProcessLookupError",
        "NameError",
        "TimeoutExpired",
    }
)
_TIDYING = frozenset(
    {
        "remove",
        "unlink",
        "rmtree",
        "rmdir",
        "close",
        "shutdown",
        "terminate",
        "kill",
        "cancel",
        "join",
        "stop",
        "disconnect",
    }
)


def swallowed(module: Module, _project: Project) -> Iterator[CodeFinding]:
    """Handlers after which the program goes on as if nothing had happened."""
    for node in module.nodes:
        if not isinstance(node, ast.Try | ast.TryStar):
            continue
        for handler in node.handlers:
            how = _how(module, handler)
            if how is not None and not _is_harmless(module, node, handler, how):
                yield found(
                    module, handler, CodeKind.SWALLOWED_EXCEPT, f"catches {_caught(handler)} and {how}"
                )


def _names(handler: ast.ExceptHandler) -> frozenset[str]:
    """The last parts of the names of the exceptions that are caught; empty when it catches all."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return frozenset(
        kind.attr if isinstance(kind, ast.Attribute) else kind.id
        for kind in kinds
        if isinstance(kind, ast.Attribute | ast.Name)
    )


def _caught(handler: ast.ExceptHandler) -> str:
    return ", ".join(sorted(_names(handler)))[:80] if handler.type is not None else "everything"


def _how(module: Module, handler: ast.ExceptHandler) -> str | None:
    """What a handler does that only logs, passes or returns a value for failure; None when it does more."""
    logs, last = False, "passes over it"
    for step in handler.body:
        match step:
            case ast.Pass() | ast.Continue() | ast.Expr(value=ast.Constant()):
                continue
            case ast.Expr(value=ast.Call() as call) if is_print(module, call) or _prints_traceback(
                module, call
            ):
                logs, last = True, "only logs it"
            case ast.Return(value=value) if (
                value is None or is_constant(value, False, None, -1) or _minus_one(value)
            ):
                given = "None" if value is None else ast.unparse(value)
                return f"{'logs it and ' if logs else ''}returns {given}"
            case _:
                return None
    return last


def _prints_traceback(module: Module, call: ast.Call) -> bool:
    return module.origin(call.func) in ("traceback.print_exc", "traceback.print_exception", "warnings.warn")


def _minus_one(value: ast.expr) -> bool:
    return isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) and is_constant(value.operand, 1)


def _is_harmless(module: Module, node: ast.Try | ast.TryStar, handler: ast.ExceptHandler, how: str) -> bool:
    names = _names(handler)
    if names and names <= _EXPECTED:
        return True
    silent = "log" not in how
    if silent and names and names <= _EXPECTED | _ASKED:
        return True
    if silent and all(_tidies(step) for step in node.body):
        return True
    return (silent and _answers_a_question(module, node, names)) or _is_retried(module, node)


def _answers_a_question(module: Module, node: ast.AST, names: frozenset[str]) -> bool:
    """In `is_ready()` or `exists()`, failing is one of the answers."""
    function = module.enclosing(node)
    asks = function is not None and function.name.lstrip("_").startswith(("is_", "has_", "can_", "exists"))
    return asks and bool(names) and not names & _BROAD


def _tidies(step: ast.stmt) -> bool:
    call = step.value if isinstance(step, ast.Expr) else None
    name = getattr(call.func, "attr", None) if isinstance(call, ast.Call) else None
    return name in _TIDYING


def _is_retried(module: Module, node: ast.Try | ast.TryStar) -> bool:
    """Tried again in a loop that the success leaves."""
    leaves = any(
        isinstance(inner, ast.Return | ast.Break)
        for step in (*node.body, *node.orelse)
        for inner in within(step)
    )
    for around in module.ancestors(node):
        if is_function(around):
            return False
        if isinstance(around, Loop):
            return leaves
    return False


def ignored_results(module: Module, _project: Project) -> Iterator[CodeFinding]:
    """Calls of a function that answers a failure with False, where nobody looks at the answer."""
    functions: set[str] = set()
    methods: set[str] = set()
    for function in module.functions:
        if _answers_false(function):
            in_class = isinstance(module.parents.get(function), ast.ClassDef)
            (methods if in_class else functions).add(function.name)
    for node in module.nodes:
        if not isinstance(node, ast.Expr):
            continue
        name = _called(node.value, functions, methods)
        if name is not None:
            detail = f"{name} answers a failure with a value, which nobody looks at here"
            yield found(module, node, CodeKind.IGNORED_RESULT, detail)


def _answers_false(function: Function) -> bool:
    for handler in within(function):
        if not isinstance(handler, ast.ExceptHandler):
            continue
        for node in within(handler):
            value = node.value if isinstance(node, ast.Return) else None
            if value is not None and (is_constant(value, False) or _minus_one(value)):
                return True
    return False


def _called(value: ast.expr, functions: set[str], methods: set[str]) -> str | None:
    call = value.value if isinstance(value, ast.Await) else value
    match call:
        case ast.Call(func=ast.Name(id=name)) if name in functions:
            return name
        case ast.Call(func=ast.Attribute(attr=name)) if name in methods:
            return name
    return None


def exits(module: Module, _project: Project) -> Iterator[CodeFinding]:
    """Exits that claim success from a handler, and those that skip all cleaning up."""
    for call in module.calls:
        origin = module.origin(call.func)
        if origin == "os._exit" and not _in_forked_child(module, call):
            detail = "ends the process at once: nothing is flushed, no exit handler runs"
            yield found(module, call, CodeKind.OS_EXIT, detail)
        elif origin in ("sys.exit", "exit", "quit", "SystemExit") and _claims_success(call):
            handler = next(
                (node for node in module.ancestors(call) if isinstance(node, ast.ExceptHandler)), None
            )
            if handler is not None and not (_names(handler) and _names(handler) <= _EXPECTED):
                yield found(
                    module, call, CodeKind.EXIT_ZERO, f"exit code 0 after catching {_caught(handler)}"
                )


def _claims_success(call: ast.Call) -> bool:
    return not call.args or is_constant(call.args[0], 0, None, False)


def _in_forked_child(module: Module, call: ast.Call) -> bool:
    """A forked child has to leave this way."""
    forks = any(module.origin(each.func) in ("os.fork", "os.forkpty") for each in module.calls)
    return forks and any(isinstance(node, ast.If) for node in module.ancestors(call))
