"""A child whose output goes into a pipe that nobody reads: once the pipe is full, the child waits, and who waits for it too."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Module, keyword

_READERS = frozenset({"communicate", "stdout", "stderr", "__iter__"})
_WAITERS = frozenset({"wait"})


def never_read(module: Module, project: Project) -> Iterator[CodeFinding]:
    """`Popen(..., stdout=PIPE)` that is waited for, and whose pipe nothing in the file reads."""
    for call in module.calls:
        if module.origin(call.func) != "subprocess.Popen":
            continue
        piped = [name for name in ("stdout", "stderr") if _is_pipe(module, keyword(call, name))]
        handles = project.handles[module]
        made = handles.made(call)
        used = handles.attributes(made)
        if piped and used & _WAITERS and not used & _READERS and not handles.escapes(made):
            detail = f"sends the child's {' and '.join(piped)} into a pipe that nothing reads, and waits for the child"
            yield found(module, call, CodeKind.PIPE_NEVER_READ, detail)


def _is_pipe(module: Module, given: ast.expr | None) -> bool:
    return given is not None and module.origin(given) == "subprocess.PIPE"
