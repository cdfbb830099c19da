"""Whole rows of runs of which a list told little more than the name."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from diagnose.collect.azureml.finding.found import WHAT, Book
from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.history import HISTORY, run_record
from diagnose.collect.azureml.threads import each
from diagnose.collect.azureml.workspace import Json, Service
from diagnose.evidence import fields
from diagnose.evidence.bundle import PartState

BATCH = 100
AT_ONCE = 4
NOT_ANSWERED = frozenset({400, 404, 405, 501})


def by_id(service: Service, run_ids: Iterable[str], book: Book) -> Iterator[Json]:
    """The row of each run, a hundred a question; raises GapError where run history does not answer.

    A run that is not there any more is left out, and one that cannot be had is told in the book.
    """
    waiting = iter(dict.fromkeys(run_ids))
    while some := list(islice(waiting, BATCH)):
        try:
            yield from _batch(service, some, book)
        except GapError as error:
            if error.gap.status not in NOT_ANSWERED:
                raise
            yield from _one_by_one(service, some, book)


def _batch(service: Service, run_ids: Sequence[str], book: Book) -> Iterator[Json]:
    asked = {
        str(number): {"runId": run_id, "selectRunMetadata": True} for number, run_id in enumerate(run_ids)
    }
    answer = service.question(WHAT, HISTORY, "/batchrundata", {"requests": asked})
    told, errors = fields.table(answer, "runDataResult"), fields.table(answer, "errors")
    missed = 0
    for key in asked:
        row = fields.table(fields.table(told, key), "runMetadata")
        if row:
            yield row
        elif not _is_gone(fields.table(errors, key)):
            missed += 1
    if missed:
        reason = f"{missed:,} of them were named, and run history did not tell of them"
        book.broke(Gap(WHAT, PartState.PARTIAL, reason))


def _one_by_one(service: Service, run_ids: Sequence[str], book: Book) -> Iterator[Json]:
    for found in each(lambda run_id: _row(service, run_id), run_ids, AT_ONCE):
        if not isinstance(found, Gap):
            yield found
        elif found.status != 404:
            book.broke(found)


def _row(service: Service, run_id: str) -> Json | Gap:
    try:
        return run_record(service, run_id)
    except GapError as error:
        return error.gap


def _is_gone(told: Json) -> bool:
    """Whether this is how run history says that a run does not exist."""
    error = fields.table(told, "error")
    inner = fields.text(fields.table(error, "innerError"), "code") or ""
    return fields.whole(told, "statusCode") == 404 or inner.startswith("NotFound")
