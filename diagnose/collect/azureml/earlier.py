"""Earlier completed runs of the same experiment: which there are, and what each of them left."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.history import HISTORY, at, container_of, runtime_of, type_of
from diagnose.collect.azureml.paging import Pages
from diagnose.collect.azureml.storage import Listed, Place, Storage
from diagnose.collect.azureml.threads import each
from diagnose.collect.azureml.whereabouts import Locations
from diagnose.collect.azureml.workspace import Json, Service, rows_of
from diagnose.collect.beside import MOST_FILES
from diagnose.collect.layouts import LOG_FOLDERS
from diagnose.evidence import fields
from diagnose.evidence.bundle import PartState
from diagnose.evidence.outputs import ARTIFACTS
from diagnose.evidence.run import Phase, is_parent_type, phase_of

RUNS = "the earlier runs"
LEFT = "the outputs of earlier runs"
COUNT = 3
"""So many make a habit, and cost two listings each."""
PAGE = 20
PAGES_MOST = 3
AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One listing of what a run left: its artifacts, or the folder in which its named outputs lie by default."""

    run: Json
    place: Place
    is_artifacts: bool


def may_have_siblings(run: Json) -> bool:
    """Whether earlier runs tell anything of this one: its experiment is known, and it is no child of another run."""
    return bool(fields.text(run, "experimentId")) and not fields.text(run, "parentRunId")


def earlier_runs(service: Service, run: Json, count: int) -> tuple[list[Json], Gap | None]:
    """At most `count` earlier runs, the last to end first, and why there may be more; never raises GapError."""
    found: dict[str, Json] = {}
    gap: Gap | None = None
    try:
        for page in _pages(service, run):
            found |= {str(row["runId"]): row for row in rows_of(page) if _is_earlier(row, run)}
            if len(found) >= count:
                break
    except GapError as error:
        gap = error.gap
    return sorted(found.values(), key=_ended_at, reverse=True)[:count], gap


def _ended_at(row: Json) -> float:
    ended = fields.instant(row, "endTimeUtc")
    return ended.timestamp() if ended else 0.0


def _pages(service: Service, run: Json) -> Iterator[Json]:
    below = f"/experimentids/{quote(str(run['experimentId']), safe='')}/runs:query"
    body: Json = {"filter": _filter(run), "orderBy": "CreatedUtc desc", "top": PAGE}
    turned = Pages(RUNS)
    for _ in range(PAGES_MOST):
        page = service.question(RUNS, HISTORY, below, body)
        yield page
        token = fields.text(page, "continuationToken")
        if not turned.goes_on(token, len(rows_of(page))):
            return
        body = dict(body) | {"continuationToken": token}
    reason = f"too few were on the first {PAGES_MOST} pages; the rest was not asked for"
    raise GapError(Gap(RUNS, PartState.PARTIAL, reason))


def _filter(run: Json) -> str:
    """In the terms of the service's own clients, but for `lt` (they write `ge`). What it lets through is looked at again."""
    kind, seen = fields.text(run, "runType") or "", at(run, "endTimeUtc") or at(run, "startTimeUtc")
    terms = ["(Status eq Completed)", "(ParentRunId eq null)"]
    terms += [f"(RunType eq {kind})"] if re.fullmatch(r"[A-Za-z0-9._]{1,80}", kind) else []
    terms += [f"(CreatedUtc lt {seen})"] if seen else []
    return " and ".join(terms)


def _is_earlier(row: Json, run: Json) -> bool:
    """Whether the row is a run of the same experiment and kind, completed before this one was last seen."""
    ended = fields.instant(row, "endTimeUtc")
    seen = fields.instant(run, "endTimeUtc") or fields.instant(run, "startTimeUtc")
    run_id, experiments = fields.text(row, "runId"), {fields.text(one, "experimentId") for one in (row, run)}
    is_alike = len(experiments) == 1 and type_of(row) == type_of(run)
    is_another = bool(run_id) and run_id != fields.text(run, "runId") and not fields.text(row, "parentRunId")
    is_done = phase_of(fields.text(row, "status")) is Phase.COMPLETED and ended is not None
    return is_alike and is_another and is_done and (seen is None or ended is None or ended <= seen)


