"""Whether the main flow ends a thread by an event: the thread's loops look at it, and the flow sets it on its way."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.module import Function, Module, is_function, keyword, last_name

_LOOKS = frozenset({"is_set", "isSet", "wait"})
_BLOCKING = frozenset(
    [
        "get",
        "accept",
        "recv",
        "recv_into",
        "serve_forever",
        "run_forever",
        "join",
        "acquire",
        "input",
        "read",
        "readline",
    ]
)


def ended_by_event(module: Module, call: ast.Call) -> ast.Call | None:
    """The call that ends what a thread runs: its `set()`, where every loop looks at that event and nothing else waits."""
    name = last_name(keyword(call, "target"))
    bodies = [function for function in module.functions if function.name == name]
    if len(bodies) != 1:
        return None
    body = bodies[0]
    for event in sorted(_looked_at(body)):
        if all(_looks(loop, event) for loop in ast.walk(body) if isinstance(loop, ast.While)) and not _waits(
            body, event
        ):
            outside = _given_as(call, body, event)
            return next((each for each in _sets(module, outside) if _is_reached(module, each, body)), None)
    return None


def _looked_at(body: ast.AST) -> set[str]:
    """The names of the events that a function looks at."""
    asked = (node.func for node in ast.walk(body) if isinstance(node, ast.Call))
    looks = (f.value for f in asked if isinstance(f, ast.Attribute) and f.attr in _LOOKS)
    return {last_name(value) for value in looks} - {""}


def _looks(loop: ast.While, event: str) -> bool:
    """Whether a loop is left when the event is set: by its own condition, or by a branch of its body."""
    branches = (node.test for node in ast.walk(loop) if isinstance(node, ast.If))
    return any(event in _looked_at(test) for test in (loop.test, *branches))


def _waits(body: ast.AST, event: str) -> bool:
    """Whether anything but the event may hold the function without a time limit."""
    calls = (node for node in ast.walk(body) if isinstance(node, ast.Call))
    return any(
        last_name(call.func) in _BLOCKING and not call.args and keyword(call, "timeout") is None
        for call in calls
        if not (isinstance(call.func, ast.Attribute) and last_name(call.func.value) == event)
    )


def _given_as(call: ast.Call, body: Function, event: str) -> str:
    """What the starter calls the event that the function takes as an argument; else its own name."""
    names = [argument.arg for argument in body.args.args]
    given = keyword(call, "args")
    if event in names and isinstance(given, ast.Tuple | ast.List) and names.index(event) < len(given.elts):
        return last_name(given.elts[names.index(event)])
    return event


def _sets(module: Module, event: str) -> Iterator[ast.Call]:
    for call in module.calls:
        sets = isinstance(call.func, ast.Attribute) and call.func.attr == "set" and not call.args
        if sets and isinstance(call.func, ast.Attribute) and last_name(call.func.value) == event:
            yield call


def _is_reached(module: Module, call: ast.Call, body: Function) -> bool:
    """Whether the flow comes to a call by itself: not in a handler, a branch, or a function that nobody calls by name.

    A function that is given to `atexit` or to a signal is run too late, or not at all.
    """
    for around in module.ancestors(call):
        if around is body or isinstance(around, ast.ExceptHandler | ast.Lambda):
            return False
        if isinstance(around, ast.If) and "__name__" not in {last_name(n) for n in ast.walk(around.test)}:
            return False
        if is_function(around):
            called = any(last_name(other.func) == around.name for other in module.calls)
            return called or around.name == "__exit__"
    return True
