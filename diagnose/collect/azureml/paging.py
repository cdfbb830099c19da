"""Turning the pages of a listing, and noticing when a service sends one round in a circle."""

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.evidence.bundle import PartState

PAGES_MAX = 1_000
EMPTY_MAX = 10
"""Pages without a row, one after the other: a service whose pages never end is not followed for ever."""


class Pages:
    """What was seen of the pages of one listing; `what` names it in the report.

    `most`: pages that are turned at most; `empty`: how many may follow each other without a row.
    """

    def __init__(self, what: str, most: int | None = None, empty: int | None = None) -> None:
        self._what, self._most, self._empty_most = what, most or PAGES_MAX, empty or EMPTY_MAX
        self._seen: set[str] = set()
        self._empty = 0

    def goes_on(self, marker: str | None, rows: int) -> bool:
        """Whether there is a next page, at `marker`, after one of so many rows; raises GapError for one that leads nowhere."""
        if not marker:
            return False
        self._empty = 0 if rows else self._empty + 1
        if marker in self._seen:
            self._stop("the service sends the same page again and again")
        if self._empty >= self._empty_most:
            self._stop("the service sends empty pages without an end")
        self._seen.add(marker)
        if len(self._seen) >= self._most:
            self._stop(f"it has more than {self._most:,} pages; the rest was not asked for")
        return True

    def _stop(self, why: str) -> None:
        raise GapError(Gap(self._what, PartState.FAILED, why))
