"""A live run becomes a bundle: everything that can be asked at the same time is asked at the same time."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from diagnose.collect.azureml import code, earlier, history, metrics, outputs
from diagnose.collect.azureml.answers import Answers
from diagnose.collect.azureml.artifacts import artifact_paths, content_url
from diagnose.collect.azureml.gaps import CollectError, Gap, GapError
from diagnose.collect.azureml.jobs import UNKNOWN_KIND, Datastore, Job, Submitted, job_in
from diagnose.collect.azureml.lives import child_rows
from diagnose.collect.azureml.logs import keep_logs, log_part, sources
from diagnose.collect.azureml.processes import RECORDER, keep_processes
from diagnose.collect.azureml.run_row import Told, run_row
from diagnose.collect.azureml.spool import Spool
from diagnose.collect.azureml.storage import Place, Storage
from diagnose.collect.azureml.threads import start
from diagnose.collect.azureml.whereabouts import Locations, Sought, artifacts_at, declared, resolved, seek
from diagnose.collect.azureml.workspace import Json, Service, Workspace, find_workspace
from diagnose.collect.beside import MEMBER
from diagnose.collect.layouts import is_log
from diagnose.evidence import fields
from diagnose.evidence.bundle import Manifest, Origin, Part, PartState
from diagnose.evidence.outputs import ARTIFACTS
from diagnose.evidence.run import is_parent_type
from diagnose.version import __version__

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """What a scan knows before it looks at a run: the same for all runs of a workspace, but for `run`.

    `stores` is a Gap where they could not be had. `run`: the run as run history's lists tell it.
    """

    workspace: Workspace
    stores: Mapping[str, Datastore] | Gap
    run: Json
    experiment: str | None


@dataclass
class Capture:
    """One run on its way into a bundle. `told` hears of each thing that is being read.

    With `known`, ARM is asked nothing: of the job as it was submitted run history has what a verdict needs.
    """

    service: Service
    run_id: str
    spool: Spool
    told: Callable[[str], None]
    use_secrets: bool = False
    siblings: int = earlier.COUNT
    """So many earlier runs of the same experiment are looked at."""
    known: Known | None = None

    def __post_init__(self) -> None:
        self._submitted = Submitted(self.service)
        self._storage = Storage(self.service)
        self._answers = Answers()
        self._gaps: list[Gap] = []

    @property
    def _workspace(self) -> Workspace:
        found: Workspace = self._answers.require("workspace")
        return found

    def manifest(self) -> Manifest:
        """Collect everything into the spool; what the bundle says of itself.

        Raises CollectError when there is no such run or workspace, or no way to sign in; OSError as the disk does.
        """
        self._ask()
        self._answers.require("workspace")  # without it there is nothing to collect
        parts: dict[str, Future[Part | None]] = {
            "run": start(self._run),  # first, since it alone may end everything
            "logs": start(self._logs),
            "metrics": start(self._metrics),
            "children": start(self._children),
            "outputs": start(self._outputs),
            "code": start(self._code),
            "processes": start(self._processes),
        }
        siblings = start(self._siblings)
        made: dict[str, Part] = {}
        for name, part in parts.items():
            if found := self._settled(name, part):
                made[name] = found
        self._settled("earlier runs", siblings)  # which are no part of the run
        clock = self.service.wire.clock
        return Manifest(
            captured_at=clock.now,
            captured_by=f"azureml-diagnose {__version__}",
            origin=self._origin(),
            clock_skew_s=clock.skew_s,
            parts=made,
            gaps=tuple(gap.row() for gap in [*self._answers.gaps(), *self._gaps]),
        )

    def _ask(self) -> None:
        """Every question at once; those of run history wait for the workspace, which tells where it is."""
        service, run_id, ask = self.service, self.run_id, self._answers.ask
        if self.known:
            self._given(self.known)
        else:
            ready = start(self._submitted.load)
            ask("workspace", lambda: find_workspace(service))
            ask("run", self._then(lambda: history.run_record(service, run_id)))
            ask("job", lambda: self._job(ready))
            ask("stores", lambda: self._stores(ready))
        self.told("run history, metrics and child runs")
        ask("details", self._then(lambda: history.run_details(service, run_id)))
        ask("spans", self._then(lambda: history.status_history(service, run_id)))
        ask("names", self._then(lambda: metrics.names(service, run_id)))
        ask("children", self._then(lambda: history.children(service, run_id)))
        ask("artifacts", self._then(self._list_artifacts))

    def _given(self, known: Known) -> None:
        for name in ("workspace", "stores", "run"):
            self._answers.given(name, getattr(known, name))
        self._answers.given("job", None)

    def _then(self, question: Callable[[], Any]) -> Callable[[], Any]:
        """The question, to be asked once the workspace has answered."""

        def asked() -> Any:
            self._answers.require("workspace")
            return question()

        return asked

    def _job(self, ready: "Future[None]") -> Job | None:
        """The submitted job; None where ARM knows none: of steps, trials and old runs only run history tells."""
        ready.result()
        run = self._answers.now("run", {})
        if history.is_step(run):
            return None
        try:
            return self._submitted.job(self.run_id)
        except GapError as error:
            run = self._answers.get("run", {})
            # Of trials, old runs and kinds that the library does not know, run history tells what there is to tell.
            unknown = error.gap.code == UNKNOWN_KIND or (
                error.gap.status == 404 and history.runtime_of(run) != "v2"
            )
            if unknown and (run or error.gap.status == 404):
                return None
            raise

    def _stores(self, ready: "Future[None]") -> Mapping[str, Any]:
        ready.result()
        return self._submitted.datastores()

    def _settled(self, name: str, part: "Future[Part | None]") -> Part | None:
        """A part, or the reason why there is none: one that broke never costs another."""
        try:
            return part.result()
        except GapError as error:
            if error.gap not in self._answers.gaps():
                self._gaps.append(error.gap)
            return error.gap.part()
        except (CollectError, OSError):
            raise  # nobody is signed in any more, or the disk is full
        except Exception as error:  # noqa: BLE001  (a fault of ours in one part costs that part only)
            # No traceback: what the clients raise may quote an address with its signature.
            log.error("collecting the %s broke: %s", name, type(error).__name__)  # noqa: TRY400
            gap = Gap(f"the {name}", PartState.FAILED, f"collecting it broke ({type(error).__name__})")
            self._gaps.append(gap)
            return gap.part()

    # --- the run ----------------------------------------------------------------------------------------------

    def _run(self) -> Part:
        told = self._told()
        size = self.spool.document("run.json", run_row(told))
        missing = [gap for name in ("run", "details", "job") if (gap := self._answers.missing().get(name))]
        if missing:
            return Part(
                missing[0].state if not told.run and not told.details else PartState.PARTIAL,
                missing[0].sentence,
                1,
                size,
            )
        return Part(PartState.COMPLETE, None, 1, size)

    def _told(self) -> Told:
        answers = self._answers
        run, details = answers.get("run", {}), answers.get("details", {})
        job = answers.get("job", None)
        self._refuse_nothing(run, details, job)
        told = Told(self.run_id, run, details, job, job_in(run or details, details), answers.get("spans", []))
        if job is None or job.experiment is None:
            told.experiment = self.known.experiment if self.known else self._experiment(run)
        return told

    def _refuse_nothing(self, run: Json, details: Json, job: Job | None) -> None:
        """No such run is the end of it; so is a run of which nothing may be seen."""
        if run or details or job:
            return
        missing = self._answers.missing()
        gap = missing.get("run") or missing.get("details") or missing.get("job")
        name, where = self.run_id, self.service.workspace.name
        if gap is None or gap.status == 404:
            raise CollectError(
                f"There is no run {name} in the workspace {where}; check the id (the studio URL holds it) and the workspace."
            )
        raise CollectError(f"The run {name} of the workspace {where} cannot be read: {gap.reason}.")

    def _experiment(self, run: Json) -> str | None:
        """The name of the experiment, which run history keeps apart from its runs."""
        experiment = fields.text(run, "experimentId")
        if not experiment:
            return None
        try:
            return history.experiment_name(self.service, experiment)
        except GapError as error:
            self._gaps.append(error.gap)
            return None

    def _origin(self) -> Origin:
        workspace, run = self.service.workspace, self._answers.get("run", {})
        return Origin(
            kind="azureml",
            subscription_id=workspace.subscription,
            resource_group=workspace.resource_group,
            workspace=workspace.name,
            region=self._workspace.region,
            sdk=history.runtime_of(run),
            portal_url=f"https://{self.service.cloud.studio}/runs/{self.run_id}?wsid=/subscriptions/{workspace.subscription}"
            f"/resourcegroups/{workspace.resource_group}/workspaces/{workspace.name}",
        )

    # --- what lies below the run ------------------------------------------------------------------------------

    def _container(self) -> str:
        return history.container_of(self._answers.get("run", {}), self.run_id)

    def _list_artifacts(self) -> outputs.Found:
        self.told("the list of logs and outputs")
        container = self._container()
        place = Locations(self.service, {}, self._workspace.storage_account).artifacts(container)
        if place is None:  # the addresses of the logs tell it too
            urls = fields.texts(self._answers.get("details", {}), "logFiles").values()
            place = next((found for url in urls if (found := artifacts_at(url, container))), None)
        return outputs.list_output(self._storage, ARTIFACTS, [place] if place else [])

    def _logs(self) -> Part:
        artifacts: outputs.Found = self._answers.get("artifacts", outputs.Found(ARTIFACTS, None))
        details = self._answers.get("details", {})
        listed = {path: blob for path, blob in artifacts.by_path().items() if _is_log(path)}
        urls = {path: url for path, url in fields.texts(details, "logFiles").items() if path != RECORDER}
        complete, gap = artifacts.gap is None and artifacts.place is not None, artifacts.gap
        if not complete:
            names, gap = self._named_artifacts(gap)
            complete = gap is None
            urls = {path: "" for path in names if _is_log(path)} | urls
        container = self._container()
        found = sources(urls, listed, self._storage, lambda path: content_url(self.service, container, path))
        kept = keep_logs(found, self.spool, self.told)
        self._gaps.extend(one.gap for one in kept if one.gap)
        self.spool.rows("logs.jsonl", (one.row() for one in kept))
        return log_part(kept, gap, listed=complete)

    def _named_artifacts(self, gap: Gap | None) -> tuple[list[str], Gap | None]:
        """Where the storage account may not be listed, the artifact service still has the names."""
        if gap:
            self._gaps.append(gap)
        found: list[str] = []
        try:
            for path in artifact_paths(self.service, self._container()):
                found.append(path)  # noqa: PERF402  (what came before the trouble is kept)
        except GapError as error:
            self._gaps.append(error.gap)
            return found, gap or error.gap
        return found, None

    def _outputs(self) -> Part:
        sought = self._sought()
        found = [self._answers.get("artifacts", outputs.Found(ARTIFACTS, None))]
        found += [self._listed(name, at) for name, at in sought.items()]
        self._gaps.extend(one.gap for one in found if one.gap)
        made, gaps = outputs.rows(found, self._storage, lambda path: is_log(path) or path == RECORDER)
        self._gaps.extend(gaps)
        self.spool.rows("outputs.jsonl", made)
        return outputs.outputs_part(found, made, gaps, self._unknown_places())

    def _listed(self, name: str, sought: Sought) -> outputs.Found:
        self.told(f"the output {name}")
        found = outputs.list_output(self._storage, name, sought.places)
        if self.use_secrets and found.place and found.gap and found.gap.state is PartState.DENIED:
            self._unlock(found.place)
            found = outputs.list_output(self._storage, name, sought.places)
        if not found.blobs and found.gap is None:
            found.gap = sought.doubt
        return found

    def _unlock(self, place: Place) -> None:
        """Only after --use-datastore-secrets: the key of the datastore, in memory and for this run."""
        for store in self._answers.get("stores", {}).values():
            if store.container == place.container and place.host.startswith(f"{store.account}."):
                try:
                    secret = self._submitted.secret(store.name)
                except GapError as error:
                    needed = "Microsoft.MachineLearningServices/workspaces/datastores/listSecrets/action"
                    self._gaps.append(
                        replace(
                            error.gap, reason=f"{error.gap.status or ''} the permission {needed} is missing"
                        )
                    )
                    return
                if secret:
                    self._storage.secrets[place.host, place.container] = secret

    def _sought(self) -> dict[str, Sought]:
        """Where each named output may lie."""
        run, names = self._answers.get("run", {}), self._declared()
        reused = history.is_reused(run)
        told = self._resolved(run) if reused or None in names.values() else {}
        where = self._locations()
        # Of a reused step the job says where it would have written, and the data asset where it lies.
        return {
            name: seek(
                where, run, self.run_id, name, (told.get(name) or uri) if reused else (uri or told.get(name))
            )
            for name, uri in sorted(names.items())
        }

    def _declared(self) -> dict[str, str | None]:
        answers = self._answers
        return declared(answers.get("run", {}), answers.get("details", {}), answers.get("job", None))

    def _locations(self) -> Locations:
        return Locations(self.service, self._answers.get("stores", {}), self._workspace.storage_account)

    def _resolved(self, run: Json) -> Mapping[str, str]:
        try:
            return resolved(self.service, run)
        except GapError as error:
            self._gaps.append(error.gap)
            return {}

    def _unknown_places(self) -> Gap | None:
        """Why nobody knows which outputs the run has, or where they lie."""
        missing, details = self._answers.missing(), self._answers.get("details", {})
        return missing.get("stores") or (None if details.get("runDefinition") else missing.get("job"))

    def _processes(self) -> Part | None:
        """The table of processes, where a recorder in the job left one."""
        blob = self._answers.get("artifacts", outputs.Found(ARTIFACTS, None)).by_path().get(RECORDER)
        return keep_processes(blob, self._storage, self.spool) if blob else None

    # --- the rest ---------------------------------------------------------------------------------------------

    def _metrics(self) -> Part:
        names = self._answers.require("names")
        count, size, gaps = metrics.keep(self.service, self.run_id, names, self.spool)
        return self._kept(gaps, count, size)

    def _children(self) -> Part:
        family: history.Family = self._answers.require("children")
        where = Locations(self.service, {}, self._workspace.storage_account)
        made, gaps = child_rows(family.rows, self.service, self._storage, where)
        gaps = [*([family.gap] if family.gap else []), *gaps]
        return self._kept(gaps, *self.spool.rows("children.jsonl", made))

    def _siblings(self) -> Part | None:
        """Earlier runs of the same experiment, as far as they can be had: `siblings.jsonl`, and no part."""
        run = self._answers.get("run", {})
        if not self.siblings or not earlier.may_have_siblings(run):
            return None
        self.told("earlier runs of the experiment")
        found, gap = earlier.earlier_runs(self.service, run, self.siblings)
        self._gaps.extend([gap] if gap else [])
        if found:
            made, gaps = earlier.sibling_rows(found, self._declared(), self._storage, self._locations())
            self._gaps.extend(gaps)
            self.spool.rows(MEMBER, made)
        return None

    def _kept(self, gaps: list[Gap], count: int, size: int) -> Part:
        """A part of so many rows and bytes: complete, if there is no gap in it."""
        self._gaps.extend(gaps)
        return gaps[0].part(count, size) if gaps else Part(PartState.COMPLETE, None, count, size)

    def _code(self) -> Part:
        run, job = self._answers.get("run", {}), self._answers.get("job", None)
        if is_parent_type(history.type_of(run)):
            return Part(PartState.COMPLETE, None, 0, 0)  # a parent has no code of its own
        if job and job.code:
            return code.keep_asset(job.code, self.service, self._storage, self.spool)
        snapshot = fields.text(fields.table(run, "properties"), "ContentSnapshotId")
        if snapshot:
            return code.keep_snapshot(snapshot, self.service, self._storage, self.spool)
        missing = self._answers.missing()
        gap = missing.get("job") or missing.get("run")
        if gap is None and self.known and not run.get("isVirtual"):
            reason = "its record names no snapshot, and ARM, which may know one, is not asked in a scan"
            return Part(PartState.NOT_COLLECTED, reason, 0, 0)
        return gap.part() if gap else Part(PartState.COMPLETE, None, 0, 0)


def _is_log(path: str) -> bool:
    """Whether an artifact is a log; the recorder's table lies among them and is none."""
    return is_log(path) and path != RECORDER
