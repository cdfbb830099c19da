"""What the service refused when a bundle was captured is refused again."""

from diagnose.evidence.bundle import PartState

from .faults import Forbidden
from .workspace import ARTIFACT_STORE

_PARTS = {
    "children": "children",
    "metric-names": "metrics",
    "metric-history": "metrics",
    "code": "code",
    "artifacts": "logs",
    "content-info": "logs",
}


def denial(world, request):
    """A refusal where the bundle says that this part of the run was denied, else None."""
    if request.workspace is None:
        return None
    asked = " ".join((request.path, *request.query.values()))
    for run in request.workspace.index.denied:
        part = _part(request, run)
        if part and run.bundle.part(part).state is PartState.DENIED and _concerns(request, run, asked):
            return Forbidden().reply(world, request)
    return None


def _part(request, run):
    if request.dialect != "blob":
        return _PARTS.get(request.resource)
    if request.path.strip("/").partition("/")[0] == request.workspace.containers[ARTIFACT_STORE]:
        return "logs"
    return "code" if request.workspace.code_prefix(run) in request.target else "outputs"


def _concerns(request, run, asked):
    names = (run.id, request.workspace.code_name(run), request.workspace.code_prefix(run))
    # A list of a whole container shows this run's blobs, too.
    return any(name in asked for name in names) or (
        request.resource == "blob-list" and "prefix" not in request.query
    )
