"""The jobs list, newest first: ARM filters by no status and tells no times, so it is left at the first page that is too old."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from diagnose.collect.azureml.finding.by_id import by_id
from diagnose.collect.azureml.finding.found import WHAT, Book
from diagnose.collect.azureml.finding.paged import EMPTY_MAX, PAGES_MAX
from diagnose.collect.azureml.finding.sought import Sought, may_pass
from diagnose.collect.azureml.gaps import GapError
from diagnose.collect.azureml.paging import Pages
from diagnose.collect.azureml.workspace import ARM_VERSION, Json, Service, rows_of
from diagnose.evidence import fields
from diagnose.evidence.instants import format_instant

MARGIN = timedelta(days=14)
"""A run that ended lately may have been made so long before: queue, time limit and repetitions together."""


def by_jobs(service: Service, sought: Sought, book: Book) -> Iterator[Json]:
    """Rows of run history of the jobs that ARM lists; raises GapError where it does not, or run history does not answer."""
    book.notes = "it lists no child runs and no runs of the old SDK"
    return by_id(service, _names(service, sought, book), book)


def _names(service: Service, sought: Sought, book: Book) -> Iterator[str]:
    """The names of the jobs that may be looked for, down to the first page that is too old, or that cannot be had."""
    oldest, answered = sought.since - MARGIN, False
    try:
        for page in _pages(service):
            answered, rows = True, rows_of(page)
            book.listed += len(rows)
            yield from filter(None, (_wanted(row, sought) for row in rows))
            if rows and all(_made_before(row, oldest) for row in rows):
                book.notes += (
                    f", and open runs that were created before {format_instant(oldest)} are not seen"
                )
                return
    except GapError as error:
        if not answered:
            raise
        book.broke(error.gap)


def _pages(service: Service) -> Iterator[Json]:
    url = (
        f"https://{service.cloud.arm}{service.workspace.path}/jobs?api-version={ARM_VERSION}&listViewType=All"
    )
    return service.pages(WHAT, url, "$skip", Pages(WHAT, PAGES_MAX, EMPTY_MAX))


def _wanted(row: Json, sought: Sought) -> str | None:
    """The name of a job that may be looked for; what its row does not say is asked of run history."""
    told = fields.table(row, "properties")
    experiment = fields.text(told, "experimentName")
    if sought.experiment and experiment and experiment.casefold() != sought.experiment.casefold():
        return None
    status = fields.text(told, "status")
    return fields.text(row, "name") if status is None or may_pass(status, sought) else None


def _made_before(row: Json, oldest: datetime) -> bool:
    made = fields.instant(fields.table(row, "systemData"), "createdAt")
    return made is not None and made < oldest
