"""What was found so far: rows as they come, each run once, and why there may be more."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.workspace import Json
from diagnose.evidence import fields

WHAT = "the runs of the workspace"


@dataclass
class Book:
    """What a way writes down while it goes. `listed`: rows of runs that the service sent, wanted or not."""

    listed: int = 0
    trouble: Gap | None = None
    notes: str = ""
    """What this way does not see, as the end of a sentence."""

    def broke(self, gap: Gap) -> None:
        """Something of the list was not to be had; the first such thing is told."""
        self.trouble = self.trouble or gap


class Finding:
    """Rows of run history, as `GET runs/{id}` has them, in the order in which they come; to be iterated once.

    `listed`, `why` and `trouble` are whole when the last row has come.
    """

    def __init__(
        self, way: str, reason: str, rows: Iterable[Json], book: Book, wanted: Callable[[Json], bool]
    ) -> None:
        self.way = way
        """`runs:query`, `mlflow`, `log analytics` or `jobs`."""
        self._reason, self._rows, self._book, self._wanted = reason, iter(rows), book, wanted
        self._seen: set[str] = set()

    @property
    def why(self) -> str:
        """Why this way, and what it does not see: a sentence."""
        return f"{self._reason}{'; ' if self._book.notes else ''}{self._book.notes}"

    @property
    def listed(self) -> int:
        """How many rows of runs the service has sent so far."""
        return self._book.listed

    @property
    def trouble(self) -> Gap | None:
        """Why there may be runs that were not found; None where all pages came."""
        return self._book.trouble

    def __iter__(self) -> Iterator[Json]:
        """The rows that are looked for; a page that cannot be had ends them, and is told in `trouble`."""
        try:
            for row in self._rows:
                run_id = fields.text(row, "runId")
                if run_id and run_id not in self._seen and self._wanted(row):
                    self._seen.add(run_id)
                    yield row
        except GapError as error:
            self._book.broke(error.gap)
