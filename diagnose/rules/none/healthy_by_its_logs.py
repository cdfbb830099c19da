"""The logs of a run tell a healthy end, and nothing else of it was at hand.

A folder of logs does not say what the service made of the run, nor what was written. What it does say is worth saying.

Signs: the status is not known; the exit code is 0 by the runtime's own log; what was read of the user's log tells of
no failure that was left standing.
Near misses: a false completion, whose outputs would tell; that is why this never reaches any certainty.
Safety constraint: it is a leaning and no verdict; the status and the outputs would decide.
"""

from collections.abc import Iterator

from diagnose.evidence.ending import Ending
from diagnose.evidence.lifecycle import Lifecycle
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.troubles import Troubles
from diagnose.pieces import clock
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule


@rule(
    title="By its logs it ended well",
    cause=Cause.NONE,
    remedy=Step("Look at the status and the outputs in the studio, or diagnose the run with them"),
    generic=True,
)
def healthy_by_its_logs(
    run: RunRecord, ending: Ending, lifecycle: Lifecycle, troubles: Troubles
) -> Iterator[Finding]:
    """Exit code 0 and a clean log, without a status."""
    if run.phase is not Phase.UNKNOWN or ending.exit_code != 0 or lifecycle.exited is None:
        return
    if not all(trouble.is_over for trouble in troubles.all):
        return
    yield Finding(
        headline="By its logs the run ended well; its status and its outputs were not at hand.",
        story=f"The user's process ended with exit code 0 at {clock(lifecycle.ended_at)}, and its log tells of no failure that "
        "was left standing.",
        evidence=(quote(lifecycle.exited, "The runtime recorded exit code 0."),),
        missing=("the run's status and its outputs (az ml job show, az ml job download --all)",),
        mechanism="none",
        at_most=Certainty.NONE,
    )
