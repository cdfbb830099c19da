"""A tool that the run called says in its own summary that parts of it failed, and the run says Completed.

A scheduler of trials, a test runner, a transformation tool: each goes on when one part fails, prints a summary with the
number, and ends with a code that the shell or the script around it did not look at.

Signs: a summary whose wording the tool fixes (dbt, Ray Tune, pytest, unittest, Ansible, Surefire, AzCopy, gsutil, Great
Expectations, Nextflow) with a number of failures above zero, and nothing better after it; or the words `completed with
errors`, in several languages, in the program's own voice.
Near misses: the same summary with zeros; a second pass of the same tool that ends well; expected failures of tests; trials
that were pruned; quotations.
Safety constraint: the program's own words alone are a suspicion; only a tool's fixed wording beside the status is more.
"""

import re
from collections.abc import Iterator

from diagnose.evidence.logs import LogMatch, LogPattern, Logs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.trouble.quoting import said
from diagnose.pieces import status
from diagnose.rule import Cause, Certainty, Finding, Step, quote, rule

SUMMARY = LogPattern(
    "summary of a tool",
    r"\bPASS=[0-9]+ WARN=[0-9]+ ERROR=[0-9]+|^Number of errored trials: [0-9]+|^Number of trials: .{0,60} ERROR\b"
    r"|\b(?:failed|passed|errors?)\b.{0,60} in [0-9.]+s\b|^FAILED \((?:failures|errors)=[0-9]+|\bok=[0-9]+ +changed=[0-9]+ +unreachable=[0-9]+ +failed=[0-9]+"
    r"|\bTests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+|^Number of (?:File |Folder )?(?:Property )?Transfers Failed: [0-9]+"
    r"|[0-9]+ files?/objects? could not be transferred|\"unsuccessful_expectations\": [0-9]+|^Failed {1,8}: [0-9]+$",
    before=3,
    after=3,
)
TOOLS = {
    "dbt": re.compile(r"\bPASS=\d+ WARN=\d+ ERROR=(\d+)"),
    "Ray Tune": re.compile(r"^Number of errored trials: (\d+)|^Number of trials: .*?\b(\d+) ERROR\b"),
    "pytest": re.compile(
        r"^(?:=+ )?(?:.*, )?(\d+) (?:failed|errors?)\b[\w ,]* in [\d.]+s\b|^(?:=+ )?\d+ passed[\w ,]* in [\d.]+s\b"
    ),
    "unittest": re.compile(r"^FAILED \((?:failures|errors)=(\d+)"),
    "Ansible": re.compile(r"\bok=\d+ +changed=\d+ +unreachable=\d+ +failed=(\d+)"),
    "Surefire": re.compile(r"\bTests run: \d+, Failures: (\d+), Errors: (\d+)"),
    "AzCopy": re.compile(r"^Number of (?:File |Folder )?(?:Property )?Transfers Failed: (\d+)"),
    "gsutil": re.compile(r"(\d+) files?/objects? could not be transferred"),
    "Great Expectations": re.compile(r"\"unsuccessful_expectations\": (\d+)"),
    "Nextflow": re.compile(r"^Failed +: (\d+)$"),
}
WITH_ERRORS = LogPattern(
    "words of an end with errors",
    r"(?i)\b(?:completed|finished|ended|done|succeeded) with (?:[0-9]+ |some |several )?(?:errors?|failures)\b|\bmit (?:[0-9]+ )?fehlern (?:beendet|abgeschlossen)"
    r"|\b(?:beendet|abgeschlossen|fertig) mit (?:[0-9]+ )?fehlern|termin.{1,4} avec (?:[0-9]+ |des )?erreurs|\b(?:terminado|finalizado|completado|acabado) con (?:[0-9]+ )?(?:errores|fallos)"
    r"|conclu.{1,3}do com (?:[0-9]+ )?(?:erros|falhas)|(?:completato|terminato|finito) con (?:[0-9]+ )?errori|zako.{1,3}czon[eoay] z (?:[0-9]+ )?b..{0,2}.{0,2}dami"
    r"|завершен.{0,2} с (?:[0-9]+ )?ошибками",
    before=2,
    after=3,
)
ZERO = re.compile(r"(?i)\b(?:with|mit|avec|con|com|z|с) 0 ")


@rule(
    title="A tool's own summary counts failures",
    cause=Cause.SILENT_ERROR,
    watches=(SUMMARY, WITH_ERRORS),
    remedy=Step(
        "Let the tool's exit code reach the service",
        "",
        "set -euo pipefail\ndbt build\npython report.py",
        "Runs whose failures were tolerated until now will end as Failed.",
    ),
)
def summary_of_failures(run: RunRecord, logs: Logs) -> Iterator[Finding]:
    """Summaries that count failures, under a Completed run."""
    if run.phase is not Phase.COMPLETED:
        return
    summaries = list(_summaries(logs))
    mended = _last_good(logs)
    spoken = [m for m in logs.matches(WITH_ERRORS).kept if _is_told(m) and m.line > mended.get(m.path, 0)]
    if not summaries and not spoken:
        return
    tool, match = summaries[0] if summaries else ("The program", spoken[0])
    yield Finding(
        headline=f"{tool} ended with failures ({match.text.strip()[:120]!r}), and the run went on to Completed; repeat what failed, and let the exit code through.",
        story=f"Line {match.line} of {match.path} sums up what was done, and counts failures. Whatever ran around it did not "
        "look, and the service says Completed.",
        evidence=(
            *(quote(m, f"{name} counts failures in its summary.") for name, m in summaries[:3]),
            *(quote(m, "The program itself says that it ended with errors.") for m in spoken[:2]),
            *([status(run)] if summaries else []),
        ),
        mechanism="summary-of-failures",
        began_at=match.at,
        at_most=Certainty.SUPPORTED,
    )


def _summaries(logs: Logs) -> Iterator[tuple[str, LogMatch]]:
    """Of each tool in each log the last summary, where it counts failures."""
    for (path, tool), (match, failures) in _last(logs).items():
        if failures and not (tool == "Nextflow" and _was_retried(logs, path)):
            yield tool, match


def _last(logs: Logs) -> dict[tuple[str, str], tuple[LogMatch, int]]:
    last: dict[tuple[str, str], tuple[LogMatch, int]] = {}
    for match in logs.matches(SUMMARY).kept:
        for tool, expression in TOOLS.items():
            found = expression.search(said(match.text))
            if found:
                last[match.path, tool] = (match, sum(int(number) for number in found.groups() if number))
    return last


def _last_good(logs: Logs) -> dict[str, int]:
    """Of each log the line of a tool's last summary without failures: what was told before it was mended."""
    return {path: match.line for (path, _), (match, failures) in _last(logs).items() if not failures}


RETRIED = re.compile(r"Execution is retried|\bretries: \d")


def _was_retried(logs: Logs, path: str) -> bool:
    """Whether a failure that it counts was one of a process that it ran again."""
    file = logs.file(path)
    return file is not None and any(RETRIED.search(line.text) for line in (*file.head, *file.tail))


def _is_told(match: LogMatch) -> bool:
    told = said(match.text)
    return (
        bool(re.search(WITH_ERRORS.regex, told)) and not ZERO.search(told) and not told.rstrip().endswith("?")
    )
