"""A workspace: its names, its storage and its runs."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from . import azurite
from .index import Index
from .scenario import ARTIFACTS

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
GROUP = "rg-loopback"
REGION = "westeurope"
TENANT = "00000000-0000-0000-0000-00000000000c"
USER = "00000000-0000-0000-0000-00000000000a"
SERVICE = "00000000-0000-0000-0000-00000000000d"
ARTIFACT_STORE = "workspaceartifactstore"
BLOB_STORE = "workspaceblobstore"
PROVIDER = "Microsoft.MachineLearningServices"


def identifier(*words):
    """A stable UUID for the thing that these words name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(words)))


@dataclass
class Workspace:
    """One workspace with a storage account of its own."""

    name: str
    subscription_id: str
    resource_group: str
    region: str
    account: str
    runs: dict = field(default_factory=dict)
    archived: set = field(default_factory=set)
    """The names of experiments that were archived."""
    _index: Index | None = field(default=None, init=False)

    @property
    def scope(self):
        """Its ARM id."""
        group = f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
        return f"{group}/providers/{PROVIDER}/workspaces/{self.name}"

    @property
    def host(self):
        """Where its data plane is."""
        return f"{self.region}.api.azureml.ms"

    @cached_property
    def workspace_id(self):
        return identifier(self.subscription_id, self.resource_group, self.name)

    @cached_property
    def account_key(self):
        return azurite.account_key(self.account)

    @property
    def blob_host(self):
        return f"{self.account}.blob.core.windows.net"

    @property
    def containers(self):
        """Datastore to container."""
        return {ARTIFACT_STORE: "azureml", BLOB_STORE: f"azureml-blobstore-{self.workspace_id}"}

    @property
    def now(self) -> datetime:
        """Its clock, which stands still: the latest moment at which one of its runs was captured."""
        return self.index.now

    @property
    def index(self):
        """What is known of the runs that there are now."""
        known = self._index
        if known is None or known.runs is not self.runs:
            known = self._index = Index(self)
        return known

    def children_of(self, run_id):
        """The runs directly below a run."""
        return self.index.children.get(run_id, [])

    def experiment_id(self, name):
        """The id of an experiment."""
        return identifier(self.workspace_id, name)

    def code_name(self, run):
        """The name of a run's source snapshot."""
        return identifier(self.workspace_id, run.id, "code")

    def code_prefix(self, run):
        """Where its files are in the default container."""
        return f"LocalUpload/{self.code_name(run).replace('-', '')}/src"

    def place(self, run, output):
        """Container and prefix of an output of a run."""
        if output == ARTIFACTS:
            return self.containers[ARTIFACT_STORE], run.artifact_prefix
        uri = self.output_uri(run, output)
        store, _, path = uri.partition("/datastores/")[2].partition("/paths/")
        if self._expected(run).get(output, {}).get("type") == "uri_file":
            path = path.rpartition("/")[0]
        return self.containers.get(store, self.containers[BLOB_STORE]), path.rstrip("/") + "/"

    def output_uri(self, run, output):
        """Where the service says that an output is."""
        default = f"azureml://datastores/{BLOB_STORE}/paths/azureml/{run.id}/{output}/"
        return self._expected(run).get(output, {}).get("uri") or default

    def _expected(self, run):
        return {known["name"]: known for known in run.row.get("expected_outputs") or []}
