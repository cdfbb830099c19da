"""Threads, processes and pools that outlive the work because nobody ends them."""

import ast
from collections.abc import Iterator, Mapping

from diagnose.evidence.source.events import ended_by_event
from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, Worker, found
from diagnose.evidence.source.handles import Made
from diagnose.evidence.source.module import Module, is_constant, keyword, last_name

_THREADS = frozenset({"threading.Thread", "threading.Timer"})
_PROCESSES = frozenset({"multiprocessing.Process"})
POOLS = frozenset({"multiprocessing.Pool", "multiprocessing.ThreadPool", "multiprocessing.dummy.Pool"})
EXECUTORS = frozenset({"concurrent.futures.ThreadPoolExecutor", "concurrent.futures.ProcessPoolExecutor"})
_WAITED = frozenset({"wait", "communicate", "terminate", "kill", "send_signal", "poll", "__exit__"})


def workers(module: Module) -> Mapping[str, Worker]:
    """The thread and process classes that a file defines."""
    return {
        node.name: _worker(node, base)
        for node in module.nodes
        if isinstance(node, ast.ClassDef)
        for base in map(module.origin, node.bases)
        if base in _THREADS | _PROCESSES
    }


def _worker(node: ast.ClassDef, base: str) -> Worker:
    given = [
        *(call.value for call in ast.walk(node) if isinstance(call, ast.keyword) and call.arg == "daemon"),
        *(step.value for step in ast.walk(node) if isinstance(step, ast.Assign) and _sets_daemon(step)),
    ]
    own = {
        step.attr
        for step in ast.walk(node)
        if isinstance(step, ast.Attribute) and isinstance(step.value, ast.Name | ast.Call)
        if not isinstance(step.value, ast.Name) or step.value.id == "self"
    }
    return Worker(base, _truth(given), "start" in own, bool(own & {"join", "terminate", "kill"}))


def _sets_daemon(step: ast.Assign) -> bool:
    return any(
        (isinstance(target, ast.Attribute) and target.attr == "daemon")
        or (isinstance(target, ast.Name) and target.id == "daemon")
        for target in step.targets
    )


def _truth(values: list[ast.expr]) -> bool | None:
    """Whether the last of these is true; nothing given is False, what is no constant is None."""
    if not values or is_constant(values[-1], False, None):
        return False
    return True if is_constant(values[-1], True) else None


def _worker_of(module: Module, project: Project, call: ast.Call) -> Worker | None:
    """What kind of thread or process a call makes; None when it makes none."""
    origin = module.origin(call.func)
    if origin in _THREADS | _PROCESSES and origin is not None:
        return Worker(origin, False, starts_itself=False, ends_itself=False)
    name = call.func.id if isinstance(call.func, ast.Name) else (origin or "").rpartition(".")[2]
    return project.workers.get(name)


