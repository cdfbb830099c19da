"""Processes that are forked while a thread of the program runs which takes a lock that they take too."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.blocking import called_here, run_by
from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.lingering import POOLS
from diagnose.evidence.source.locking import Lock, Locks
from diagnose.evidence.source.module import Function, Module, is_constant, keyword, last_name, within

_FORKS = (POOLS - {"multiprocessing.ThreadPool", "multiprocessing.dummy.Pool"}) | {
    "multiprocessing.Process",
    "concurrent.futures.ProcessPoolExecutor",
}
_HANDING = frozenset(
    [
        "submit",
        "map",
        "imap",
        "imap_unordered",
        "starmap",
        "starmap_async",
        "map_async",
        "apply",
        "apply_async",
    ]
)
_DEPTH = 3


def locks_copied(module: Module, project: Project) -> Iterator[CodeFinding]:
    """A lock that a thread may hold at the moment when a process is forked: in the child nobody lets it go."""
    if any(_is_fresh(each) for other in project.modules for each in other.calls):
        return
    locks = Locks(module)
    shared = locks.made_by("multiprocessing")
    in_threads = _taken(module, locks, _given_to(module, ("threading.Thread", "threading.Timer"))) - shared
    if not in_threads:
        return
    children = [*_given_to(module, ("multiprocessing.Process",)), *_handed(module)]
    both = in_threads & _taken(module, locks, children)
    forks = [call for call in module.calls if module.origin(call.func) in _FORKS]
    threads = [call.lineno for call in module.calls if module.origin(call.func) == "threading.Thread"]
    for fork in forks if both else ():
        if min(threads, default=fork.lineno) < fork.lineno:
            name = min(both)[1]
            detail = f"forks while a thread runs that takes {name}, which the child takes too"
            yield found(module, fork, CodeKind.LOCK_COPIED_BY_FORK, detail)
            return


def _is_fresh(call: ast.Call) -> bool:
    """Whether processes are started anew: then they copy no lock."""
    given = (*call.args, *(each.value for each in call.keywords))
    return any(is_constant(each, "spawn", "forkserver") for each in given)


def _given_to(module: Module, makers: tuple[str, ...]) -> list[ast.expr]:
    made = [call for call in module.calls if module.origin(call.func) in makers]
    return [target for call in made if (target := keyword(call, "target"))]


def _handed(module: Module) -> list[ast.expr]:
    return [
        call.args[0]
        for call in module.calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in _HANDING and call.args
    ]


def _taken(module: Module, locks: Locks, targets: list[ast.expr]) -> set[Lock]:
    """The locks that these functions, and what they call of the same file, take without a time limit."""
    seen: set[Function | ast.Lambda] = set()
    taken: set[Lock] = set()
    pending = [(function, _DEPTH) for target in targets for function in run_by(module, target)]
    while pending:
        function, depth = pending.pop()
        if function in seen:
            continue
        seen.add(function)
        for node in within(function):
            if isinstance(node, ast.With):
                taken.update(locks.of_with(node))
            elif isinstance(node, ast.Call):
                taken.update(_acquired(locks, node))
                pending += [(f, depth - 1) for f in called_here(module, node.func) if depth > 1]
    return taken


def _acquired(locks: Locks, call: ast.Call) -> list[Lock]:
    plain = last_name(call.func) == "acquire" and not call.args and not call.keywords
    lock = locks.named(call.func.value) if plain and isinstance(call.func, ast.Attribute) else None
    return [lock] if lock else []
