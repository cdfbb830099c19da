"""The pass over all logs of a bundle: every log once, each for the patterns of its kind."""

from collections.abc import Mapping
from dataclasses import replace

from diagnose.evidence.bundle import Bundle
from diagnose.evidence.engines import engine_for
from diagnose.evidence.logscan.hits import Hit, Keeper
from diagnose.evidence.logscan.logcontext import listed_logs, narrowed, time_context
from diagnose.evidence.logscan.loglines import LogFile, LogKind, LogLine, LogMatch, LogMatches, LogPattern
from diagnose.evidence.logscan.scanner import UNREADABLE, FileScan, Scanner, Sizes
from diagnose.evidence.logscan.text import clip
from diagnose.evidence.logscan.times import LineClock, to_datetime
from diagnose.evidence.logscan.trail import Piece

_LINE = 500


class LogReading:
    """Reads the logs of one bundle: returns their outlines; `notes` and `matches()` are there afterwards."""

    def __init__(self, bundle: Bundle, engine: str | None, sizes: Sizes) -> None:
        self.notes: list[str] = []
        self._bundle = bundle
        self._sizes = sizes
        self._context = time_context(bundle)
        self._keepers = {pattern: Keeper(pattern) for pattern in bundle.watched}
        self._scanners = {kind: self._scanner(kind, engine) for kind in LogKind}

    def read_all(self) -> tuple[LogFile, ...]:
        """The outlines of all logs, in the order of the list."""
        return tuple(self._read(log) for log in listed_logs(self._bundle))

    def matches(self) -> Mapping[LogPattern, LogMatches]:
        """What each watched pattern matched."""
        return {pattern: keeper.matches() for pattern, keeper in self._keepers.items()}

    def _scanner(self, kind: LogKind, engine: str | None) -> Scanner:
        keepers = [keeper for pattern, keeper in self._keepers.items() if kind in pattern.kinds]
        return Scanner(engine_for((keeper.pattern.regex for keeper in keepers), engine), keepers)

    def _read(self, log: LogFile) -> LogFile:
        if log.captured == "none":
            return log
        member, clock = f"logs/{log.path}", LineClock(narrowed(self._context, log))
        try:
            size = self._bundle.store.size(member)
        except KeyError:
            return log if log.size == 0 else self._lost(log, "is in the list of logs, and not in the bundle")
        except OSError as error:
            return self._lost(log, f"cannot be read: {_told(error)}")
        if size == 0 and log.size:
            return self._lost(log, f"is empty in the bundle, and had {log.size} bytes in the run")
        scan = FileScan(self._scanners[log.kind], clock, size, self._sizes)
        try:
            with self._bundle.store.open(member) as stream:
                scan.read(stream, with_omission=log.captured == "ends")
        except (KeyError, *UNREADABLE) as error:
            lost = self._lost(log, f"cannot be read to its end: {_told(error)}")
            log = replace(lost, captured="head") if scan.lines else lost
        return _Outline(log, clock, scan).drawn(self._keepers, size)

    def _lost(self, log: LogFile, why: str) -> LogFile:
        note = f"{log.path[:200]} {why}"
        self.notes.append(note)
        if self._bundle.part("logs").is_complete:
            self._bundle.mark_failed("logs", note)
        return replace(log, captured="none")


class _Outline:
    """Turns what a scan kept of one log into values."""

    def __init__(self, log: LogFile, clock: LineClock, scan: FileScan) -> None:
        self._log, self._clock, self._scan = log, clock, scan

    def drawn(self, keepers: Mapping[LogPattern, Keeper], size: int) -> LogFile:
        """The log's outline; the keepers' hits in it become matches."""
        scan, pace = self._scan, self._scan.times.pace
        for keeper in keepers.values():
            keeper.settle(self._match)
        return replace(
            self._log,
            size=size if self._log.size is None else self._log.size,
            lines=scan.lines,
            first_at=None if pace.first is None else to_datetime(pace.first),
            last_at=None if pace.last is None else to_datetime(pace.last),
            head=self._lines(scan.head, pace.first),
            tail=self._lines(scan.tail(), pace.last),
            ends_with_newline=scan.ends_with_newline,
            stamped_lines=pace.stamped,
            density=pace.density(),
            gaps=pace.gaps(),
        )

    def _match(self, pattern: LogPattern, hit: Hit) -> LogMatch:
        return LogMatch(
            pattern=pattern,
            path=self._log.path,
            line=hit.number,
            text=hit.text,
            at=None if hit.micros is None else to_datetime(hit.micros),
            at_is_own=hit.own_time,
            groups=hit.groups,
            before=self._lines(hit.before, hit.micros),
            after=self._lines(hit.after, hit.micros),
        )

    def _lines(self, pieces: list[Piece], near: int | None) -> tuple[LogLine, ...]:
        return tuple(self._line(number, text, near) for number, text in pieces)

    def _line(self, number: int, text: bytes, near: int | None) -> LogLine:
        micros = self._clock.peek(text, near)
        return LogLine(
            self._log.path, number, clip(text, _LINE), None if micros is None else to_datetime(micros)
        )


def _told(error: BaseException) -> str:
    return clip((str(error) or type(error).__name__).encode("utf-8", "replace"), 300)