def sibling_rows(
    runs: Sequence[Json], declared: Iterable[str], storage: Storage, where: Locations
) -> tuple[list[Json], list[Gap]]:
    """The rows of `siblings.jsonl`, and each reason once why there is no listing in one of them.

    `declared`: the outputs of the run whose siblings they are.
    """
    own = frozenset(declared)
    shelves = [shelf for run in runs for shelf in _shelves(run, where)]
    listed = list(zip(shelves, each(lambda shelf: _list(shelf, storage), shelves, AT_ONCE), strict=True))
    made, gaps = list[Json](), dict[tuple[PartState, str], Gap]()
    for run in runs:
        left = _left(run, [(shelf, found) for shelf, found in listed if shelf.run is run], own)
        if isinstance(left, Gap):
            gaps.setdefault((left.state, left.reason), left)
        made.append(_row(run, None if isinstance(left, Gap) else left))
    return made, list(gaps.values())


def _shelves(run: Json, where: Locations) -> Iterator[_Shelf]:
    run_id = str(run["runId"])
    artifacts = where.artifacts(container_of(run, run_id))
    if artifacts:
        yield _Shelf(run, artifacts, is_artifacts=True)
    folder = where.default_folder(run_id, is_v1=runtime_of(run) == "v1")
    # Only where the service says that there is the artifacts' own and no other is there nothing to list.
    if folder and set(fields.table(run, "outputs")) != {"default"}:
        yield _Shelf(run, folder, is_artifacts=False)


def _list(shelf: _Shelf, storage: Storage) -> list[Listed] | Gap:
    try:
        return list(islice(storage.listing(LEFT, shelf.place), MOST_FILES + 1))
    except GapError as error:
        return error.gap


def _left(
    run: Json, listed: Sequence[tuple[_Shelf, list[Listed] | Gap]], own: frozenset[str]
) -> list[Json] | Gap:
    """What the run left, or why nobody can say all of it."""
    blobs: list[tuple[_Shelf, Listed]] = []
    for shelf, found in listed:
        if isinstance(found, Gap):
            return found
        blobs += [(shelf, blob) for blob in found]
    if not any(shelf.is_artifacts for shelf, _ in blobs) and not is_parent_type(type_of(run)):
        # A run that completed left its logs at least: whoever deleted these may have deleted more.
        return Gap(LEFT, PartState.GONE, "of one of them not even the logs are there (any more)")
    if len(blobs) > MOST_FILES:
        return Gap(LEFT, PartState.PARTIAL, f"one of them left more than {MOST_FILES:,} files")
    files, named = [file for shelf, blob in blobs if (file := _file(shelf, blob))], _named(run)
    if named - {file["output"] for file in files}:
        return Gap(LEFT, PartState.FAILED, "one of them put an output where it was not looked for")
    # What else lies in the folder of the outputs is none, and nobody looks for it in the run itself.
    return [file for file in files if file["output"] in {ARTIFACTS} | named | own]


def _file(shelf: _Shelf, blob: Listed) -> Json | None:
    """One file that was left; None for a log, and for blocks that nobody committed."""
    path = blob.name.removeprefix(shelf.place.prefix)
    output, _, below = (ARTIFACTS, "", path) if shelf.is_artifacts else path.partition("/")
    is_log = shelf.is_artifacts and path.partition("/")[0] in LOG_FOLDERS
    if is_log or not blob.committed:
        return None
    return {"output": output, "path": below or output, "size": blob.size}


def _named(run: Json) -> set[str]:
    """The outputs that the run's record names, of either generation."""
    details = [fields.table(row, "outputDetails") for row in fields.rows(run, "outputDatasets")]
    datasets = {fields.text(told, "outputName") or "" for told in details}
    return (set(map(str, fields.table(run, "outputs"))) | datasets) - {"default"}


def _row(run: Json, left: list[Json] | None) -> Json:
    return {
        "id": fields.text(run, "runId"),
        "status": fields.text(run, "status"),
        "started_at": at(run, "startTimeUtc"),
        "ended_at": at(run, "endTimeUtc"),
        "outputs": left,
    }
