"""What simpler ways would say of the same runs: the ways of somebody who looks at one thing only."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from diagnose.engine import evaluate
from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.run import Phase, RunRecord
from diagnose.rules import all_rules

ERROR_WORDS = re.compile(r"(?i)\b(?:error|exception|traceback|fail(?:ed|ure)?|fatal|killed)\b")
LONG = timedelta(minutes=30)

BY_KEYWORD: tuple[tuple[str, str], ...] = (
    (r"(?i)out of memory|oom|memoryerror|killed|no space left|quota|preempt", "resource-kill"),
    (r"(?i)nccl|gloo|collective|rank \d|allreduce", "distributed-hang"),
    (r"(?i)deadlock|lock\b", "in-process-deadlock"),
    (r"(?i)flush", "unflushed-metrics"),
    (r"(?i)time(?:d)? ?out|connection|retry|refused|unreachable|login", "waiting-on-external"),
    (r"(?i)mount|image|docker|provision", "service-side"),
)


def by_status(bundle: Bundle) -> str:
    """The status and the exit code, and nothing else."""
    run = bundle.get(RunRecord)
    if isinstance(run, Missing):
        return "inconclusive"
    return {
        Phase.COMPLETED: "none",
        Phase.FAILED: "loud-failure",
        Phase.CANCELED: "none",
        Phase.BEFORE_START: "service-side",
        Phase.OPEN: "still-working",
        Phase.UNKNOWN: "inconclusive",
    }[run.phase]


def by_error_words(bundle: Bundle) -> str:
    """Whether any line of the user's logs holds a word of failure."""
    found = any(ERROR_WORDS.search(line) for line in _lines(bundle))
    return _failure(bundle) if found else by_status(bundle)


def by_last_error(bundle: Bundle) -> str:
    """The last line with a word of failure, sorted by its keywords."""
    last = None
    for line in _lines(bundle):
        last = line if ERROR_WORDS.search(line) else last
    if last is None:
        return by_status(bundle)
    return next((cause for words, cause in BY_KEYWORD if re.search(words, last)), _failure(bundle))


def by_silence(bundle: Bundle) -> str:
    """How long the open run has been silent, against half an hour."""
    evaluate(bundle, all_rules())  # which has the logs read, with all that the pace is made of
    cadence, said = bundle.get(Cadence), by_status(bundle)
    if said != "still-working" or isinstance(cadence, Missing):
        return said
    return "lingering-child-process" if (cadence.silence_s or 0) > LONG.total_seconds() else said


BASELINES: Mapping[str, Callable[[Bundle], str]] = {
    "status and exit code": by_status,
    "grep for error words": by_error_words,
    "last error line": by_last_error,
    "longest silence": by_silence,
}


def _failure(bundle: Bundle) -> str:
    return "loud-failure" if by_status(bundle) == "loud-failure" else "silent-error"


def _lines(bundle: Bundle) -> Iterator[str]:
    """The lines of the user's logs."""
    for name in sorted(bundle.store.names()):
        if name.startswith(("logs/user_logs/", "logs/azureml-logs/70")):
            with bundle.store.open(name) as stream:
                yield from stream.read().decode(errors="replace").splitlines()
