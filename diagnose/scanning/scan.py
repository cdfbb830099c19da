"""The scan itself: find, send out, keep each verdict the moment it is there, and leave a page."""

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from diagnose.evidence.instants import format_instant, parse_instant
from diagnose.messages import NOTICE
from diagnose.recording import ruleset
from diagnose.redact import policy
from diagnose.redact.gate import SecretFoundError
from diagnose.scanning import worker
from diagnose.scanning.candidates import Candidates, Found
from diagnose.scanning.crew import crew
from diagnose.scanning.errand import ATTEMPTS, Errand, Fate, Outcome
from diagnose.scanning.journal import Journal, Kept, Key
from diagnose.scanning.plan import Plan
from diagnose.scanning.progress import Progress
from diagnose.version import __version__

log = logging.getLogger("diagnose")

UNCHANGED = "unchanged since it was diagnosed"


@dataclass
class Tally:
    """What came of the errands of one workspace."""

    diagnosed: int = 0
    unread: int = 0
    reused: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    waited: Counter[str] = field(default_factory=Counter)


@dataclass
class Scanned:
    """A scan that has ended. `keys`: the runs of which it tells; `facts`: as `scan.json` has them."""

    keys: set[Key]
    unread: set[Key]
    facts: dict[str, object]
    stopped: str | None = None


