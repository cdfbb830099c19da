"""What happened when, in every channel, small enough to draw: the record's `timeline`.

Everything is bounded here, whatever the evidence holds, since every view carries it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.cadence import Beat, Cadence
from diagnose.evidence.children import Children
from diagnose.evidence.instants import format_instant
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogFile, LogKind, Logs
from diagnose.evidence.metrics import Metrics, MetricSeries
from diagnose.evidence.outputs import Output, Outputs
from diagnose.evidence.processes import Processes
from diagnose.evidence.run import RunRecord
from diagnose.pieces import place

LOG_LANES = 8
METRIC_LANES = 8
OUTPUT_MARKS = 120
BARS = 40
POINTS = 100
"""Points of one metric in the picture; each keeps the lowest and the highest value of its stretch."""


def timeline(bundle: Bundle, marks: Iterable[tuple[str, str | None, datetime]]) -> dict[str, Any]:
    """The drawing data. `marks` are the evidence's id, path and time, put on the lane of their log."""
    run, cadence, after = bundle.get(RunRecord), bundle.get(Cadence), bundle.get(AfterWork)
    captured, ended = bundle.manifest.captured_at, None if isinstance(run, Missing) else run.ended_at
    data = {
        "phases": list(_phases(bundle)),
        **_logs(bundle, list(marks)),
        **_metrics(bundle),
        **_outputs(bundle),
        **_children(bundle),
        "processes": list(_processes(bundle)),
        "work_ended_at": None
        if isinstance(after, Missing) or not after.signs
        else format_instant(after.ended_at),
        "ended_at": format_instant(ended),
        "captured_at": format_instant(captured),
        "silence": _silence(cadence),
    }
    begin, end = _span(bundle, ended or captured)
    return {"from": begin, "to": end, **data}


def _span(bundle: Bundle, end: datetime | None) -> tuple[str | None, str | None]:
    run, cadence = bundle.get(RunRecord), bundle.get(Cadence)
    channels = () if isinstance(cadence, Missing) else cadence.channels
    first = [c.first_at for c in channels]
    last = [c.last_at for c in channels]
    if not isinstance(run, Missing):
        first += [at for at in (run.created_at, run.started_at) if at]
        last += [change.at for change in run.status_history if change.at]
    return format_instant(min(first, default=None)), format_instant(end or max(last, default=None))


def _phases(bundle: Bundle) -> Iterator[dict[str, Any]]:
    run, lifecycle = bundle.get(RunRecord), bundle.get(Lifecycle)
    if not isinstance(run, Missing):
        changes = [change for change in run.status_history if change.at][:BARS]
        for change, following in zip(changes, [*changes[1:], None], strict=False):
            if change.status in ("Completed", "Failed", "Canceled"):
                continue
            end = following.at if following else run.ended_at
            yield _phase(change.status, "service", change.at, end)
        if not changes and run.started_at:
            yield _phase(run.status or "open", "service", run.started_at, run.ended_at)
    if not isinstance(lifecycle, Missing):
        for phase in lifecycle.phases[:BARS]:
            yield _phase(phase.name, "runtime", phase.start, phase.end)


def _phase(name: str, source: str, start: datetime | None, end: datetime | None) -> dict[str, Any]:
    return {"name": name, "source": source, "start": format_instant(start), "end": format_instant(end)}


def _logs(bundle: Bundle, marks: list[tuple[str, str | None, datetime]]) -> dict[str, Any]:
    logs = bundle.get(Logs)
    files = () if isinstance(logs, Missing) else logs.files
    dated = [file for file in files if file.first_at]
    # The user's logs first; of the runtime's the few with the most lines show that the node lived.
    order = sorted(dated, key=lambda file: (file.kind is not LogKind.USER, -file.lines, file.path))
    return {"logs": [_log(file, marks) for file in order[:LOG_LANES]], "logs_total": len(dated)}


