"""A run that says Finalizing long after its process ended, and what of its outputs is there."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.logs import LogMatch
from diagnose.evidence.outputs import Output, Outputs
from diagnose.evidence.run import RunRecord

LONG_S = 1800.0
"""In healthy runs it took 6 to 11 seconds, and longer for many or large files."""


@dataclass(frozen=True, slots=True)
class Finalising:
    """Absent where the status is another, the exit is not recorded or is recent, or outputs still come."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Lifecycle, Cadence, Outputs)

    ended_at: datetime
    exited: LogMatch | None
    waited_s: float
    declared: tuple[str, ...]
    missing: tuple[str, ...]
    """Declared outputs under which nothing lies, by a complete listing."""
    unfinished: tuple[Output, ...]
    """Blobs known not to be whole."""
    listed: bool
    """Whether the listing of the outputs is complete."""

    uploads: bool
    """Whether a declared output is uploaded only after the process has ended: more of it may be to come."""

    @property
    def lacks(self) -> bool:
        """Whether something declared is not there, or something that is there is not whole."""
        return bool(self.missing or self.unfinished)

    @property
    def is_whole(self) -> bool:
        """Whether every declared output, of which there are some, is known to be there and nothing is unfinished."""
        return self.listed and bool(self.declared) and not self.lacks

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        run, lifecycle, cadence = bundle.get(RunRecord), bundle.get(Lifecycle), bundle.get(Cadence)
        for fact in (run, lifecycle, cadence):
            if isinstance(fact, Missing):
                return fact
        assert not isinstance(run, Missing) and not isinstance(lifecycle, Missing)  # noqa: S101, PT018  (told to mypy)
        assert not isinstance(cadence, Missing)  # noqa: S101
        ended, now = lifecycle.ended_at, cadence.now
        finalizing = (run.status or "").lower() == "finalizing" and lifecycle.process is UserProcess.EXITED
        if not finalizing or ended is None or now is None or cadence.beat is Beat.ALIVE:
            return NOT_SO
        waited = (now - ended).total_seconds()
        if waited < LONG_S:
            return NOT_SO
        outputs = bundle.get(Outputs)
        listed = isinstance(outputs, Outputs) and outputs.is_complete
        declared = tuple(output.name for output in run.expected_outputs)
        blobs = outputs.results if isinstance(outputs, Outputs) else ()
        there = {blob.output for blob in blobs}
        return cls(
            ended_at=ended,
            exited=lifecycle.exited,
            waited_s=waited,
            declared=declared,
            missing=tuple(name for name in declared if name not in there) if listed else (),
            unfinished=tuple(blob for blob in blobs if blob.is_unfinished),
            listed=listed,
            uploads=any((output.mode or "").lower() == "upload" for output in run.expected_outputs),
        )


NOT_SO = Missing("a long finalisation", "the run is not Finalizing long after the end of its process")
