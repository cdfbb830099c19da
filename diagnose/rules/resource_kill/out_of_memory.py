"""The work ended for want of memory, of the host or of the device.

The kernel kills the largest process with signal 9 and writes it to its own log, which the runtime looks through after a
failure; CUDA and the Python interpreter raise.

Signs: the kernel's or the runtime's words for a process killed for memory, `CUDA out of memory`, `MemoryError`,
`std::bad_alloc`; or an exit by signal 9 (137, -9) that nobody else explains.
Near misses: a smaller batch after the first failure, with which the run went on; signal 9 from a cancellation.
Safety constraint: an exit by signal 9 alone is a suspicion: a person, a scheduler or a watchdog sends it too.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.logs import LogKind, LogMatch, LogPattern, Logs
from diagnose.evidence.run import RunRecord
from diagnose.evidence.trouble.harmless import MERE_WARNING
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import platform_words, status
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Step, quote, rule

ANYWHERE = frozenset({LogKind.USER, LogKind.RUNTIME})
OUT_OF_MEMORY = LogPattern(
    "out of memory",
    r"Out of memory: Kill(?:ed)? process|oom-kill(?:er)?:|invoked oom-killer|Memory cgroup out of memory"
    r"|CUDA out of memory|(?:^|[^A-Za-z+-])[A-Za-z.]*OutOfMemoryError(?:[ :.\"']|$)|CUDA_ERROR_OUT_OF_MEMORY|HIP out of memory"
    r"|^MemoryError\b|std::bad_alloc|Cannot allocate memory|java\.lang\.OutOfMemoryError|numpy\.core\._exceptions\._ArrayMemoryError",
    ANYWHERE,
    after=3,
)
SAID_SO = re.compile(
    r"(?i)(?:[\w.]*\.)?(?:MemoryError|OutOfMemoryError|std::bad_alloc)\b|.*\bout of memory\b|.*\boom[- ]?kill"
)
KERNEL = re.compile(r"Kill(?:ed)? process|oom-kill|invoked oom|cgroup out of memory")
KILLED = (137, -9, 9)


@rule(
    title="Memory ran out",
    cause=Cause.RESOURCE_KILL,
    watches=(OUT_OF_MEMORY,),
    remedy=Step(
        "Need less memory at once, or take a larger node",
        "A smaller batch, fewer data-loader workers, reading in pieces.",
        "resources:\n  instance_type: STANDARD_E16DS_V5",
        "A smaller batch changes the training; a larger node its price.",
    ),
)
def out_of_memory(
    run: RunRecord, ending: Ending, logs: Logs | Missing, troubles: Troubles | Missing
) -> Iterator[Finding]:
    """Words for it in the log, or an exit by signal 9."""
    if not ending.failed:
        return
    code = ending.exit_code
    matches = () if isinstance(logs, Missing) else logs.matches(OUT_OF_MEMORY).kept
    # What was said long before the end was got over, with a smaller batch for instance.
    said = tuple(m for m in matches if not isinstance(troubles, Troubles) or _ended_it(m, troubles))
    message = platform_words(run)
    told = bool(SAID_SO.search(message) or SAID_SO.match(ending.last_words))
    if not said and not told and code not in KILLED:
        return
    yield Finding(
        headline="The work was ended for want of memory; need less of it at once, or take a larger node."
        if said or told
        else "The process was killed by signal 9, most often for want of memory; look at the node's memory, then need less of it.",
        story="The process did not end by itself: memory ran out."
        if said
        else "The process was ended by signal 9.",
        evidence=(
            *(quote(m, "The system says that memory ran out.", direct=True) for m in said[:2]),
            *(
                [
                    Evidence(
                        EvidenceKind.STATUS, "The run's error speaks of memory.", run.ended_at, direct=True
                    )
                ]
                if told
                else []
            ),
            *(
                [Evidence(EvidenceKind.STATUS, f"The process ended with {code}: signal 9.", run.ended_at)]
                if code in KILLED
                else []
            ),
            status(run),
        )
        if said or told
        else (Evidence(EvidenceKind.STATUS, f"The process ended with {code}: signal 9.", run.ended_at),),
        missing=()
        if said or told
        else ("the kernel's log of the node, and its memory metric up to the end",),
        mechanism="out-of-memory",
        began_at=said[0].at if said else run.ended_at,
    )


def _ended_it(match: LogMatch, troubles: Troubles) -> bool:
    """In the runtime's own log, or in the failure that the user's log ends with."""
    if "system_logs" in match.path:
        # The runtime echoes the user's output in its own error; only the kernel's words are its own.
        return bool(KERNEL.search(match.text))
    mere = MERE_WARNING.search(match.text) is not None
    return not mere and troubles.ended_by(match.path, match.line)