def _log(file: LogFile, marks: list[tuple[str, str | None, datetime]]) -> dict[str, Any]:
    return {
        "path": file.path,
        "first": format_instant(file.first_at),
        "last": format_instant(file.last_at),
        "lines": file.lines,
        "start": format_instant(file.density.start),
        "bin_s": file.density.bin_s,
        "bins": list(file.density.counts),
        "marks": [
            {"at": format_instant(at), "evidence": name} for name, path, at in marks if path == file.path
        ],
    }


def _metrics(bundle: Bundle) -> dict[str, Any]:
    metrics = bundle.get(Metrics)
    series = [] if isinstance(metrics, Missing) else [s for s in metrics.series.values() if s.buckets]
    busiest = sorted(series, key=lambda s: (-s.count, s.name))[:METRIC_LANES]
    return {"metrics": [_metric(s) for s in busiest], "metrics_total": len(series)}


def _metric(series: MetricSeries) -> dict[str, Any]:
    return {
        "name": series.name,
        "count": series.count,
        "first": format_instant(series.first_at),
        "last": format_instant(series.last_at),
        "points": list(_points(series)),
    }


def _points(series: MetricSeries) -> Iterator[list[Any]]:
    """Time and value; a stretch with two different extremes gives both, so that no spike is lost."""
    step = max(1, -(-len(series.buckets) // POINTS))
    for index in range(0, len(series.buckets), step):
        group = series.buckets[index : index + step]
        values = [v for bucket in group for v in (bucket.low, bucket.high) if v is not None]
        at = format_instant(group[0].at)
        for value in dict.fromkeys((min(values), max(values))) if values else (None,):
            yield [at, value]


def _outputs(bundle: Bundle) -> dict[str, Any]:
    outputs = bundle.get(Outputs)
    results = () if isinstance(outputs, Missing) else outputs.results
    # Damaged ones are never cut away; the rest is thinned evenly.
    damaged = [b for b in results if _state(b) != "written"]
    whole = [b for b in results if _state(b) == "written"]
    room = max(0, OUTPUT_MARKS - len(damaged))
    step = max(1, -(-len(whole) // room)) if room else len(whole) + 1
    shown = [*damaged[:OUTPUT_MARKS], *whole[::step]]
    return {"outputs": [_output(b) for b in shown], "outputs_total": len(results)}


def _output(blob: Output) -> dict[str, Any]:
    return {
        "path": place(blob)[:400],
        "at": format_instant(blob.modified_at),
        "size": blob.uncommitted_bytes if blob.is_uncommitted else blob.size,
        "state": _state(blob),
    }


def _state(blob: Output) -> str:
    if blob.is_uncommitted:
        return "uncommitted"
    if blob.is_empty:
        return "empty"
    return "truncated" if blob.integrity.state == "truncated" else "written"


def _children(bundle: Bundle) -> dict[str, Any]:
    children = bundle.get(Children)
    found = () if isinstance(children, Missing) else children.all
    unfinished = {c.run_id for c in (() if isinstance(children, Missing) else children.open)}
    order = sorted(found, key=lambda c: (c.run_id not in unfinished, str(c.started_at), c.run_id))
    bars = [
        {
            "id": child.run_id,
            "name": child.display_name or child.run_id,
            "status": child.status,
            "start": format_instant(child.started_at),
            "end": format_instant(child.ended_at),
            "last": format_instant(child.last_sign_of_life),
        }
        for child in order[:BARS]
    ]
    return {"children": bars, "children_total": len(found)}


def _processes(bundle: Bundle) -> Iterator[dict[str, Any]]:
    processes = bundle.get(Processes)
    for process in () if isinstance(processes, Missing) else processes.all[:BARS]:
        yield {
            "pid": process.pid,
            "name": process.name,
            "start": format_instant(process.started_at),
            "end": format_instant(process.ended_at),
            "exit_code": process.exit_code,
        }


def _silence(cadence: Cadence | Missing) -> dict[str, Any] | None:
    if isinstance(cadence, Missing) or cadence.beat is not Beat.SILENT or cadence.last_at is None:
        return None
    # The last sign itself is not part of the silence.
    return {"from": format_instant(cadence.last_at + timedelta(seconds=1)), "to": format_instant(cadence.now)}
