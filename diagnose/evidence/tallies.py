"""What the program counted: how many were processed, failed or were skipped, and what there was none of at all.

A count is a whole number beside its label, in a sentence, a table or a JSON record; the labels are stems in many languages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.noise import is_noise
from diagnose.evidence.tally.counts import Count, Label, counts_in, is_on_purpose
from diagnose.evidence.tally.nothing import is_an_answer, is_nothing, nouns_with_some
from diagnose.evidence.tally.patterns import NONE_AT_ALL, UNDONE
from diagnose.evidence.trouble.quoting import said

__all__ = ["Count", "Label", "Tallies", "Tally"]


@dataclass(frozen=True, slots=True)
class Tally:
    """One line that counts what was not done, beside what was."""

    match: LogMatch
    failed: int
    skipped: int
    done: int | None
    """What was done, where the line says so."""
    total: int | None
    """What there was to do, where the line says so."""

    @property
    def undone(self) -> int:
        """What failed or was skipped."""
        return self.failed + self.skipped

    @property
    def whole(self) -> int:
        """What there was to do, by what the line says."""
        return max(self.total or 0, (self.done or 0) + self.undone)

    @property
    def left_nothing(self) -> bool:
        """Whether nothing was left to work on."""
        return self.undone >= self.whole > 0 if self.done is None else self.done == 0 < self.undone


@dataclass(frozen=True, slots=True)
class Tallies:
    """The counts of the user's logs. Of several countings of the same the last one of each log is kept."""

    derived_from: ClassVar[tuple[type, ...]] = (Logs,)
    watches: ClassVar[tuple[LogPattern, ...]] = (UNDONE, NONE_AT_ALL)

    undone: tuple[Tally, ...]
    """The last counting of failed or skipped things in each log, where it is more than none."""
    nothing: tuple[LogMatch, ...]
    """Lines that count no sample, row or file at all, of a kind that nothing else in the logs counts some of."""

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        logs = bundle.get(Logs)
        if isinstance(logs, Missing):
            return Missing("counts in the log", logs.reason, logs.remedy)
        last = {tally.match.path: tally for tally in _tallies(logs)}
        known = tuple(_known_texts(logs))
        some = nouns_with_some(known)
        none = tuple(
            m
            for m in logs.matches(NONE_AT_ALL).kept
            if not is_noise(m.text)
            and is_nothing(said(m.text), some)
            and not is_an_answer(said(m.text), known)
        )
        return cls(tuple(tally for tally in last.values() if tally.undone), none)


def _known_texts(logs: Logs) -> Iterator[str]:
    """What is known of the user's logs: their ends, and what stands around every count of nothing."""
    for file in logs.user_files:
        yield from (line.text for line in (*file.head, *file.tail))
    for match in logs.matches(NONE_AT_ALL).kept:
        yield from (line.text for line in (*match.before, *match.after))


def _tallies(logs: Logs) -> Iterator[Tally]:
    for match in logs.matches(UNDONE).kept:
        text = said(match.text)
        tally = _tally(match, tuple(counts_in(text)))
        if tally and not is_noise(text) and not is_on_purpose(text):
            yield tally


def _tally(match: LogMatch, counts: tuple[Count, ...]) -> Tally | None:
    """The counting of a line. One that says neither what was done nor what there was to do is none."""
    of = {label: [count for count in counts if count.label is label] for label in Label}
    undone = (*of[Label.FAILED], *of[Label.SKIPPED])
    if not undone and not of[Label.WRONG]:
        return None
    done = max((c.number for c in of[Label.DONE]), default=None)
    totals = [c.total for c in undone if c.total] + [c.number for c in of[Label.ITEMS]]
    # A number of errors is a measure of a model as well: it counts only beside what was done.
    wrong = sum(c.number for c in of[Label.WRONG]) if done is not None else 0
    failed = sum(c.number for c in of[Label.FAILED]) or wrong
    if done is None and not totals:
        return None
    return Tally(match, failed, sum(c.number for c in of[Label.SKIPPED]), done, max(totals, default=None))
