"""Every result is the fixed value that the program answers with when something is missing: nothing was computed.

A model that cannot be read, a lookup that is not there: the code catches the failure and answers with a prior, an average,
a default, so that one bad item does not end the run. Where it is every item, the run has done nothing, and says Completed.

Signs: a column holds one and the same figure in every row, of rows that differ; the source answers with just that figure in
a handler, or where something is None; in the latter case, and for a whole number, the log names an exception, too.
Near misses: a version or a setting; a value that the source gives everywhere; a few rows.
Safety constraint: a fixed value may be the right one, so a column alone, or a source alone, accuses nobody.
"""

import ast
from collections.abc import Iterator

from diagnose.evidence.code import Code
from diagnose.evidence.outputs import Outputs, names_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.samevalues import SameValue, same_values
from diagnose.evidence.source.fallbacks import fallbacks
from diagnose.evidence.source.module import Module
from diagnose.evidence.troubles import Sequel, Trouble, TroubleKind, Troubles
from diagnose.pieces import output_piece, place, trouble_piece
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

NAMED = (TroubleKind.TRACEBACK, TroubleKind.EXCEPTION, TroubleKind.LEVEL)


@rule(
    title="Every result is the fall-back",
    cause=Cause.SILENT_ERROR,
    remedy=Step(
        "Count the fall-backs, and end the run where they are more than a few",
        "",
        "if fallbacks > 0.01 * total:\n    raise RuntimeError(f'{fallbacks} of {total} items got the default')",
        "A day on which the input is not there ends the run then, too.",
    ),
)
def fallback_everywhere(
    run: RunRecord, outputs: Outputs, troubles: Troubles, code: Code
) -> Iterator[Finding]:
    """Columns of one value, which the source gives for want of a better one."""
    if run.phase is not Phase.COMPLETED:
        return
    named = [t for t in troubles.all if _is_named(t) and t.sequel is not Sequel.RECOVERED]
    for same in same_values(outputs.results):
        places = [
            (module, node)
            for module, node, caught in fallbacks(code.modules, same.value)
            if (caught or named) and (same.is_fraction or (caught and named))
        ]
        if places:
            yield _finding(same, places[0], named)
            return


def _is_named(trouble: Trouble) -> bool:
    return trouble.kind in NAMED or trouble.exception is not None


def _finding(same: SameValue, found: tuple[Module, ast.stmt], named: list[Trouble]) -> Finding:
    module, node = found
    blob = same.blobs[0]
    return Finding(
        headline=f"{same.column} is {same.value:g} in every row of {place(blob)}{' and its siblings' if len(same.blobs) > 1 else ''}, which is what {module.path} (line {node.lineno}) answers when something is missing; nothing was computed: mend that, and run it again.",
        story=f"All {same.rows:,} rows that were read have {same.column} {same.value:g}, and the rows differ otherwise. The source gives this "
        "value where something failed or is not there. The program went on with it to its end.",
        evidence=(
            output_piece(blob, f"{same.column} is {same.value:g} in all {same.rows:,} rows that were read."),
            Evidence(
                EvidenceKind.CODE,
                f"{module.path} answers with {same.value:g} here, for want of a better value.",
                None,
                Source(module.path, node.lineno, module.text(node)),
            ),
            *(
                trouble_piece(t, "The log names what was not there, and the program goes on.")
                for t in named[:1]
            ),
        ),
        mechanism="fallback-everywhere",
        began_at=named[0].at if named else blob.modified_at,
        subjects=names_of(same.blobs),
        at_most=Certainty.SUPPORTED if named else Certainty.SUSPECTED,
    )
