"""A numbered series of outputs has a gap, or stops before the total that its own names state.

Signs: names that differ in one number run on with a constant step and leave some out; `part-00003-of-00008` states a
total that the listing does not hold; or the log states more of what the names call themselves than there are.
Near misses: parts of which the log says something else than of those that are there, as that they were there before;
parts that Spark numbers and leaves out for want of rows; checkpoints that were saved when they were best or that were thinned out; days without weekends; ids that are
no counters; steps that vary; a listing that is not complete, in which nothing is missing for certain.
Safety constraint: a gap alone is none; something must say that the missing one was due.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.announced import DENIED, shape_of
from diagnose.evidence.bundle import Missing
from diagnose.evidence.logs import LogLine, Logs
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.series import Series, series_in
from diagnose.evidence.trouble.patterns import FAILURE_WORDS
from diagnose.pieces import line_piece, plural, some
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule


@rule(
    title="A part of a numbered output is missing",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Wait for every part, then say that all are there",
        "A `_SUCCESS` file or a manifest that is written last tells readers that the set is whole.",
        "for future in as_completed(futures):\n    future.result()      # raises what the writer raised\nopen(folder / '_SUCCESS', 'w').close()",
    ),
)
def missing_part(run: RunRecord, outputs: Outputs, logs: Logs | Missing) -> Iterator[Finding]:
    """Gaps in the numbering of what was written, and ends before the total that the log states."""
    if run.phase is not Phase.COMPLETED or not outputs.is_complete:
        return
    for series in series_in(outputs.results):
        if _is_of_spark(series, outputs):
            continue
        if series.missing and (witness := _due(series, logs)):
            yield _finding(series, witness)
        elif isinstance(logs, Logs) and not series.missing:
            yield from _short_of_stated(series, logs, outputs)


SPARK = re.compile(r"part-#-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,30}")


def _is_of_spark(series: Series, outputs: Outputs) -> bool:
    """Whether Spark wrote it and said so last: it leaves out the numbers of partitions without a row."""
    marked = {
        f"{b.output}/{b.path.rpartition('/')[0]}".rstrip("/") for b in outputs.all if b.name == "_SUCCESS"
    }
    return series.place in marked and SPARK.match(series.template) is not None


def _short_of_stated(series: Series, logs: Logs, outputs: Outputs) -> Iterator[Finding]:
    """The log's last word on how many there are, where it uses the word that the names begin with."""
    count, stem = len(series.numbers), re.match(r"[^\W\d_]{4,}", series.template)
    if (
        stem is None
        or series.numbers != tuple(range(series.numbers[0], series.numbers[0] + count))
        or series.numbers[0] > 1
    ):
        return
    told = [
        (line, int(n)) for file in logs.user_files for line in file.tail for n in _counts(line.text, stem[0])
    ]
    stated = [(line, n) for line, n in told if count < n <= 20 * count]
    # Several rows may begin with the word: what the log states may be all of them together.
    named = sum(blob.name.lower().startswith(stem[0].lower()) for blob in outputs.results)
    if not stated or any(n in (count, named) for _, n in told):
        return
    line, total = stated[-1]
    yield Finding(
        headline=f"The log speaks of {total} of {series.template} and {count} are there, although the run says Completed; write the missing ones again.",
        story=f"The numbering ends at {series.name_of(series.numbers[-1])}. The log states {total}. The run was closed as "
        "Completed, and nothing that the service watches noticed the difference.",
        evidence=(
            line_piece(line, f"The log states {total}."),
            Evidence(
                EvidenceKind.ABSENCE,
                f"The complete listing holds {count} of them, {series.name_of(series.numbers[0])} to {series.name_of(series.numbers[-1])}.",
                None,
                Source(series.place),
            ),
        ),
        mechanism="missing-part",
        subjects=frozenset({series.template.split("#")[0]}),
        at_most=Certainty.SUPPORTED,
    )


