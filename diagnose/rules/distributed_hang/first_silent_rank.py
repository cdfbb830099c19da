"""One rank died or went another way, and the others wait for it in a collective operation.

A rank that raises, that has fewer batches, or that takes a branch of its own no longer answers; the next all-reduce of the
others does not return. Without a watchdog nobody says a word.

Signs: the logs of the ranks fall silent together, by the run's own pace; one of them ends in a traceback, or its last line
is of another statement than that of all others, which stand at one and the same.
Near misses: ranks that work on their own parts and end at different times; one rank that saves or evaluates for long, which
is most often rank 0; ranks that still speak; a single log that does not tell ranks apart.
Safety constraint: all ranks must be silent by their own pace, and the one that stands elsewhere must be one against at least
two; of rank 0 alone it is a suspicion.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.code import Code
from diagnose.evidence.ranks import Rank, Ranks
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import line_piece, plural, silence, trouble_piece
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

TOGETHER_S = 300.0
"""The last lines of ranks that wait for each other lie within one step; clocks of nodes differ by seconds."""


@rule(
    title="One rank no longer answers the others",
    cause=Cause.DISTRIBUTED_HANG,
    remedy=(
        Step(
            "Look at the rank that is named, and end the run",
            "The others will wait until a time limit, if there is one.",
            "az ml job cancel --name RUN",
        ),
        Step(
            "Let all ranks take the same number of steps, and let one that fails end the others",
            "",
            "dist.all_reduce(batches, op=dist.ReduceOp.MIN)\ndist.init_process_group(timeout=timedelta(minutes=10))",
            "A time limit that is too short ends slow, healthy runs.",
        ),
    ),
)
def first_silent_rank(
    run: RunRecord, cadence: Cadence, ranks: Ranks | Missing, code: Code | Missing
) -> Iterator[Finding]:
    """One rank died or stands elsewhere, and all are silent."""
    if (
        isinstance(ranks, Missing)
        or run.phase not in (Phase.OPEN, Phase.UNKNOWN)
        or cadence.beat is not Beat.SILENT
    ):
        return
    odd = ranks.dead[0] if ranks.dead else ranks.elsewhere
    others = [rank for rank in ranks.all if rank is not odd and not rank.died_of]
    if odd is None or not others or not _together(odd, others, cadence):
        return
    who = f"rank {odd.number}"
    what = "failed" if odd.died_of else "went another way"
    yield Finding(
        headline=f"Rank {odd.number} {what}, and {plural(len(others), 'other rank')} wait{'s' if len(others) == 1 else ''} for it; look at {who}, end the run, and let a rank that stops end the others.",
        story=f"The last that {who} said is at line {odd.last.number} of {odd.last.path}; then all ranks fell silent. The others wait "
        "for it in an operation that needs every rank.",
        evidence=(
            trouble_piece(odd.died_of, f"The log of {who} ends in a failure.")
            if odd.died_of
            else line_piece(odd.last, f"This is the last that {who} said."),
            line_piece(others[0].last, "This is the last that the others said.", channel="others"),
            *(_by_source(code, odd, others[0]) if not odd.died_of else ()),
            *silence(cadence),
        ),
        missing=(f"the stacks of {who} and of one other (py-spy dump --pid PID)",),
        mechanism="rank-died" if odd.died_of else "rank-elsewhere",
        began_at=odd.last_at,
        at_most=Certainty.SUPPORTED if odd.died_of or odd.number else Certainty.SUSPECTED,
    )


def _together(odd: Rank, others: list[Rank], cadence: Cadence) -> bool:
    """Whether nobody went on for longer than a few steps after the odd one: ranks that need it cannot."""
    log = cadence.channel("log")
    step = max(2 * ((log.longest_pause_s if log else None) or 0.0), TOGETHER_S)
    times = [rank.last_at for rank in others if rank.last_at]
    if odd.last_at is None or len(times) < len(others):
        return False
    return all(abs((at - odd.last_at).total_seconds()) <= step for at in times)


def _by_source(code: Code | Missing, odd: Rank, other: Rank) -> Iterator[Evidence]:
    """Where the source printed the two last lines, if those are two places."""
    if isinstance(code, Missing):
        return
    places = [code.statement_of(rank.last.text) for rank in (odd, other)]
    if not all(places) or (places[0][0].path, places[0][0].line) == (places[1][0].path, places[1][0].line):
        return
    for rank, (statement, *_) in zip((odd, other), places, strict=True):
        source = Source(statement.path, statement.line, statement.text)
        yield Evidence(EvidenceKind.CODE, f"Rank {rank.number} spoke last from here.", None, source)
