"""The statuses that a workspace sent to Log Analytics: one question for all its runs, where somebody set that up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from diagnose.collect.azureml.finding.by_id import by_id
from diagnose.collect.azureml.finding.found import WHAT, Book
from diagnose.collect.azureml.finding.sought import FINAL, Sought, may_pass
from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.workspace import Json, Service, WorkspaceId
from diagnose.evidence.bundle import PartState
from diagnose.evidence.instants import format_instant

RUNS_MAX = 100_000
"""Rows of one answer; Log Analytics itself ends at 500,000 or 64 MB."""


@dataclass(frozen=True, slots=True)
class _Last:
    """The last status of a run, and when it came."""

    run_id: str
    status: str | None
    at: datetime | None


def by_analytics(service: Service, sought: Sought, log: str, book: Book) -> Iterator[Json]:
    """Rows of run history of the runs whose last status is looked for; raises GapError where nothing can be asked.

    `log`: the id of the Log Analytics workspace.
    """
    told = list(_asked(service, log, query_of(service.workspace, sought), book))
    book.listed += len(told)
    if not told:
        reason = "no status of a run of this workspace is in it: its diagnostic settings may not send any"
        raise GapError(Gap("Log Analytics", PartState.GONE, reason))
    if len(told) >= RUNS_MAX:
        book.broke(Gap(WHAT, PartState.PARTIAL, f"Log Analytics told of {RUNS_MAX:,} and no more"))
    first = format_instant(min((last.at for last in told if last.at), default=None))
    book.notes = f"runs whose status last changed before {first}, where that log begins, are not seen"
    yield from by_id(service, [last.run_id for last in told if may_pass(last.status, sought)], book)


def query_of(workspace: WorkspaceId, sought: Sought) -> str:
    """The last status of each run; the oldest is asked for too, since it says from when on anything was kept."""
    names = (workspace.subscription, workspace.resource_group, workspace.name)
    subscription, group, name = (re.sub(r"[^\w.()-]", "", part) for part in names)
    since = format_instant(sought.since)
    provider = "providers/Microsoft.MachineLearningServices/workspaces"
    final = ", ".join(f'"{word}"' for word in FINAL.values())
    return "\n".join(
        [
            "let known = AmlRunStatusChangedEvent",
            f'| where _ResourceId =~ "/subscriptions/{subscription}/resourceGroups/{group}/{provider}/{name}"',
            "| summarize arg_max(TimeGenerated, Status) by RunId;",
            "let first = toscalar(known | summarize min(TimeGenerated));",
            "known",
            f"| where Status !in~ ({final}) or TimeGenerated >= datetime({since}) or TimeGenerated == first",
            "| project RunId, Status, TimeGenerated",
            f"| top {RUNS_MAX} by TimeGenerated desc",
        ]
    )


def _asked(service: Service, log: str, query: str, book: Book) -> Iterator[_Last]:
    if not re.fullmatch("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", log):
        reason = "its workspace is named by a GUID, as Azure Monitor shows it"
        raise GapError(Gap("Log Analytics", PartState.FAILED, reason))
    client = _client(service)
    host = service.cloud.analytics
    result = service.patience.ask(
        "Log Analytics", host, lambda: client.query_workspace(log, query, timespan=None)
    )
    if trouble := getattr(result, "partial_error", None):
        code = str(getattr(trouble, "code", ""))[:80]
        book.broke(Gap(WHAT, PartState.PARTIAL, f"Log Analytics broke its answer off ({code})"))
    for table in getattr(result, "tables", None) or getattr(result, "partial_data", None) or ():
        for row in table.rows:
            if last := _last(dict(zip(table.columns, row, strict=False))):
                yield last


def _client(service: Service) -> Any:
    try:
        from azure.monitor.query import LogsQueryClient  # noqa: PLC0415  (an extra, and only here)
    except ImportError as error:
        reason = "it is asked through azure-monitor-query: pip install azureml-diagnose[log-analytics]"
        raise GapError(Gap("Log Analytics", PartState.FAILED, reason)) from error
    return LogsQueryClient(
        service.tokens,
        endpoint=f"https://{service.cloud.analytics}",
        transport=service.wire.transport,
        retry_total=0,
    )


def _last(row: dict[str, Any]) -> _Last | None:
    run_id, status, at = row.get("RunId"), row.get("Status"), row.get("TimeGenerated")
    if not isinstance(run_id, str) or not run_id:
        return None
    return _Last(
        run_id, status if isinstance(status, str) else None, at if isinstance(at, datetime) else None
    )
