"""A declared output is empty: what the script wrote went to another path, or was never uploaded.

An output in upload mode is collected from its folder when the process has ended. A script that writes to a fixed local
path, or to a variable that was never expanded, leaves that folder empty, and the run completes all the same.

Signs: the run declares an output and the complete listing holds nothing under it; or the data capability says that the
folder is empty and skips it.
Near misses: the default output and the run's own artifacts, which nobody need write; an output in upload mode of a run
that is still open, which is empty as expected; outputs of other types than files and models; a listing that is not complete.
Safety constraint: an empty folder is only missing work where the run says Completed.
"""

from collections.abc import Iterator

from diagnose.evidence.announced import Announced
from diagnose.evidence.bundle import Missing
from diagnose.evidence.logs import LogKind, LogPattern, Logs
from diagnose.evidence.outputs import ARTIFACTS, Outputs
from diagnose.evidence.run import ExpectedOutput, Phase, RunRecord
from diagnose.pieces import some, status
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, Source, Step, quote, rule

SKIPPED = LogPattern(
    "data capability skipped an empty output",
    r"(?P<place>[^ \[\]:]{1,400}) is empty\. Skip(?:ping)? upload",
    frozenset({LogKind.RUNTIME}),
)
LISTED_TYPES = ("uri_folder", "uri_file", "mltable", "mlflow_model", "custom_model", "triton_model", None)


@rule(
    title="A declared output was never uploaded",
    cause=Cause.UNFLUSHED_OUTPUT,
    watches=(SKIPPED,),
    remedy=Step(
        "Write to the path that the job gives the script",
        "`${{outputs.NAME}}` is expanded in the command line only, not in environment variables; pass it as an argument.",
        'command: python train.py --out ${{outputs.model}}\n# in the script: out = Path(args.out); (out / "model.bin").write_bytes(data)',
    ),
    links=("https://github.com/microsoft/physical-ai-toolchain/issues/855",),
)
def output_never_uploaded(
    run: RunRecord,
    outputs: Outputs | Missing,
    logs: Logs | Missing,
    announced: Announced | Missing,
) -> Iterator[Finding]:
    """Declared outputs without a single blob."""
    if run.phase is not Phase.COMPLETED:
        return
    skipped = () if isinstance(logs, Missing) else logs.matches(SKIPPED).kept
    listed = isinstance(outputs, Outputs) and outputs.is_complete
    empty = [o for o in run.expected_outputs if listed and _is_empty(o, outputs)]  # type: ignore[arg-type]
    if not empty and not skipped:
        return
    names = [o.name for o in empty] or [
        m.groups.get("place", "").rstrip("/").rsplit("/", 1)[-1] for m in skipped
    ]
    yield Finding(
        headline=f"The declared output {some(names)} is empty although the run says Completed; the script wrote elsewhere or not at all: write to the path that the job passes in.",
        story=f"The job declares {some(names)}, and nothing lies there. The run completed since an empty output folder is no "
        "error to the service.",
        evidence=(
            *(
                quote(m, "The runtime found the output's folder empty and uploaded nothing.", direct=True)
                for m in skipped[:3]
            ),
            *(
                Evidence(
                    EvidenceKind.ABSENCE,
                    f"The complete listing holds no blob of the declared output {o.name} ({o.mode or 'mode unknown'}).",
                    None,
                    Source(o.uri or o.name),
                    channel="listing",
                )
                for o in empty[:5]
            ),
            *_written_elsewhere(announced, outputs),
            status(run),
        ),
        mechanism="output-never-uploaded",
        subjects=frozenset(names),
    )


def _written_elsewhere(announced: Announced | Missing, outputs: Outputs | Missing) -> Iterator[Evidence]:
    """Files that the log says were written, under a path of which the complete listing holds nothing."""
    if isinstance(announced, Missing) or isinstance(outputs, Missing) or not outputs.is_complete:
        return
    there = {blob.name for blob in outputs.all}
    elsewhere = [each for each in announced.all if each.says_written and each.name not in there]
    for each in elsewhere[:2]:
        yield quote(each.match, f"The log says that {each.path} was written, and no output holds it.")


def _is_empty(declared: ExpectedOutput, outputs: Outputs) -> bool:
    if declared.name in ("default", ARTIFACTS) or declared.type not in LISTED_TYPES:
        return False
    kept = (declared.uri or "").partition("ExperimentRun/dcid.")[2].partition("/")[2]
    if kept and any(blob.path.startswith(kept) for blob in outputs.of(ARTIFACTS)):
        return False  # an output that lies among the run's own artifacts
    return not outputs.of(declared.name)