def _counts(text: str, stem: str) -> Iterator[str]:
    """Numbers that stand before or after the word: `12 partitions`, `parts: 12`. A path is not a statement."""
    if stem.lower() not in text.lower():
        return
    yield from re.findall(rf"(?i)(?<![\w./-])(\d{{1,6}}) (?:\w+ )?{re.escape(stem)}\w*(?![\w./-])", text)
    yield from re.findall(rf"(?i)(?<![\w./-]){re.escape(stem)}\w*[:=]? (\d{{1,6}})(?![\w./:-])", text)


PARTITION = re.compile(
    r"(?i)(?:^|[^a-z])(?:parts?|partitions?|shards?|chunks?|splits?|blocks?|slices?|batch|teil|parte|partie)(?:[^a-z]|$)|^part"
)
"""Names of pieces of one whole. Checkpoints, days and ids leave gaps of their own."""


def _due(series: Series, logs: Logs | Missing) -> Evidence | None:
    """What says that the missing ones should be there: their names' total, the log, or that they are parts of a whole."""
    if series.total is not None:
        return Evidence(
            EvidenceKind.OUTPUT,
            f"The names state a total of {series.total}.",
            None,
            Source(series.place),
            direct=True,
        )
    told = _told(series, logs) if isinstance(logs, Logs) and not series.may_be_thinned else []
    due = [line for line, says_due in told if says_due]
    if due:
        return line_piece(due[0], "The log names one that is not there.")
    # Of all that are missing the log says something else than of those that are there: they were left out knowingly.
    if len({line.number for line, _ in told}) >= len(series.missing):
        return None
    if PARTITION.search(series.template) and series.numbers[0] in (0, 1):
        return Evidence(
            EvidenceKind.OUTPUT, "By their names they are the parts of one whole.", None, Source(series.place)
        )
    return None


def _told(series: Series, logs: Logs) -> list[tuple[LogLine, bool]]:
    """The lines that name a missing one, and whether they say that it was due.

    They do with what is said of those that are there, with a failure, or, where the log names no other, with anything
    but that it was read or left out.
    """
    name = r"(\d{1,9})".join(re.escape(piece) for piece in series.template.split("#", maxsplit=1))
    named = re.compile(rf"([^\s\"'(=,]*/)?(?<!\d){name}(?!\w)")
    lines = {(file.path, line.number): line for file in logs.user_files for line in (*file.head, *file.tail)}
    found = [
        (line, int(match[2]), shape_of(line.text, match[0]))
        for line in lines.values()
        for match in named.finditer(line.text)
        if _is_its_folder(match[1], series)
    ]
    usual = {shape for _, number, shape in found if number in series.numbers}
    return [
        (line, _says_due(line.text, shape, usual))
        for line, number, shape in found
        if number in series.missing
    ]


def _says_due(text: str, shape: str, usual: set[str]) -> bool:
    if usual:
        return shape in usual or bool(re.search(FAILURE_WORDS.regex, text))
    return bool(re.search(FAILURE_WORDS.regex, text)) or not DENIED.search(text)


def _is_its_folder(folder: str | None, series: Series) -> bool:
    """Whether a path in the log, where one is given, may lie in the folder of the row: an input may be called alike."""
    last = (folder or "").rstrip("/").rpartition("/")[2]
    return not last or last == "." or last in series.place.split("/")


def _finding(series: Series, witness: Evidence) -> Finding:
    names = some(series.name_of(number) for number in series.missing)
    return Finding(
        headline=f"{plural(len(series.missing), 'part')} of {series.template} {'is' if len(series.missing) == 1 else 'are'} missing ({names}) although the run says Completed; write {'it' if len(series.missing) == 1 else 'them'} again.",
        story=f"{len(series.numbers)} of {len(series.numbers) + len(series.missing)} parts were written. The run was closed as "
        "Completed, and nothing that the service watches noticed the gap.",
        evidence=(
            Evidence(
                EvidenceKind.ABSENCE,
                f"{names} {'is' if len(series.missing) == 1 else 'are'} not in the complete listing, "
                f"which holds {series.name_of(series.numbers[0])} to {series.name_of(series.numbers[-1])}.",
                None,
                Source(series.place),
            ),
            witness,
        ),
        mechanism="missing-part",
        subjects=frozenset(series.name_of(number) for number in series.missing),
    )
