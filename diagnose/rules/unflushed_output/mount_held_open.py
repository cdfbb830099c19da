"""A mounted output could not be unmounted at once: something still had files open on it when the run was ended.

The data capability unmounts an output at the end and tries again when it is busy, up to six times. What was open at that
moment was not closed by its writer, and a mount copies to the storage only what is closed.

Signs: the log of the mounts counts open file handles at the unmount of an output, names processes that block it, or needed
more than one attempt, in a run that says Completed or whose process has ended.
Near misses: a mounted input, which loses nothing; a second attempt that succeeded where every output is whole; the search
for blocking processes that names none, as in healthy runs.
Safety constraint: the meaning of these lines was inferred; no public log shows a held mount. The lines alone are a
suspicion, and supported where an output is unfinished, too.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.lifecycle import Lifecycle, UserProcess
from diagnose.evidence.logs import LogMatch
from diagnose.evidence.mounts import HANDLES, HOLDERS, Mounts, mount_of
from diagnose.evidence.outputs import Outputs, names_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import output_piece, place
from diagnose.rule import Cause, Finding, Step, quote, rule

WORDS = {
    HANDLES: "Files were open on the mount when it was taken down.",
    HOLDERS: "A process still used the mount.",
}


@rule(
    title="A mounted output was held open at the end",
    cause=Cause.UNFLUSHED_OUTPUT,
    inferred=True,
    remedy=Step(
        "Close every file and end every child before the script ends",
        "",
        "with open(path, 'wb') as file:\n    file.write(data)\nchild.wait()",
    ),
)
def mount_held_open(
    run: RunRecord, mounts: Mounts, lifecycle: Lifecycle, outputs: Outputs | Missing
) -> Iterator[Finding]:
    """Open handles, holders and repeated attempts at the unmount."""
    ended = lifecycle.process is UserProcess.EXITED and run.phase is Phase.OPEN
    if run.phase is not Phase.COMPLETED and not ended:
        return
    seen = [] if isinstance(outputs, Missing) else outputs.results
    broken = [b for b in seen if b.is_unfinished]
    lines = [*mounts.held, *mounts.retried]
    if not mounts.held and (not mounts.retried or not broken):
        return
    name = next((n for n in map(mount_of, lines) if n), "an output")
    yield Finding(
        headline=f"The mount of {name} was still in use when the run was ended; what was open on it may not have been written: check the output and close its writers.",
        story=f"At the end the runtime takes the mounts down. Something still used that of {name}, and a mount copies to the storage "
        "only what is closed.",
        evidence=(
            *(quote(line, _words(line)) for line in lines[:4]),
            *(output_piece(b, f"{place(b)} is unfinished.") for b in broken[:3]),
        ),
        mechanism="mount-held-open",
        began_at=lines[0].at,
        subjects=names_of(broken) | {name},
    )


def _words(line: LogMatch) -> str:
    return WORDS.get(line.pattern, "The unmount needed more than one attempt.")
