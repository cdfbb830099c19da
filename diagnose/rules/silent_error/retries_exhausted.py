"""Something outside did not answer, all attempts failed, and the program went on without it.

A model registration, an upload, a call to a service: the retry loop counts down, gives up, logs it and returns.

Signs: attempts that count up to their total, or words of giving up, followed by more of the program, in a run that says
Completed.
Near misses: an attempt that failed and was repeated with success; a fall-back that is named; a player or an animal that gives up; a run that is still trying.
Safety constraint: one line of prose that counts no attempt accuses nobody; the phrase `Max retries exceeded` is printed for a single attempt too, so what follows it decides.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code
from diagnose.evidence.registrations import is_failed_registration
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.trouble.harmless import is_only_warned_of
from diagnose.evidence.troubles import Sequel, Trouble, TroubleKind, Troubles
from diagnose.pieces import plural, status, trouble_piece
from diagnose.rule import Cause, Certainty, Finding, Step, rule


@rule(
    title="All attempts failed, and the program went on",
    cause=Cause.SILENT_ERROR,
    remedy=Step(
        "Let the last failed attempt end the script",
        "",
        "for attempt in range(5):\n    try:\n        register(model)\n        break\n    except ConnectionError:\n        time.sleep(2 ** attempt)\nelse:\n    raise RuntimeError('the model was not registered')",
    ),
)
def retries_exhausted(run: RunRecord, troubles: Troubles, code: Code | Missing) -> Iterator[Finding]:
    """Retry loops that ran out in a run that says Completed."""
    if run.phase is not Phase.COMPLETED:
        return
    gave_up = [t for t in troubles.all if t.sequel is Sequel.GAVE_UP and not is_failed_registration(t, code)]
    for trouble in gave_up[:1]:
        yield Finding(
            headline=f"Every attempt failed and the program went on without it ({trouble.message[:120]!r}); do that step again, and let its failure end the script.",
            story=f"The log tells of {plural(trouble.attempts, 'failed attempt')} from line {trouble.match.line} to line "
            f"{trouble.last_line} of {trouble.match.path}. Then the program gave up and went on; the process left with 0.",
            evidence=(
                trouble_piece(
                    trouble,
                    "The attempts failed until there were none left, and the program went on.",
                    direct=trouble.kind is not TroubleKind.WORDS,
                ),
                status(run),
            ),
            mechanism="retries-exhausted",
            began_at=trouble.at,
            at_most=_at_most(trouble),
        )


def _at_most(trouble: Trouble) -> Certainty:
    """What is only warned of may have another way that the program does not tell."""
    if _is_mere_talk(trouble):
        return Certainty.NONE
    return Certainty.SUSPECTED if is_only_warned_of(trouble.match.text) else Certainty.ESTABLISHED


def _is_mere_talk(trouble: Trouble) -> bool:
    """One line of prose that counts no attempt: in a game or a story one may give up, too."""
    return trouble.kind is TroubleKind.WORDS and trouble.attempts == 1 and not ATTEMPTS.search(trouble.text)


ATTEMPTS = re.compile(
    r"(?i)\d ?(?:/|of|von|de|sur|di|из)+ ?\d|attempt|\btries\b|retr(?:y|ies)|versuch|intento|tentativ|essai|prób|попыт|次|回"
)
