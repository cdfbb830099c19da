"""The content service: the source of a run of the old runtime, as a tree of signed addresses."""

from . import errors
from .answers import answer
from .history import signed
from .workspace import BLOB_STORE


def tree(world, request, snapshot):
    """`GET snapshots/{id}/sas`; the shape follows the client's models, and is unproven."""
    workspace = request.workspace
    run = workspace.index.codes.get(snapshot)
    if run and run.code:
        return answer(_folder(workspace, workspace.code_prefix(run), run.code))
    return errors.history(request, 404, f"Snapshot {snapshot} was not found")


def _folder(workspace, prefix, names):
    """The node of a folder; `names`: the paths of the files below it."""
    children = {}
    for name in sorted(names):
        top, _, below = name.partition("/")
        children.setdefault(top, []).append(below)
    container = workspace.containers[BLOB_STORE]
    return {
        "name": "",
        "hash": None,
        "type": "Directory",
        "timestamp": None,
        "sasUrl": None,
        "absoluteUrl": None,
        "fileSizeBytes": 0,
        "fileSetCount": 0,
        "children": {
            top: _folder(workspace, f"{prefix}/{top}", below)
            if any(below)
            else _file(workspace, container, f"{prefix}/{top}")
            for top, below in children.items()
        },
    }


def _file(workspace, container, name):
    return {
        "name": name.rpartition("/")[2],
        "hash": None,
        "type": "File",
        "timestamp": None,
        "sasUrl": signed(workspace, container, name),
        "absoluteUrl": None,
        "fileSizeBytes": 0,
        "fileSetCount": 0,
        "children": {},
    }
