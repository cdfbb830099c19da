"""A registration failed, and the program went on: the file is there, and the registry does not know of it.

The training is done, the model is written, and the last step, which tells the registry of it, runs into a refusal or a dead
network. Whoever looks for the model by its name finds the one of last week.

Signs: a failure in the user's log that the program did not get over, which names the address of a model registry, or which a
statement printed that stands where the source registers something, or whose own words are of a registration; in a run that
says Completed.
Near misses: a registration that a later attempt brought about; plugins, hooks and handlers that register themselves; a
registration that is optional by the program's own word.
Safety constraint: prose of failure accuses only with the source; that the model is missing in the registry is not looked at.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code
from diagnose.evidence.registrations import is_failed_registration, registering_source
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.troubles import Sequel, TroubleKind, Troubles
from diagnose.pieces import code_piece, status, trouble_piece
from diagnose.rule import Cause, Finding, Step, rule


@rule(
    title="A registration failed, and the program went on",
    cause=Cause.SILENT_ERROR,
    remedy=(
        Step(
            "Register it now from the run's outputs",
            "",
            "az ml model create --name NAME --path azureml://jobs/RUN_ID/outputs/artifacts/paths/outputs/model",
        ),
        Step("Let a failed registration end the script"),
    ),
    links=("https://learn.microsoft.com/azure/machine-learning/how-to-manage-models",),
)
def registration_failed(run: RunRecord, troubles: Troubles, code: Code | Missing) -> Iterator[Finding]:
    """Failures of registrations that nothing mended, under a Completed run."""
    if run.phase is not Phase.COMPLETED:
        return
    for trouble in [t for t in troubles.all if is_failed_registration(t, code)][:1]:
        places = registering_source(trouble, code)
        gave_up = trouble.sequel is Sequel.GAVE_UP
        yield Finding(
            headline=f"A registration failed ({trouble.message[:120]!r}) and the run went on to Completed; register it from the run's outputs, and let such a failure end the script.",
            story=f"The log tells of a registration that failed at line {trouble.match.line} of {trouble.match.path}. "
            f"{'All attempts failed' if gave_up else 'Nothing tried again'}, the program went on to its end and the process left with 0.",
            evidence=(
                trouble_piece(
                    trouble,
                    "The log tells of a registration that failed, and of none that succeeded after it.",
                    direct=gave_up and trouble.kind is not TroubleKind.WORDS,
                ),
                *(code_piece(p, f"{p.path} {p.detail}, and this printed the line.") for p in places[:2]),
                *([status(run)] if gave_up else []),
            ),
            mechanism="registration-failed",
            began_at=trouble.at,
            missing=("the registry, to see which versions it holds (az ml model list --name NAME)",),
        )
