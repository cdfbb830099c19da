"""The table of a run's processes, where a recorder inside the job wrote one down: no service can see them."""

from collections.abc import Iterator

from diagnose.collect.azureml.gaps import Gap
from diagnose.collect.azureml.spool import Spool
from diagnose.collect.azureml.storage import RANGE, Listed, Storage
from diagnose.collect.azureml.workspace import Json
from diagnose.evidence.bundle import Part, PartState
from diagnose.evidence.documents import BrokenJsonError, parse_object

RECORDER = "logs/diagnose/processes.jsonl"
"""Below the run's artifacts; `logs/` is streamed while the job runs, `outputs/` is not. Rows as in `processes.jsonl`."""
WHAT = "the table of processes"


def keep_processes(blob: Listed, storage: Storage, spool: Spool) -> Part:
    """The table as `processes.jsonl`; raises GapError."""
    piece = storage.piece(WHAT, blob, 0, min(blob.size, RANGE)) if blob.size else None
    broken: list[str] = []
    count, size = spool.rows("processes.jsonl", _rows(piece.data if piece else b"", broken))
    if broken or blob.size > RANGE:
        why = broken[0] if broken else f"only its first {RANGE:,} bytes were read"
        return Gap(WHAT, PartState.PARTIAL, why).part(count, size)
    return Part(PartState.COMPLETE, None, count, size)


def _rows(data: bytes, broken: list[str]) -> Iterator[Json]:
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield parse_object(line, number)
        except BrokenJsonError as error:
            broken.append(str(error))
            return
