"""Where the outputs of a run lie: what the job says, what its data assets say, and where the runtimes put them by default."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from diagnose.collect.azureml.gaps import Gap
from diagnose.collect.azureml.jobs import Datastore, Job, job_in
from diagnose.collect.azureml.storage import Place
from diagnose.collect.azureml.workspace import Json, Service
from diagnose.evidence import fields
from diagnose.evidence.bundle import PartState

_URI = re.compile(
    r"azureml://(?:subscriptions/[^/]+/resourcegroups/[^/]+/(?:providers/[^/]+/)?workspaces/[^/]+/)?"
    r"datastores/(?P<store>[^/]+)/(?:paths/)?(?P<path>.*)",
    re.IGNORECASE | re.DOTALL,
)


class Locations:
    """Where the outputs of a run lie."""

    def __init__(self, service: Service, stores: Mapping[str, Datastore], account: str | None) -> None:
        self._service, self._stores, self._account = service, stores, account

    def artifacts(self, container: str) -> Place | None:
        """The run's artifacts: logs, and what it wrote below `outputs/`."""
        store = self._stores.get("workspaceartifactstore")
        account = store.account if store else self._account
        if account is None:
            return None
        return Place(
            self._host(account, store), store.container if store else "azureml", f"ExperimentRun/{container}/"
        )

    def named(self, uri: str) -> Place | None:
        """The place behind the URI of an output; None for one that is no blob of a known datastore."""
        found = _URI.fullmatch(uri)
        if found is None:
            return _with_slash(Place.at(uri))
        store = self._stores.get(found["store"])
        if store is None:
            return None
        return _with_slash(
            Place(self._host(store.account, store), store.container, found["path"].lstrip("/"))
        )

    def default(self, run_id: str, output: str) -> list[Place]:
        """Where the runtimes put an output of which nobody says where it is: of 2022 and later, and before."""
        folders = [self.default_folder(run_id, is_v1=is_v1) for is_v1 in (False, True)]
        return [replace(folder, prefix=f"{folder.prefix}{output}/") for folder in folders if folder]

    def default_folder(self, run_id: str, *, is_v1: bool) -> Place | None:
        """The folder with all such outputs of a run, each below its name."""
        store = self._stores.get("workspaceblobstore")
        if store is None:
            return None
        top = "dataset" if is_v1 else "azureml"
        return Place(self._host(store.account, store), store.container, f"{top}/{run_id}/")

    def _host(self, account: str, store: Datastore | None) -> str:
        endpoint = (store.endpoint if store else None) or self._service.cloud.storage_suffix
        return f"{account}.blob.{endpoint}"


def artifacts_at(url: str, container: str) -> Place | None:
    """The place of a run's artifacts, from the address of one of its logs; `container` is its data container."""
    place = Place.at(url)
    above, found, _ = (place.prefix if place else "").partition(f"ExperimentRun/{container}/")
    return replace(place, prefix=above + found) if place and found else None


def spelled_out(uri: str, run_id: str, output: str) -> str:
    """The URI with the expressions that the service leaves in it replaced by what they stand for."""
    known = {"name": run_id, "output_name": output, "default_datastore": "workspaceblobstore"}
    return re.sub(r"\$\{\{(\w+)\}\}", lambda found: known.get(found[1], found[0]), uri)


def _with_slash(place: Place | None) -> Place | None:
    return replace(place, prefix=place.prefix.rstrip("/") + "/") if place and place.prefix else place


def resolved(service: Service, run: Json) -> dict[str, str]:
    """The URIs of outputs that are data assets, by output name; empty where the service does not tell."""
    assets = {
        name: asset
        for name in fields.table(run, "outputs")
        if (asset := fields.text(fields.table(fields.table(run, "outputs"), name), "assetId"))
    }
    if not assets:
        return {}
    body = {"values": sorted(set(assets.values()))}
    answer = service.question(
        "the places of the outputs", "data/v1.0", "/dataversion/batchGetResolvedUris", body
    )
    told = fields.table(answer, "values")
    uris = {name: fields.text(fields.table(told, asset), "uri") for name, asset in assets.items()}
    return {name: uri for name, uri in uris.items() if uri}


@dataclass(frozen=True, slots=True)
class Sought:
    """The places where one output may lie, best first. `doubt`: why finding nothing there does not make it empty."""

    places: tuple[Place, ...]
    doubt: Gap | None = None


def declared(run: Json, details: Json, job: Job | None) -> dict[str, str | None]:
    """The outputs of a run by name, each with the URI that the job gives it, if any."""
    put = (job.outputs if job else ()) or job_in(run, details).outputs
    named = {str(each["name"]): str(each["uri"]) if each["uri"] else None for each in put}
    return named | {
        name: None for name in fields.table(run, "outputs") if name not in named and name != "default"
    }


def seek(where: Locations, run: Json, run_id: str, name: str, uri: str | None) -> Sought:
    """Where the output `name` may lie."""
    own = fields.text(fields.table(run, "properties"), "azureml.reusedrunid") or run_id
    if uri is None:
        # Nothing where it lies by default does not tell that nothing was written elsewhere.
        doubt = Gap(f"the output {name}", PartState.FAILED, "nobody says where it lies")
        return Sought(tuple(where.default(own, name)), doubt)
    spelled = spelled_out(uri, own, name)
    if "${{" in spelled:
        return Sought(
            (), Gap(f"the output {name}", PartState.FAILED, "its place holds an expression not known here")
        )
    place = where.named(spelled)
    if place is None:
        return Sought(
            (), Gap(f"the output {name}", PartState.FAILED, "it lies on no blob storage that is known here")
        )
    # Which datastore is the default may have been changed since.
    guessed = "${{default_datastore}}" in uri
    doubt = Gap(f"the output {name}", PartState.FAILED, "nobody says which datastore was the default")
    return Sought((place,), doubt if guessed else None)
