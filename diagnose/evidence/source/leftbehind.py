"""Programs that the source starts where nothing in all of it ever waits for one."""

import ast
from collections.abc import Iterable, Iterator

from diagnose.evidence.source.module import Module, last_name

_STARTS = frozenset({"subprocess.Popen", "os.spawnv", "os.spawnl", "os.posix_spawn", "os.popen"})
_WAITS = frozenset(
    {"wait", "communicate", "poll", "waitpid", "wait4", "waitid", "send_signal", "terminate", "kill"}
)


def left_behind(modules: Iterable[Module]) -> Iterator[tuple[Module, ast.Call]]:
    """Each start of a program, where no module has a call that waits for a child, asks for its end, or brings it about."""
    modules = tuple(modules)
    if any(last_name(call.func) in _WAITS for module in modules for call in module.calls):
        return
    for module in modules:
        for call in module.calls:
            held = isinstance(module.parents.get(call), ast.withitem)
            if module.origin(call.func) in _STARTS and not held:
                yield module, call
