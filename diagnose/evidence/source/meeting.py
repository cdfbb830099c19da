"""Where the processes of a distributed program wait for each other: to form their group, or in an operation of it."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from diagnose.evidence.source.flow import costs_nothing
from diagnose.evidence.source.module import Module, keyword, last_name
from diagnose.evidence.source.nexts import Nexts
from diagnose.evidence.source.statements import Statement

_FORMS_GROUP = frozenset(
    [
        "torch.distributed.init_process_group",
        "torch.distributed.TCPStore",
        "torch.distributed.FileStore",
        "deepspeed.init_distributed",
        "jax.distributed.initialize",
        "horovod.torch.init",
        "horovod.tensorflow.init",
        "horovod.keras.init",
        "tensorflow.distribute.MultiWorkerMirroredStrategy",
    ]
)
_GROUP_NAMES = frozenset({"init_process_group", "init_distributed", "MultiWorkerMirroredStrategy"})
"""Names that nothing else has, however the module was imported."""
_OPERATIONS = frozenset(
    "torch.distributed." + name
    for name in (
        "barrier",
        "monitored_barrier",
        "all_reduce",
        "reduce",
        "broadcast",
        "all_gather",
        "gather",
        "scatter",
        "all_to_all",
        "all_gather_object",
        "gather_object",
        "broadcast_object_list",
        "new_group",
    )
)
_SETS_UP = frozenset(
    ["set_device", "device", "manual_seed", "seed", "is_available", "device_count", "getenv", "setdefault"]
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A call that returns only when all processes have come to it."""

    module: Module
    call: ast.Call
    forms_group: bool
    """It makes the group; else it is an operation of one."""
    is_followed_by_words: bool
    """The next thing of consequence after it prints."""

    @property
    def world_size(self) -> int | None:
        """How many processes it says that there are, where that is a number in the call."""
        given = keyword(self.call, "world_size")
        known = isinstance(given, ast.Constant) and isinstance(given.value, int)
        return given.value if known else None  # type: ignore[union-attr]


def meeting_after(modules: Iterable[Module], command: str, printed: Statement) -> Meeting | None:
    """The meeting that the source comes to from a printing statement with nothing of consequence between."""
    modules = tuple(modules)
    module = next((each for each in modules if each.path == printed.path), None)
    call = next((c for c in module.calls if c.lineno == printed.line), None) if module else None
    if module is None or call is None:
        return None
    nexts = Nexts(modules, command)
    found: ast.Call | None = None
    for node in nexts.steps(module, call):
        if not isinstance(node, ast.Call) or (nexts.prints(module, node) and found is None):
            break
        if found is not None:
            if not _is_trifle(module, node):
                return Meeting(module, found, _forms_group(module, found), nexts.prints(module, node))
        elif _forms_group(module, node) or module.origin(node.func) in _OPERATIONS:
            found = node
        elif not _is_trifle(module, node):
            break
    return Meeting(module, found, _forms_group(module, found), is_followed_by_words=False) if found else None


def _forms_group(module: Module, call: ast.Call) -> bool:
    return module.origin(call.func) in _FORMS_GROUP or last_name(call.func) in _GROUP_NAMES


def _is_trifle(module: Module, call: ast.Call) -> bool:
    """Whether a call sets something up, costs nothing, or only makes what another call is given."""
    made_for = module.parents.get(call)
    given = isinstance(made_for, ast.Call | ast.keyword | ast.FormattedValue | ast.Subscript)
    return given or costs_nothing(call) or last_name(call.func) in _SETS_UP
