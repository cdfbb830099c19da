"""A list of what was made names items that have no file, between others that have theirs: their turn came, and failed unseen.

An exception that nobody fetches (a future whose result is not asked for, `gather(return_exceptions=True)`, a promise with
an empty `catch`) leaves no line in any log. The item is simply not there, and the index that is written last from the
list of names says that it is.

Signs: an index among the outputs, written last, or one of the last lines of the log lists names; all but a few have a
file of their own, one folder and suffix holds hardly any other, and items listed behind the absent ones were written, in
the order of the list; or the source writes a file for each of a row of values, one in the middle is not there, and the
source has a place that loses a failure. Or the log tells of numbered things from 0 or 1 on, each once by a line of one form,
says nothing at all of a few between them, and the source throws away the results of its tasks.
Near misses: items of which the log says something that it does not say of the others, as that they were skipped; names that
another file has; a line that is printed under a condition; lists of which the end is missing, which a cut-off writer explains; a listing that is not complete.
Safety constraint: an item may have had nothing to be written, so without a place in the source that loses a failure it
is a suspicion; numbers that are missing in a log accuse nobody unless the source throws results away.
"""

import ast
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeFinding, CodeKind, findings_of
from diagnose.evidence.listed import LeftOut, Listed
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.sourcenames import ShortRow, SourceNames
from diagnose.evidence.turns import Row, Turns
from diagnose.pieces import code_piece, line_piece, output_piece, place, plural, some
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

HIDING = {
    CodeKind.SWALLOWED_EXCEPT: "catches a failure there and neither raises nor ends",
    CodeKind.IGNORED_RESULT: "does not look at an answer that tells of a failure",
    CodeKind.RESULT_NOT_FETCHED: "never asks for a result there, and with it never for the exception",
}


@rule(
    title="An item of the list has no output",
    cause=Cause.SILENT_ERROR,
    remedy=(
        Step(
            "Ask every task for its result, so that its exception is raised",
            "",
            "results = await asyncio.gather(*tasks)            # without return_exceptions\nfor future in futures:\n    future.result()",
            "One failed item then ends the run.",
        ),
        Step("Make the items that are not there, and check their input"),
    ),
)
def item_left_out(  # noqa: PLR0913, PLR0917  (the facts that it asks for)
    run: RunRecord,
    listed: Listed,
    outputs: Outputs,
    turns: Turns,
    code: Code | Missing,
    names: SourceNames | Missing,
) -> Iterator[Finding]:
    """Lists with items in their middle that nobody made, and rows of lines with a gap."""
    if run.phase is not Phase.COMPLETED:
        return
    hiding = [] if isinstance(code, Missing) else list(code.of(*HIDING))
    if not listed.left_out:
        rows = () if isinstance(names, Missing) or not hiding else names.short
        for row in [r for r in rows if r.has_a_gap][:1]:
            yield _of_the_source(row, hiding)
        lost = findings_of(code, CodeKind.RESULT_NOT_FETCHED)
        yield from (_of_row(row, lost) for row in turns.rows[:1] if lost and not _is_chosen(row, code))
        return
    left = listed.left_out[0]
    spelled = [left.items[item].removesuffix(left.suffix) for item in left.absent]
    spelled_names, count = some(spelled), len(left.items) - len(left.absent)
    yield Finding(
        headline=f"{spelled_names} {'is' if len(left.absent) == 1 else 'are'} listed as made and {'has' if len(left.absent) == 1 else 'have'} no file, though {count} others have; look for the failure that nobody saw, and make {'it' if len(left.absent) == 1 else 'them'} again.",
        story=f"A list of {plural(len(left.items), 'item')} was written last. {count} of them have a file in {left.place}, also such as are listed behind "
        f"{spelled[0]}, so its turn had come. The log says nothing of why it is not there.",
        evidence=(
            *_list_pieces(left),
            Evidence(
                EvidenceKind.ABSENCE,
                f"The complete listing of {plural(len(outputs.all), 'blob')} holds no {some(item + left.suffix for item in spelled)}.",
                None,
                Source(left.place),
                channel="listing",
            ),
            *(code_piece(found, f"{found.path} {HIDING[found.kind]}.") for found in hiding[:2]),
        ),
        missing=() if hiding else ("the source that made them, to see where a failure of one is lost",),
        mechanism="item-left-out",
        subjects=frozenset(spelled),
        at_most=Certainty.SUPPORTED if hiding else Certainty.SUSPECTED,
    )


def _is_chosen(row: Row, code: Code | Missing) -> bool:
    """Whether the line is printed under a condition: then it may have had nothing to tell of the others."""
    told = () if isinstance(code, Missing) else code.statement_of(row.before.text)[:1]
    modules = () if isinstance(code, Missing) else code.modules
    return any(
        isinstance(around, ast.If)
        for statement in told
        for module in modules
        if module.path == statement.path
        for call in module.calls
        if call.lineno == statement.line
        for around in module.ancestors(call)
    )


def _of_row(row: Row, lost: tuple[CodeFinding, ...]) -> Finding:
    names = some(f"{row.word} {number}" for number in row.absent)
    return Finding(
        headline=f"The log tells of {row.count} tasks and never of {names}, and nobody asks the tasks for their results ({lost[0].path}, line {lost[0].line}); look for the failure that nobody saw, and do {'it' if len(row.absent) == 1 else 'them'} again.",
        story=f"Each task has one line of its own, from the first on, and those behind {row.word} {row.absent[0]} have theirs. The source throws the results "
        "of its tasks away, and with them the exception of one that failed; the process left with 0.",
        evidence=(
            line_piece(row.before, f"No line of the log tells of {names}; this one is of the task before."),
            *(code_piece(found, f"{found.path} {HIDING[found.kind]}.") for found in lost[:2]),
        ),
        mechanism="item-left-out",
        subjects=frozenset(f"{row.word} {number}" for number in row.absent),
        at_most=Certainty.SUPPORTED,
    )


def _of_the_source(row: ShortRow, hiding: list[CodeFinding]) -> Finding:
    names, written = some(row.absent), row.written
    return Finding(
        headline=f"{names} {'is' if len(row.absent) == 1 else 'are'} not there, though the source writes {'it' if len(row.absent) == 1 else 'them'} between {len(row.there)} others that are; look for the failure that nobody saw, and make {'it' if len(row.absent) == 1 else 'them'} again.",
        story=f"{written.path} (line {written.line}) writes a file for each of {plural(len(written.names), 'value')}, on a straight path. "
        f"{row.there[-1]}, which comes later, is there, so the turn of {row.absent[0]} had come.",
        evidence=(
            Evidence(
                EvidenceKind.CODE,
                f"{written.path} writes {plural(len(written.names), 'file')} here, {written.names[0]} to {written.names[-1]}.",
                None,
                Source(written.path, written.line, written.text),
            ),
            Evidence(
                EvidenceKind.ABSENCE, f"The complete listing holds no {names}.", None, channel="listing"
            ),
            *(code_piece(found, f"{found.path} {HIDING[found.kind]}.") for found in hiding[:2]),
        ),
        mechanism="item-left-out",
        subjects=frozenset(row.absent),
        at_most=Certainty.SUPPORTED,
    )


def _list_pieces(left: LeftOut) -> Iterator[Evidence]:
    if left.blob:
        yield output_piece(left.blob, f"{place(left.blob)} lists {plural(len(left.items), 'item')}.")
    if left.line:
        yield line_piece(left.line, f"The log lists {plural(len(left.items), 'item')}.")
