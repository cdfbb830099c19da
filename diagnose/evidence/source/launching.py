"""Programs that are started and whose exit code nobody looks at."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.handles import Made
from diagnose.evidence.source.module import Module, is_constant, keyword

_RUNS = frozenset({"subprocess.run"})
_CODES = frozenset({"subprocess.call", "os.system", "os.spawnl", "os.spawnv"})
"""Calls that answer with the exit code itself."""
_LOOKS = frozenset({"returncode", "check_returncode"})


def unchecked_children(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Children that may fail without anybody noticing."""
    for call in module.calls:
        origin = module.origin(call.func)
        if origin in _CODES and isinstance(module.parents.get(call), ast.Expr):
            yield found(module, call, CodeKind.CHILD_NOT_CHECKED, "its exit code is thrown away")
        elif origin in _RUNS and not _checks(call) and not _is_looked_at(module, project, call):
            yield found(module, call, CodeKind.CHILD_NOT_CHECKED, "without check=True its exit code is lost")


def _checks(call: ast.Call) -> bool:
    """Whether the call raises by itself, or may: `check=strict`, `**options`."""
    given = keyword(call, "check")
    more = any(each.arg is None for each in call.keywords)
    return more or (given is not None and not is_constant(given, False, None))


def _is_looked_at(module: Module, project: Project, call: ast.Call) -> bool:
    made = project.handles[module].made(call)
    return bool(_used(module, project, made) & _LOOKS) or project.handles[module].escapes(made)


def _used(module: Module, project: Project, made: Made) -> frozenset[str]:
    handles = project.handles[module]
    elsewhere = (project.attribute_uses.get(name, frozenset()) for name in handles.held_as(made))
    return handles.attributes(made).union(*elsewhere)
