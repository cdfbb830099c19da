"""Scans compared: which troubles are new, which are still there, which went away, and which came back.

A run counts as *resolved* when it was in trouble and this scan either looked at it and found nothing wrong, or saw its
workspace to the end and no longer lists it (it ended without a trace of trouble, was deleted, or left the window of
`--since`). A run that this scan could not look at is neither resolved nor still there: nobody knows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from diagnose.report.fleet.scans import NO_TIME, Key, ScanSummary, Was, read_scans, saved, summary_of
from diagnose.roster import Row

__all__ = ["History", "Past", "ScanSummary", "Week", "history_of", "read_scans", "saved", "summary_of"]

WEEKS = 8

NEW, STILL, ENDED, BACK = "new", "still there", "ended since", "back again"
"""Of a run in trouble: never seen so before · seen so last time · it was open then and has ended · it was well in between."""


@dataclass(frozen=True, slots=True)
class Past:
    """A run that was in trouble when a scan last looked at it, and why."""

    key: Key
    cause: str


@dataclass(frozen=True, slots=True)
class Week:
    """The runs that were in trouble in a week, by cause; None where no scan looked. `monday` is its first day."""

    monday: date
    causes: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class History:
    """How a scan compares with those before it. `words`: what to say of a run that is in trouble now."""

    last: ScanSummary | None
    """The scan that it is compared with first; None when there is none that asked the same."""
    scans: int
    apart: int
    """Scans with other filters, which were left out."""
    words: Mapping[Key, str]
    well: tuple[Past, ...]
    """Resolved: looked at, and nothing is wrong any more."""
    gone: tuple[Past, ...]
    """Resolved: no candidate any more."""
    unseen: tuple[Past, ...]
    """In trouble when last seen, and not looked at this time."""
    weeks: tuple[Week, ...]

    def count(self, word: str) -> int:
        """How many runs a word is said of."""
        return sum(each == word for each in self.words.values())

    @property
    def resolved(self) -> int:
        """Runs whose trouble went away, either way."""
        return len(self.well) + len(self.gone)


def history_of(
    earlier: Sequence[ScanSummary],
    rows: Iterable[Row],
    unread: Iterable[Mapping[str, object]] = (),
    facts: Mapping[str, object] | None = None,
) -> History:
    """This scan, which is `rows`, `unread` and `facts`, against the earlier ones, whatever their order."""
    listed = list(rows)
    now = summary_of(facts or {}, listed, unread)
    before = [each for each in earlier if each.when < now.when or now.when == NO_TIME]
    same = sorted(
        (each for each in before if each.asked == now.asked), key=lambda each: each.when, reverse=True
    )
    past = {key: Past(key, was.cause) for key, was in _standing(same).items() if key not in now.troubled}
    seen = {row.key for row in listed}
    return History(
        last=same[0] if same else None,
        scans=len(same),
        apart=len(before) - len(same),
        words={key: _word(key, was, same) for key, was in now.troubled.items()} if same else {},
        well=_sorted(each for key, each in past.items() if key in seen),
        gone=_sorted(each for key, each in past.items() if key not in seen and now.tells(key) is False),
        unseen=_sorted(each for key, each in past.items() if key not in seen and now.tells(key) is None),
        weeks=_weeks([now, *same]),
    )


def _sorted(past: Iterable[Past]) -> tuple[Past, ...]:
    return tuple(sorted(past, key=lambda each: (each.cause, each.key)))


def _standing(same: Sequence[ScanSummary]) -> Mapping[Key, Was]:
    """The runs that were in trouble when a scan last looked at them; scans come newest first."""
    standing: dict[Key, Was] = {}
    settled: set[Key] = set()
    every = {key for scan in same for key in scan.troubled}
    for scan in same:
        for key in every - settled:
            told = scan.tells(key)
            if told is not None:
                settled.add(key)
            if isinstance(told, Was):
                standing[key] = told
    return standing


def _word(key: Key, now: Was, same: Sequence[ScanSummary]) -> str:
    """What the scans that looked at the run, newest first, make of its trouble."""
    told = [each for each in (scan.tells(key) for scan in same) if each is not None]
    if told and isinstance(told[0], Was):
        return ENDED if told[0].is_open and not now.is_open else STILL
    return BACK if any(isinstance(each, Was) for each in told) else NEW


def _weeks(scans: Sequence[ScanSummary]) -> tuple[Week, ...]:
    """The newest weeks; a run counts once in each, for the cause that was named last."""
    causes: dict[date, dict[Key, str]] = {}
    for scan in sorted(scans, key=lambda each: each.when):
        monday = scan.when.date() - timedelta(days=scan.when.weekday())
        causes.setdefault(monday, {}).update({key: was.cause for key, was in scan.troubled.items()})
    newest, oldest = max(causes), min(causes)
    mondays = [newest - timedelta(weeks=back) for back in range(WEEKS)]
    return tuple(
        Week(monday, Counter(causes[monday].values()) if monday in causes else None)
        for monday in reversed(mondays)
        if monday >= oldest
    )
