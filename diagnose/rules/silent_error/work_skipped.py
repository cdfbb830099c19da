"""Part of the work failed or was left out, the program counted it, and went on as if that were well.

A loop that catches what one item raises, counts it and takes the next is right to go on, and wrong to end with 0 when
half of the items are missing. The same for a loop that ends early: its counter stops, and the program closes as if done.

Signs: the last count of failed or skipped things in the log is not zero, beside what was done or what there was to do;
or a counter of things that rose steadily stops far from its total, and the log goes on to something else; in a run that
says Completed. Outputs that are missing in a numbered row, or failures that the log tells one by one, support it.
Near misses: `skipped 0`; what is left out on purpose, such as duplicates, cached, filtered or existing things; few skipped
ones; classes of a model called failure; epochs and trials, which end early by design.
Safety constraint: the program's own count is one witness, and nobody knows how many failures were allowed.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.series import series_in
from diagnose.evidence.tallies import Tallies, Tally
from diagnose.evidence.troubles import TroubleKind, Troubles
from diagnose.pieces import line_piece, plural, trouble_piece
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, quote, rule

MANY = 0.5
"""A share of skipped things that nobody means to skip. Of failed things one is enough."""


@rule(
    title="Part of the work was not done",
    cause=Cause.SILENT_ERROR,
    remedy=Step(
        "Let the count of failures decide how the script ends",
        "",
        "if failed:\n    sys.exit(f'{len(failed)} of {total} items failed: {failed[:5]}')",
        "Decide first how many failures are tolerable; then such runs end as Failed.",
    ),
)
def work_skipped(
    run: RunRecord,
    tallies: Tallies,
    outputs: Outputs | Missing,
    troubles: Troubles | Missing,
    progress: Progress | Missing,
) -> Iterator[Finding]:
    """Counts of what was not done, and counters that stop."""
    if run.phase is not Phase.COMPLETED:
        return
    told = [
        (_counted(t), quote(t.match, "The program's own count says so."))
        for t in tallies.undone
        if _is_much(t)
    ]
    if not told and isinstance(progress, Progress) and progress.stopped_short:
        at = progress.stopped_short
        told = [
            (f"{at.done} of {at.total} done", line_piece(at.line, "The counter rose to here and no further."))
        ]
    if not told:
        return
    words, first = told[0]
    gaps = tuple(_gaps(outputs))
    yield Finding(
        headline=f"Part of the work was not done ({words}), and the run went on to Completed; do the rest, and let such a count end the script.",
        story=f"The log counts {words}. Nothing ended by that: the program went on to its end and the process left with 0.",
        evidence=(*(piece for _, piece in told[:3]), *gaps, *_failures(troubles)),
        mechanism="work-skipped",
        began_at=first.at,
        at_most=Certainty.SUPPORTED,
    )


def _is_much(tally: Tally) -> bool:
    return not tally.left_nothing and (tally.failed > 0 or tally.skipped >= MANY * tally.whole)


def _counted(tally: Tally) -> str:
    what = (f"{tally.failed} failed", f"{tally.skipped} skipped")
    of = f" of {tally.whole}" if tally.whole > tally.undone else ""
    return ", ".join(words for words in what if not words.startswith("0 ")) + of


def _gaps(outputs: Outputs | Missing) -> Iterator[Evidence]:
    """What a numbered row of outputs lacks: the rule for missing parts judges it, here it is a witness."""
    if isinstance(outputs, Missing) or not outputs.is_complete:
        return
    for series in series_in(outputs.results):
        if series.missing and not series.may_be_thinned:
            summary = f"{plural(len(series.missing), 'number')} of {series.template} in {series.place} are not there."
            yield Evidence(EvidenceKind.ABSENCE, summary, outputs.last_at)
            return


def _failures(troubles: Troubles | Missing) -> Iterator[Evidence]:
    """Failures that the log tells one by one: another voice than the program's own count."""
    told = [] if isinstance(troubles, Missing) else troubles.swallowed
    firm = [t for t in told if t.kind not in (TroubleKind.WORDS, TroubleKind.LEVEL)]
    for trouble in firm[:1]:
        piece = trouble_piece(trouble, "The log tells of a failure by itself, too.")
        yield Evidence(piece.kind, piece.summary, piece.at, piece.source, channel="failure")
