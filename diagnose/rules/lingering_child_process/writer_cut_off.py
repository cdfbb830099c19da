"""The script ended while something that it had started still wrote an output, and nobody waited for it.

A daemon thread ends with the interpreter, a daemon process with its parent, and a program in the background with the
container: each in the middle of whatever it is writing. The run says Completed, for the first process left with 0.

Signs: a run that says Completed; an output that was never committed, that breaks off, that is empty, or that is the last
of a row of equal parts, shorter than they are, written just before the end, and the only one that the log does not name;
and the run's shell script, command or source starts a daemon thread, a daemon process, a program with `Popen` or a command
with `&` that nothing waits for and that writes a file of this very name.
Near misses: an unfinished output that the script itself wrote; a thread that is joined, a queue that is waited for until it
is empty; a last part that holds the rest, and of which the log says that it was written; a server or a monitor in the
background that writes other files.
Safety constraint: that the writer was still at work is an inference from what it left, so it is never more than supported.
"""

from collections.abc import Iterator
from datetime import datetime

from diagnose.evidence.bundle import Missing
from diagnose.evidence.leftbehind import Left, LeftBehind
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.logs import Logs
from diagnose.evidence.outputs import Output, Outputs, names_of
from diagnose.evidence.partsizes import short_last
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import clock, output_piece, place, some, status
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule

NAMED = 0.8
"""The share of the other parts that the log has to name, for the one that it does not name to be told apart."""
AT_THE_END_S = 120.0


@rule(
    title="A writer was cut off when the script ended",
    cause=Cause.LINGERING_CHILD_PROCESS,
    remedy=(
        Step(
            "Wait for the writer before the script ends",
            "",
            "jobs.join()            # a queue whose consumer calls task_done()\nwriter.join()          # a thread or a process\nchild.wait()           # a program\nwait                   # in a shell script",
            "The run takes as long as the writing does.",
        ),
        Step("Write what was cut off again"),
    ),
    links=("https://docs.python.org/3/library/threading.html#thread-objects",),
)
def writer_cut_off(
    run: RunRecord, outputs: Outputs, left: LeftBehind, logs: Logs | Missing, lifecycle: Lifecycle | Missing
) -> Iterator[Finding]:
    """Unfinished outputs, by the names that something left behind writes."""
    if run.phase is not Phase.COMPLETED:
        return
    exited = None if isinstance(lifecycle, Missing) else lifecycle.ended_at
    ended = exited or run.ended_at
    broken = {b: _broken(b) for b in outputs.results if b.is_unfinished}
    cut = broken | _short(outputs, logs, ended)
    pairs = [(blob, next((each for each in left.all if each.writes(blob.name)), None)) for blob in cut]
    known = [(blob, each) for blob, each in pairs if each is not None]
    if not known:
        return
    writer, blobs = known[0][1], [blob for blob, _ in known]
    yield Finding(
        headline=f"{some(map(place, blobs))} was still being written when the script ended, by {writer.what} that nothing waits for ({writer.path}, line {writer.line}); wait for it, and write what was cut off again.",
        story=f"The script came to its end{f' at {clock(ended)}' if ended else ''}, the process left with 0, and the service says Completed. {writer.what.capitalize()} "
        "that it had started was in the middle of its write, and was ended with everything else.",
        evidence=(
            *(output_piece(blob, f"{place(blob)} {cut[blob]}.") for blob in blobs[:3]),
            *(_source_piece(each) for each in dict.fromkeys(each for _, each in known[:3])),
            status(run),
        ),
        mechanism="writer-cut-off",
        began_at=ended,
        subjects=names_of(blobs),
        at_most=Certainty.SUPPORTED,
    )


def _broken(blob: Output) -> str:
    if blob.is_uncommitted:
        return "was uploaded and never committed"
    return "is empty" if blob.is_empty else f"breaks off: {blob.integrity.detail}"


def _short(outputs: Outputs, logs: Logs | Missing, ended: datetime | None) -> dict[Output, str]:
    """The last parts that are shorter than all others, were written at the very end, and that the log leaves out."""
    found = {}
    for last, size, others in short_last(outputs.results):
        late = last.modified_at and ended and abs((ended - last.modified_at).total_seconds()) < AT_THE_END_S
        if late and _leaves_out(logs, last, others):
            found[last] = (
                f"has {last.size or 0:,} bytes, all {len(others)} before it have {size:,}, and the log names them and not it"
            )
    return found


def _leaves_out(logs: Logs | Missing, last: Output, others: tuple[Output, ...]) -> bool:
    """Whether the user's log, whole, names nearly every part and not the last."""
    if isinstance(logs, Missing) or not logs.user_files or not all(f.is_whole for f in logs.user_files):
        return False
    text = "\n".join(line.text for file in logs.user_files for line in (*file.head, *file.tail))
    named = sum(blob.name in text for blob in others)
    return named >= NAMED * len(others) and last.name not in text


def _source_piece(left: Left) -> Evidence:
    return Evidence(
        EvidenceKind.CODE,
        f"{left.path} starts {left.what} that writes a file of that name, and nothing waits for it.",
        None,
        Source(left.path, left.line, left.text),
    )
