"""One workspace that is asked about many runs: what is the same for all of them is asked once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from diagnose.collect.azureml import earlier, history, metrics
from diagnose.collect.azureml.capture import Capture, Known
from diagnose.collect.azureml.gaps import CollectError, Gap, GapError
from diagnose.collect.azureml.jobs import Datastore, Submitted
from diagnose.collect.azureml.live import How, room
from diagnose.collect.azureml.lives import last_log
from diagnose.collect.azureml.spool import Spool
from diagnose.collect.azureml.storage import Storage
from diagnose.collect.azureml.whereabouts import Locations
from diagnose.collect.azureml.workspace import Json, Service, Workspace, find_workspace
from diagnose.collect.redact import cleaned
from diagnose.evidence import fields
from diagnose.evidence.bundle import Bundle, PartState
from diagnose.evidence.instants import parse_instant
from diagnose.redact.redactor import Redactor

OUTPUTS = "outputs/"
"""Where a run's own outputs lie among its artifacts, in both generations."""
_TELLING = ("logs", "outputs", "metrics")
_BEST_EFFORT = ("the status history", earlier.RUNS, earlier.LEFT)


class AwayError(CollectError):
    """A service that does not answer just now: the run may be asked for again, later."""


class Station:
    """A signed-in workspace. Thread-safe; `how` says how patient each run is."""

    def __init__(self, service: Service, how: How) -> None:
        self.service, self._how = service, how
        self._lock = threading.RLock()
        self._experiments: dict[str, str | None] = {}
        self._stores: dict[str, Datastore] | Gap | None = None
        self._workspace: Workspace | None = None

    def open(self) -> Workspace:
        """The workspace, asked for once; raises CollectError where it cannot be read."""
        with self._lock:
            if self._workspace is None:
                self._workspace = find_workspace(self.service)
            return self._workspace

    @contextmanager
    def captured(self, run: Json, *, last_try: bool = True) -> Iterator[Bundle]:
        """The run, as a list of run history told it, as a bundle that is gone afterwards.

        Raises AwayError where a service does not answer just now, unless it is the `last_try` and something was read; and
        CollectError where nothing of the run may be read.
        """
        run_id, service = fields.text(run, "runId") or "", self.again()
        spool: Spool | None = None
        try:
            try:
                redactor = Redactor()
                spool = Spool(redactor)
                known = Known(self.open(), self._datastores(), run, self._experiment(run))
                capture = Capture(
                    service, run_id, spool, self._how.told, siblings=self._how.siblings, known=known
                )
                manifest = capture.manifest()
                spool.sweep()
            except OSError as error:
                raise CollectError(
                    f"The evidence of {run_id} could not be kept for the time of its diagnosis: "
                    f"{error.strerror or error}{room()}; make room, or set TMPDIR to another disk."
                ) from error
            bundle = Bundle(spool.store(), cleaned(manifest, redactor))
            bundle.redaction = redactor
            _refuse_silence(bundle, run_id, last_try=last_try)
            yield bundle
        finally:
            service.patience.stop()
            if spool is not None:
                spool.remove()

    def last_activity(self, run: Json) -> tuple[datetime | None, datetime | None]:
        """When the run itself last wrote to a log and last logged a metric; None where it never did. Raises GapError.

        `lastModifiedUtc` is no such time: any write of the service moves it, and it may lie before the start.
        """
        service, run_id = self.again(), fields.text(run, "runId") or ""
        where = Locations(service, {}, self.open().storage_account)
        logged = last_log(run, f"the logs of the run {run_id}", Storage(service), where)
        return logged, parse_instant(metrics.last_logged(metrics.names(service, run_id)))

    def left_outputs(self, run: Json) -> bool:
        """Whether anything lies among the outputs of a run whose record names none; raises GapError."""
        service, run_id = self.again(), fields.text(run, "runId") or ""
        place = Locations(service, {}, self.open().storage_account).artifacts(
            history.container_of(run, run_id)
        )
        if place is None:
            raise GapError(Gap("the outputs", PartState.FAILED, "the workspace names no storage account"))
        return Storage(service).holds(f"the outputs of {run_id}", place, OUTPUTS)

    def again(self) -> Service:
        """The service with patience of its own, for one run; raises CollectError where the workspace cannot be read."""
        self.open()
        patience = self._how.patience()
        patience.forget_token = self.service.tokens.forget
        patience.pace = self.service.patience.pace
        return self.service.again(patience)

    def _datastores(self) -> dict[str, Datastore] | Gap:
        with self._lock:
            if self._stores is None:
                try:
                    submitted = Submitted(self.again())
                    submitted.load()
                    self._stores = submitted.datastores()
                except GapError as error:
                    self._stores = error.gap
            return self._stores

    def _experiment(self, run: Json) -> str | None:
        """The name of its experiment; nobody loses a verdict for want of it."""
        experiment = fields.text(run, "experimentId")
        if not experiment:
            return None
        with self._lock:
            if experiment in self._experiments:
                return self._experiments[experiment]
        try:
            name = history.experiment_name(self.again(), experiment)
        except GapError:
            return None
        with self._lock:
            self._experiments[experiment] = name
        return name


def _refuse_silence(bundle: Bundle, run_id: str, *, last_try: bool) -> None:
    """A run is not judged on what a service that is away left of it, and never by its status alone."""
    manifest = bundle.manifest
    passing = [gap for gap in manifest.gaps if gap.get("passing") and gap.get("what") not in _BEST_EFFORT]
    parts = [manifest.parts[name] for name in _TELLING if name in manifest.parts]
    is_silent = bool(parts) and all(part.state in (PartState.FAILED, PartState.DENIED) for part in parts)
    if passing and (is_silent or not last_try):
        raise AwayError(f"Not all of the run {run_id} could be read just now: {passing[0].get('reason')}.")
    if is_silent:
        reasons = "; ".join(dict.fromkeys(part.reason or part.state.value for part in parts))
        raise CollectError(f"Nothing of the run {run_id} could be read: {reasons}.")
