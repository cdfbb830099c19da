"""What of a workspace may be read by whoever is signed in: each kind of evidence tried once, on the newest job."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from diagnose.collect.azureml import history, metrics
from diagnose.collect.azureml.gaps import BLOB_READER, READER, CollectError, GapError
from diagnose.collect.azureml.jobs import Submitted
from diagnose.collect.azureml.storage import Storage
from diagnose.collect.azureml.whereabouts import Locations
from diagnose.collect.azureml.workspace import Service, find_workspace
from diagnose.evidence import fields

SKEW_SAID_S = 5.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried. `passed` None: it could not be tried; `told`: what came of it.

    `needed`: without it no live run can be diagnosed; `role`: whether a role would mend it.
    """

    name: str
    passed: bool | None
    told: str
    needed: bool = False
    role: bool = True


def permissions(service: Service) -> list[Check]:
    """Sign-in, workspace and each kind of evidence, in the order in which a capture needs them."""
    scope = service.cloud.arm_scope
    job = _Newest(service)
    found = [_tried("sign-in", lambda: _signed_in(service, scope), needed=True)]
    if found[-1].passed:
        found.append(_tried("workspace", job.workspace, needed=True))
    if not found[-1].passed:
        return found
    found += [
        _tried("jobs", job.name),
        _tried("datastores", lambda: f"{len(job.submitted.datastores())} of blobs"),
        _tried("run history", job.run),
        _tried("metrics", job.metrics),
        _tried("logs", job.logs),
        _tried("outputs", job.outputs),
    ]
    return [*found, _clock(service)]


class _NotTriedError(Exception):
    """There is nothing to try it on; the message says why."""


def _tried(name: str, attempt: Callable[[], str], *, needed: bool = False) -> Check:
    try:
        return Check(name, passed=True, told=attempt(), needed=needed)
    except _NotTriedError as error:
        return Check(name, passed=None, told=str(error), role=False)
    except GapError as error:
        return Check(name, passed=False, told=error.gap.reason, needed=needed)
    except CollectError as error:
        return Check(name, passed=False, told=str(error), needed=needed)


def _signed_in(service: Service, scope: str) -> str:
    service.tokens.get_token_info(scope)
    return f"a token for {service.cloud.arm}"


class _Newest:
    """A workspace and its newest job of the workspace, as an example of what can be read of any."""

    def __init__(self, service: Service) -> None:
        self._service, self.submitted, self._storage = service, Submitted(service), Storage(service)
        self._run: str | None = None
        self._account: str | None = None

    def workspace(self) -> str:
        """The workspace itself, and its storage account for later."""
        found = find_workspace(self._service)
        self._account = found.storage_account
        return f"{self._service.workspace.name} in {found.region}, asked at {self._service.host}"

    def name(self) -> str:
        """The name of the job, through azure-ai-ml."""
        self._run = self.submitted.newest()
        return f"the newest is {self._run}" if self._run else "there are none yet"

    def run(self) -> str:
        """Its record in run history."""
        return self._about(
            lambda run: f"{run} is {fields.text(history.run_record(self._service, run), 'status')}"
        )

    def metrics(self) -> str:
        """The names of its metrics."""
        return self._about(lambda run: f"{len(metrics.names(self._service, run))} of {run}")

    def logs(self) -> str:
        """The first byte of one of its logs, by the URL that its details carry."""
        return self._about(self._first_log)

    def outputs(self) -> str:
        """The listing of its artifacts, by identity."""
        return self._about(self._listing)

    def _about(self, ask: Callable[[str], str]) -> str:
        if self._run is None:
            raise _NotTriedError("not tried, as no job is known to try it on")
        return ask(self._run)

    def _first_log(self, run: str) -> str:
        urls = fields.texts(history.run_details(self._service, run), "logFiles")
        for path, url in sorted(urls.items()):
            self._storage.piece_at(f"the log {path}", url, 0, 1)
            return f"{len(urls)} of {run}"
        return f"{run} has none"

    def _listing(self, run: str) -> str:
        where = Locations(self._service, {}, self._account)
        place = where.artifacts(f"dcid.{run}")
        if place is None:
            raise _NotTriedError("not tried, as the workspace names no storage account")
        first: Any = next(self._storage.listing("the outputs", place), None)
        return f"{place.host} may be listed" + ("" if first else f" ({run} has none)")


def _clock(service: Service) -> Check:
    skew = service.wire.clock.skew_s or 0.0
    told = f"this machine is {abs(skew):.1f} s {'behind' if skew > 0 else 'ahead of'} the service"
    if abs(skew) <= SKEW_SAID_S:
        return Check("clock", passed=True, told=told)
    return Check("clock", passed=False, told=f"{told}; reports use the service's clock", role=False)


def roles() -> str:
    """The least that a reader of live runs needs."""
    return f"{READER}; {BLOB_READER}"
