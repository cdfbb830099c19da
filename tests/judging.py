"""Whole judgements of small bundles, and one rule's answer to them."""

from building import bundle_of, iso, line, moment, run_row
from samples import AT

from diagnose.engine import Broke, Clear, Found, NotChecked, evaluate
from diagnose.pipeline import judge

WORDS = {Found: "found", Clear: "clear", NotChecked: "not checked", Broke: "broke"}


def record(run=None, **given):
    """The whole record on `bundle_of(run, **given)`."""
    return judge(bundle_of(run, **given), AT)


def verdict(run=None, **given):
    """Cause, mechanism and certainty, judged by all rules together."""
    told = record(run, **given)
    return told["cause"], told["mechanism"], told["certainty"]


def cause(run=None, **given):
    """The cause alone."""
    return record(run, **given)["cause"]


def answer(rule, run=None, **given):
    """What one rule says when it is asked alone: found, clear, not checked or broke."""
    [outcome] = evaluate(bundle_of(run, **given), [rule])
    return WORDS[type(outcome)]


def finding(rule, run=None, **given):
    """The one finding of one rule."""
    [outcome] = evaluate(bundle_of(run, **given), [rule])
    assert isinstance(outcome, Found), outcome
    [found] = outcome.findings
    return found


def completed(**fields):
    """A run that the service closed as Completed after an hour."""
    return run_row("Completed", **{"ended_at": iso(60), **fields})


def failed(**fields):
    """A run that the service closed as Failed after an hour."""
    return run_row("Failed", **{"ended_at": iso(60), **fields})


def canceled(**fields):
    """A run that was canceled after an hour."""
    return run_row("Canceled", **{"ended_at": iso(60), **fields})


def every(minutes, text):
    """A stamped line at each of these minutes; `{n}` in it is the minute."""
    return "".join(line(n, text.format(n=n)) for n in minutes)


def points(minutes, name="verlies", **fields):
    """A point of a metric at each of these minutes, the minute being its step."""
    return [{"name": name, "value": 1 / (n + 1), "step": n, "at": iso(n), **fields} for n in minutes]


def blob(path, size=2048, minute=30, output="resultaat", **fields):
    """A committed blob that nobody looked into."""
    return {
        "output": output,
        "path": path,
        "size": size,
        "modified_at": iso(minute),
        "committed": True,
        **fields,
    }


def runtime(minute, text):
    """A line of the v2 runtime's own log."""
    return f"{moment(minute):%Y-%m-%dT%H:%M:%S.%fZ}  INFO {text}\n"


def spawned(minute=0.5, pid=31):
    """The runtime started the user's process."""
    return runtime(minute, f"execution_wrapper::execution: execution process spawned pid={pid}")


def exited(minute, code=0):
    """The runtime collected its exit."""
    return runtime(minute, f"Gathered execution result for rank 0 process_rank=0 exit_code={code}")


def execution_ended(minute):
    """The runtime ended the execution."""
    return runtime(minute, "execution_wrapper::execution: process execution completed")
