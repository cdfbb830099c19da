"""The ranks wait for each other, and the stacks in the log show it.

Each stands in a collective operation, or in the receiving or sending end of a pipe to another process of the run.

Signs: the logs end with stacks in which every main thread that is seen stands in a barrier, a reduction or the like, or, for
processes that `multiprocessing` started, at a pipe, at more than one place of the source; nothing was said after them, and
they stood: seen twice, or followed by a long silence.
Near misses: one rank that works, for which the others wait as they should; workers that wait at one and the same place for
commands; idle workers of a pool or a loader; a launcher that waits for its ranks; stacks of a run that went on; work that was over.
Safety constraint: what the ranks without stacks do is not known, so it stays below established; a place seen once is a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.standing import Standing, Stood
from diagnose.evidence.troubles import Troubles
from diagnose.evidence.waits import Waits, is_child, outside, own_call, words_of
from diagnose.pieces import counter_piece, line_piece, silence
from diagnose.rule import Cause, Certainty, Finding, Step, rule

STANDS_S = 900.0


@rule(
    title="Ranks that stand waiting for each other",
    cause=Cause.DISTRIBUTED_HANG,
    remedy=(
        Step(
            "Look at the rank whose stack is missing or stands elsewhere, and end the run",
            "The others wait for what it does not send.",
            "az ml job cancel --name RUN",
        ),
        Step(
            "Let all ranks take the same number of steps, and give the waits a time limit",
            "",
            "if not pipe.poll(600): raise TimeoutError('no word from the neighbour')",
        ),
    ),
    extra=True,
)
def stacks_at_the_others(
    run: RunRecord,
    standing: Standing,
    cadence: Cadence,
    progress: Progress | Missing,
    troubles: Troubles | Missing,
) -> Iterator[Finding]:
    """Every main thread that is seen waits for another rank."""
    if run.phase not in (Phase.OPEN, Phase.UNKNOWN) or cadence.produces:
        return
    over = not isinstance(progress, Missing) and progress.is_over
    stood = standing.seen_twice or (cadence.silence_s or 0.0) > STANDS_S
    if over or not stood or not (standing.all_wait(Waits.COLLECTIVE) or _peers(standing)):
        return
    failed = not isinstance(troubles, Missing) and bool(troubles.firm_or_last)
    seen = standing.processes
    places = " and ".join(dict.fromkeys(_place(process) for process in seen[:3]))
    yield Finding(
        headline=f"The ranks wait for each other at {places}; look at the one that is not among them, end the run, and let a rank that stops end the others.",
        story=f"The log ends with the stacks of the ranks: at {places} they wait for {seen[0].waits.value}."
        " The one that they wait for has ended, lags, or took another branch.",
        evidence=(
            *(
                line_piece(
                    process.main.head,
                    f"A main thread stands at {_place(process)}, inside {words_of(outside(process.main))}{f', {process.times} times' if process.times > 1 else ''}.",
                    direct=True,
                )
                for process in seen[:3]
            ),
            *counter_piece(progress),
            *silence(cadence),
        ),
        missing=("the stacks of the ranks that are not among them (py-spy dump --pid PID)",),
        mechanism="collective-never-returned" if standing.all_wait(Waits.COLLECTIVE) else "peers-wait",
        began_at=seen[0].main.head.at,
        at_most=Certainty.SUPPORTED if standing.seen_twice and not failed else Certainty.SUSPECTED,
    )


def _peers(standing: Standing) -> bool:
    """Processes of one run at the ends of pipes. At one and the same place they may be workers waiting for commands."""
    places = {_place(process) for process in standing.processes}
    children = all(is_child(process.main) for process in standing.processes)
    return standing.all_wait(Waits.PEER) and children and len(places) > 1


def _place(process: Stood) -> str:
    own = own_call(process.main)
    return words_of([own] if own else outside(process.main))
