"""Every point of every metric, with its time: MLflow for numbers with a step, run history's metrics for the rest."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.history import run_path
from diagnose.collect.azureml.spool import Spool
from diagnose.collect.azureml.threads import each
from diagnose.collect.azureml.workspace import Json, Service
from diagnose.evidence import fields
from diagnose.evidence.bundle import PartState
from diagnose.evidence.instants import format_instant

METRICS = "metric/v2.0"
MLFLOW = "mlflow/v2.0"
NAMES_MAX = 500
POINTS_MAX = 1_000_000
"""Points of one metric that are kept."""
AT_ONCE = 8
PAGE = 25_000
PAGES_MAX = 200
TABLE_TEXT = 2_000
"""Characters of a table or list that somebody logged as a metric."""


@dataclass(frozen=True, slots=True)
class Named:
    """One metric of a run. `is_plain`: a number with a step, which MLflow tells whole."""

    name: str
    is_plain: bool
    last_at: datetime | None = None


def names(service: Service, run_id: str) -> list[Named]:
    """The metrics of a run; raises GapError when neither service tells them."""
    try:
        found = _last_values(service, run_id)
    except GapError as error:
        try:
            return _names_in_mlflow(service, run_id)
        except GapError:
            raise error from None
    return found or _names_in_mlflow(service, run_id)


def last_logged(found: list[Named]) -> str | None:
    """When the last point of any metric was logged."""
    return format_instant(max((each.last_at for each in found if each.last_at), default=None))


def _last_values(service: Service, run_id: str) -> list[Named]:
    found = []
    for page in _posted(service, "the names of the metrics", f"{run_path(run_id)}/lastvalues", {}):
        for row in fields.rows(page, "value", NAMES_MAX):
            name = fields.text(row, "name")
            if name is None:
                continue
            points = fields.rows(row, "value")
            last = points[-1] if points else {}
            columns = fields.table(row, "columns")
            plain = list(columns) in ([name], []) and fields.whole(last, "step") is not None
            found.append(Named(name, plain, fields.instant(last, "createdUtc")))
    return found


def _names_in_mlflow(service: Service, run_id: str) -> list[Named]:
    answer = service.data("the metrics in MLflow", MLFLOW, "/api/2.0/mlflow/runs/get", {"run_id": run_id})
    data = fields.table(fields.table(answer, "run"), "data")
    return [
        Named(name, is_plain=True, last_at=_at(row))
        for row in fields.rows(data, "metrics", NAMES_MAX)
        if (name := fields.text(row, "key"))
    ]


def keep(service: Service, run_id: str, found: list[Named], spool: Spool) -> tuple[int, int, list[Gap]]:
    """Every point as a line of `metrics.jsonl`, metric after metric; its lines, its bytes, and what is missing."""
    gaps: list[Gap] = []

    def fetch(metric: Named) -> str:
        name = f".metrics/{found.index(metric)}.jsonl"
        spool.rows(name, _until_trouble(points(service, run_id, metric), gaps))
        return name

    pieces = each(fetch, found, AT_ONCE)
    count, size = spool.join("metrics.jsonl", pieces)
    return count, size, gaps


def _until_trouble(rows: Iterator[Mapping[str, object]], gaps: list[Gap]) -> Iterator[Mapping[str, object]]:
    try:
        yield from rows
    except GapError as error:
        gaps.append(error.gap)


def points(service: Service, run_id: str, metric: Named) -> Iterator[Mapping[str, object]]:
    """The rows of `metrics.jsonl` of one metric; raises GapError, in the middle too."""
    found = _plain_points if metric.is_plain else _any_points
    for count, row in enumerate(found(service, run_id, metric.name)):
        if count >= POINTS_MAX:
            reason = f"it has more than {POINTS_MAX:,} points; the later ones were not asked for"
            raise GapError(Gap(_what(metric.name), PartState.PARTIAL, reason))
        yield row


def _plain_points(service: Service, run_id: str, name: str) -> Iterator[Mapping[str, object]]:
    query = {"run_id": run_id, "metric_key": name, "max_results": str(PAGE)}
    seen: set[str] = set()
    for _ in range(PAGES_MAX):
        page = service.data(_what(name), MLFLOW, "/api/2.0/mlflow/metrics/get-history", query)
        for row in fields.rows(page, "metrics", PAGE * 2):
            yield {
                "name": name,
                "value": row.get("value"),
                "step": _number(row.get("step")),
                "at": format_instant(_at(row)),
            }
        token = fields.text(page, "next_page_token")
        if not token:
            return
        if token in seen:
            raise GapError(
                Gap(_what(name), PartState.FAILED, "the service sends the same page again and again")
            )
        seen.add(token)
        query = query | {"page_token": token}
    raise GapError(Gap(_what(name), PartState.FAILED, f"it has more than {PAGES_MAX} pages"))


def _any_points(service: Service, run_id: str, name: str) -> Iterator[Mapping[str, object]]:
    for page in _posted(service, _what(name), f"{run_path(run_id)}/full", {"metricName": name}):
        for row in fields.rows(page, "value", PAGE * 2):
            data = fields.table(row, "data")
            yield {
                "name": name,
                "value": _value(data, name),
                "step": fields.whole(row, "step"),
                "at": format_instant(fields.instant(row, "createdUtc")),
            }


def _posted(service: Service, what: str, below: str, body: Json) -> Iterator[Json]:
    seen: set[str] = set()
    for _ in range(PAGES_MAX):
        page = service.question(what, METRICS, below, body)
        yield page
        token = fields.text(page, "continuationToken")
        if not token:
            return
        if token in seen:
            raise GapError(Gap(what, PartState.FAILED, "the service sends the same page again and again"))
        seen.add(token)
        body = dict(body) | {"continuationToken": token}
    raise GapError(Gap(what, PartState.FAILED, f"it has more than {PAGES_MAX} pages"))


def _value(data: Json, name: str) -> object:
    value = data.get(name) if list(data) == [name] else dict(data)
    if value is None or isinstance(value, (bool, dict, list)):
        return json.dumps(value)[:TABLE_TEXT]
    return value


def _what(name: str) -> str:
    return f"the metric {quote(name[:80], safe=' /_-.')}"


def _at(row: Json) -> datetime | None:
    """MLflow's time: milliseconds since 1970, as a number or as text."""
    millis = _number(row.get("timestamp"))
    try:
        return datetime.fromtimestamp(millis / 1000, UTC) if millis else None
    except (OverflowError, OSError, ValueError):
        return None


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
