"""A file was created on an output's mount and never copied to the storage: its writer did not close it.

A mounted output keeps a new file on the node and copies it to the storage when it is closed. The data capability logs the
one as `create path=NAME` and the other as `copied file … destination=NAME`.

Signs: the mount's log tells of the creation and of no copy with any byte, and the complete listing holds no readable blob
of that name, in a run that says Completed.
Near misses: a copy that was made at the very end, of which the log tells nothing in healthy runs either, and whose blob is
there; the copy of zero bytes that comes before the real one; a file that was given another name or removed; inputs.
Safety constraint: that no copy is logged proves nothing alone. That these lines mean this was inferred from recorded runs,
so it is never more than supported.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code
from diagnose.evidence.mounts import Mounts, mount_of
from diagnose.evidence.outputs import Output, Outputs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.pieces import loose_writers, plural, some, status
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Source, Step, quote, rule


@rule(
    title="A file on a mounted output was never copied to the storage",
    cause=Cause.UNFLUSHED_OUTPUT,
    inferred=True,
    remedy=Step(
        "Close every file before the script ends",
        "A mount copies a file when it is closed; until then the storage has nothing of it.",
        "with open(path, 'wb') as file:\n    file.write(data)",
    ),
)
def created_never_copied(
    run: RunRecord, outputs: Outputs, mounts: Mounts, code: Code | Missing
) -> Iterator[Finding]:
    """Creations without a copy, and without a blob."""
    if run.phase is not Phase.COMPLETED or not outputs.is_complete:
        return
    lost = [m for m in mounts.uncopied if not any(_is_readable(b, m.groups["path"]) for b in outputs.all)]
    if not lost:
        return
    names = sorted({m.groups["path"] for m in lost})
    renamed = [n for n in names if not any(b.path.endswith(n) for b in outputs.all)]
    yield Finding(
        headline=f"{some(names)} was created on the mounted output and never copied to the storage, although the run says Completed; close it before the script ends.",
        story=f"{plural(len(names), 'file')} came into being on the mount of {mount_of(lost[0]) or 'an output'}. The mount copies a file when it is "
        "closed, no copy is logged, and the storage holds nothing that can be read.",
        evidence=(
            *(quote(m, f"The mount created {m.groups['path']}; no copy of it follows.") for m in lost[:3]),
            Evidence(
                EvidenceKind.ABSENCE,
                f"The complete listing holds no readable {some(names)}.",
                None,
                Source(mount_of(lost[0])),
                channel="listing",
            ),
            status(run),
            *loose_writers(code),
        ),
        mechanism="created-never-copied",
        began_at=lost[0].at,
        subjects=frozenset(names) | {n.rpartition("/")[2] for n in names},
        # One that is not listed in any state may have been renamed or removed by the script.
        at_most=Certainty.SUSPECTED if renamed else Certainty.SUPPORTED,
    )


def _is_readable(blob: Output, path: str) -> bool:
    return (blob.path == path or blob.path.endswith(f"/{path}")) and not blob.is_uncommitted
