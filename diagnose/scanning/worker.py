"""What a worker does with an errand: look whether the run is worth it, capture, judge, and draw the report.

The same function serves threads and processes on other machines: stations are kept by process, and rules with them.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from diagnose.collect.azureml import live
from diagnose.collect.azureml.budgets import Budgets
from diagnose.collect.azureml.gaps import GapError
from diagnose.collect.azureml.sign_in import SignInError, Tokens
from diagnose.collect.azureml.station import AwayError, Station
from diagnose.collect.imported import open_evidence
from diagnose.custom.rulebook import rulebook
from diagnose.errors import DiagnoseError
from diagnose.evidence import fields
from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.instants import format_instant
from diagnose.evidence.run import RunRecord
from diagnose.pipeline import judge
from diagnose.redact import policy
from diagnose.redact.gate import check
from diagnose.redact.saying import said
from diagnose.report import html, record
from diagnose.roster import HARMLESS
from diagnose.rule import Rule
from diagnose.scanning.errand import ATTEMPTS, Errand, Fate, Outcome, Post
from diagnose.scanning.triage import NO_OUTPUTS, Look, Sieve, Sorted
from diagnose.settings import RulesAsked


def run_errand(errand: Errand) -> Outcome:
    """What came of one run. Never raises for anything that the run, the service or the disk did."""
    if errand.policy:
        policy.choose(errand.policy)  # in another process nobody has yet
    crew = _at(errand.post) if errand.post else None
    try:
        found = _looked_at(errand, crew)
    except (AwayError, SignInError) as error:
        found = Outcome(Fate.AWAY, str(error))
    except DiagnoseError as error:
        found = Outcome(Fate.UNREAD, said(str(error)))
    except GapError as error:
        found = Outcome(Fate.AWAY if error.gap.passing else Fate.UNREAD, f"{error.gap.sentence}.")
    except Exception as error:  # noqa: BLE001  (one bad run never stops the rest)
        found = Outcome(Fate.UNREAD, f"Diagnosing it broke ({type(error).__name__}).")
    return _counted(found, crew)


class Desk:
    """One workspace as this process asks it, with the requests that nobody has counted yet."""

    def __init__(self, post: Post, budgets: Budgets, tokens: Tokens | None) -> None:
        how = live.How(
            siblings=post.siblings,
            pace=budgets,
            connections=post.connections,
        )
        self.budgets = budgets
        self.station = Station(live.connect(post.where, post.environ, how, tokens), how)
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._waited: dict[str, float] = {}

    def news(self) -> tuple[dict[str, int], dict[str, float]]:
        """Requests made and seconds waited since somebody last asked."""
        with self._lock:
            made, waited = Counter(self.station.service.wire.counts), dict(self.budgets.waited_s)
            calls = dict(made - self._calls)
            pauses = {name: waited[name] - self._waited.get(name, 0.0) for name in waited}
            self._calls, self._waited = made, waited
            return calls, {name: seconds for name, seconds in pauses.items() if seconds > 0}


_LOCK = threading.Lock()
_DESKS: dict[tuple[str, str, str], Desk] = {}
_TOKENS: dict[str, Tokens] = {}


def desk_at(post: Post) -> Desk:
    """The desk of a workspace, made once a process. Raises DiagnoseError where nobody can be signed in."""
    with _LOCK:
        if post.key not in _DESKS:
            cloud = post.where.cloud.value
            desk = Desk(post, Budgets(share=post.share), _TOKENS.get(cloud))
            _TOKENS[cloud] = desk.station.service.tokens
            _DESKS[post.key] = desk
        return _DESKS[post.key]


def leave() -> None:
    """Let go of every workspace: nobody waits for a budget any more, and no further attempt is made for any run."""
    with _LOCK:
        for desk in _DESKS.values():
            desk.budgets.stop()
            desk.station.service.patience.stop()
            desk.station.service.wire.close()
        _DESKS.clear()
        _TOKENS.clear()


def _at(post: Post) -> Desk | None:
    try:
        return desk_at(post)
    except DiagnoseError:
        return None  # said again where the run is asked for


def _counted(found: Outcome, desk: Desk | None) -> Outcome:
    if desk is None:
        return found
    calls, waited = desk.news()
    return replace(found, calls=calls, waited_s=waited)


def _looked_at(errand: Errand, desk: Desk | None) -> Outcome:
    if errand.post and desk is None:
        desk = desk_at(errand.post)
    if desk:
        passed = _sorted(errand, desk.station)
        if passed.look is Look.LEAVE:
            return Outcome(Fate.PASSED, passed.why)
    with _evidence(errand, desk) as bundle:
        return _diagnosed(errand, bundle)


def _sorted(errand: Errand, station: Station) -> Sorted:
    now = errand.now or datetime.now(UTC)
    sieve = Sieve(now, errand.silent_for, errand.is_named)
    found = sieve.sort(errand.run, has_open_child=errand.has_open_child)
    if found.look is Look.ACTIVITY:
        return sieve.by_activity(*station.last_activity(errand.run))
    if found.look is Look.OUTPUTS:
        left = station.left_outputs(errand.run)
        return Sorted(Look.DIAGNOSE) if left else Sorted(Look.LEAVE, NO_OUTPUTS)
    return found


@contextmanager
def _evidence(errand: Errand, desk: Desk | None) -> Iterator[Bundle]:
    if desk is None:
        assert errand.path is not None  # noqa: S101  (an errand has one of the two)
        yield open_evidence(errand.path)
        return
    with desk.station.captured(errand.run, last_try=errand.attempts + 1 >= ATTEMPTS) as bundle:
        yield bundle


def _diagnosed(errand: Errand, bundle: Bundle) -> Outcome:
    made = judge(bundle, datetime.now(UTC).replace(microsecond=0), _rules(errand.rules))
    scanned: dict[str, Any] = {"scan": _scan(errand, bundle)}
    if bundle.redaction:
        scanned = {"scan": bundle.redaction.value("scan", scanned["scan"])}
    line, page = record.render(made | scanned), html.render(made)
    check(line, "The verdict")
    check(page, "The report")
    return Outcome(
        Fate.DIAGNOSED,
        line=line,
        html=page,
        is_trouble=made["cause"] not in HARMLESS,
        cause=made["cause"],
    )


def _scan(errand: Errand, bundle: Bundle) -> dict[str, Any]:
    """What a scan knows beside the verdict; see `diagnose.roster`."""
    found, origin = bundle.get(RunRecord), bundle.manifest.origin
    run = None if isinstance(found, Missing) else found
    return {
        "workspace_id": errand.workspace_id,
        "workspace": errand.workspace or origin.workspace or "",
        "owner": _owner(errand.run),
        "size": run.compute_size if run else None,
        "nodes": run.nodes if run else None,
        "priority": run.priority if run else None,
        "report": errand.report,
        "seen_at": format_instant(bundle.manifest.captured_at or datetime.now(UTC)),
        "mark": errand.mark,
        "name": errand.run_id,
    }


def _owner(run: Mapping[str, object]) -> str | None:
    return fields.text(fields.table(run, "createdBy"), "userName")


@cache
def _rules(asked: RulesAsked | None) -> tuple[Rule, ...] | None:
    return None if asked is None else rulebook(asked).rules
