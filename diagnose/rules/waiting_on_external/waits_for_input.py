"""The program asks for input, or for a login in a browser, and nobody is there to answer.

Signs: the last line of the user's log is a prompt, or tells to open a page and enter a code, in an open run that has been
silent since, or that says one thing again and again since.
Near misses: a login that went through, after which the log goes on; a question that was printed as a heading.
Safety constraint: only the very last line of a silent log is a prompt, and above repeats only an instruction or a request
for a secret.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.folding import Fold, fold_of
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
SECRET = re.compile(
    r"(?i)(?:password|passwort|mot de passe|contrase.{1,2}a|senha|passphrase|パスワード|密码|user ?name)\b.{0,120}[:>]\s*$|\[y/n\]"
)
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
    """A prompt as the last word of a silent run, or as the last before repeats."""
    if run.phase is not Phase.OPEN or cadence.produces:
        return
    silent = cadence.beat is not Beat.ALIVE and (cadence.silence_s or 0.0) >= LONG_S
    for file in logs.user_files:
        fold = fold_of(file.tail) if file.covers_end else None
        last = _question(file) if silent else None
        above = (
            _question_above(fold) if last is None and fold and _lasts(fold, cadence, silent=silent) else None
        )
        last = last or above
        if last is None:
            continue
        yield Finding(
            headline=f"The program waits for input ({last.text.strip()[:100]!r}) and nobody can answer; give it the answer by argument, environment or identity.",
            story="The last line of the log asks for something that only a person at a terminal could give. A job has none, "
            "so it waits for good.",
            evidence=(
                line_piece(
                    last,
                    "The log says one thing again and again after this."
                    if above
                    else "The log ends with a question.",
                ),
                *(
                    [line_piece(fold.said[-1], "This is what it says again and again.")]
                    if above and fold
                    else []
                ),
                *silence(cadence),
            ),
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


def _question_above(fold: Fold) -> LogLine | None:
    """What instructs a person, among the repeats or right above them; or what asks there for a secret or a name."""
    asked = [fold.before] if fold.before and SECRET.search(fold.before.text) else []
    told = [line for line in (*fold.said, fold.before) if line and LOGIN.search(line.text)]
    return next(iter((*told, *asked)), None)


def _lasts(fold: Fold, cadence: Cadence, *, silent: bool) -> bool:
    """Whether the repeats go on for long, by their stamps; without stamps only a silence tells."""
    since, now = fold.first.at, cadence.now
    return silent or (since is not None and now is not None and (now - since).total_seconds() > LONG_S)
