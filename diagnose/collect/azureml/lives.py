"""The last signs of life of child runs, each from the child's own logs, metrics and heartbeat."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from diagnose.collect.azureml import metrics
from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.history import child_row, container_of, heartbeat_in, status_history
from diagnose.collect.azureml.storage import Storage
from diagnose.collect.azureml.threads import each
from diagnose.collect.azureml.whereabouts import Locations
from diagnose.collect.azureml.workspace import Json, Service
from diagnose.evidence import fields
from diagnose.evidence.bundle import PartState
from diagnose.evidence.instants import format_instant
from diagnose.evidence.run import Phase, phase_of

LOOKED_AT = 60
"""Children that are asked for a sign of life, the open ones first; each costs up to three requests."""
AT_ONCE = 8


def child_rows(
    told: Mapping[str, Json], service: Service, storage: Storage, locations: Locations
) -> tuple[list[Mapping[str, object]], list[Gap]]:
    """The rows of `children.jsonl`, in the order of their creation, with what could not be read of them."""
    ordered = sorted(
        told.values(), key=lambda row: (fields.text(row, "createdUtc") or "", str(row.get("runId")))
    )
    by_need = sorted(ordered, key=_is_closed)[:LOOKED_AT]
    gaps: list[Gap] = []

    def look(row: Json) -> Mapping[str, object]:
        return _signs(row, service, storage, locations, gaps)

    signs = {
        str(row.get("runId")): found for row, found in zip(by_need, each(look, by_need, AT_ONCE), strict=True)
    }
    unasked = [row for row in ordered if str(row.get("runId")) not in signs and not _is_closed(row)]
    if unasked:
        reason = f"{len(unasked):,} open ones beyond the first {LOOKED_AT} were not asked for a sign of life"
        gaps.append(Gap("the child runs", PartState.PARTIAL, reason))
    unread = {"signs_unread": True}
    return [
        child_row(row) | dict(signs.get(str(row.get("runId")), {} if _is_closed(row) else unread))
        for row in ordered
    ], gaps


def _is_closed(row: Json) -> bool:
    return phase_of(fields.text(row, "status")) not in (Phase.OPEN, Phase.BEFORE_START, Phase.UNKNOWN)


def _signs(
    row: Json, service: Service, storage: Storage, locations: Locations, gaps: list[Gap]
) -> dict[str, object]:
    run_id = fields.text(row, "runId") or ""
    signs: dict[str, object] = {}
    looks: dict[str, Callable[[], str | None]] = {
        "last_log_at": lambda: format_instant(
            last_log(row, f"the logs of the child run {run_id}", storage, locations)
        ),
        "last_metric_at": lambda: metrics.last_logged(metrics.names(service, run_id)),
    }
    for name, look in looks.items():
        try:
            signs[name] = look()
        except GapError as error:
            signs["signs_unread"] = True  # what nobody could read is no silence
            gaps.append(error.gap)
    if not _is_closed(row):
        with contextlib.suppress(GapError):  # best effort, as for the run itself
            signs["heartbeat_at"] = heartbeat_in(status_history(service, run_id))
    return signs


def last_log(row: Json, what: str, storage: Storage, locations: Locations) -> datetime | None:
    """When the run last wrote to a log of its own; raises GapError, which names it as `what`."""
    place = locations.artifacts(container_of(row, fields.text(row, "runId") or ""))
    if place is None:
        raise GapError(Gap(what, PartState.FAILED, "the workspace names no storage account"))
    # Where runs write their logs, now and formerly; their outputs may be a million blobs.
    for folder in ("user_logs/", "azureml-logs/", "logs/"):
        listed = storage.listing(what, replace(place, prefix=place.prefix + folder))
        times = [blob.modified_at for blob in listed if blob.modified_at]
        if times:
            return max(times)
    return None
