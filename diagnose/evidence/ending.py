"""How the run ended: its exit code, from whoever tells it, and the last words that the service keeps."""

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.run import Phase, RunRecord

STATED_CODE = re.compile(r"exited with status code (-?[0-9]{1,4})\b|exit(?:ed with)? code:? (-?[0-9]{1,4})\b")


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of the user's process, as far as anybody tells it."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Lifecycle)

    exit_code: int | None
    """By the run's record, else by the runtime's log, else by the service's error message."""
    failed: bool
    """The service says Failed; or it says nothing, and the exit code is not 0."""
    is_untold: bool
    """Nobody says how it ended: neither a status is known nor an exit code."""
    last_words: str
    """What the user's program said last, as the service's error message quotes it: the exception that ends its
    traceback, else the last line; often empty."""

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        run, lifecycle = bundle.get(RunRecord), bundle.get(Lifecycle)
        if isinstance(run, Missing):
            return run
        message = (run.error.message or "") if run.error else ""
        codes = (
            run.exit_code,
            None if isinstance(lifecycle, Missing) else lifecycle.exit_code,
            _stated(message),
        )
        code = next((code for code in codes if code is not None), None)
        return cls(
            exit_code=code,
            failed=run.phase is Phase.FAILED or (run.phase is Phase.UNKNOWN and bool(code)),
            is_untold=run.phase is Phase.UNKNOWN and code is None,
            last_words=_last_words(message),
        )


def _stated(message: str) -> int | None:
    found = STATED_CODE.search(message)
    return int(found[1] or found[2]) if found else None


def _last_words(message: str) -> str:
    lines = [line for line in message.splitlines() if line.strip()]
    begin = next(
        (n for n in range(len(lines) - 1, -1, -1) if "Traceback (most recent call last)" in lines[n]), None
    )
    ends = [] if begin is None else [line for line in lines[begin + 1 :] if not line.startswith((" ", "\t"))]
    said = ends[0] if ends else lines[-1] if len(lines) > 1 else ""
    return said.strip()[:500]
