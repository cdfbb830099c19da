"""Where a program waits for something outside without a time limit: an answer, a file, a lock that others hold."""

import ast
from collections.abc import Iterable, Iterator

from diagnose.evidence.source.ahead import NETWORK, Ahead, following
from diagnose.evidence.source.blocking import CLOCKS, is_left
from diagnose.evidence.source.module import Function, Loop, Module, is_constant, keyword, last_name, within
from diagnose.evidence.source.printing import is_print

_DEPTH = 2
_REQUESTS = frozenset(
    f"requests.{verb}" for verb in ("get", "post", "put", "patch", "delete", "head", "request")
) | {"urllib.request.urlopen"}
_SERVERS = frozenset(
    ["ftplib.FTP", "ftplib.FTP_TLS", "smtplib.SMTP", "smtplib.SMTP_SSL", "imaplib.IMAP4", "imaplib.IMAP4_SSL"]
)
"""What connects when it is made."""
_VERBS = frozenset(["get", "post", "put", "patch", "delete", "head", "request", "send"])
_METHODS = (
    ("answer", frozenset({"requests.Session", "requests.session"}), _VERBS),
    (
        "answer",
        frozenset({"http.client.HTTPConnection", "http.client.HTTPSConnection"}),
        frozenset({"getresponse"}),
    ),
    (
        "message",
        frozenset({"socket.socket", "socket.create_connection", "socket.create_server"}),
        frozenset({"accept", "recv", "recvfrom", "recv_into"}),
    ),
    (
        "message",
        frozenset({"redis.Redis", "redis.StrictRedis", "redis.from_url"}),
        frozenset({"blpop", "brpop", "blmove"}),
    ),
)
"""What a method of an object waits for, by what makes the object."""
_LIMITS = frozenset({"settimeout", "setdefaulttimeout", "setblocking"})
_EXISTS = frozenset({"os.path.exists", "os.path.isfile", "os.path.isdir"})
_LOCKS = frozenset({"fcntl.flock", "fcntl.lockf", "filelock.FileLock", "portalocker.Lock"})

_LOOKS = frozenset(
    [
        "exists",
        "is_file",
        "is_dir",
        "isfile",
        "isdir",
        "listdir",
        "iterdir",
        "glob",
        "scandir",
        "stat",
        "getsize",
        "getmtime",
        "connect",
        "connect_ex",
        "create_connection",
        "urlopen",
        "getresponse",
    ]
)
"""Calls that look at a file, a folder or a server."""
_OWN = frozenset(["is_alive", "poll", "done", "is_set", "empty", "full", "qsize", "ready", "running", "wait"])
"""Calls that look at a thread, a child, a task or a queue of the run's own."""

Wait = tuple[str, Module, ast.stmt | ast.expr]
"""A word for what it waits for, and the place."""