def unjoined(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Threads and processes that are started and never joined, and threads that end with the interpreter."""
    for call in module.calls:
        worker = _worker_of(module, project, call)
        if worker is None:
            continue
        made = project.handles[module].made(call)
        if worker.starts_itself or "start" in _used(module, project, made):
            yield from _judge_worker(module, project, call, made, worker)


def _judge_worker(
    module: Module, project: Project, call: ast.Call, made: Made, worker: Worker
) -> Iterator[CodeFinding]:
    daemon = _daemon(module, project, call, made, worker)
    used = _used(module, project, made)
    ended = bool(used & {"join", "terminate", "kill", "cancel"}) or worker.ends_itself
    thread = worker.base in _THREADS
    if daemon and thread:
        yield found(
            module,
            call,
            CodeKind.DAEMON_THREAD,
            f"ends with the interpreter; {'' if ended else 'not '}joined",
        )
    elif daemon and not ended:
        yield found(module, call, CodeKind.DAEMON_PROCESS, "ended with the script; joined nowhere")
    elif (
        daemon is False
        and not ended
        and not _out_of_sight(module, project, made)
        and not _ends_by_itself(module, call)
    ):
        event = ended_by_event(module, call) if thread else None
        if event is not None:
            detail = f"line {event.lineno} sets the event that ends it; joined nowhere"
            yield found(module, call, CodeKind.THREAD_ENDED_BY_EVENT, detail)
            return
        kind = CodeKind.THREAD_NOT_JOINED if thread else CodeKind.PROCESS_NOT_JOINED
        yield found(module, call, kind, "started, not a daemon, and joined nowhere")


_BLOCKING = frozenset(
    [
        "get",
        "accept",
        "recv",
        "recv_into",
        "serve_forever",
        "run_forever",
        "wait",
        "join",
        "acquire",
        "input",
        "read",
        "readline",
        "poll",
    ]
)


def _ends_by_itself(module: Module, call: ast.Call) -> bool:
    """Whether what the thread or process runs is known and comes to an end: no `while`, no blocking call."""
    target = keyword(call, "target")
    name = last_name(target)
    bodies = [function for function in module.functions if function.name == name]
    if isinstance(call.func, ast.Name) and not name:
        classes = [n for n in module.nodes if isinstance(n, ast.ClassDef) and n.name == call.func.id]
        bodies = [
            f for f in module.functions for c in classes if f.name == "run" and module.parents.get(f) is c
        ]
    return bool(bodies) and not any(_may_block(node) for body in bodies for node in ast.walk(body))


def _may_block(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        called = node.func
        return (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) in _BLOCKING
    # A comprehension or a `for` over what is at hand ends; a `for` over a socket or an iterator may not.
    return isinstance(node, ast.While) or (
        isinstance(node, ast.For) and isinstance(node.iter, ast.Call | ast.Name) and _is_endless(node.iter)
    )


def _is_endless(source: ast.expr) -> bool:
    """`iter(queue.get, None)`, `itertools.count()`: an iterator without an end of its own."""
    if not isinstance(source, ast.Call):
        return False
    name = source.func.attr if isinstance(source.func, ast.Attribute) else getattr(source.func, "id", "")
    return name in ("iter", "count", "cycle", "repeat")


def _daemon(module: Module, project: Project, call: ast.Call, made: Made, worker: Worker) -> bool | None:
    handles = project.handles[module]
    given = keyword(call, "daemon")
    if given is not None:
        return _truth([given])
    stored = handles.stored(made, "daemon")
    if stored:
        return _truth(stored)
    if "setDaemon" in handles.attributes(made):
        return _truth([node.args[0] for node in module.calls if _sets_by_call(node) and node.args])
    # Keywords given as a whole may hold it.
    return None if any(each.arg is None for each in call.keywords) else worker.daemon


def _sets_by_call(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "setDaemon"


def _used(module: Module, project: Project, made: Made) -> frozenset[str]:
    """What any file uses of an object, and what the module asks of all threads or processes at once."""
    handles = project.handles[module]
    used = handles.attributes(made)
    for name in handles.held_as(made):
        used |= project.attribute_uses.get(name, frozenset())
    everyone = {"threading.enumerate", "multiprocessing.active_children"}
    return used | {"join"} if any(module.origin(call.func) in everyone for call in module.calls) else used


def _out_of_sight(module: Module, project: Project, made: Made) -> bool:
    handles = project.handles[module]
    return handles.escapes(made) or handles.is_managed(made)


def unwaited(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Child processes that nobody waits for or ends."""
    for call in module.calls:
        if module.origin(call.func) != "subprocess.Popen":
            continue
        made = project.handles[module].made(call)
        if not _used(module, project, made) & _WAITED and not _out_of_sight(module, project, made):
            yield found(module, call, CodeKind.POPEN_NOT_WAITED, "started, and neither waited for nor ended")


def unclosed_pools(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Pools and executors whose workers nobody tells to stop."""
    for call in module.calls:
        origin = module.origin(call.func)
        if origin not in POOLS | EXECUTORS:
            continue
        made = project.handles[module].made(call)
        detail = _pool_left(_used(module, project, made), executor=origin in EXECUTORS)
        if detail and not _out_of_sight(module, project, made):
            yield found(module, call, CodeKind.POOL_NOT_CLOSED, detail)


def _pool_left(used: frozenset[str], *, executor: bool) -> str | None:
    if executor:
        return None if "shutdown" in used else "never shut down, and not in a `with`"
    if "terminate" in used or used >= {"close", "join"}:
        return None
    return "closed but not joined" if "close" in used else "never closed, and not in a `with`"
