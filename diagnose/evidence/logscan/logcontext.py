"""What the bundle says of its logs before they are read: which there are, whose they are, from which time."""

from collections.abc import Iterator
from dataclasses import replace

from diagnose.evidence.bundle import Bundle
from diagnose.evidence.instants import parse_instant
from diagnose.evidence.logscan.loglines import LogFile, LogKind
from diagnose.evidence.logscan.times import TimeContext

_RUNTIME_FOLDERS = ("system_logs/", "logs/azureml/", "azureml-logs/")
_DRIVER = "azureml-logs/70_driver_log"
_CAPTURES = ("whole", "head", "tail", "ends", "none")


def kind_of(path: str) -> LogKind:
    """Whose log lies at that path of the run."""
    if path.startswith(_RUNTIME_FOLDERS) and not path.startswith(_DRIVER):
        return LogKind.RUNTIME
    return LogKind.USER


def listed_logs(bundle: Bundle) -> Iterator[LogFile]:
    """The logs by `logs.jsonl`, then those in `logs/` that it does not name; not yet read."""
    seen: set[str] = set()
    for row in bundle.rows("logs"):
        path = row.get("path")
        if isinstance(path, str) and path and path not in seen:
            seen.add(path)
            yield _listed(
                path, row.get("captured"), row.get("size"), row.get("omitted_bytes"), row.get("modified_at")
            )
    for member in bundle.store.names():
        path = member.removeprefix("logs/")
        if path != member and path not in seen:
            yield LogFile(path, kind_of(path), None, None, "whole")


def time_context(bundle: Bundle) -> TimeContext:
    """When the run can have written logs: from its creation to the capture, as far as they are known."""
    run = bundle.document("run.json") or {}
    earliest = parse_instant(run.get("created_at")) or parse_instant(run.get("started_at"))
    latest = bundle.manifest.captured_at
    properties = run.get("properties")
    if isinstance(properties, dict) and str(properties.get("azureml.isreused")).lower() == "true":
        earliest = None  # its logs are those of the run whose result it took over
    if earliest and latest and earliest > latest:
        return TimeContext()
    return TimeContext(earliest, latest)


def narrowed(context: TimeContext, log: LogFile) -> TimeContext:
    """The same for one log: it was last written to when the service says so."""
    written, earliest, latest = log.modified_at, context.earliest, context.latest
    if written is None or earliest is None or written < earliest:
        return context  # the date of a copy says nothing
    return replace(context, latest=min(written, latest) if latest else written)


def _listed(path: str, captured: object, size: object, omitted: object, modified_at: object) -> LogFile:
    return LogFile(
        path=path,
        kind=kind_of(path),
        size=_bytes(size),
        modified_at=parse_instant(modified_at),
        # A word that is not in the contract promises nothing of what is not in the file.
        captured=captured if isinstance(captured, str) and captured in _CAPTURES else "head",
        omitted_bytes=_bytes(omitted),
    )


def _bytes(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
