"""What could not be read, and why: a value that stands in the place of the evidence, and never for its absence."""

from dataclasses import dataclass

from diagnose.errors import DiagnoseError
from diagnose.evidence.bundle import Part, PartState

READER = "Reader (or AzureML Data Scientist) on the workspace"
BLOB_READER = "Storage Blob Data Reader on the storage account"


_WHOLE = frozenset(
    {"the run", "the child runs", "the names of the metrics", "the code", "the table of processes"}
)
"""What is a part of a bundle as a whole, and need not be named beside its reason."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that was asked for and not got.

    `what` is a noun of the report ("the child runs"); `reason` is the end of a sentence; `state` says in the words of
    a bundle what became of it.
    """

    what: str
    state: PartState
    reason: str
    status: int | None = None
    code: str | None = None
    request_id: str | None = None
    attempts: int = 1
    passing: bool = False
    """Whether the service was at fault, and may answer later."""

    def part(self, items: int | None = None, size: int | None = None) -> Part:
        """The part of a bundle of which this is all that is known, or of which `items` were got before it."""
        state = PartState.PARTIAL if items else self.state
        reason = self.reason if self.what in _WHOLE else self.sentence
        return Part(state, reason, items, size)

    @property
    def sentence(self) -> str:
        """What is missing and why."""
        return f"{self.what}: {self.reason}"

    def row(self) -> dict[str, object]:
        """As `bundle.json` keeps it."""
        row = {
            "what": self.what,
            "state": self.state.value,
            "reason": self.reason,
            "status": self.status,
            "code": self.code,
            "request_id": self.request_id,
            "attempts": self.attempts,
            "passing": self.passing or None,
        }
        return {key: value for key, value in row.items() if value is not None}


class GapError(Exception):
    """Something that was asked for was not got; `gap` says what and why."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(gap.sentence)
        self.gap = gap


class CollectError(DiagnoseError):
    """Nothing can be collected: no such run, no such workspace, no way to sign in."""
