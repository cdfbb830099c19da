"""What azure-ai-ml offers in public: the job as it was submitted, and the workspace's datastores."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from azure.core.credentials import AzureSasCredential

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.history import type_of
from diagnose.collect.azureml.paging import Pages
from diagnose.collect.azureml.workspace import Json, Service
from diagnose.evidence import fields
from diagnose.evidence.bundle import PartState
from diagnose.evidence.instants import format_instant, parse_instant

if TYPE_CHECKING:
    from azure.ai.ml import MLClient


UNKNOWN_KIND = "UnknownKind"
"""The code of the gap where the library cannot make sense of a job that ARM knows."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was submitted, in the words of a bundle; what is not known is None or empty.

    `timeout_s` in seconds; `outputs` and `inputs` as `expected_outputs` and `inputs` of `run.json`.
    """

    type: str | None = None
    experiment: str | None = None
    description: str | None = None
    command: str | None = None
    environment: str | None = None
    target: str | None = None
    size: str | None = None
    nodes: int | None = None
    distribution: Mapping[str, object] | None = None
    timeout_s: float | None = None
    outputs: tuple[Mapping[str, object], ...] = ()
    inputs: Mapping[str, object] = field(default_factory=dict)
    code: str | None = None
    """The ARM id of its code asset."""
    status: str | None = None
    display_name: str | None = None
    created_at: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Datastore:
    """Where a datastore keeps its blobs; `endpoint` is the storage suffix of its cloud."""

    name: str
    account: str
    container: str
    endpoint: str | None


class Submitted:
    """The workspace's jobs and datastores through azure-ai-ml; slow to import, so made in a thread of its own."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @cached_property
    def _client(self) -> "MLClient":
        from azure.ai.ml import MLClient  # noqa: PLC0415  (1.5 s, which overlap the first requests)

        workspace = self._service.workspace
        return MLClient(
            self._service.tokens,
            workspace.subscription,
            workspace.resource_group,
            workspace.name,
            cloud=self._service.cloud.name,
            transport=self._service.wire.transport,
            retry_total=0,
            enable_telemetry=False,
            show_progress=False,
        )

    def load(self) -> None:
        """Import the library and make the client; no request is made. Raises GapError where it cannot be had."""
        try:
            _ = self._client
        except Exception as error:  # of the library or of what it imports: the rest is collected without it
            reason = f"azure-ai-ml could not be loaded ({type(error).__name__}); reinstall azureml-diagnose"
            raise GapError(Gap("the submitted job", PartState.FAILED, reason)) from error

    def job(self, run_id: str) -> Job:
        """The job of that name; raises GapError, of status 404 when ARM knows none."""
        what = "the submitted job"
        job: Job = self._asked(what, lambda: _job(self._client.jobs.get(run_id)))
        # A pipeline step, which the library itself has from run history, and less of it.
        if job.type == "base":
            raise GapError(Gap(what, PartState.FAILED, "ARM knows only its name", code=UNKNOWN_KIND))
        return job

    def datastores(self) -> dict[str, Datastore]:
        """The blob datastores of the workspace by name; raises GapError."""
        found = self._asked("the datastores", lambda: _all_pages(self._client.datastores.list()))
        return {store.name: store for each in found if (store := _datastore(each))}

    def newest(self) -> str | None:
        """The name of the newest job; raises GapError."""
        found = self._asked("the jobs", lambda: next(filter(None, self._client.jobs.list()), None))
        return _text(getattr(found, "name", None))

    def secret(self, datastore: str) -> str | AzureSasCredential | None:
        """The SAS token or key of a datastore; only called where the user said --use-datastore-secrets."""
        what = f"the key of the datastore {datastore}"
        found = self._asked(what, lambda: self._client.datastores.get(datastore, include_secrets=True))
        credentials = getattr(found, "credentials", None)
        sas, key = getattr(credentials, "sas_token", None), getattr(credentials, "account_key", None)
        return AzureSasCredential(sas) if sas else key

    def _asked(self, what: str, attempt: Callable[[], Any]) -> Any:
        return self._service.patience.ask(what, self._service.cloud.arm, lambda: _plainly(attempt))


def _plainly(attempt: Callable[[], Any]) -> Any:
    """The library's own exceptions, which carry no status, become those that every client raises."""
    from azure.ai.ml.exceptions import MlException  # noqa: PLC0415  (imported by then)

    try:
        return attempt()
    except (MlException, AttributeError, KeyError, TypeError, NotImplementedError) as error:
        reason = f"azure-ai-ml does not know this kind of job ({type(error).__name__})"
        raise GapError(Gap("the submitted job", PartState.FAILED, reason, code=UNKNOWN_KIND)) from error


def _all_pages(found: Any) -> list[Any]:
    """The items of all pages; the library itself would follow pages that never end."""
    rows: list[Any] = []
    turned, pages = Pages("the datastores"), found.by_page()
    for page in pages:
        got = list(page)
        rows += got
        if not turned.goes_on(pages.continuation_token, len(got)):
            break
    return rows


