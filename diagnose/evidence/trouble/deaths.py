"""Who died of an uncaught exception: a thread, a process, a rank, or nobody but an interpreter at its end."""

import re

from diagnose.evidence.trouble.failure import Trouble

PROCESS = re.compile(r"(?:^|\s)Process [A-Za-z]*Process-\d+(?::\d+)*:")
"""The header that `multiprocessing` prints; a thread's begins with `Exception in thread`."""
OF_A_RANK = re.compile(
    r"torch[/.]distributed|torch[/.]multiprocessing/spawn|process_group|ProcessGroup|[Gg]loo|NCCL|horovod|mpi4py"
)
FRAME = re.compile(r'^\s*File "(?P<path>[^"]+)", line \d+')
OF_A_LIBRARY = re.compile(
    r"site-packages|dist-packages|[/\\]lib(?:64)?[/\\]python|^<|[/\\]Lib[/\\]|^/usr/lib/"
)
STOPPED = re.compile(r"\b(?:KeyboardInterrupt|SystemExit)\b")


def is_process(trouble: Trouble) -> bool:
    """Whether a child process died, and no thread or task."""
    around = (line.text for line in trouble.match.before)
    return any(PROCESS.search(text) for text in (*around, *trouble.text.splitlines()))


def is_rank(trouble: Trouble) -> bool:
    """Whether it is one of several equals that work together: the others wait for it, and do not forget it."""
    return bool(OF_A_RANK.search(trouble.text))


def is_of_libraries(trouble: Trouble) -> bool:
    """Whether no frame of its stack is the user's own; a stack that was not kept tells nothing."""
    frames = [found["path"] for text in trouble.text.splitlines() if (found := FRAME.match(text))]
    return bool(frames) and all(OF_A_LIBRARY.search(path) for path in frames)


def is_stopped(trouble: Trouble) -> bool:
    """Whether somebody stopped it by hand."""
    return bool(STOPPED.search(f"{trouble.exception} {trouble.message}"))
