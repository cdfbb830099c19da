"""The program asks for input, or for a login in a browser, and nobody is there to answer.

Signs: the last line of the user's log is a prompt, or tells to open a page and enter a code, in an open run that has been
silent since.
Near misses: a login that went through, after which the log goes on; a question that was printed as a heading.
Safety constraint: only the very last line of a silent log is a prompt.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.logs import LogFile, LogLine, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import line_piece, silence
from diagnose.rule import Cause, Finding, Step, rule

LOGIN = re.compile(
    r"(?i)\b(?:open|visit|go to|navigate|use a web browser|enter the code|enter code|ouvrez|.ffnen|abra|打开|開いて)\b.*(?:https?://\S+|\bcode\b)|devicelogin"
)
"""An instruction to a person, not the mere address of a sign-in service."""
ASKS = re.compile(
    r"(?i)(?:\[y(?:es)?/n(?:o)?\]|\(y(?:es)?/n(?:o)?\)|\[j/n\]|\[o/n\]|\[s/n\]|(?:password|passwort|mot de passe|contrase.{1,2}a|senha|has.{1,2}o|passphrase|パスワード|密码|user ?name|login)\b.{0,120}[:?>]"
    r"|api key|access key|press (?:enter|any key)[^.]{0,40}|\?)\s*[:?>]?\s*$"
)
"""A question: the words by which programs ask for something."""
LONG_S = 900.0


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
    if run.phase is not Phase.OPEN or cadence.beat is Beat.ALIVE or (cadence.silence_s or 0.0) < LONG_S:
        return
    for file in logs.user_files:
        last = _question(file)
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


def _question(file: LogFile) -> LogLine | None:
    """The last line, if it instructs a person, or asks without ending the line."""
    if not file.covers_end or not file.tail:
        return None
    last = file.tail[-1]
    asks = LOGIN.search(last.text) or (not file.ends_with_newline and ASKS.search(last.text))
    return last if asks else None
