"""Evidence that several rules cite, in the same words each time."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from diagnose.evidence.afterwork import AfterWork, Sign
from diagnose.evidence.bundle import Missing
from diagnose.evidence.cadence import Cadence, Channel
from diagnose.evidence.children import Child, Children
from diagnose.evidence.code import Code, CodeFinding, CodeKind, findings_of
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import LogLine
from diagnose.evidence.outputs import Output
from diagnose.evidence.progress import Progress
from diagnose.evidence.run import RunRecord
from diagnose.evidence.stopping import Stopping
from diagnose.evidence.troubles import Trouble, Troubles
from diagnose.rule import Evidence, EvidenceKind, Source, quote

SIGN_WORDS = {
    Sign.DRIVER: "The runtime's driver says that the script had returned.",
    Sign.SOURCE: "The last thing that the program's main flow prints had been printed.",
    Sign.WORDS: "The last that the log says is of an end.",
}


def line_piece(line: LogLine, summary: str, *, direct: bool = False, channel: str = "") -> Evidence:
    """A log line that no pattern found: the last one, say."""
    return Evidence(
        EvidenceKind.LOG, summary, line.at, Source(line.path, line.number, line.text), direct, channel
    )


def end_of_work(after: AfterWork) -> Iterator[Evidence]:
    """What tells that the main work is over. However many signs: one witness, the user's log."""
    for sign, line in after.signs:
        yield line_piece(line, SIGN_WORDS[sign])
    yield from stop_piece(after.stop)


def after_the_work(after: AfterWork, lifecycle: Lifecycle, cadence: Cadence) -> Iterator[Evidence]:
    """All that tells of a run that goes on after its work: the end of it, no exit, silence."""
    yield from end_of_work(after)
    yield from exit_unseen(after, lifecycle)
    yield from silence(cadence)


def stop_piece(stop: Stopping | Missing | None) -> Iterator[Evidence]:
    """Where the program stood by its source. It rests on the log's last line, and is no witness of its own."""
    if isinstance(stop, Stopping):
        statement = stop.statement
        source = Source(statement.path, statement.line, statement.text)
        yield Evidence(EvidenceKind.CODE, stop.sentence, stop.line.at, source, channel=EvidenceKind.LOG.value)


def silence(cadence: Cadence) -> Iterator[Evidence]:
    """The channels that have fallen silent, measured against their own pace."""
    for channel in cadence.silent_channels:
        yield _silence(channel, cadence.now)


CHANNEL_WORDS = {"log": "the log", "metric": "the metrics", "output": "the outputs"}


def _silence(channel: Channel, now: datetime | None) -> Evidence:
    quiet = duration(channel.silence_s(now)) if now else "an unknown time"
    pause = channel.longest_pause_s
    pace = f"before, the longest pause was {duration(pause)}" if pause else "it gave too few signs for a pace"
    summary = f"Nothing new in {CHANNEL_WORDS[channel.name]} for {quiet}; {pace}."
    return Evidence(EvidenceKind.ABSENCE, summary, channel.last_at, channel="silence")


def counter_piece(progress: Progress | Missing) -> Iterator[Evidence]:
    """The counter that had not reached its total, where the log holds one."""
    if not isinstance(progress, Missing) and progress.counter and progress.is_under_way:
        counter = progress.counter
        yield line_piece(
            counter.line, f"The counter stands at {counter.done} of {counter.total}.", channel="counter"
        )


def exit_unseen(after: AfterWork, lifecycle: Lifecycle) -> Iterator[Evidence]:
    """The runtime started the process and has not recorded its end."""
    if after.exit_unseen and lifecycle.spawned:
        pid = f" (pid {lifecycle.pid})" if lifecycle.pid else ""
        until = f" by {clock(lifecycle.last_line_at)}" if lifecycle.last_line_at else ""
        summary = f"The runtime started the user's process{pid} and had recorded no end of it{until}."
        source = Source(lifecycle.spawned.path, lifecycle.spawned.line, lifecycle.spawned.text)
        yield Evidence(EvidenceKind.ABSENCE, summary, lifecycle.spawned.at, source, channel="runtime")


