"""The work ended for want of memory, of the host or of the device.

The kernel kills the largest process with signal 9 and writes it to its own log, which the runtime looks through after a
failure; schedulers say what they or the kernel ended; CUDA and the Python interpreter raise.

Signs: the kernel's, a scheduler's or the runtime's words for a process killed for memory, `CUDA out of memory`, `MemoryError`,
`std::bad_alloc`, Dask's workers that exceed their budget again and again; or an exit by signal 9 (137, -9) that nobody else
explains. Where the status is not known, only as the log's very last words. The mechanism is `device-out-of-memory` for an
accelerator's allocator, and `host-out-of-memory` for all others.
Near misses: a smaller batch after the first failure, with which the run went on; signal 9 from a cancellation; a worker that
pauses near its limit; a table that counts no such event.
Safety constraint: an exit by signal 9 alone is a suspicion: a person, a scheduler or a watchdog sends it too.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnose.evidence.bundle import Missing
from diagnose.evidence.ending import Ending
from diagnose.evidence.logs import LogMatch, Logs
from diagnose.evidence.run import RunRecord
from diagnose.evidence.trouble.harmless import MERE_WARNING
from diagnose.evidence.trouble.kills import (
    KILLED_CODES,
    KILLED_FOR_MEMORY,
    NO_EVENT,
    OUT_OF_MEMORY,
    OVER_BUDGET,
    SIGNAL_NINE,
    is_of_a_device,
    mechanism_of,
)
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import platform_words, stated
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, quote, rule

SAID_SO = re.compile(
    r"(?i)(?:[\w.]*\.)?(?:MemoryError|OutOfMemoryError|std::bad_alloc)\b|.*\bout of memory\b|.*\boom[- ]?kill"
)
KERNEL = re.compile(r"Kill(?:ed)? process|oom-kill|invoked oom|cgroup out of memory")
AGAIN_AND_AGAIN = 3
NEAR_LINES = 6
SMALLER = Step(
    "Need less of the device's memory at once",
    "A smaller batch with gradient accumulation, mixed precision, activation checkpoints, or a device with more memory.",
    "resources:\n  instance_type: STANDARD_NC24ADS_A100_V4",
    "A smaller batch changes the training.",
)


@rule(
    title="Memory ran out",
    cause=Cause.RESOURCE_KILL,
    watches=(OUT_OF_MEMORY, KILLED_FOR_MEMORY, OVER_BUDGET),
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
    if not (ending.failed or ending.is_untold):
        return
    told = bool(SAID_SO.search(platform_words(run)) or SAID_SO.match(ending.last_words))
    said = () if isinstance(logs, Missing) else _said(logs, troubles, untold=ending.is_untold)
    if said or (told and ending.failed):
        yield replace(_said_so(run, ending, said, told=told), at_most=_ceiling(said, troubles))
        return
    workers = () if isinstance(logs, Missing) else _over_budget(logs, troubles)
    if workers:
        yield _workers_went(run, workers)
    elif ending.exit_code in KILLED_CODES:
        yield _by_signal(run, ending)


def _said_so(run: RunRecord, ending: Ending, said: tuple[LogMatch, ...], *, told: bool) -> Finding:
    words = "\n".join(match.text for match in said[:2]) or f"{platform_words(run)} {ending.last_words}"
    device = is_of_a_device(words)
    whose = "the device's memory" if device else "memory"
    advice = "of it at once" if device else "of it at once, or take a larger node"
    return Finding(
        headline=f"The work was ended for want of {whose}; need less {advice}.",
        story="The process did not end by itself: memory ran out." if said else "Memory ran out.",
        evidence=(
            *(quote(m, "The system says that memory ran out.", direct=True) for m in said[:2]),
            *(_errors_word(run) if told else ()),
            *([_signal(run, ending)] if ending.exit_code in KILLED_CODES else []),
            *stated(run),
        ),
        mechanism=mechanism_of(words),
        began_at=said[0].at if said else run.ended_at,
        steps=(SMALLER,) if device else (),
    )


def _workers_went(run: RunRecord, workers: tuple[LogMatch, ...]) -> Finding:
    return Finding(
        headline=f"Workers exceeded their memory budget {len(workers)} times and were ended; give each more memory, or smaller tasks.",
        story="The cluster's nanny ends a worker that exceeds its budget and starts another, which meets the same task again.",
        evidence=(
            *(quote(m, "A worker was ended for exceeding its memory budget.") for m in workers[-2:]),
            *stated(run),
        ),
        missing=("the exception with which the task was given up",),
        mechanism="host-out-of-memory",
        began_at=workers[0].at,
        at_most=Certainty.SUPPORTED if run.is_final else Certainty.SUSPECTED,
    )


def _by_signal(run: RunRecord, ending: Ending) -> Finding:
    return Finding(
        headline="The process was killed by signal 9, most often for want of memory; look at the node's memory, then need less of it.",
        story="The process was ended by signal 9.",
        evidence=(_signal(run, ending),),
        missing=("the kernel's log of the node, and its memory metric up to the end",),
        mechanism="host-out-of-memory",
        began_at=run.ended_at,
    )


def _errors_word(run: RunRecord) -> Iterator[Evidence]:
    yield Evidence(EvidenceKind.STATUS, "The run's error speaks of memory.", run.ended_at, direct=True)


def _signal(run: RunRecord, ending: Ending) -> Evidence:
    return Evidence(
        EvidenceKind.STATUS, f"The process ended with {ending.exit_code}: signal 9.", run.ended_at
    )


def _said(logs: Logs, troubles: Troubles | Missing, *, untold: bool) -> tuple[LogMatch, ...]:
    """What was said in the failure that a log ends with; long before it, it was got over, with a smaller batch for instance."""
    own = [m for m in logs.matches(OUT_OF_MEMORY).kept if _ended_it(m, troubles)]
    others = [m for m in logs.matches(KILLED_FOR_MEMORY).kept if _at_the_end(m, troubles)]
    matches = [m for m in (*others, *own) if not NO_EVENT.search(m.text)]
    return tuple(m for m in matches if not untold or _is_last_word(m, troubles))


def _is_last_word(match: LogMatch, troubles: Troubles | Missing) -> bool:
    """Where nobody says that the run failed: a failure that ended the log, or a scheduler's word, and nothing of the work after it."""
    if isinstance(troubles, Missing) or not troubles.stands_last(match.path, match.line):
        return False
    died = match.pattern is KILLED_FOR_MEMORY or KERNEL.search(match.text) is not None
    return died or troubles.cause_of_end(match.path) is not None