class Outside:
    """Answers what of the outside a program comes to next."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = tuple(modules)
        self._ahead = Ahead(self._modules)
        self._functions: dict[str, list[tuple[Module, Function]]] = {}
        for module in self._modules:
            for function in module.functions:
                self._functions.setdefault(function.name, []).append((module, function))

    def wait_after(self, path: str, line: int) -> Wait | None:
        """The first wait for something outside after a printing statement, before the next one or any work; else None."""
        module = next((each for each in self._modules if each.path == path), None)
        call = next((c for c in module.calls if c.lineno == line), None) if module else None
        if module is None or call is None:
            return None
        for step in following(module, module.statement(call), leaves_loop=False):
            found = next(self._waits(module, step, _DEPTH, set()), None)
            if found is not None:
                return found
            calls = [node for node in ast.walk(step) if isinstance(node, ast.Call)]
            if any(is_print(module, each) or self._ahead.works(each) for each in calls):
                return None
        return None

    def _waits(self, module: Module, step: ast.AST, depth: int, seen: set[Function]) -> Iterator[Wait]:
        for node in ast.walk(step):
            if isinstance(node, ast.While) and self._looks_for_file(module, node.test):
                yield "file", module, node
            elif isinstance(node, ast.While) and _polls(module, node):
                yield "poll", module, node
            elif isinstance(node, ast.Call):
                if (what := _direct(module, node)) is not None:
                    yield what, module, node
                elif depth:
                    called = [
                        (m, f) for m, f in self._functions.get(last_name(node.func), ()) if f not in seen
                    ]
                    seen.update(function for _, function in called)
                    for owner, function in called:
                        for inner in function.body:
                            yield from self._waits(owner, inner, depth - 1, seen)

    def _looks_for_file(self, module: Module, test: ast.expr) -> bool:
        """`while not exists(path)`, with nothing else that could end it."""
        if not isinstance(test, ast.UnaryOp) or not isinstance(test.op, ast.Not):
            return False
        asked = test.operand
        return isinstance(asked, ast.Call) and (
            module.origin(asked.func) in _EXISTS or last_name(asked.func) in ("exists", "is_file")
        )


def _direct(module: Module, call: ast.Call) -> str | None:
    """What a call waits for by itself, where it has no time limit."""
    origin = module.origin(call.func)
    if keyword(call, "timeout") is not None:
        return None
    if origin in _REQUESTS | _SERVERS:
        return "answer"
    if origin in _LOCKS and "LOCK_NB" not in ast.unparse(call):
        return "lock"
    return _by_its_object(module, call)


def _by_its_object(module: Module, call: ast.Call) -> str | None:
    """What a method waits for, where the object was made without a time limit and is given none later."""
    if not isinstance(call.func, ast.Attribute) or any(last_name(c.func) in _LIMITS for c in module.calls):
        return None
    for what, makers, methods in _METHODS:
        if call.func.attr in methods and last_name(call.func.value) in _made_by(module, makers):
            return what
    return None


def _made_by(module: Module, makers: frozenset[str]) -> set[str]:
    """The names of what some calls without a time limit make."""
    names: set[str] = set()
    for made in module.calls:
        if module.origin(made.func) in makers and keyword(made, "timeout") is None:
            around = module.parents.get(made)
            if isinstance(around, ast.Assign):
                names |= {last_name(target) for target in around.targets}
            elif isinstance(around, ast.withitem):
                names.add(last_name(around.optional_vars))
    return names - {""}


def _polls(module: Module, loop: ast.While) -> bool:
    """Whether a loop sleeps and looks outside until something has come, with no end of its own and no other work."""
    inside = list(within(loop))
    calls = [node for node in inside if isinstance(node, ast.Call)]
    names = {last_name(call.func) for call in calls}
    bounded = any(isinstance(node, ast.AugAssign | ast.Raise) for node in inside) or bool(names & CLOCKS)
    busy = any(is_print(module, call) for call in calls) or any(isinstance(n, ast.For) for n in inside)
    return "sleep" in names and not bounded and not busy and asks_outside(module, loop)


def asks_outside(module: Module, loop: ast.AST) -> bool:
    """Whether a loop looks for something outside again and again: it asks for it, or tries until it succeeds."""
    calls = [node for node in within(loop) if isinstance(node, ast.Call)]
    if {last_name(call.func) for call in calls} & _OWN or not _may_end(loop):
        return False
    asks = any(
        last_name(call.func) in _LOOKS or (module.origin(call.func) or "").startswith(NETWORK)
        for call in calls
    )
    return asks or any(_is_tried(node) for node in within(loop) if isinstance(node, ast.Try))


def _may_end(loop: ast.AST) -> bool:
    """Whether something that comes would end it."""
    return isinstance(loop, Loop) and (
        is_left(loop) or (isinstance(loop, ast.While) and not is_constant(loop.test, True, 1))
    )


def _is_tried(node: ast.Try) -> bool:
    """Whether success leaves, and failure does not."""
    succeeds = any(
        isinstance(n, ast.Return | ast.Break) for s in (*node.body, *node.orelse) for n in within(s)
    )
    fails = any(isinstance(n, ast.Return | ast.Break | ast.Raise) for h in node.handlers for n in within(h))
    return succeeds and bool(node.handlers) and not fails
