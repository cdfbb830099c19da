"""Evidence that others put on disk (a download, a folder of logs, one log), read as if it were a bundle."""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from diagnose.collect.layouts import Layout, Place, Role, is_of_the_service, layout_above, layout_of
from diagnose.collect.redact import without_secrets
from diagnose.collect.service_logs import told_by_logs
from diagnose.collect.texts import HEAD, is_text
from diagnose.collect.written import output_rows
from diagnose.errors import BundleError
from diagnose.evidence.bundle import Bundle, Manifest, Origin, Part, PartState, bundle_in
from diagnose.evidence.members import quoted, spelled
from diagnose.evidence.store import FileStore, OverlayStore, Store, open_store

logger = logging.getLogger(__name__)


def open_evidence(path: Path) -> Bundle:
    """The bundle at `path`, or an import of whatever other evidence of one run lies there.

    Raises BundleError, in one sentence, when there is none, or when it is damaged or not safe to read.
    """
    store = open_store(path)
    return without_secrets(bundle_in(store) or _import(store, path))


def import_evidence(path: Path) -> Bundle:
    """A download of a run, a folder or archive of logs, or a single log, seen as a bundle.

    Nothing is copied: the bundle's log files are the files found there. What such a place cannot tell is
    `not-collected`. Raises BundleError as `open_evidence` does.
    """
    return without_secrets(_import(open_store(path), path))


@dataclass
class _Found:
    """What was sorted out of a store: for each of the run's own paths, the member that holds it."""

    logs: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    """Bytes of each log, when it was looked at."""
    unread: dict[str, str] = field(default_factory=dict)
    """Logs that could not be opened, with the reason."""
    outputs: list[tuple[Place, str]] = field(default_factory=list)
    code: dict[str, str] = field(default_factory=dict)


def _import(store: Store, path: Path) -> Bundle:
    given = path.resolve()
    if isinstance(store, FileStore):
        layout, found = _single_log(store, path, given)
    else:
        layout = layout_of(store.names(), given)
        found = _sorted_out(store, layout)
    _refuse_nothing(store, layout, found)
    rows, outputs = output_rows(store, found.outputs)
    small = {"run.json": _json(_run(store, layout, found)), "logs.jsonl": _lines(_log_rows(found))}
    if rows:
        small["outputs.jsonl"] = _lines(rows)
    mapped = {f"logs/{name}": source for name, source in found.logs.items()}
    mapped |= {f"code/{name}": source for name, source in found.code.items()}
    parts = {
        "run": Part(PartState.PARTIAL, "files on disk tell of the run only what its logs say"),
        "children": Part(
            PartState.NOT_COLLECTED,
            "files on disk do not tell of child runs; ask the service by the run's id",
        ),
        "metrics": Part(
            PartState.NOT_COLLECTED, "files on disk do not hold the metrics; ask the service by the run's id"
        ),
        "outputs": outputs,
        "logs": _log_part(layout, found),
        "code": _code_part(found),
    }
    manifest = Manifest(origin=Origin(kind="import"), parts=parts)
    return Bundle(OverlayStore(store, small, mapped, store.where), manifest)


def _single_log(store: FileStore, path: Path, given: Path) -> tuple[Layout, _Found]:
    [name] = store.names()
    if name == "bundle.json":
        raise BundleError(f"{path} is the table of contents of a bundle; give its folder, {path.parent}.")
    layout, found = layout_above(given), _Found()
    _take_log(store, Place(Role.LOG, layout.above + name), name, found)
    if not found.logs and not found.unread:
        raise BundleError(f"{path} is neither a bundle, an archive nor a text log; give one of these.")
    return layout, found


def _sorted_out(store: Store, layout: Layout) -> _Found:
    found = _Found()
    for name in store.names():
        place = layout.place(name)
        match place.role:
            case Role.LOG:
                _take_log(store, place, name, found)
            case Role.OUTPUT:
                found.outputs.append((place, name))
            case Role.CODE:
                found.code[place.path] = name
            case Role.OTHER:
                logger.debug("not evidence: %r", name)
    for name, why in store.ignored().items():
        place = layout.place(name)
        if place.role is Role.LOG:
            found.unread[place.path] = why
    return found


def _take_log(store: Store, place: Place, name: str, found: _Found) -> None:
    path = name if place.path in found.logs else place.path
    try:
        with store.open(name) as stream:
            head, size = stream.read(HEAD), store.size(name)
    except OSError as error:
        found.unread[path] = f"cannot be read: {error.strerror or error}"
        return
    if is_text(head):
        found.logs[path], found.sizes[path] = name, size
    elif place.path.startswith("logs/"):  # what the user's code wrote there, event files for example
        found.outputs.append((place, name))


def _refuse_nothing(store: Store, layout: Layout, found: _Found) -> None:
    """Where there is nothing to read, say what was there instead."""
    names = [*store.names(), *store.ignored()]
    bundles = [name for name in names if name.endswith("/bundle.json")]
    if bundles and not layout.is_download:
        folder = bundles[0].removesuffix("/bundle.json")
        raise BundleError(
            f"{store.where} holds {len(bundles)} bundles; give one of them, {quoted(folder)} say."
        )
    if found.logs or found.outputs:
        return
    if not names:
        raise BundleError(f"{store.where} is empty; give a bundle, a download of a run, or a folder of logs.")
    if found.unread:
        name, why = next(iter(found.unread.items()))
        raise BundleError(
            f"No log in {store.where} can be read: {quoted(name)} {why}; check its permissions."
        )
    raise BundleError(
        f"{store.where} holds no log among its {len(names):,} files; "
        "give a bundle, a download of a run, or a folder of logs."
    )


def _run(store: Store, layout: Layout, found: _Found) -> Mapping[str, object]:
    row = told_by_logs(store, found.logs)
    if row.get("id") is None:
        row["id"] = spelled(layout.run_name) if layout.run_name else None
    return row


def _log_rows(found: _Found) -> Iterable[Mapping[str, object]]:
    for path, size in sorted(found.sizes.items()):
        yield {"path": path, "size": size, "modified_at": None, "captured": "whole", "omitted_bytes": 0}
    for path in sorted(found.unread.keys() - found.logs.keys()):
        yield {"path": path, "size": None, "modified_at": None, "captured": "none", "omitted_bytes": None}


def _log_part(layout: Layout, found: _Found) -> Part:
    count = len(found.logs.keys() | found.unread.keys())
    size = sum(found.sizes.values())
    if found.unread:
        path, why = min(found.unread.items())
        return Part(PartState.PARTIAL, f"{quoted(path)} {why}", count, size)
    if not found.logs:
        return Part(
            PartState.NOT_COLLECTED, "there are no logs beside the outputs; download the run with --all"
        )
    if layout.is_download and any(map(is_of_the_service, found.logs)):
        return Part(PartState.COMPLETE, None, count, size)
    return Part(PartState.PARTIAL, "nothing says that these are all logs of the run", count, size)


def _code_part(found: _Found) -> Part:
    if not found.code:
        return Part(PartState.NOT_COLLECTED, "there is no code beside the logs")
    reason = "nothing says that the folder named code is the whole source of the run"
    return Part(PartState.PARTIAL, reason, len(found.code))


def _json(row: Mapping[str, object]) -> bytes:
    return json.dumps(row, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace") + b"\n"


def _lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    return b"".join(map(_json, rows))
