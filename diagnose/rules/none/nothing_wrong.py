"""The run says Completed, and nothing that was looked at contradicts it.

Signs: the status, the exit code, every output that was expected, whole by its bytes, and a user's log that was read to its
end and tells of no failure that was left standing.
Near misses: every false completion; that is what the other rules are for.
Safety constraint: it needs the status, the outputs and the end of the user's log to have been seen. With one of them denied
or missing nothing is said, however good the rest looks.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.children import Children
from diagnose.evidence.code import Code, CodeKind
from diagnose.evidence.ending import Ending
from diagnose.evidence.metrics import Metrics
from diagnose.evidence.metricssent import MetricsSent, metrics_sent
from diagnose.evidence.metrictail import MetricTail
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.progress import Progress
from diagnose.evidence.putaside import PutAside
from diagnose.evidence.retried import has_another_way, is_mended_by_source
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.series import series_in
from diagnose.evidence.source.leaving import leaves_nothing_open
from diagnose.evidence.troubles import Sequel, Trouble, Troubles
from diagnose.pieces import line_piece, plural, status, trouble_piece
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, rule


@rule(
    title="Nothing is wrong",
    cause=Cause.NONE,
    remedy=Step("Nothing is to be done"),
    generic=True,
)
def nothing_wrong(  # noqa: PLR0913, PLR0917  (each is a fact that it needs)
    run: RunRecord,
    ending: Ending,
    outputs: Outputs,
    troubles: Troubles,
    progress: Progress,
    metrics: Metrics | Missing,
    tail: MetricTail | Missing,
    children: Children | Missing,
    code: Code | Missing,
    aside: PutAside | Missing,
) -> Iterator[Finding]:
    """Status, outputs and the end of the log, all seen and all good."""
    if run.phase is not Phase.COMPLETED or not outputs.is_complete or not troubles.is_whole:
        return
    unseen = isinstance(metrics, Missing) or not metrics.part.is_complete
    sent = metrics_sent(progress, troubles.logs, code) if unseen else MetricsSent.NONE
    no_metrics = sent is MetricsSent.LIKELY
    if ending.exit_code or (
        run.is_parent_type and (isinstance(children, Missing) or not children.part.is_complete)
    ):
        return
    # Words of failure that were left standing accuse nobody, and forbid to say that all is well.
    open_ends = (Sequel.CARRIED_ON, Sequel.GAVE_UP, Sequel.LAST_WORD)
    left = [
        t
        for t in troubles.all
        if t.sequel in open_ends
        and not is_mended_by_source(t, code)
        and not (isinstance(aside, PutAside) and aside.blob and aside.holds(t))
    ]
    standing = [t for t in left if not has_another_way(t, code)]
    unflushed, gaps = (*_unflushed(code, progress), *_on_their_way(tail)), tuple(_gaps(outputs))
    whole = [b for b in outputs.results if b.integrity.state == "intact"]
    yield Finding(
        headline="Nothing is wrong: the run completed, its outputs are there, and its log tells of no failure that was left standing.",
        story="The service says Completed, and the outputs and the end of the user's log agree with it.",
        evidence=(
            status(run),
            Evidence(
                EvidenceKind.OUTPUT,
                f"The complete listing holds {plural(len(outputs.results), 'output')}; {len(whole)} of them are whole by their bytes, none is empty or cut off.",
                outputs.last_at,
            ),
            *(
                [line_piece(progress.last_line, "The user's log was read to its end.")]
                if progress.last_line
                else []
            ),
        ),
        against=tuple(
            trouble_piece(t, "The log speaks of a failure here, and of nothing that mends it.")
            for t in left[:3]
        ),
        missing=(*_missing(standing, no_metrics=no_metrics), *unflushed, *gaps),
        mechanism="none",
        at_most=_at_most(
            forbidden=bool(no_metrics or standing or unflushed),
            doubted=bool(gaps or left) or sent is MetricsSent.UNKNOWN,
        ),
    )


def _missing(standing: list[Trouble], *, no_metrics: bool) -> Iterator[str]:
    if no_metrics:
        yield "the metrics, which the log suggests that the run logs"
    for trouble in standing[:1]:
        yield f"what became of line {trouble.match.line} of {trouble.match.path}, which speaks of a failure"


def _at_most(*, forbidden: bool, doubted: bool) -> Certainty:
    """How sure the good news may be."""
    if forbidden:
        return Certainty.NONE
    return Certainty.SUSPECTED if doubted else Certainty.ESTABLISHED


def _unflushed(code: Code | Missing, progress: Progress) -> Iterator[str]:
    """A way to end that accuses nobody, and still forbids to say that all is well."""
    if isinstance(code, Missing):
        return
    told = code.statement_of(progress.last_line.text)[:1] if progress.last_line else ()
    ends = [
        f
        for f in code.of(CodeKind.OS_EXIT)
        if code.unread
        or not leaves_nothing_open(
            code.modules, f.path, f.line, next((s.line for s in told if s.path == f.path), None)
        )
    ]
    for finding in ends[:1]:
        yield f"whether all was written: {finding.path}, line {finding.line}, ends the process without flushing anything"


def _on_their_way(tail: MetricTail | Missing) -> Iterator[str]:
    """Points that the log suggests and the service may not have taken in yet."""
    if isinstance(tail, MetricTail) and tail.may_arrive:
        yield "the metrics, captured again in 5 minutes: points may still be taken in"


def _gaps(outputs: Outputs) -> Iterator[str]:
    """A number that is not there: shop 107 may never have existed, so it only makes less sure."""
    for series in series_in(outputs.results):
        if series.missing and not series.may_be_thinned and series.numbers[-1] < MOST_PARTS:
            yield f"whether {series.name_of(series.missing[0])} was due: the numbering of {series.template} has gaps"
            return


MOST_PARTS = 100_000
"""Larger numbers are dates and ids."""
