"""The experiments of a workspace: archived ones too, since an open run in one of them costs as much as any other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from diagnose.collect.azureml.finding.paged import Listing, mlflow_listing, posted
from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.history import HISTORY
from diagnose.collect.azureml.workspace import Service
from diagnose.evidence import fields

WHAT = "the experiments"
PAGE = 500


@dataclass(frozen=True, slots=True)
class Experiments:
    """Their ids. `named`: only the one that was asked for; `gap`: why there may be more."""

    ids: tuple[str, ...]
    named: bool = False
    gap: Gap | None = None


def experiments_of(service: Service, name: str | None) -> Experiments:
    """All experiments, or the one of that name, if there is one; raises GapError."""
    if name is None:
        listed, gap = _listed(service)
        return Experiments(tuple(listed), gap=gap)
    try:
        row = service.data(WHAT, HISTORY, f"/experiments/{quote(name, safe='')}")
        if found := fields.text(row, "experimentId"):
            return Experiments((found,), named=True)
    except GapError:
        pass  # it says 404 of an experiment and of a question that it does not know: the list tells them apart
    listed, gap = _listed(service)
    ids = tuple(key for key, known in listed.items() if known.casefold() == name.casefold())
    return Experiments(ids, named=True, gap=None if ids else gap)


def _listed(service: Service) -> tuple[dict[str, str], Gap | None]:
    """Id to name; of two lists that break off, all that came of both."""
    known: dict[str, str] = {}
    ways: tuple[Callable[[Service], Iterator[tuple[str | None, str | None]]], ...] = (_history, _mlflow)
    gap: Gap | None = None
    for way in ways:
        try:
            for key, name in way(service):
                if key:
                    known[key] = name or ""
        except GapError as error:
            gap = gap or error.gap
            continue
        return known, None
    if gap is not None and not known:
        raise GapError(gap)
    return known, gap


def _history(service: Service) -> Iterator[tuple[str | None, str | None]]:
    for page in posted(service, _IN_HISTORY, {"viewType": "All", "top": PAGE}):
        for row in page:
            yield fields.text(row, "experimentId"), fields.text(row, "name")


def _mlflow(service: Service) -> Iterator[tuple[str | None, str | None]]:
    for page in posted(service, _IN_MLFLOW, {"view_type": "ALL", "max_results": PAGE}):
        for row in page:
            yield fields.text(row, "experiment_id"), fields.text(row, "name")


_IN_HISTORY = Listing(WHAT, HISTORY, "/experiments:query")
_IN_MLFLOW = mlflow_listing(WHAT, "/experiments/search", "experiments")
