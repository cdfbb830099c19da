"""The processes wait to form their group, and it is never complete.

A world size of more processes than were started, an address that one of them cannot reach, or a process that never came so
far: the call that forms the group returns for none of them, and nobody says a word.

Signs: an open run that has stood still for long; by the source, the last line of every rank whose log is here is followed by
the call that forms the group (`init_process_group` and its like) with nothing of consequence between, and what comes after
that call prints; or by an operation of the group, where ranks have no log at all.
Near misses: a rank that came further; a failure as the last word; work before the call, or silence after it by design; an
operation at which all ranks arrived, which simply takes long.
Safety constraint: stacks are not seen, so it stays below established; a call that is not followed by words tells nothing, for
what comes after it may be silent; of one log alone, or of an operation, it is a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.code import Code
from diagnose.evidence.logs import LogLine, Logs
from diagnose.evidence.ranks import Ranks
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.source.meeting import Meeting, meeting_after
from diagnose.evidence.standstill import Standstill
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import line_piece, plural, silence
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule


@rule(
    title="The ranks never met",
    cause=Cause.DISTRIBUTED_HANG,
    remedy=(
        Step(
            "Compare the world size of the script with the processes of the job, and the address with the node's",
            "All processes must state one number and reach one address.",
            'dist.init_process_group(world_size=int(os.environ["WORLD_SIZE"]), rank=int(os.environ["RANK"]))',
        ),
        Step("End the run; it will not go on by itself", "", "az ml job cancel --name RUN"),
    ),
)
def ranks_never_meet(  # noqa: PLR0913, PLR0917  (what tells the ranks and the silence)
    run: RunRecord,
    still: Standstill | Missing,
    code: Code | Missing,
    ranks: Ranks | Missing,
    cadence: Cadence,
    logs: Logs,
    troubles: Troubles,
) -> Iterator[Finding]:
    """All stand right before the call that forms the group."""
    if run.phase is not Phase.OPEN or isinstance(still, Missing) or isinstance(code, Missing):
        return
    if any(troubles.ends(t.match.path, t.last_line) for t in troubles.firm_or_last):
        return
    lines = [still.last] if isinstance(ranks, Missing) else [rank.last for rank in ranks.all]
    found = _meeting(code, run.command or "", lines)
    unheard = _unheard(run, ranks, logs)
    if found is None or not found.is_followed_by_words or not (found.forms_group or unheard):
        return
    place = f"{found.module.path}:{found.call.lineno}"
    sure = found.forms_group and len(lines) > 1
    yield Finding(
        headline=f"The ranks most likely wait for each other at {place}, where their group is {'formed' if found.forms_group else 'needed'}; compare the world size with the processes that run, and end the run.",
        story=f"{plural(len(lines), 'rank')} spoke last right before {place}, which returns when all have come to it. {_counts(found, run, unheard)}"
        "Nothing was said since.",
        evidence=(
            Evidence(
                EvidenceKind.CODE,
                "This call returns when every rank has come to it.",
                None,
                Source(found.module.path, found.call.lineno, found.module.text(found.call)),
            ),
            *(
                line_piece(line, "From this last line of a rank the source comes to that call.")
                for line in lines[:2]
            ),
            *silence(cadence),
        ),
        missing=("the stacks of the ranks (py-spy dump --pid PID)",),
        mechanism="rank-never-joined",
        began_at=still.last.at or cadence.last_at,
        at_most=Certainty.SUPPORTED if sure else Certainty.SUSPECTED,
    )


def _meeting(code: Code, command: str, lines: list[LogLine]) -> Meeting | None:
    """The one meeting to which the source comes from all of these lines."""
    told = [code.statement_of(line.text)[:1] for line in lines]
    found = [meeting_after(code.modules, command, each[0]) if each else None for each in told]
    places = {(m.module.path, m.call.lineno) if m else None for m in found}
    return found[0] if found and len(places) == 1 else None


def _unheard(run: RunRecord, ranks: Ranks | Missing, logs: Logs) -> int:
    """How many ranks were to run and have left no log, where all logs are here."""
    if isinstance(ranks, Missing) or not logs.part.is_complete:
        return 0
    return max(0, (run.process_count or 0) - len(ranks.all))


def _counts(found: Meeting, run: RunRecord, unheard: int) -> str:
    size = found.world_size
    if size and run.process_count and size != run.process_count:
        return f"It waits for {size} of them, and the job has {run.process_count}. "
    return f"{plural(unheard, 'rank')} left no log. " if unheard else ""
