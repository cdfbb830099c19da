"""Small bundles in memory: a test says what the run left behind, and gets facts and findings of it."""

import gzip
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from diagnose.engine import watched_by
from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.manifest import Manifest, Origin, Part, PartState
from diagnose.evidence.store import OverlayStore
from diagnose.rules import all_rules

START = datetime(2026, 11, 20, 8, tzinfo=UTC)
"""When the runs of the tests were created."""
CAPTURED = START + timedelta(hours=6)

STD_LOG = "user_logs/std_log.txt"
WRAPPER = "system_logs/lifecycler/execution-wrapper.log"
LIFECYCLER = "system_logs/lifecycler/lifecycler.log"
DRIVER = "azureml-logs/70_driver_log.txt"

_TABLES = ("children", "metrics", "outputs", "processes")


def moment(minutes=0.0):
    """So many minutes after the start."""
    return START + timedelta(minutes=minutes)


def iso(minutes=0.0):
    """The same as bundles spell it."""
    return moment(minutes).isoformat().replace("+00:00", "Z")


def line(minutes, text):
    """A log line with a time of its own."""
    return f"{moment(minutes):%Y-%m-%d %H:%M:%S} {text}\n"


def run_row(status="Running", **fields):
    """A `run.json`, created and started at the start."""
    known = {"id": "r-1", "type": "command", "created_at": iso(), "started_at": iso()}
    return {**known, "status": status, **fields}


def bundle_of(
    run=None,
    *,
    logs=None,
    log_rows=None,
    outputs=None,
    metrics=None,
    children=None,
    processes=None,
    siblings=None,
    code=None,
    parts=None,
    captured_at=CAPTURED,
    members=None,
    origin=None,
):
    """A bundle, watched for the patterns of all rules.

    What is given is a complete part, even when it is empty; what is not given was not collected. `logs` and
    `code` map paths to text or bytes (`logs` may be the text of the user's log alone), `log_rows` maps paths
    to fields of their row in `logs.jsonl`, `parts` overrides states by word or by Part, `members` adds raw
    files and replaces built ones.
    """
    logs = {STD_LOG: logs} if isinstance(logs, str | bytes) else logs
    given = dict(zip(_TABLES, (children, metrics, outputs, processes), strict=True))
    files = {f"{name}.jsonl": _lines(rows) for name, rows in given.items() if rows is not None}
    if siblings is not None:
        files["siblings.jsonl"] = _lines(siblings)
    if run is not None:
        files["run.json"] = json.dumps(run).encode()
    if logs is not None or log_rows is not None:
        files |= _logs(logs or {}, log_rows or {})
    files |= {f"code/{path}": _bytes(text) for path, text in (code or {}).items()}
    given |= {"run": run, "logs": logs if logs is not None else log_rows, "code": code}
    states = {name: Part(PartState.COMPLETE) for name, value in given.items() if value is not None}
    states |= {name: _part(part) for name, part in (parts or {}).items()}
    manifest = Manifest(captured_at=captured_at, origin=Origin(**origin or {}), parts=states)
    bundle = Bundle(OverlayStore(None, {**files, **(members or {})}, {}, "a test"), manifest)
    bundle.watch(watched_by(all_rules()))
    return bundle


def fact(kind, *given, **more):
    """A fact of `bundle_of(...)`, which must be there."""
    found = bundle_of(*given, **more).get(kind)
    assert not isinstance(found, Missing), found.reason
    return found


def missing(kind, *given, **more):
    """Why a fact of `bundle_of(...)` is missing, which it must be."""
    found = bundle_of(*given, **more).get(kind)
    assert isinstance(found, Missing)
    return found.reason


def packed(rows):
    """Rows as a `.jsonl.gz` holds them."""
    return gzip.compress(_lines(rows))


def _logs(logs: Mapping[str, str | bytes], rows: Mapping[str, Mapping]) -> dict[str, bytes]:
    listed = [
        {"path": path, "captured": "whole", "size": len(_bytes(logs.get(path, ""))), **rows.get(path, {})}
        for path in {**logs, **rows}
    ]
    return {"logs.jsonl": _lines(listed)} | {f"logs/{path}": _bytes(text) for path, text in logs.items()}


def _lines(rows: Iterable[object]) -> bytes:
    """JSON Lines; a string stands as it is, so that a line may be broken."""
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows).encode()


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _part(part: Part | str) -> Part:
    return part if isinstance(part, Part) else Part(PartState(part))
