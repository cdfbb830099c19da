"""Every point of every metric, with its time: MLflow for numbers with a step, run history's metrics for the rest."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from urllib.parse import quote

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.history import run_path
from diagnose.collect.azureml.paging import Pages
from diagnose.collect.azureml.spool import Spool
from diagnose.collect.azureml.threads import each
from diagnose.collect.azureml.workspace import Json, Service, rows_of
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
            numbers = _names_in_mlflow(service, run_id)
        except GapError:
            raise error from None
        if not numbers:  # MLflow knows of numbers only: that it has none does not tell that there are none
            raise
        return numbers
    # Two namespaces may hold one name, and every history is asked for by name.
    return list({each.name: each for each in found}.values()) or _names_in_mlflow(service, run_id)


def last_logged(found: list[Named]) -> str | None:
    """When the last point of any metric was logged."""
    return format_instant(max((each.last_at for each in found if each.last_at), default=None))


def _last_values(service: Service, run_id: str) -> list[Named]:
    found = []
    for page in _posted(service, "the names of the metrics", f"{run_path(run_id)}/lastvalues", {}):
        for row in rows_of(page):
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
        # Whether it has steps MLflow does not tell.
        Named(name, is_plain=False, last_at=_at(row))
        for row in rows_of(data, "metrics")
        if (name := fields.text(row, "key"))
    ]


def keep(service: Service, run_id: str, found: list[Named], spool: Spool) -> tuple[int, int, list[Gap]]:
    """Every point as a line of `metrics.jsonl`, metric after metric; its lines, its bytes, and what is missing."""
    gaps: list[Gap] = []
    if len(found) > NAMES_MAX:
        reason = f"there are more than {NAMES_MAX}; the later ones were not asked for"
        gaps.append(Gap("the metrics", PartState.PARTIAL, reason))

    def fetch(item: tuple[int, Named]) -> str:
        number, metric = item
        name = f".metrics/{number}.jsonl"
        spool.rows(name, _until_trouble(points(service, run_id, metric), gaps))
        return name

    pieces = each(fetch, enumerate(found[:NAMES_MAX]), AT_ONCE)
    count, size = spool.join("metrics.jsonl", pieces)
    return count, size, gaps


def _until_trouble(rows: Iterator[Mapping[str, object]], gaps: list[Gap]) -> Iterator[Mapping[str, object]]:
    try:
        yield from rows
    except GapError as error:
        gaps.append(error.gap)


def points(service: Service, run_id: str, metric: Named) -> Iterator[Mapping[str, object]]:
    """The rows of `metrics.jsonl` of one metric; raises GapError, in the middle too.

    The service that tells it best is asked first, and the other one where that one does not answer at all.
    """
    ways = [_plain_points, _any_points] if metric.is_plain else [_any_points, _stepless_points]
    rows = _first_that_answers([way(service, run_id, metric.name) for way in ways])
    for count, row in enumerate(rows):
        if count >= POINTS_MAX:
            reason = f"it has more than {POINTS_MAX:,} points; the later ones were not asked for"
            raise GapError(Gap(_what(metric.name), PartState.PARTIAL, reason))
        yield row


def _first_that_answers(ways: list[Iterator[Mapping[str, object]]]) -> Iterator[Mapping[str, object]]:
    missing: GapError | None = None
    for rows in ways:
        try:
            first = next(rows, None)
        except GapError as error:
            missing = missing or error
            continue
        return rows if first is None else chain([first], rows)
    raise missing or AssertionError("there is at least one way")


def _stepless_points(service: Service, run_id: str, name: str) -> Iterator[Mapping[str, object]]:
    """MLflow writes step 0 where none was given, so of a metric that may have none it says nothing."""
    for row in _plain_points(service, run_id, name):
        yield dict(row) | {"step": row["step"] or None}


def _plain_points(service: Service, run_id: str, name: str) -> Iterator[Mapping[str, object]]:
    query = {"run_id": run_id, "metric_key": name, "max_results": str(PAGE)}
    turned = Pages(_what(name))
    while True:
        page = service.data(_what(name), MLFLOW, "/api/2.0/mlflow/metrics/get-history", query)
        rows = rows_of(page, "metrics")
        for row in rows:
            yield {
                "name": name,
                "value": row.get("value"),
                "step": _number(row.get("step")),
                "at": format_instant(_at(row)),
            }
        token = fields.text(page, "next_page_token")
        if not turned.goes_on(token, len(rows)):
            return
        query |= {"page_token": str(token)}


def _any_points(service: Service, run_id: str, name: str) -> Iterator[Mapping[str, object]]:
    for page in _posted(service, _what(name), f"{run_path(run_id)}/full", {"metricName": name}):
        for row in rows_of(page):
            data = fields.table(row, "data")
            yield {
                "name": name,
                "value": _value(data, name),
                "step": fields.whole(row, "step"),
                "at": format_instant(fields.instant(row, "createdUtc")),
            }


def _posted(service: Service, what: str, below: str, body: Json) -> Iterator[Json]:
    turned = Pages(what)
    while True:
        page = service.question(what, METRICS, below, body)
        yield page
        token = fields.text(page, "continuationToken")
        if not turned.goes_on(token, len(rows_of(page))):
            return
        body = dict(body) | {"continuationToken": token}


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
