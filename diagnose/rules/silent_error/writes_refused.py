"""Requests that were to write something were answered with a failure, and the program only wrote the answer down.

A client that raises nothing for a 503 (`http.client`, `httpx`, `fetch`, most others) lets the program go on; a line of the
log, at whatever level, lists the method, the path and the number of the answer.

Signs: lines of PUT, POST, PATCH or DELETE with a path and a status code; the last answer for a path is 400 or above, and
requests of the same shape had been answered with success before, in a run that says Completed.
Near misses: a path that was tried again with success, on whatever host; a path that never had another answer, as that of a
collector of usage figures; 404, 409, 410 and 412, which are answers to a question; GET and HEAD; figures that look like codes.
Safety constraint: the program may have kept what was refused for later; one or two refusals, or ones that successes of
other paths follow, are a suspicion.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.trouble.harmless import NOT_A_STATUS
from diagnose.pieces import plural, status
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

ANSWERED = LogPattern(
    "answer to a request that writes",
    r"\b(?P<method>PUT|POST|PATCH|DELETE) (?P<path>[^ \"']{1,200}?)(?: HTTP/[0-9.]{1,3})?[\"')\],:]{0,2}"
    r" ?(?:->|=>|→|=|-)? ?[\"(\[]?(?:HTTP/[0-9.]{1,3} |status(?:_code)?[=: ]{1,2})?(?P<code>[1-5][0-9][0-9])(?:[^0-9.,%/]|$)",
)
QUESTIONS = frozenset({404, 409, 410, 412})
ENOUGH = 3
HOST = re.compile(r"^https?://[^/]+")
NUMBER = re.compile(r"\d+|[0-9a-f]{8,}")


@dataclass(frozen=True, slots=True)
class Answer:
    """One line that tells how a request was answered."""

    match: LogMatch
    place: tuple[str, str]
    """Method and path, without the host."""
    code: int

    @property
    def shape(self) -> tuple[str, str]:
        """The place with holes for its numbers."""
        return self.place[0], NUMBER.sub("#", self.place[1])


@rule(
    title="Requests that should write were refused",
    cause=Cause.SILENT_ERROR,
    watches=(ANSWERED,),
    remedy=(
        Step(
            "Look at every answer",
            "",
            "if answer.status >= 400:\n    raise RuntimeError(f'{path}: {answer.status}')",
        ),
        Step("Send again what was refused"),
    ),
)
def writes_refused(run: RunRecord, logs: Logs) -> Iterator[Finding]:
    """Paths whose last answer says no, where others of their shape had said yes."""
    if run.phase is not Phase.COMPLETED:
        return
    answers = [_answer(m) for m in logs.matches(ANSWERED).kept if not NOT_A_STATUS.search(m.text)]
    lost = _lost(answers)
    if not lost:
        return
    first, stays = lost[0].match, answers[-1].code >= 400 and len(lost) >= ENOUGH
    yield Finding(
        headline=f"{plural(len(lost), 'request')} that should have written something {'was' if len(lost) == 1 else 'were'} refused (first {lost[0].code} for {' '.join(lost[0].place)[:100]}) and the run went on to Completed; send {'it' if len(lost) == 1 else 'them'} again and check the answers.",
        story=f"Such requests were accepted before line {first.line} of {first.path}. From there {plural(len(lost), 'path')} got no better answer than a failure"
        f"{', up to the last line of the kind' if stays else ''}; nothing raised, and the process left with 0.",
        evidence=(
            *(
                quote(each.match, f"The answer was {each.code}, and no later one for it is better.")
                for each in lost[:3]
            ),
            status(run),
        ),
        mechanism="writes-refused",
        began_at=first.at,
        at_most=Certainty.SUPPORTED if stays else Certainty.SUSPECTED,
    )


def _answer(match: LogMatch) -> Answer:
    path = HOST.sub("", match.groups["path"]) or "/"
    return Answer(match, (match.groups["method"], path), int(match.groups["code"]))


def _lost(answers: Sequence[Answer]) -> list[Answer]:
    """The last answers that say no, where a request of that shape had been answered well before."""
    last = {each.place: each for each in answers}
    welcome: set[tuple[str, str]] = set()
    fine_before = []
    for each in answers:
        if each.code < 400:
            welcome.add(each.shape)
        elif last[each.place] is each and each.shape in welcome and each.code not in QUESTIONS:
            fine_before.append(each)
    return fine_before