def _ended_it(match: LogMatch, troubles: Troubles | Missing) -> bool:
    """In the runtime's own log, or in the failure that the user's log ends with."""
    if "system_logs" in match.path:
        # The runtime echoes the user's output in its own error; only the kernel's words are its own.
        return bool(KERNEL.search(match.text))
    if isinstance(troubles, Missing):
        return True
    mere = MERE_WARNING.search(match.text) is not None
    return not mere and troubles.ended_by(match.path, match.line)


def _at_the_end(match: LogMatch, troubles: Troubles | Missing) -> bool:
    """Schedulers speak beside the program, before or after its own last words."""
    return isinstance(troubles, Troubles) and troubles.ends(match.path, match.line)


def _ceiling(said: tuple[LogMatch, ...], troubles: Troubles | Missing) -> Certainty:
    """A scheduler counts what was killed in the whole job; a program that failed by itself before may not have been it."""
    if isinstance(troubles, Missing) or any(m.pattern is OUT_OF_MEMORY for m in said):
        return Certainty.ESTABLISHED
    before = any(_failed_before(m, troubles) for m in said)
    return Certainty.SUPPORTED if before else Certainty.ESTABLISHED


def _failed_before(match: LogMatch, troubles: Troubles) -> bool:
    cause = troubles.cause_of_end(match.path)
    if cause is None or cause.last_line >= match.line or re.search(SIGNAL_NINE.regex, cause.text):
        return False
    return troubles.ends(match.path, cause.last_line)


def _over_budget(logs: Logs, troubles: Troubles | Missing) -> tuple[LogMatch, ...]:
    """Workers that were ended for their memory, again and again up to the log's end, or right before the failure there."""
    gone = [m for m in logs.matches(OVER_BUDGET).kept if _at_the_end(m, troubles)]
    if not gone or isinstance(troubles, Missing):
        return ()
    last = gone[-1]
    died = any(
        0 < t.match.line - last.line <= NEAR_LINES for t in troubles.firm_or_last if t.match.path == last.path
    )
    often = len(gone) >= AGAIN_AND_AGAIN and troubles.stands_last(last.path, last.line)
    return tuple(gone) if often or died else ()
