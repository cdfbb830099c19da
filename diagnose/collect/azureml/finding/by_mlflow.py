"""MLflow's question, put to a hundred experiments at a time; it tells which runs, and run history what is true of them.

MLflow has five words for seventeen statuses, so none of its rows says what a run's status is.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from diagnose.collect.azureml.finding.by_id import by_id
from diagnose.collect.azureml.finding.found import WHAT, Book
from diagnose.collect.azureml.finding.paged import mlflow_listing, posted
from diagnose.collect.azureml.finding.sought import Sought
from diagnose.collect.azureml.gaps import GapError
from diagnose.collect.azureml.workspace import Json, Service
from diagnose.evidence import fields

EXPERIMENTS_MAX = 100
"""Experiments in one question."""
PAGE = 500
"""The service has been seen to refuse pages of a thousand, of metrics at least."""
_OPEN = ("RUNNING", "SCHEDULED")
_FINAL = {"Completed": "FINISHED", "Failed": "FAILED", "Canceled": "KILLED"}
_RUNS = mlflow_listing(WHAT, "/runs/search", "runs")


def by_mlflow(service: Service, sought: Sought, experiments: Sequence[str], book: Book) -> Iterator[Json]:
    """Rows of run history; raises GapError where either of the two services does not answer."""
    answered = False
    for status, since in _questions(sought):
        for some in _in_hundreds(experiments):
            try:
                for row in by_id(service, _ids(service, some, status, since, book), book):
                    answered = True
                    yield row
                answered = True
            except GapError as error:
                if not answered:
                    raise
                book.broke(error.gap)


def _questions(sought: Sought) -> list[tuple[str, datetime | None]]:
    """MLflow's status, and since when runs of it are to have ended; one equality a question is all that is sure to be taken."""
    is_open = bool(sought.open_words) or sought.any_open
    return [(word, None) for word in _OPEN if is_open] + [
        (_FINAL[word], sought.since) for word in sought.final_words
    ]


def _ids(
    service: Service, experiments: Sequence[str], status: str, since: datetime | None, book: Book
) -> list[str]:
    """The names of one question's runs, all pages; where the end cannot be asked for, it is looked at in the rows."""
    text = f"attributes.status = '{status}'"
    if since is not None:
        ended = f"{text} and attributes.end_time >= {_milliseconds(since)}"
        try:
            return _pages(service, experiments, ended, since, book)
        except GapError as error:
            if error.gap.status != 400:
                raise
    return _pages(service, experiments, text, since, book)


def _pages(
    service: Service, experiments: Sequence[str], text: str, since: datetime | None, book: Book
) -> list[str]:
    body: Json = {
        "experiment_ids": list(experiments),
        "filter": text,
        "run_view_type": "ALL",
        "max_results": PAGE,
    }
    found: list[str] = []
    try:
        for page in posted(service, _RUNS, body):
            rows = [fields.table(row, "info") for row in page]
            book.listed += len(rows)
            found += [run_id for row in rows if _in_time(row, since) and (run_id := _id_of(row))]
    except GapError as error:
        if not found:
            raise
        book.broke(error.gap)
    return found


def _id_of(row: Json) -> str | None:
    return fields.text(row, "run_id") or fields.text(row, "run_uuid")


def _in_time(row: Json, since: datetime | None) -> bool:
    """Whether the run ended lately, as far as MLflow knows."""
    told = fields.text(row, "end_time") or ""
    if since is None or not told.isdecimal() or len(told) > 15:
        return True
    return int(told) >= _milliseconds(since)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _in_hundreds(experiments: Sequence[str]) -> Iterator[Sequence[str]]:
    return (experiments[at : at + EXPERIMENTS_MAX] for at in range(0, len(experiments), EXPERIMENTS_MAX))