class Scan:
    """One scan into one journal."""

    def __init__(self, plan: Plan, journal: Journal, sleep: Callable[[float], object] = time.sleep) -> None:
        self._plan, self._journal, self._sleep = plan, journal, sleep
        self._tallies: dict[str, Tally] = {}
        self._keys, self._unread = set[Key](), set[Key]()
        self._again: deque[Errand] = deque()
        self._places: list[Found] = []
        self._stopped: str | None = None
        # A scan that never ended was killed: this one goes on where it was.
        began = None if journal.facts.get("ended_at") else parse_instant(journal.facts.get("started_at"))
        self._began = began or datetime.now(UTC)
        self._clock = time.monotonic()

    def run(self) -> Scanned:
        """Do it all. KeyboardInterrupt passes through after what there is has been kept."""
        self._journal.state(self._facts(is_over=False))
        try:
            with Candidates(self._plan) as found:
                self._places = found.places
                found.gather()
                self._journal.state(self._facts(is_over=False))
                with crew(self._plan.engine, self._plan.workers, self._plan.cluster) as (
                    executor,
                    hands,
                    share,
                ):
                    self._send_out(executor, hands, self._errands(found, share), found.total)
        except BaseException:
            self._stopped = self._stopped or "It was interrupted; start it again with the same -o to go on."
            self._journal.state(self._facts(is_over=False))
            raise
        finally:
            worker.leave()
        self._journal.state(self._facts(is_over=self._stopped is None))
        return self.scanned()

    def scanned(self) -> Scanned:
        """What there is so far."""
        return Scanned(self._keys, self._unread, self._facts(is_over=self._stopped is None), self._stopped)

    # --- which runs ---------------------------------------------------------------------------------------------

    def _errands(self, found: Candidates, share: float) -> Iterator[Errand]:
        """The runs that have to be looked at, at most as many as were asked for."""
        sent, limit = 0, self._plan.asked.limit
        for errand in found:
            if limit is not None and sent >= limit:
                return
            sent += 1
            key = (errand.workspace_id, errand.run_id)
            kept = self._journal.kept(key)
            if kept and self._stands(kept, errand):
                self._keys.add(key)
                tally = self._tally(errand)
                tally.reused += 1
                self._progress.step(is_trouble=kept.is_trouble)
                continue
            post, chosen = errand.post, policy.current()
            shared = replace(post, share=share) if post and share < 1.0 else post
            yield replace(errand, post=shared, policy=chosen)

    def _stands(self, kept: Kept, errand: Errand) -> bool:
        """Whether an earlier verdict still holds: of a closed run as long as its record is the same, of an open one for a while."""
        if kept.mark != errand.mark:
            return False
        if errand.path or kept.is_final:
            return True
        if kept.made_at is None:
            return False
        is_of_this_scan = kept.made_at >= self._began.replace(microsecond=0)
        return is_of_this_scan or datetime.now(UTC) - kept.made_at < self._plan.asked.silent_for

    # --- sending out --------------------------------------------------------------------------------------------

    def _send_out(self, executor: Executor, hands: int, errands: Iterator[Errand], total: int) -> None:
        limit = self._plan.asked.limit
        self._progress = Progress(total if limit is None else min(total, limit))
        pending: dict[Future[Outcome], Errand] = {}
        pauses, streak, most = iter(self._plan.pauses), 0, hands
        try:
            while True:
                while len(pending) < most and (errand := self._next(errands)):
                    pending[executor.submit(worker.run_errand, errand)] = errand
                if not pending:
                    return
                done, _ = wait(pending, timeout=1.0, return_when=FIRST_COMPLETED)
                self._progress.show()
                for future in done:
                    is_away = self._came_back(pending.pop(future), _outcome(future))
                    streak = streak + 1 if is_away else 0
                    if not is_away:
                        most, pauses = hands, iter(self._plan.pauses)
                if streak < ATTEMPTS or not self._again:
                    continue
                most = 0  # those who are out come home first
                if not pending:
                    if not self._pause(pauses):
                        return
                    most, streak = 1, 0
        finally:
            self._progress.end()

    def _pause(self, pauses: Iterator[float]) -> bool:
        """Wait for a service that went away; False when it was waited for long enough."""
        seconds = next(pauses, None)
        if seconds is None:
            self._give_up()
            return False
        log.log(NOTICE, "the service does not answer; the scan waits for %.0f s", seconds)
        self._sleep(seconds)
        # It was the service, and none of these runs.
        self._again = deque(replace(errand, attempts=0) for errand in self._again)
        return True

    def _next(self, errands: Iterator[Errand]) -> Errand | None:
        found = next(errands, None)
        return self._again.popleft() if found is None and self._again else found

    def _came_back(self, errand: Errand, outcome: Outcome) -> bool:
        """Keep what came of a run; whether it is to be tried again since a service was away."""
        tally = self._tally(errand)
        tally.calls.update(outcome.calls)
        tally.waited.update(outcome.waited_s)
        if outcome.fate is Fate.AWAY and errand.attempts + 1 < ATTEMPTS:
            self._again.append(replace(errand, attempts=errand.attempts + 1))
            return True
        if outcome.fate is Fate.DIAGNOSED:
            self._keep(errand, outcome)
        elif outcome.fate is Fate.PASSED:
            tally.passed[outcome.why] += 1
        else:
            self._leave(errand, outcome.why)
        self._progress.step(is_trouble=outcome.is_trouble)
        return outcome.fate is Fate.AWAY

    def _keep(self, errand: Errand, outcome: Outcome) -> None:
        try:
            self._keys.add(self._journal.keep(outcome.line, outcome.html))
            self._tally(errand).diagnosed += 1
        except SecretFoundError as error:  # by what was learnt from another run since
            self._leave(errand, str(error))

    def _leave(self, errand: Errand, why: str) -> None:
        """A run that could not be diagnosed is a row with its reason."""
        run = errand.run
        self._journal.keep_unread(
            {
                "workspace_id": errand.workspace_id,
                "workspace": errand.workspace,
                "run_id": errand.run_id,
                "display_name": run.get("displayName"),
                "status": run.get("status"),
                "why": why,
                "at": format_instant(datetime.now(UTC)),
            }
        )
        self._unread.add((errand.workspace_id, errand.run_id))
        self._tally(errand).unread += 1

    def _give_up(self) -> None:
        left = self._progress.total - self._progress.done
        self._stopped = (
            f"A service went away and did not come back; {left:,} runs were not looked at. "
            "Start the scan again with the same -o to go on."
        )
        for errand in self._again:
            self._leave(errand, "the service did not answer")

    def _tally(self, errand: Errand) -> Tally:
        return self._tallies.setdefault(errand.workspace_id, Tally())

    # --- what is told of it -------------------------------------------------------------------------------------

    def _facts(self, *, is_over: bool) -> dict[str, object]:
        now = next((place.now for place in self._places if place.now), None) or datetime.now(UTC)
        return {
            "format": "run-scan",
            "version": 1,
            "by": f"diagnose {__version__}",
            "ruleset": ruleset(),
            "started_at": format_instant(self._began),
            "ended_at": format_instant(datetime.now(UTC)) if is_over else None,
            "seconds": round(time.monotonic() - self._clock, 1),
            "now": format_instant(now),
            "asked": self._plan.asked.told(now)
            | {"engine": self._plan.engine, "workers": self._plan.workers},
            "workspaces": [self._place(place) for place in self._places],
            "prices": self._plan.prices,
            "stopped": self._stopped,
        }

    def _place(self, place: Found) -> dict[str, object]:
        tally = self._tallies.get(place.workspace_id, Tally())
        return {
            "workspace_id": place.workspace_id,
            "name": place.name,
            "way": place.way,
            "why": place.why,
            "listed": place.listed,
            "candidates": place.candidates,
            "passed": dict(place.passed + tally.passed),
            "diagnosed": tally.diagnosed,
            "reused": tally.reused,
            "unread": tally.unread,
            "trouble": place.trouble,
            "calls": dict(tally.calls),
            "waited_s": round(sum(tally.waited.values()), 1),
        }


def _outcome(future: "Future[Outcome]") -> Outcome:
    """What came of it; a worker that was lost, again and again, took one run with it and no more."""
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001  (whatever a cluster raises)
        return Outcome(Fate.UNREAD, f"The worker that diagnosed it was lost ({type(error).__name__}).")
