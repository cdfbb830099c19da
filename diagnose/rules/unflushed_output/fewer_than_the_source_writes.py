"""The source writes a file for every value of a row, and the last of them are not there.

A child that nobody waits for, a daemon thread, a queue that is not emptied: the main flow comes to its end while the loop
that writes is still at it, the run is closed, and what was left of the row is never written. Nothing raises.

Signs: a statement of the source writes a file whose name is made of a value of a loop over values that stand in the source,
on a straight path; in the complete listing of a run that says Completed the first names of the row are there, and from one
on none.
Near misses: loops that leave values out, by a condition, a handler or a way out; rows of which one in the middle is not
there, or none at all; a source that removes, renames or packs files; bounds that are given at the start.
Safety constraint: another part of the source may have changed the folder, so it is a suspicion unless the source also
starts what nobody waits for, or leaves a writer open.
"""

from collections.abc import Iterator

from diagnose.evidence.code import Code
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.source.leftbehind import left_behind
from diagnose.evidence.sourcenames import ShortRow, SourceNames
from diagnose.pieces import loose_writers, plural, some
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule


@rule(
    title="The source writes more files than are there",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Wait for whatever writes them, and count them before the script ends",
        "",
        "writer.join()\nassert len(list(folder.glob('part-*.csv'))) == PARTS",
    ),
)
def fewer_than_the_source_writes(
    run: RunRecord, names: SourceNames, outputs: Outputs, code: Code
) -> Iterator[Finding]:
    """Rows that break off."""
    short = [row for row in names.short if row.breaks_off] if run.phase is Phase.COMPLETED else []
    if not short:
        return
    row = max(short, key=lambda each: len(each.absent))
    witnesses = (*loose_writers(code), *_started(code))
    yield Finding(
        headline=f"The source writes {len(row.written.names)} files such as {row.there[0]}, and {len(row.there)} are there, although the run says Completed; {some(row.absent)} {'was' if len(row.absent) == 1 else 'were'} never written: write {'it' if len(row.absent) == 1 else 'them'} again.",
        story=f"{row.written.path} (line {row.written.line}) writes a file for each of {plural(len(row.written.names), 'value')}. The row ends at "
        f"{row.there[-1]}: whatever wrote it was cut off, and the run was closed as Completed.",
        evidence=(_statement(row), _listing(row, outputs), *witnesses[:3]),
        mechanism="row-breaks-off",
        subjects=frozenset(row.absent),
        at_most=Certainty.SUPPORTED if witnesses else Certainty.SUSPECTED,
    )


def _statement(row: ShortRow) -> Evidence:
    return Evidence(
        EvidenceKind.CODE,
        f"{row.written.path} writes {plural(len(row.written.names), 'file')} here, {row.written.names[0]} to {row.written.names[-1]}.",
        None,
        Source(row.written.path, row.written.line, row.written.text),
    )


def _listing(row: ShortRow, outputs: Outputs) -> Evidence:
    return Evidence(
        EvidenceKind.ABSENCE,
        f"The complete listing of {plural(len(outputs.all), 'blob')} holds {row.there[0]} to {row.there[-1]} and no {some(row.absent)}.",
        outputs.last_at,
        channel="listing",
    )


def _started(code: Code) -> Iterator[Evidence]:
    for module, call in list(left_behind(code.modules))[:1]:
        yield Evidence(
            EvidenceKind.CODE,
            f"{module.path} starts a program here, and nothing in the source waits for one.",
            None,
            Source(module.path, call.lineno, module.text(call)),
        )
