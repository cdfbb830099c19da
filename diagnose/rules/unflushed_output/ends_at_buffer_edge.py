"""What was written ends where a write buffer was full: the last buffer was never flushed.

A text file hands on its lines in blocks of some thousand bytes. Where it is neither closed nor flushed (a global of a
`multiprocessing` child, `os._exit`, a daemon thread), the file ends at a block's edge, with its last line whole: it looks
well, and lacks all that came after.

Signs: every text file of one folder and suffix has a size within a line of a whole number of buffers, though they hold
different numbers of lines; the source opens a writer that nothing closes, or the log states more lines than are there.
Near misses: one file, which may end there by chance; files of one fixed length; a log that states as many lines as there
are; files that are closed.
Safety constraint: sizes are sizes, and data may fall so: without a writer that stays open, or a count that is higher, it
is no more than a suspicion, and of a single file nothing is said without both.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bufferedge import BUFFER, EdgeGroup, edge_groups
from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code
from diagnose.evidence.logs import LogLine, Logs
from diagnose.evidence.outputs import Outputs, names_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import line_piece, loose_writers, output_piece, place, plural, some
from diagnose.rule import Cause, Certainty, Finding, Step, rule

NUMBER = re.compile(r"(?<![\w.,:/-])\d{1,9}(?![\w:/%]|[.,-]\d)")
SELDOM = 0.05


@rule(
    title="The outputs end where a write buffer was full",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Close the file in the process that writes it",
        "A `multiprocessing` child and `os._exit` end without closing what is open.",
        "with open(path, 'w') as part:\n    for row in rows:\n        part.write(row)",
    ),
)
def ends_at_buffer_edge(
    run: RunRecord, outputs: Outputs, logs: Logs | Missing, code: Code | Missing
) -> Iterator[Finding]:
    """Groups of files that all end at an edge."""
    if run.phase is not Phase.COMPLETED:
        return
    lines = [] if isinstance(logs, Missing) else [line for file in logs.user_files for line in file.tail]
    writers = tuple(loose_writers(code))
    for group in edge_groups(outputs.results):
        more = _states_more(group, lines)
        witnesses = bool(writers) + bool(more)
        if _states_as_many(group, lines) or not (
            group.is_telling or (witnesses > 1 and group.chance < SELDOM)
        ):
            continue
        names, total = some(map(place, group.blobs)), sum(group.rows)
        yield Finding(
            headline=f"{names} {'ends' if len(group.blobs) == 1 else 'end'} where a write buffer was full, with about {total:,} lines, although the run says Completed; write {'it' if len(group.blobs) == 1 else 'them'} again and close every file.",
            story=f"Text files hand on their lines in blocks of {BUFFER:,} bytes. {plural(len(group.blobs), 'file')} of the same kind "
            "end at such an edge: what stood in the last buffer was never flushed, and was lost with the process.",
            evidence=(
                *(
                    output_piece(
                        blob,
                        f"{place(blob)} has {blob.size:,} bytes in about {rows:,} lines: within a line of a whole number of buffers.",
                    )
                    for blob, rows in list(zip(group.blobs, group.rows, strict=True))[:4]
                ),
                *(
                    line_piece(line, f"The log states {number}, and about {total:,} lines are there.")
                    for line, number in more[-1:]
                ),
                *writers,
            ),
            mechanism="unflushed-buffer",
            began_at=min((b.modified_at for b in group.blobs if b.modified_at), default=None),
            subjects=names_of(group.blobs),
            at_most=Certainty.SUPPORTED if witnesses and group.is_telling else Certainty.SUSPECTED,
        )


def _numbers(line: LogLine) -> list[int]:
    return [int(digits) for digits in NUMBER.findall(line.text)]


def _states_as_many(group: EdgeGroup, lines: list[LogLine]) -> bool:
    """Whether the log states what is there: all lines together, or of every file its own, a header aside."""
    stated = {number for line in lines for number in _numbers(line)}
    total, files = sum(group.rows), len(group.rows)
    return bool({total, total - files} & stated) or all({rows, rows - 1} & stated for rows in group.rows)


def _states_more(group: EdgeGroup, lines: list[LogLine]) -> list[tuple[LogLine, int]]:
    """Lines that state how many files there are, and beside it more than the lines in them; of one file, by its name."""
    total, files = sum(group.rows), len(group.blobs)
    found = []
    for line in lines:
        more = [number for number in _numbers(line) if 1.05 * total < number < 100 * total]
        named = files == 1 and group.blobs[0].name in line.text
        if more and (named or (files > 1 and files in _numbers(line))):
            found.append((line, more[0]))
    return found
