"""A child that the script started wrote a log of its own, and the run was closed in the middle of its count.

A program that is started in a session of its own, with its output in a file, holds neither the run's pipe nor its process
group. The script ends, the service closes the run and removes the container, and the child goes with it, at whatever it was.

Signs: a text among the outputs ends in a count that rose evenly and is short of its total, in a run that says Completed,
whose source starts a program and nowhere waits for one.
Near misses: a count that came to its end; a log with words behind the count; epochs and trials, which end early by design; a
source that waits for what it starts, or ends it; a log that was last written to long before the run's end.
Safety constraint: the child's own count is one witness, and where the source is not at hand it is a suspicion.
"""

import ast
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code
from diagnose.evidence.outputcounts import broken_counts
from diagnose.evidence.outputs import Output, Outputs, names_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.source.leftbehind import left_behind
from diagnose.evidence.source.module import Module
from diagnose.pieces import output_piece, place
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, rule


@rule(
    title="A child was cut off in the middle of its count",
    cause=Cause.LINGERING_CHILD_PROCESS,
    remedy=Step(
        "Wait for the child before the script ends, and look at its exit code",
        "",
        "child = subprocess.Popen(command, stdout=log)\n...\nif child.wait() != 0:\n    raise RuntimeError('the export failed')",
        "The run lasts as long as the child then.",
    ),
    links=("https://docs.python.org/3/library/subprocess.html#subprocess.Popen.wait",),
)
def child_log_breaks_off(run: RunRecord, outputs: Outputs, code: Code | Missing) -> Iterator[Finding]:
    """Counts in files of their own that stop where the run was closed."""
    if run.phase is not Phase.COMPLETED:
        return
    broken = [found for found in broken_counts(outputs.all) if _was_at_it(found.blob, run)]
    started = [] if isinstance(code, Missing) else list(left_behind(code.modules))
    if not broken or not (started or isinstance(code, Missing)):
        return
    counter, blob = broken[0].counter, broken[0].blob
    where = f" ({started[0][0].path}, line {started[0][1].lineno})" if started else ""
    yield Finding(
        headline=f"{place(blob)} stops at {counter.done} of {counter.total}: a child that the script never waited for{where} was cut off when the run was closed; wait for it, and do the rest.",
        story=f"The child counts what it does in {place(blob)}, and got to {counter.done} of {counter.total}. The script did not wait for it; "
        "the service closed the run, and what was left of the process went with the container.",
        evidence=(
            output_piece(
                blob, f"{place(blob)} ends with {counter.line.text.strip()[:120]!r} and says nothing more."
            ),
            *(_start(module, call) for module, call in started[:1]),
        ),
        missing=("the processes of the node at the end of the run",),
        mechanism="detached-child",
        began_at=run.ended_at,
        subjects=names_of([blob]),
        at_most=Certainty.SUPPORTED if started else Certainty.SUSPECTED,
    )


def _start(module: Module, call: ast.Call) -> Evidence:
    return Evidence(
        EvidenceKind.CODE,
        f"{module.path} starts a program here, and nothing in the source waits for one.",
        None,
        Source(module.path, call.lineno, module.text(call)),
    )


RECENT_S = 1800.0


def _was_at_it(blob: Output, run: RunRecord) -> bool:
    """Whether it was written to until the run was closed, as far as the times are known; one that died before is no child cut off."""
    if not blob.modified_at or not run.ended_at:
        return True
    return (run.ended_at - blob.modified_at).total_seconds() <= RECENT_S
