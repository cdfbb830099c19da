"""Which way is taken: the cheapest that tells of every run, and the next one where the service does not answer it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from diagnose.collect.azureml.finding.by_analytics import by_analytics
from diagnose.collect.azureml.finding.by_jobs import by_jobs
from diagnose.collect.azureml.finding.by_mlflow import by_mlflow
from diagnose.collect.azureml.finding.by_query import by_query
from diagnose.collect.azureml.finding.experiments import Experiments, experiments_of
from diagnose.collect.azureml.finding.found import Book, Finding
from diagnose.collect.azureml.finding.sought import Sought, passes
from diagnose.collect.azureml.gaps import CollectError, GapError
from diagnose.collect.azureml.workspace import Json, Service, find_workspace

FEW = 40
"""Up to so many experiments a question to each, whose rows are whole, costs less than MLflow's names and their rows."""

_Rows = Callable[[Service, Sought, Book], Iterator[Json]]


@dataclass(frozen=True, slots=True)
class _Way:
    name: str
    reason: str
    rows: _Rows


def find(service: Service, sought: Sought, *, analytics: str | None = None) -> Finding:
    """The runs that are looked for. `analytics`: the id of a Log Analytics workspace, which is asked first.

    Raises CollectError when the workspace itself cannot be asked: no way leads to its runs.
    """
    if service.host is None:
        find_workspace(service)
    experiments, refused = _experiments(service, sought)
    if experiments is not None and experiments.named and not experiments.ids and experiments.gap is None:
        reason = f"there is no experiment {sought.experiment} in this workspace"
        return Finding("runs:query", reason, (), Book(), lambda _: False)
    only = experiments.ids[0] if experiments is not None and experiments.named and experiments.ids else None
    for way in _ways(experiments, analytics):
        book = Book(trouble=experiments.gap if experiments is not None else None)
        try:
            rows = _begun(way.rows(service, sought, book))
        except GapError as error:
            refused.append(f"{way.name} was not answered ({error.gap.reason})")
            continue
        reason = "; ".join([way.reason, *refused])
        return Finding(way.name, reason, rows, book, lambda row: passes(row, sought, only))
    raise CollectError(f"The runs of {service.workspace.name} cannot be listed: {'; '.join(refused)}.")


def _experiments(service: Service, sought: Sought) -> tuple[Experiments | None, list[str]]:
    """The experiments, or why nobody can say which there are."""
    try:
        return experiments_of(service, sought.experiment), []
    except GapError as error:
        return None, [f"the experiments were not told ({error.gap.reason})"]


def _ways(experiments: Experiments | None, analytics: str | None) -> Iterator[_Way]:
    if analytics is not None:
        yield _Way("log analytics", "its workspace was named", _with_log(analytics))
    if experiments is not None:
        count = f"{len(experiments.ids):,} experiment{'' if len(experiments.ids) == 1 else 's'}"
        query = _Way(
            "runs:query", f"{count}, each asked for the runs in question", _within(by_query, experiments.ids)
        )
        mlflow = _Way("mlflow", f"{count}, asked a hundred at a time", _within(by_mlflow, experiments.ids))
        yield from (query, mlflow) if len(experiments.ids) <= FEW else (mlflow, query)
    yield _Way("jobs", "the list of jobs, which has no filter, was read down to --since", by_jobs)


def _with_log(log: str) -> _Rows:
    return lambda service, sought, book: by_analytics(service, sought, log, book)


def _within(
    way: Callable[[Service, Sought, Sequence[str], Book], Iterator[Json]], ids: Sequence[str]
) -> _Rows:
    return lambda service, sought, book: way(service, sought, ids, book)


def _begun(rows: Iterator[Json]) -> Iterator[Json]:
    """The same rows, of which the first has come: whether a service answers is known by then. Raises GapError."""
    first = next(rows, None)
    return rows if first is None else chain([first], rows)
