"""An output holds no byte although it is there: it was created, and what should be in it was never written or uploaded.

`upload_file` of the v1 SDK creates an empty artifact first and uploads into it; an upload that is cut short leaves the
empty one behind. A file that is opened and not yet flushed looks the same.

Signs: a committed blob of zero bytes, whose name promises content, in a run that says Completed.
Near misses: files that are empty on purpose (`_SUCCESS`, `.gitkeep`, `__init__.py`, lock and marker files, an empty
error log); markers of folders on hierarchical storage; an open run, in which the file may still be written.
Safety constraint: one empty file beside siblings that are all empty too may be what was asked for.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.logs import Logs
from diagnose.evidence.outputs import Output, Outputs, names_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import loose_writers, output_piece, place, plural, some, status
from diagnose.rule import Cause, Certainty, Finding, Step, rule

MEANT_EMPTY = re.compile(
    r"(?i)^(?:_success|_started|_committed.*|_metadata|\.\w*(?:keep|ignore|nojekyll|done|lock|complete|marker)|__init__\.py|.*\.(?:lock|done|ok|ready|complete|completed|success|marker|flag|touch|keep|crc|err|stderr|log))$"
    r"|^(?:stderr|stdout|errors?|warnings?|skipped|rejected|failed|failures|missing|py\.typed|done|success|complete|lock|ready)(?:\.\w+)?$"
)


@rule(
    title="An output is empty",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Write under another name, flush, then rename",
        "A reader then sees the whole file or none.",
        "with open(path + '.part', 'wb') as file:\n    file.write(data)\n    file.flush()\n    os.fsync(file.fileno())\nos.replace(path + '.part', path)",
        "On a mounted output a rename copies the file.",
    ),
)
def empty_output(
    run: RunRecord, outputs: Outputs, code: Code | Missing, logs: Logs | Missing
) -> Iterator[Finding]:
    """Blobs of zero bytes that should hold something."""
    if run.phase is not Phase.COMPLETED:
        return
    empty = [b for b in outputs.results if b.is_empty and not MEANT_EMPTY.search(b.name)]
    if not empty or len(empty) == len([b for b in outputs.results if b.output == empty[0].output]) > 3:
        return
    # `day 0` in the log is the first of the days, where other days hold something.
    empty = [
        b
        for b in empty
        if _has_full_sibling(b, outputs) or not (isinstance(logs, Logs) and _none_counted(b, logs))
    ]
    if not empty:
        return
    sure = any(not _may_be_empty(b) or _has_full_sibling(b, outputs) for b in empty)
    removed = findings_of(code, CodeKind.SOURCE_REMOVED_AFTER_UPLOAD)
    yield Finding(
        headline=f"{some(map(place, empty))} {'is' if len(empty) == 1 else 'are'} empty although the run says Completed; write {'it' if len(empty) == 1 else 'them'} again before anybody reads on.",
        story=f"The run was closed as Completed and {plural(len(empty), 'output')} hold no byte. The blob was created, and what "
        "should be in it was never written, flushed or uploaded.",
        evidence=(
            *(output_piece(b, f"{place(b)} was created and holds no byte.", direct=sure) for b in empty[:5]),
            status(run),
            *loose_writers(code),
        ),
        mechanism="upload-cut-short" if removed else "empty-output",
        began_at=min((b.modified_at for b in empty if b.modified_at), default=None),
        subjects=names_of(empty),
        at_most=Certainty.ESTABLISHED if sure else Certainty.SUSPECTED,
    )


EMPTY_IS_VALID = (".txt", ".jsonl", ".ndjson", ".csv", ".tsv", ".lst", ".list", ".out", ".md", ".dat")
"""Formats in which no byte is an empty list."""


def _may_be_empty(blob: Output) -> bool:
    return blob.name.lower().endswith(EMPTY_IS_VALID) or "." not in blob.name


def _has_full_sibling(blob: Output, outputs: Outputs) -> bool:
    """Another of the same numbered names that holds something: then this one should, too."""
    template = re.sub(r"\d+", "#", blob.path)
    twins = [
        b for b in outputs.of(blob.output) if re.sub(r"\d+", "#", b.path) == template and b.path != blob.path
    ]
    return "#" in template and any(twin.size for twin in twins)


def _none_counted(blob: Output, logs: Logs) -> bool:
    """The log counts none of what the file is named for: `0 anomalies`, `rejected: 0`."""
    word = re.split(r"[._-]", blob.name.lower())[0][:40]
    stem = re.escape(word[: max(4, len(word) - 2)])  # rejects, rejected, rejections
    said_so = re.compile(
        rf"(?i){re.escape(blob.name)}\b.{{0,40}}\b(?:empty|leer|vide|vac[ií]o|vazio|puste|пуст)|\bempty\b.{{0,40}}{re.escape(blob.name)}"
    )
    counted = re.compile(
        rf"(?i)\b(?:0|no|zero|none|keine?|aucun\w*|sin|ningun\w*|nenhum\w*|nessun\w*)\b[^.,;]{{0,30}}\b{stem}|\b{stem}\w*\W{{1,4}}(?:0|none|keine?|aucune?|ningun\w*|nessun\w*|nenhum\w*)\b"
    )
    return any(
        counted.search(line.text) or said_so.search(line.text)
        for file in logs.user_files
        for line in (*file.head, *file.tail)
    )
