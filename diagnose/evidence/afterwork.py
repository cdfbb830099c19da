"""The work is over and the run is not: the situation that most mechanisms of a lingering process share."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.code import Code
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.logs import LogLine, Logs
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.stopping import Stopping

EXIT_TAKES_S = 900.0
"""From the end of the work to the end of the process and to the final status it took seconds in healthy runs."""


class Sign(StrEnum):
    """What tells that the main work is over."""

    DRIVER = "driver"
    """The v1 driver said that the script returned."""
    SOURCE = "source"
    """The last printing statement of the program's main flow has printed."""
    WORDS = "words"
    """The last line speaks of an end, and neither a counter nor the source contradicts it. The weakest."""


@dataclass(frozen=True, slots=True)
class AfterWork:
    """An open run whose main work has ended, or not. Absent where nothing can tell."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Logs, Lifecycle, Cadence, Progress, Code, Stopping)

    is_open: bool
    """The service has not closed the run, and nothing records the end of the user's process."""
    signs: tuple[tuple[Sign, LogLine], ...]
    exit_unseen: bool
    """The runtime's log was followed to the capture and holds the start of the process but not its end."""
    exit_held: LogLine | None
    """The runtime collected the exit of the first process, and still did not end the execution."""
    beat: Beat
    ended_at: datetime | None
    """When the work ended, as far as the signs are dated."""
    seen_until: datetime | None
    ticks_on: tuple[LogLine, ...]
    """The log goes on after the work: the last of its lines. Either metrics and outputs have stopped by their own
    pace, or, by the source, other statements than the main flow's print after its last one."""
    work_left: bool
    """The last counter says that there was work left."""
    produces: bool
    """Metrics or outputs still come at their own pace."""
    stop: Stopping | None = None
    """Where the main flow stood, and what it would do next by its source."""

    @property
    def lingers(self) -> bool:
        """The work is over, the run is open, and nothing but a ticking voice is left."""
        if not self.is_open or not self.signs or self.produces:
            return False
        waited = (self.idle_s or 0.0) > EXIT_TAKES_S
        quiet = self.beat is Beat.SILENT or bool(self.ticks_on) or self.exit_held is not None
        return waited and (quiet or self.is_certain or self.beat is Beat.UNCLEAR)

    @property
    def is_held(self) -> bool:
        """The first process has ended, and the execution has not for far longer than it takes, with no work going on."""
        held = self.exit_held
        if held is None or held.at is None or self.seen_until is None or self.produces or self.work_left:
            return False
        return (self.seen_until - held.at).total_seconds() > EXIT_TAKES_S

    @property
    def is_certain(self) -> bool:
        """Whether more than words tells that the work is over."""
        return any(sign is not Sign.WORDS for sign, _ in self.signs)

    @property
    def idle_s(self) -> float | None:
        """Seconds from the end of the work to the end of what was seen."""
        if self.ended_at is None or self.seen_until is None:
            return None
        return max(0.0, (self.seen_until - self.ended_at).total_seconds())

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        run, progress, cadence = bundle.get(RunRecord), bundle.get(Progress), bundle.get(Cadence)
        for fact in (run, progress, cadence):
            if isinstance(fact, Missing):
                return Missing("the end of the work", fact.reason, fact.remedy)
        assert not isinstance(run, Missing) and not isinstance(progress, Missing)  # noqa: S101, PT018  (told to mypy)
        assert not isinstance(cadence, Missing)  # noqa: S101
        lifecycle = bundle.get(Lifecycle)
        process = UserProcess.UNKNOWN if isinstance(lifecycle, Missing) else lifecycle.process
        held = None if isinstance(lifecycle, Missing) else _held(lifecycle)
        signs = tuple(_signs(progress))
        ended = max((line.at for _, line in signs if line.at), default=_last_product(cadence))
        return cls(
            is_open=run.phase is Phase.OPEN and (process is not UserProcess.EXITED or held is not None),
            signs=signs,
            exit_unseen=process is UserProcess.RUNNING,
            exit_held=held,
            beat=cadence.beat,
            ended_at=ended,
            seen_until=cadence.now,
            ticks_on=_ticks_on(bundle, cadence, progress) or _speaks_on(bundle, progress),
            work_left=progress.is_under_way,
            produces=cadence.produces,
            stop=None if isinstance(stop := bundle.get(Stopping), Missing) else stop,
        )


def _signs(progress: Progress) -> Iterator[tuple[Sign, LogLine]]:
    if progress.script_ended:
        match = progress.script_ended
        yield Sign.DRIVER, LogLine(match.path, match.line, match.text, match.at)
    if progress.last_statement:
        yield Sign.SOURCE, progress.last_statement
    if progress.is_said_to_be_over and not progress.is_over and progress.finished:
        yield Sign.WORDS, progress.finished


def _held(lifecycle: Lifecycle) -> LogLine | None:
    """The exit of the first process was collected, and the execution was not ended after it."""
    exited = lifecycle.exited
    if exited is None or lifecycle.execution_ended or lifecycle.ending or lifecycle.runtime != "v2":
        return None
    return LogLine(exited.path, exited.line, exited.text, exited.at)


def _speaks_on(bundle: Bundle, progress: Progress) -> tuple[LogLine, ...]:
    """Lines of the program's own that come after the last that its main flow prints; teardown of libraries is none."""
    logs, code, last = bundle.get(Logs), bundle.get(Code), progress.last_statement
    if isinstance(logs, Missing) or isinstance(code, Missing) or last is None:
        return ()
    file = logs.file(last.path)
    later = [line for line in (file.tail if file else ()) if line.number > last.number]
    own = [line for line in later if code.statement_of(line.text)]
    return tuple(own[-3:]) if len(own) >= 3 else ()


def _last_product(cadence: Cadence) -> datetime | None:
    """When the last metric or output came; without any, when the log was last written."""
    made = [channel.last_at for channel in cadence.channels if channel.name != "log"]
    return max(made, default=cadence.last_at)


def _ticks_on(bundle: Bundle, cadence: Cadence, progress: Progress) -> tuple[LogLine, ...]:
    """The last log lines, where the log lives on although metrics or outputs have fallen silent by their own pace."""
    logs, log = bundle.get(Logs), cadence.channel("log")
    silent = {channel.name for channel in cadence.silent_channels} & {"metric", "output"}
    if isinstance(logs, Missing) or log is None or cadence.now is None or not silent or cadence.produces:
        return ()
    if log.beat(cadence.now) is not Beat.ALIVE:
        return ()
    file = logs.file(progress.last_line.path) if progress.last_line else None
    return file.tail[-3:] if file else ()