def _job(job: Any) -> Job:
    trial = getattr(job, "trial", None)
    resources = getattr(job, "resources", None) or getattr(trial, "resources", None)
    limits = getattr(job, "limits", None)
    return Job(
        type=_word(getattr(job, "type", None)),
        experiment=_text(getattr(job, "experiment_name", None)),
        description=_text(getattr(job, "description", None)),
        command=_text(getattr(job, "command", None)),
        environment=_short_id(_text(getattr(job, "environment", None))),
        target=_last(_text(getattr(job, "compute", None))),
        size=_text(getattr(resources, "instance_type", None)),
        nodes=getattr(resources, "instance_count", None),
        distribution=_distribution(getattr(job, "distribution", None), resources),
        timeout_s=_seconds(getattr(limits, "timeout", None)),
        outputs=tuple(_put(name, each) for name, each in _puts(job, "outputs") if name != "default"),
        inputs={name: _taken(each) for name, each in _puts(job, "inputs")},
        code=_text(getattr(job, "code", None)) or _text(getattr(trial, "code", None)),
        status=_text(getattr(job.status, "value", job.status)),
        display_name=_text(getattr(job, "display_name", None)),
        created_at=_created(getattr(job, "creation_context", None)),
        tags=fields.texts({"tags": getattr(job, "tags", None)}, "tags"),
        properties=fields.texts({"properties": getattr(job, "properties", None)}, "properties"),
    )


def _created(context: Any) -> str | None:
    at = getattr(context, "created_at", None)
    return format_instant(at) if isinstance(at, datetime) else format_instant(parse_instant(at))


def _puts(job: Any, name: str) -> list[tuple[str, Any]]:
    found = getattr(job, name, None)
    return sorted(found.items()) if isinstance(found, Mapping) else []


def _put(name: str, each: Any) -> dict[str, object]:
    return {
        "name": name,
        "type": _word(getattr(each, "type", None)),
        "mode": _mode(getattr(each, "mode", None)),
        "uri": _text(getattr(each, "path", None)),
    }


def _taken(each: Any) -> object:
    if isinstance(each, (str, int, float, bool)):
        return str(each)
    if getattr(each, "type", None) in ("string", "number", "integer", "boolean"):  # a literal, by its type
        return str(getattr(each, "_data", None))  # the library has no public way to the value
    row = {"type": _word(getattr(each, "type", None)), "mode": _mode(getattr(each, "mode", None))}
    return row | {"uri": _text(getattr(each, "path", None))}


def _mode(mode: object) -> str | None:
    """Mount, upload, direct or download, out of ReadWriteMount, rw_mount, RoMount and the like."""
    word = str(mode or "").lower()
    return next((known for known in ("mount", "upload", "download", "direct") if known in word), None)


def _distribution(found: Any, resources: Any) -> Mapping[str, object] | None:
    kind = _word(getattr(found, "type", None))
    if kind is None:
        return None
    each = getattr(found, "process_count_per_instance", None)
    nodes = getattr(resources, "instance_count", None) or 1
    return {"kind": kind, "processes": each * nodes if isinstance(each, int) else None}


def _datastore(found: Any) -> Datastore | None:
    container = getattr(found, "container_name", None) or getattr(found, "filesystem", None)
    account = getattr(found, "account_name", None)
    if not container or not account:  # a file share, a database: nothing that blobs lie in
        return None
    return Datastore(found.name, account, container, getattr(found, "endpoint", None))


def job_in(run: Json, details: Json) -> Job:
    """The job as run history keeps its definition: for pipeline steps and old runs, of which ARM knows nothing."""
    definition = fields.table(details, "runDefinition")
    environment = fields.table(definition, "environment")
    name, version = fields.text(environment, "name"), fields.text(environment, "version")
    return Job(
        type=type_of(run),
        command=fields.text(definition, "command") or _script(definition),
        environment=_environment(name, version),
        target=fields.text(definition, "target"),
        nodes=fields.size(definition, "nodeCount"),
        distribution=_communicator(definition),
        timeout_s=fields.number(definition, "maxRunDurationSeconds"),
        outputs=tuple(_outputs_in(fields.table(definition, "outputData"))),
    )


def _script(definition: Json) -> str | None:
    script = fields.text(definition, "script")
    arguments = definition.get("arguments")
    words = [str(each) for each in arguments] if isinstance(arguments, list) else []
    return " ".join(["python", script, *words]) if script else None


def _environment(name: str | None, version: str | None) -> str | None:
    if name is None:
        return None
    return f"{name}:{version}" if version and ":" not in name.removeprefix("azureml:") else name


def _communicator(definition: Json) -> Mapping[str, object] | None:
    kind = (fields.text(definition, "communicator") or "none").lower()
    if kind == "none":
        return None
    processes = fields.size(fields.table(definition, kind), "processCount")
    return {"kind": kind, "processes": processes}


def _outputs_in(data: Json) -> Iterable[Mapping[str, object]]:
    for name in sorted(map(str, data)):
        location = fields.table(fields.table(data, name), "outputLocation")
        path = fields.text(fields.table(location, "uri"), "path")
        mechanism = fields.text(fields.table(data, name), "mechanism")
        kind = fields.text(location, "type")
        yield {"name": name, "type": _snake(kind), "mode": _mode(mechanism), "uri": path}


def _snake(word: str | None) -> str | None:
    return re.sub("(?<!^)(?=[A-Z])", "_", word).lower() if word else None


def _short_id(environment: str | None) -> str | None:
    """`azureml:name:version`, out of an ARM id too."""
    found = re.search(r"/environments/([^/]+)/versions/([^/]+)$", environment or "")
    return f"azureml:{found[1]}:{found[2]}" if found else environment


def _last(path: str | None) -> str | None:
    return path.rstrip("/").rsplit("/", 1)[-1].removeprefix("azureml:") if path else None


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _word(value: object) -> str | None:
    return str(getattr(value, "value", value)).lower() if value else None


def _text(value: object) -> str | None:
    return value[: fields.TEXT_LIMIT] if isinstance(value, str) and value else None
