"""The loss that the log prints became NaN or infinite and stayed so, and the run logs no metric that would tell.

Signs: in the user's log a loss (or perplexity, or objective) is no finite number in its last values, three or more, after
values that were; the run says Completed, and no metric of it is at hand.
Near misses: a loss that recovers; one that never was finite, such as that of an empty validation set; a single undefined
value; a run with metrics, which are believed before the log.
Safety constraint: the log prints some of the values, in the program's own words: one witness, and a suspicion.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.metrics import Metrics
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.trouble.quoting import said
from diagnose.pieces import some
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

ENOUGH = 3
LOSS_PRINTED = LogPattern(
    "loss in the log",
    r"(?i)(?:loss|perplexity|\bppl|objective|\bnll|\belbo|verlust|\bperte|p.{1,2}rdida|\bperda|\bperdita|strata|потер|损失|損失|손실)"
    r"[a-z_/]{0,12}[\"')]{0,2}[ :=]{1,4}(?:tensor\()?[\"']?-?(?:nan|inf|[0-9])",
)
LOSS = re.compile(
    r"(?i)(?P<name>[\w/.]*?(?:loss|perplexity|\bppl|objective|\bnll|\belbo|verlust|\bperte|p[eé]rdida|\bperda|\bperdita|strata|потер|损失|損失|손실)\w*)"
    r"[\"')]{0,2}[ :=]{1,4}(?:tensor\()?[\"']?(?P<value>-?(?:nan|inf(?:inity)?\b|\d[\d.]*(?:e[-+]?\d+)?))"
)


@rule(
    title="The loss in the log became NaN and the run went on",
    cause=Cause.SILENT_ERROR,
    watches=(LOSS_PRINTED,),
    remedy=Step(
        "Stop at the first value that is not finite",
        "",
        "if not math.isfinite(loss):\n    raise FloatingPointError(f'loss is {loss} at step {step}')",
    ),
)
def loss_printed_nan(run: RunRecord, logs: Logs, metrics: Metrics | Missing) -> Iterator[Finding]:
    """Printed losses that end in values that are no numbers."""
    if run.phase is not Phase.COMPLETED or (isinstance(metrics, Metrics) and metrics.series):
        return
    printed: dict[tuple[str, str], list[tuple[LogMatch, bool]]] = defaultdict(list)
    for match in logs.matches(LOSS_PRINTED).kept:
        for found in LOSS.finditer(said(match.text)):
            finite = found["value"].lstrip("-")[:1].isdigit()
            printed[match.path, found["name"].lower()].append((match, finite))
    lost = {key[1]: first for key, values in printed.items() if (first := _lost_since(values))}
    if not lost:
        return
    first = min(lost.values(), key=lambda match: (match.path, match.line))
    yield Finding(
        headline=f"{some(lost)} became NaN or infinite at line {first.line} of {first.path} and stayed so, and the run went on to Completed; what was trained after that is worthless.",
        story="The last values that the log prints are no numbers, after others that were. The program did not look, went on "
        "to its end, and the service says Completed.",
        evidence=(quote(first, "From here on the log prints no finite value of it."),),
        missing=("the metrics, to see the values between those that were printed",),
        mechanism="values-not-finite",
        began_at=first.at,
        at_most=Certainty.SUSPECTED,
    )


def _lost_since(values: list[tuple[LogMatch, bool]]) -> LogMatch | None:
    """Where the unbroken row of values that are none begins, which ends the log; it is three or longer."""
    finite = [place for place, (_, is_finite) in enumerate(values) if is_finite]
    if not finite or len(values) - 1 - finite[-1] < ENOUGH:
        return None
    return values[finite[-1] + 1][0]
