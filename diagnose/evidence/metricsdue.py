"""Metrics that the program logged, as its source and its log show together, and that no series carries."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.code import Code
from diagnose.evidence.logs import LogLine, Logs
from diagnose.evidence.metrics import SERIES_LIMIT, Metrics
from diagnose.evidence.source.metriccalls import MetricCall, metric_calls


@dataclass(frozen=True, slots=True)
class Due:
    """One metric call that was made, and the line that shows it."""

    call: MetricCall
    shown: LogLine
    """A line of the log that only a statement behind the call can have printed."""

    @property
    def name(self) -> str:
        """The metric's name, with a star where a value goes into it."""
        return "".join("*" if part is None else part for part in self.call.name)


@dataclass(frozen=True, slots=True)
class MetricsDue:
    """The calls that were made and of whose name nothing arrived, beside calls on the same client that arrived."""

    derived_from: ClassVar[tuple[type, ...]] = (Code, Logs, Metrics)

    lost: tuple[Due, ...]
    """Of clients of which some other metric arrived: they worked."""
    silent: tuple[Due, ...]
    """Of clients of which nothing arrived at all: it may not be this run that they log to."""

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        code, logs, metrics = bundle.get(Code), bundle.get(Logs), bundle.get(Metrics)
        for fact in (code, logs, metrics):
            if isinstance(fact, Missing):
                return Missing("the metrics that were due", fact.reason, fact.remedy)
        assert not isinstance(code, Missing) and not isinstance(logs, Missing)  # noqa: S101, PT018  (told to mypy)
        assert not isinstance(metrics, Missing)  # noqa: S101
        if not metrics.part.is_complete or len(metrics.series) >= SERIES_LIMIT:
            return Missing("the metrics that were due", "not all metrics are here")
        calls = tuple(metric_calls(code.modules))
        names = tuple(name.casefold() for name in metrics.series)
        working = {call.client for call in calls if _has_arrived(call, names)}
        due = list(_due([call for call in calls if not _has_arrived(call, names)], code, logs))
        return cls(
            tuple(each for each in due if each.call.client in working),
            tuple(each for each in due if each.call.client not in working),
        )


def _due(calls: list[MetricCall], code: Code, logs: Logs) -> Iterator[Due]:
    """Each call once, with the last line that shows that it was made."""
    if not calls:
        return
    printed: dict[tuple[str, int], LogLine] = {}
    for file in logs.user_files:
        for line in (*file.head, *file.tail):
            told = code.statement_of(line.text)
            if told and (len(told) == 1 or told[0].match(line.text) != told[1].match(line.text)):
                printed[told[0].path, told[0].line] = line
    for call in calls:
        shown = [printed[call.path, number] for number in call.shown_by if (call.path, number) in printed]
        if shown:
            yield Due(call, max(shown, key=lambda line: line.number))


def _has_arrived(call: MetricCall, names: tuple[str, ...]) -> bool:
    """Whether any series has the pieces of the name in it; clients put words before and behind."""
    return any(_fits(call.name, name) for name in names)


def _fits(pieces: tuple[str | None, ...], name: str) -> bool:
    at = 0
    for piece in pieces:
        if piece:
            place = name.find(piece.casefold(), at)
            if place < 0:
                return False
            at = place + len(piece)
    return True