def ended_badly(lifecycle: Lifecycle, troubles: Troubles | Missing) -> Iterator[Evidence]:
    """v1: what tells that the script did not come to a good end, so that its failure may be what holds the run."""
    ended, cleaned = lifecycle.script_ended, lifecycle.cleanup_ended
    if ended and ended.groups.get("how") == "failed":
        yield quote(ended, "The driver says that the script failed.")
    firm = () if isinstance(troubles, Missing) or cleaned is None else troubles.firm_or_last
    for trouble in [
        t for t in firm if cleaned and t.match.path == cleaned.path and t.match.line > cleaned.line
    ][:1]:
        yield trouble_piece(trouble, "A failure stands after the cleanup.")


def status(run: RunRecord) -> Evidence:
    """The service's word on the run, with the exit code where one is known."""
    code = "" if run.exit_code is None else f", exit code {run.exit_code}"
    return Evidence(
        EvidenceKind.STATUS, f"The service says {run.status or 'nothing of its status'}{code}.", run.ended_at
    )


def stated(run: RunRecord) -> Iterator[Evidence]:
    """The same where the service says anything: that nobody knows the status is no witness."""
    if run.status:
        yield status(run)


USERS_PART = re.compile(r"(?s)(?:Please check log file|User process '|Error:|Traceback \(most).*")


def platform_words(run: RunRecord) -> str:
    """The part of the run's error that the platform itself says: the rest quotes the user's own output."""
    message = f"{run.error.code or ''} {run.error.message or ''}" if run.error else ""
    return USERS_PART.sub("", message).strip()


def code_piece(finding: CodeFinding, summary: str) -> Evidence:
    """A line of the run's own source."""
    return Evidence(EvidenceKind.CODE, summary, None, Source(finding.path, finding.line, finding.text))


WRITERS = {
    CodeKind.DAEMON_THREAD: "starts a daemon thread, which is cut off in whatever it does when the script ends",
    CodeKind.POPEN_NOT_WAITED: "starts a child that nothing waits for",
    CodeKind.PROCESS_NOT_JOINED: "starts a process that nothing joins",
    CodeKind.WRITER_NOT_CLOSED: "opens a writer that nothing closes",
    CodeKind.OS_EXIT: "ends the process without flushing or closing anything",
    CodeKind.SOURCE_REMOVED_AFTER_UPLOAD: "removes a file right after its upload",
}


def loose_writers(code: Code | Missing) -> Iterator[Evidence]:
    """What in the source can leave an output unfinished: it points at the line, and proves nothing alone."""
    for finding in findings_of(code, *WRITERS)[:3]:
        yield code_piece(finding, f"{finding.path} {WRITERS[finding.kind]}.")


def output_piece(blob: Output, summary: str, *, direct: bool = False) -> Evidence:
    """One blob."""
    return Evidence(EvidenceKind.OUTPUT, summary, blob.modified_at, Source(place(blob)), direct)


def child_piece(child: Child, says: str, *, direct: bool = False) -> Evidence:
    """One child run, by its name."""
    return Evidence(
        EvidenceKind.CHILD,
        f"{child.display_name or child.run_id} {says}.",
        child.last_own_sign,
        Source("children.jsonl", None, child.run_id),
        direct,
    )


def siblings_piece(children: Children) -> Iterator[Evidence]:
    """How the other children ended, where any did."""
    if len(children.all) > len(children.open):
        yield Evidence(EvidenceKind.CHILD, f"{children.told}.", channel="siblings")


def trouble_piece(trouble: Trouble, summary: str, *, direct: bool = False) -> Evidence:
    """A failure as the log tells it."""
    return quote(trouble.match, summary, direct=direct)


def place(blob: Output) -> str:
    """Where a blob lies, in one word: the output's name and the path in it, unless the path says it all."""
    return blob.path if blob.output == "artifacts" else f"{blob.output}/{blob.path}"


def duration(seconds: float) -> str:
    """A length of time in its two largest units: `4 h 49 min`, `3 min 10 s`, `0.4 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    whole = round(seconds)
    for size, unit, smaller, small_unit in (
        (86400, "d", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size} {unit} {rest} {small_unit}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"


def clock(at: datetime | None) -> str:
    """A time of day in UTC, with its date."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "an unknown time"


def some(names: Iterable[str], limit: int = 3) -> str:
    """A few names and how many more: `a, b, c and 4 more`."""
    listed = list(names)
    more = f" and {len(listed) - limit} more" if len(listed) > limit else ""
    return ", ".join(listed[:limit]) + more


def plural(count: int, thing: str) -> str:
    """`1 file`, `3 files`, `no files`."""
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"
