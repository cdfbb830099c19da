"""Ranks wait for each other in a collective operation that never completes.

One rank died, lags or took another branch; the others wait in an all-reduce or at a barrier. PyTorch's watchdog says so
after its time limit, Horovod's stall check after a minute, gloo when a peer closes.

Signs: the watchdog's, the stall check's or the store's own words, in a run that is open and shows no life, or that failed by it, or
whose status nobody knows and whose log ends with them.
Near misses: a stall warning after which the run went on; a time-out that was caught and repeated.
Safety constraint: the words are echoes on every rank; the first rank to speak or to fall silent is where to look. A mere warning of a stall is a suspicion where the status is not known.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.trouble.harmless import MERE_WARNING
from diagnose.evidence.troubles import Trouble, Troubles
from diagnose.pieces import silence
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

COLLECTIVE = LogPattern(
    "collective operation timed out",
    r"Watchdog caught collective operation timeout|collective operation timeout: WorkNCCL"
    r"|[Oo]ne or more tensors were submitted to be reduced, gathered or broadcasted by subset of ranks"
    r"|Timed out waiting [0-9]+ms for (?:recv|send) operation|Connection closed by peer \["
    r"|DistStoreError|wait timeout after [0-9]+ms, keys:|Stalled ranks:|Barrier timed out|monitoredBarrier"
    # The ranks never met: gloo, the store and the launcher of PyTorch, Ray's collectives.
    r"|Gloo connectFullMesh failed|Timed out initializing process group in store based barrier"
    r"|The client socket has timed out after [0-9]+ ?m?s while trying to connect|RendezvousTimeoutError"
    r"|Unable to meet other processes at the rendezvous store"
    # A rank was waited for or went: NCCL, Horovod, TensorFlow.
    r"|Timeout at NCCL work: |Some NCCL operations have failed or timed out|ncclRemoteError: A call failed possibly due to"
    r"|Horovod has been shut down\. This was caused by an exception on one of the ranks|Collective ops is aborted by: ",
    after=3,
)
STALL = re.compile(r"subset of ranks|Stalled ranks:")
"""A warning, which a run may get over."""


@rule(
    title="A collective operation never completed",
    cause=Cause.DISTRIBUTED_HANG,
    watches=(COLLECTIVE,),
    remedy=Step(
        "Look at the rank that spoke first or fell silent first",
        "Then make all ranks take the same number of steps, and let one that fails end the others.",
        "torchrun --max-restarts 0 ...\ntorch.distributed.init_process_group(timeout=timedelta(minutes=10))",
        "A time limit that is too short ends slow, healthy runs.",
    ),
)
def collective_timed_out(
    run: RunRecord, logs: Logs, cadence: Cadence, troubles: Troubles
) -> Iterator[Finding]:
    """Words of the watchdogs, in a run that did not get over it."""
    said = logs.matches(COLLECTIVE)
    if not said or not (
        run.phase in (Phase.FAILED, Phase.UNKNOWN)
        or (run.phase is Phase.OPEN and cadence.beat is not Beat.ALIVE)
    ):
        return
    # A stall that the run got over stands far before the end of its log.
    grave = [m for m in said.kept if run.phase is not Phase.FAILED or not MERE_WARNING.search(m.text)]
    ending = [match for match in grave if troubles.ended_by(match.path, match.line)]
    others = _others(ending, troubles)
    if not ending or any(_came_first(trouble, ending) for trouble in others):
        return
    first = ending[0]
    warned = run.phase is Phase.UNKNOWN and all(STALL.search(match.text) for match in ending)
    yield Finding(
        headline="A collective operation never completed: ranks wait for each other; look at the rank that fell silent first.",
        story=f"The first word of it is at line {first.line} of {first.path}. A rank that died, lagged or took another branch keeps "
        "the others waiting.",
        evidence=(
            quote(first, "A watchdog says that ranks wait for each other.", direct=True),
            *silence(cadence),
        ),
        mechanism="collective-timeout",
        began_at=first.at,
        at_most=Certainty.SUSPECTED
        if warned
        else Certainty.ESTABLISHED
        if all(trouble.at for trouble in others)
        else Certainty.SUPPORTED,
    )


def _others(ending: list[LogMatch], troubles: Troubles) -> list[Trouble]:
    """The failures of other words that the logs end with as well."""
    spoken = [(match.path, match.line) for match in ending]
    own = [
        trouble
        for trouble in troubles.firm_or_last
        if not any(
            trouble.match.path == p and trouble.match.line <= n <= trouble.last_line for p, n in spoken
        )
    ]
    return [trouble for trouble in own if troubles.ended_by(trouble.match.path, trouble.match.line)]


def _came_first(trouble: Trouble, ending: list[LogMatch]) -> bool:
    """A rank that failed by itself before any watchdog spoke: that is the cause, the watchdogs are its echo."""
    watchdogs = [match.at for match in ending if match.at]
    if trouble.at is not None and watchdogs:
        return trouble.at <= min(watchdogs)
    # Without times only the order in one log tells.
    return not any(m.path == trouble.match.path and m.line < trouble.match.line for m in ending)
