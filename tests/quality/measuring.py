"""The tool's answers, and those of simpler ways, on labelled runs."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

from diagnose.evidence.bundle import Bundle, open_bundle
from diagnose.pipeline import judge

from .corpus import LabelledRun
from .scoring import Answer

AT = datetime(2026, 11, 22, tzinfo=UTC)


def answered(run: LabelledRun) -> Answer:
    """What the tool says of one run."""
    record = judge(run.bundle, AT)
    return Answer(
        run.name,
        run.cause,
        run.acceptable,
        record["cause"],
        run.outcome,
        record["outcome"],
        record["certainty"],
        _leading_rule(record),
    )


def _leading_rule(record: dict) -> str | None:
    """The rule whose evidence stands first in the first hypothesis."""
    if record["cause"] == "inconclusive" or not record["hypotheses"]:
        return None
    first = record["hypotheses"][0]["for"][:1]
    return next((piece["rule"] for piece in record["evidence"] if piece["id"] in first), None)


def answers_of(runs: Iterable[LabelledRun]) -> list[Answer]:
    """The tool's answers, in the order of the runs; judged side by side, since each run stands alone."""
    with ProcessPoolExecutor() as pool:
        return list(pool.map(answered, runs, chunksize=8))


def simply_answered(run: LabelledRun, way: Callable[[Bundle], str]) -> Answer:
    """What a simpler way says of one run. It has no words for outcomes, so the true one is put in."""
    said = way(open_bundle(run.path))
    return Answer(run.name, run.cause, run.acceptable, said, run.outcome, run.outcome)
