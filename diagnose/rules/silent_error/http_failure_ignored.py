"""A web service answered with a failure, and the program did not look.

`requests.post(...)` raises nothing for a 404 or a 500; without `raise_for_status()` the program goes on with an answer
that says no.

Signs: a status code of 400 to 599 in the user's log with no further attempt after it, in a run that says Completed; the
source sends requests whose answers nobody checks.
Near misses: a retry that succeeded; a 404 to a question, which means "not there yet"; numbers that only look like a status code.
Safety constraint: a status code alone is a suspicion; with an unchecked request in the source it is supported.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.registrations import is_failed_registration
from diagnose.evidence.retried import is_mended_by_source
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.troubles import Sequel, TroubleKind, Troubles
from diagnose.pieces import code_piece, trouble_piece
from diagnose.rule import Cause, Certainty, Finding, Step, rule

ASKED = re.compile(r"\b(?:GET|HEAD) \S.{0,200}\b(?:404|410)\b")
"""Whether something is there was asked, and the answer was no."""


@rule(
    title="A failed web request was ignored",
    cause=Cause.SILENT_ERROR,
    remedy=Step(
        "Check every answer",
        "",
        "answer = requests.post(url, json=body, timeout=30)\nanswer.raise_for_status()",
    ),
    links=("https://requests.readthedocs.io/en/latest/user/quickstart/#response-status-codes",),
)
def http_failure_ignored(run: RunRecord, troubles: Troubles, code: Code | Missing) -> Iterator[Finding]:
    """Answers of 400 and above that nothing came back to."""
    if run.phase is not Phase.COMPLETED:
        return
    refused = [
        t
        for t in troubles.all
        if t.kind is TroubleKind.HTTP
        and t.sequel in (Sequel.CARRIED_ON, Sequel.LAST_WORD)
        and not is_failed_registration(t, code)
        and not is_mended_by_source(t, code)
    ]
    unchecked = findings_of(code, CodeKind.REQUEST_WITHOUT_CHECK)
    for trouble in refused[:1]:
        yield Finding(
            headline=f"A web service refused a request ({trouble.message[:120]!r}) and the program went on to Completed; send it again and check its answer.",
            story=f"Line {trouble.match.line} of {trouble.match.path} tells of an answer that says no. Nothing tried again and "
            "nothing raised, so the process left with 0.",
            evidence=(
                trouble_piece(
                    trouble, "A request was answered with a failure, and the program goes on after it."
                ),
                *(trouble_piece(t, "And another.") for t in refused[1:3]),
                *(
                    code_piece(f, f"{f.path} sends a request and never looks at whether it succeeded.")
                    for f in unchecked[:2]
                ),
            ),
            mechanism="http-failure-ignored",
            began_at=trouble.at,
            at_most=Certainty.NONE if not unchecked and ASKED.search(trouble.text) else Certainty.ESTABLISHED,
        )
