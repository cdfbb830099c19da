"""There was nothing to work on, and the program went through all its motions: the result means nothing.

A filter that keeps no row, a folder that is mounted elsewhere, images that nobody can decode: the list is empty, no loop
is ever entered, nothing raises, and a model or a table without content is written.

Signs: the log counts no sample, row or file of a kind that it counts some of nowhere, or says that all of them were
skipped, in a run that says Completed; or, in any words, it prints by the source a length of 0 of what the program then
works on without asking for it, and figures or a result that are 0 throughout stand beside it (without the source, both, and
nothing else is counted). A table among the outputs that has a header and no row, or a loss that is 0 or NaN
from the first point to the last, supports it.
Near misses: no errors, no missing values, no new files, no rejected rows; an empty validation set; a rank or a worker
without a shard; the item with the number 0; a progress that begins at 0.
Safety constraint: an empty table alone may be the right answer, so it accuses nobody without a count.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.emptyinputs import EmptyInputs, is_all_zero
from diagnose.evidence.metrics import Metrics, MetricSeries
from diagnose.evidence.outputs import Output, Outputs, names_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.source.lengths import PrintedLength
from diagnose.evidence.tallies import Tallies
from diagnose.pieces import line_piece, output_piece, place
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, quote, rule


@rule(
    title="It worked on nothing",
    cause=Cause.SILENT_ERROR,
    remedy=Step(
        "Let an empty input end the script",
        "",
        "if not len(rows):\n    raise RuntimeError(f'nothing to work on in {folder}')",
        "A day without data ends the run then, too.",
    ),
)
def worked_on_nothing(
    run: RunRecord,
    tallies: Tallies,
    outputs: Outputs | Missing,
    metrics: Metrics | Missing,
    empty: EmptyInputs | Missing,
) -> Iterator[Finding]:
    """Counts of nothing, and results without content."""
    if run.phase is not Phase.COMPLETED:
        return
    skipped = [tally.match for tally in tallies.undone if tally.left_nothing]
    told = [*tallies.nothing, *skipped][:3]
    results = () if isinstance(outputs, Missing) else outputs.results
    if not told:
        yield from () if isinstance(empty, Missing) else _by_the_source(empty, results)
        return
    tables = [b for b in results if _has_no_row(b)]
    flat = [] if isinstance(metrics, Missing) else [s for s in metrics.series.values() if _is_flat_loss(s)]
    yield Finding(
        headline=f"There was nothing to work on ({told[0].text.strip()[:120]!r}), and the run went on to Completed; look at its input and its filters, and run it again.",
        story=f"Line {told[0].line} of {told[0].path} counts nothing. The program went on with that to its end, the process "
        "left with 0, and what it wrote comes from no data.",
        evidence=(
            *(quote(match, "The log says that there was nothing to work on.") for match in told),
            *(output_piece(b, f"{place(b)} has a header and no row.") for b in tables[:3]),
            *(_flat_piece(s) for s in flat[:1]),
        ),
        mechanism="trained-on-nothing",
        began_at=told[0].at,
        subjects=names_of(tables),
        at_most=Certainty.SUPPORTED,
    )


def _by_the_source(empty: EmptyInputs, results: tuple[Output, ...]) -> Iterator[Finding]:
    """A length of 0 in whatever words, beside figures or results that are 0."""
    zeros = [b for b in results if _has_no_row(b) or is_all_zero(b)]
    if not empty.counted or not (empty.flat or zeros):
        return
    line, length = empty.counted[0]
    if length is None and not (empty.flat and zeros):
        return  # without the source all three are needed
    yield Finding(
        headline=f"There was nothing to work on ({line.text.strip()[:120]!r}), and the run went on to Completed; look at its input and its filters, and run it again.",
        story=f"Line {line.number} of {line.path} counts {length.name if length else 'something'}, of which there is none, and the program then goes "
        "on without asking. Nothing raised, and what it wrote comes from no data.",
        evidence=(
            line_piece(line, "This counts nothing."),
            *([_length_piece(length)] if length else []),
            *(line_piece(flat, "What it measures is 0 here, as in all its lines.") for flat in empty.flat),
            *(output_piece(b, f"{place(b)} holds nothing, or nothing but zeros.") for b in zeros[:3]),
        ),
        mechanism="trained-on-nothing",
        began_at=line.at,
        subjects=names_of(zeros),
        at_most=Certainty.SUPPORTED if zeros and length else Certainty.SUSPECTED,
    )


def _length_piece(length: PrintedLength) -> Evidence:
    return Evidence(
        EvidenceKind.CODE,
        f"{length.path} prints the length of {length.name} here, and works on it afterwards.",
        None,
        Source(length.path, length.line, length.text),
    )


TABLES = (".csv", ".tsv")


def _has_no_row(blob: Output) -> bool:
    """A header and nothing below it: one line of words, as far as its bytes are known."""
    if not blob.head or blob.size != len(blob.head) or not blob.name.lower().endswith(TABLES):
        return False
    lines = blob.head.split(b"\n")
    return len([line for line in lines if line.strip()]) == 1 and not any(
        c in b"0123456789" for c in lines[0]
    )


LOSSES = ("loss", "train_loss", "train/loss", "training_loss", "training loss")
"""Names of the loss itself; a part of it that is weighted with 0 stays 0."""
ENOUGH = 3


def _is_flat_loss(series: MetricSeries) -> bool:
    if series.name.lower() not in LOSSES or series.count < ENOUGH:
        return False
    return series.not_finite == series.count or all(b.low == 0.0 == b.high for b in series.buckets)


def _flat_piece(series: MetricSeries) -> Evidence:
    value = "no number" if series.not_finite else "0"
    return Evidence(
        EvidenceKind.METRIC,
        f"{series.name} is {value} in all its {series.count} points.",
        series.first_at,
        Source("metrics.jsonl", None, series.name),
    )
