"""Log Analytics: what workspaces sent of the statuses of their runs. It reads of a query what the tests ask, and no more."""

import re

from . import times
from .answers import answer
from .workspace import identifier

_TABLE = re.compile(r"\bAmlRunStatusChangedEvent\b")
_RESOURCE = re.compile(r'_ResourceId =~ "([^"]+)"')
_FINAL = re.compile(r"Status !in~ \(([^)]*)\)")
_SINCE = re.compile(r"TimeGenerated >= datetime\(([^)]+)\)")
_COLUMNS = (("RunId", "string"), ("Status", "string"), ("TimeGenerated", "datetime"))


def log_id(workspace):
    """The id of the Log Analytics workspace that a workspace of ours sends to."""
    return identifier(workspace.workspace_id, "log analytics")


def query(world, request, log):
    """`POST /v1/workspaces/{id}/query`."""
    known = next((each for each in world.workspaces.values() if log_id(each) == log.lower()), None)
    if known is None:
        return _refused("PathNotFoundError", "The requested path does not exist", 404)
    request.date = known.now
    text = request.document.get("query") or ""
    if not _TABLE.search(text):
        return _refused("BadArgumentError", "The request had some invalid properties", 400)
    named = _RESOURCE.search(text)
    is_sent = known.name in world.diagnostics and (not named or named[1].lower() == known.scope.lower())
    rows = _rows(known, text) if is_sent else []
    columns = [{"name": name, "type": kind} for name, kind in _COLUMNS]
    return answer({"tables": [{"name": "PrimaryResult", "columns": columns, "rows": rows}]})


def _rows(workspace, text):
    """The last status of each run that is asked for, the newest first, and the oldest of all."""
    last = [
        (run.at("ended_at") or run.at("started_at") or run.created_at, run) for run in workspace.runs.values()
    ]
    last.sort(key=lambda pair: pair[0], reverse=True)
    final, since = _FINAL.search(text), _SINCE.search(text)
    words = set(re.findall(r'"(\w+)"', final[1])) if final else set()
    bound = times.parsed(since[1]) if since else None
    shown = [
        (at, run)
        for at, run in last
        if run.status not in words or (bound and at >= bound) or run is last[-1][1]
    ]
    return [[run.id, run.status, times.details(at)] for at, run in shown]


def _refused(code, message, status):
    return answer({"error": {"code": code, "message": message}}, status)
