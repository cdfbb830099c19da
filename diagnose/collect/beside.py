"""Earlier runs of the same experiment that lie beside a run become part of its evidence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.instants import format_instant
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.siblings import MOST
from diagnose.evidence.store import OverlayStore

MEMBER = "siblings.jsonl"
_EVER = datetime.min.replace(tzinfo=UTC)
MOST_FILES = 5_000
"""Of a run that left more, the listing counts as not complete."""


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """What is kept of a run that lies beside another: enough to be its sibling, and no open file."""

    record: RunRecord
    listing: tuple[Mapping[str, Any], ...] | None


def earlier_run(bundle: Bundle) -> EarlierRun | None:
    """A run that may be the sibling of another: one that the service closed as Completed."""
    record = bundle.get(RunRecord)
    if isinstance(record, Missing) or record.phase is not Phase.COMPLETED or record.ended_at is None:
        return None
    return EarlierRun(record, _listing(bundle))


def with_siblings(bundle: Bundle, others: Sequence[EarlierRun]) -> Bundle:
    """The same evidence with what is known of the earlier runs; the bundle itself when there are none.

    An earlier run is one of the same experiment and type that had ended before this one was last seen.
    """
    run = bundle.get(RunRecord)
    if isinstance(run, Missing) or run.experiment is None or bundle.has(MEMBER):
        return bundle
    earlier = sorted(
        (other for other in others if _is_earlier(run, other.record)),
        key=lambda other: other.record.ended_at or _EVER,
    )
    if not earlier:
        return bundle
    text = "".join(f"{json.dumps(_row(other), sort_keys=True)}\n" for other in earlier[::-1][:MOST])
    mapped = {name: name for name in (*bundle.store.names(), *bundle.store.ignored())}
    wider = Bundle(
        OverlayStore(bundle.store, {MEMBER: text.encode()}, mapped, bundle.store.where), bundle.manifest
    )
    wider.redaction = bundle.redaction
    return wider


def _row(other: EarlierRun) -> Mapping[str, Any]:
    return {
        "id": other.record.run_id,
        "status": other.record.status,
        "started_at": format_instant(other.record.started_at),
        "ended_at": format_instant(other.record.ended_at),
        "outputs": other.listing,
    }


def _is_earlier(run: RunRecord, other: RunRecord) -> bool:
    alike = (other.experiment, other.type) == (run.experiment, run.type) and other.run_id != run.run_id
    seen = run.ended_at or run.started_at
    return alike and (seen is None or (other.ended_at or _EVER) <= seen)


def _listing(bundle: Bundle) -> tuple[Mapping[str, Any], ...] | None:
    outputs = bundle.get(Outputs)
    if isinstance(outputs, Missing) or not outputs.is_complete or len(outputs.results) > MOST_FILES:
        return None
    return tuple({"output": blob.output, "path": blob.path, "size": blob.size} for blob in outputs.results)
