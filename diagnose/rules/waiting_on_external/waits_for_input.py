"""The program asks for input, or for a login in a browser, and nobody is there to answer.

Signs: the last line of the user's log is a prompt, or tells to open a page and enter a code, in an open run that has been
silent since.
Near misses: a login that went through, after which the log goes on; a question that was printed as a heading.
Safety constraint: only the very last line of a silent log is a prompt.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.logs import LogFile, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import line_piece, silence
from diagnose.rule import Cause, Finding, Step, rule

LOGIN = re.compile(r"(?i)https?://\S*(?:devicelogin|login/device|oauth|authorize)\S*|enter the code\b")
PROMPT = re.compile(
    r"(?i)(?:\[y/n\]|\(y(?:es)?/n(?:o)?\)|password(?: for [^:]*)?|passphrase|username|api key|token|enter [^.]{0,60}|press [^.]{0,40})\s*[:?>]?\s*$|[?:>]\s$"
)


@rule(
    title="It waits for input that nobody gives",
    cause=Cause.WAITING_ON_EXTERNAL,
    remedy=Step(
        "Give it what it asks for without a terminal",
        "A managed identity, a key vault or an environment variable; and a flag that answers questions.",
        "credential = ManagedIdentityCredential()",
    ),
)
def waits_for_input(run: RunRecord, logs: Logs, cadence: Cadence) -> Iterator[Finding]:
    """A prompt as the last word of a silent run."""
    if run.phase is not Phase.OPEN or cadence.beat is not Beat.SILENT:
        return
    for file in logs.user_files:
        last = _last_words(file)
        if last is None:
            continue
        yield Finding(
            headline=f"The program waits for input ({last.text.strip()[:100]!r}) and nobody can answer; give it the answer by argument, environment or identity.",
            story="The last line of the log asks for something that only a person at a terminal could give. A job has none, "
            "so it waits for good.",
            evidence=(line_piece(last, "The log ends with a question."), *silence(cadence)),
            mechanism="waits-for-input",
            began_at=last.at,
        )
        return


def _last_words(file: LogFile):  # type: ignore[no-untyped-def]  # noqa: ANN202
    tail = file.tail[-3:] if file.covers_end else ()
    asked = [line for line in tail if LOGIN.search(line.text)] or [
        line for line in tail[-1:] if PROMPT.search(line.text) and not file.ends_with_newline
    ]
    return asked[-1] if asked else None
