"""The blobs under the run's outputs: what was written, when, and whether it is whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from diagnose.evidence import fields
from diagnose.evidence.bundle import Bundle, Missing, Part, PartState
from diagnose.evidence.integrity import Integrity, IntegrityState, judge

if TYPE_CHECKING:
    import pandas as pd

ARTIFACTS = "artifacts"
"""The name under which the run's own artifacts (`outputs/`, `logs/`) are listed."""
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Output:
    """One blob. Sizes in bytes, times UTC; `head` and `tail` are its first and last bytes, at most 4,096 each."""

    output: str
    path: str
    size: int | None
    created_at: datetime | None
    modified_at: datetime | None
    blob_type: str | None
    committed: bool | None
    """`False`: only uncommitted blocks exist and nothing can be read; `None`: nobody looked."""
    uncommitted_bytes: int | None
    lease: str | None
    head: bytes | None
    tail: bytes | None
    looked_at: Integrity | None
    """What the capture found where it read more than head and tail."""

    @property
    def integrity(self) -> Integrity:
        """Whether the bytes are a whole file of their format, as far as size, head and tail can tell."""
        return self.looked_at or judge(self.path, self.size, self.head, self.tail)

    @property
    def is_uncommitted(self) -> bool:
        """Whether blocks were uploaded for it that nobody ever committed."""
        return self.committed is False

    @property
    def is_empty(self) -> bool:
        """Whether it is known to hold no byte, committed."""
        return self.size == 0 and not self.is_uncommitted

    @property
    def is_unfinished(self) -> bool:
        """Whether it is known not to be whole: never committed, empty, or cut off."""
        broken = (IntegrityState.TRUNCATED, IntegrityState.EMPTY)
        return self.is_uncommitted or self.is_empty or self.integrity.state in broken

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rstrip("/").rsplit("/", 1)[-1]


def names_of(blobs: Iterable[Output]) -> frozenset[str]:
    """Their names and their paths: what a log or another finding may call them by."""
    return frozenset(name for blob in blobs for name in (blob.name, blob.path))


@dataclass(frozen=True)
class Outputs:
    """Every blob of the run once, ordered by output and path; folders are none. From `outputs.jsonl`."""

    all: tuple[Output, ...]
    part: Part

    @property
    def is_complete(self) -> bool:
        """Whether a blob that is not here is known not to be there."""
        return self.part.is_complete

    @cached_property
    def results(self) -> tuple[Output, ...]:
        """What the run produced: all blobs but the service's and the user's log files."""
        return tuple(blob for blob in self.all if not _is_log(blob))

    @cached_property
    def last_at(self) -> datetime | None:
        """When the last of the results was written."""
        return max((blob.modified_at for blob in self.results if blob.modified_at), default=None)

    def of(self, output: str) -> tuple[Output, ...]:
        """The blobs of one declared output."""
        return tuple(blob for blob in self.all if blob.output == output)

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        found = _outputs(bundle)
        part = bundle.part("outputs")
        if not found and part.state is not PartState.COMPLETE:
            return Missing("outputs", part.reason or f"the listing of the outputs is {part.state}")
        return cls(tuple(found), part)


def frame(bundle: Bundle) -> "pd.DataFrame":
    """Every blob as a pandas frame: output, path, size, created_at, modified_at, committed, integrity."""
    import pandas as pd  # noqa: PLC0415  (0.4 s that only this function is worth)

    rows = [
        (b.output, b.path, b.size, b.created_at, b.modified_at, b.committed, b.integrity.state)
        for b in _outputs(bundle)
    ]
    columns = ["output", "path", "size", "created_at", "modified_at", "committed", "integrity"]
    table = pd.DataFrame(rows, columns=columns)
    for column in ("created_at", "modified_at"):
        table[column] = pd.to_datetime(table[column], utc=True)
    table["size"] = table["size"].astype("Int64")
    return table


def _outputs(bundle: Bundle) -> list[Output]:
    """Every blob once, the newest of several records, without the empty blobs that only stand for a folder."""
    found: dict[tuple[str, str], Output] = {}
    for row in bundle.rows("outputs"):
        path = fields.text(row, "path")
        if path:
            blob = _output(path, row)
            key = (blob.output, path)
            found[key] = max(found[key], blob, key=_age) if key in found else blob
    folders = _folders(found)
    return [found[key] for key in sorted(found) if not _is_marker(found[key], folders)]


def _age(blob: Output) -> tuple[datetime, bool, str]:
    return blob.modified_at or _EVER, not blob.is_uncommitted, repr(blob)


def _folders(paths: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Every folder in which one of the paths lies."""
    folders: set[tuple[str, str]] = set()
    for output, path in paths:
        folder = path.rpartition("/")[0]
        while folder and (output, folder) not in folders:
            folders.add((output, folder))
            folder = folder.rpartition("/")[0]
    return folders


def _is_marker(blob: Output, folders: set[tuple[str, str]]) -> bool:
    """Storage with real folders lists each as a blob of no bytes (`hdi_isfolder`), and so do some clients."""
    if blob.size or blob.is_uncommitted:
        return False
    return blob.path.endswith("/") or (blob.output, blob.path) in folders


def _output(path: str, row: fields.Row) -> Output:
    return Output(
        output=fields.text(row, "output") or ARTIFACTS,
        path=path,
        size=fields.size(row, "size"),
        created_at=fields.instant(row, "created_at"),
        modified_at=fields.instant(row, "modified_at"),
        blob_type=fields.text(row, "blob_type"),
        committed=fields.flag(row, "committed"),
        uncommitted_bytes=fields.size(row, "uncommitted_bytes"),
        lease=fields.text(row, "lease"),
        head=fields.raw_bytes(row, "head"),
        tail=fields.raw_bytes(row, "tail"),
        looked_at=_looked_at(row),
    )


def _looked_at(row: fields.Row) -> Integrity | None:
    seen = fields.table(row, "integrity")
    state = fields.text(seen, "state")
    if state not in ("intact", "truncated"):
        return None
    return Integrity(fields.text(seen, "format"), IntegrityState(state), fields.text(seen, "detail") or "")


def _is_log(blob: Output) -> bool:
    """Logs are listed among the artifacts; they are judged as logs."""
    first = blob.path.split("/", 1)[0]
    return blob.output == ARTIFACTS and first in ("user_logs", "system_logs", "azureml-logs", "logs")
