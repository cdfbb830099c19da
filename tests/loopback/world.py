"""The loopback workspace: everything started, filled from bundles, asked, and ended."""

import importlib
import os
import re
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from diagnose.evidence.bundle import open_bundle

from . import azurite, blob_front, certificates, paging, routes, sign_in, times
from .answering import Desk
from .arm_bucket import Bucket
from .connection import Listener, Proxy
from .fault_plan import Faults
from .scenario import runs_of
from .storage import Storage
from .workspace import GROUP, REGION, SUBSCRIPTION, TENANT, Workspace

UNSET = (
    *("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "https_proxy", "http_proxy", "CURL_CA_BUNDLE"),
    *("AZURE_AUTHORITY_HOST", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_USERNAME", "AZURE_PASSWORD"),
    *("AZURE_FEDERATED_TOKEN_FILE", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"),
    *("AZUREML_CURRENT_CLOUD", "ARM_CLOUD_METADATA_URL", "AZUREML_DEV_URL_MFE", "AZUREML_RUN_ID"),
    *("AZURE_DEFAULTS_GROUP", "AZURE_DEFAULTS_WORKSPACE", "AZURE_SUBSCRIPTION_ID", "AZURE_CLOUD_NAME"),
)
"""Variables that would lead a client elsewhere: take them out before setting those of `environment()`."""


@dataclass(frozen=True)
class Served:
    """Where a run can be found."""

    run_id: str
    subscription_id: str
    resource_group: str
    workspace: str
    host: str
    """Of the data plane."""
    account: str
    workspace_id: str
    experiment_id: str
    captured_at: str
    """What the workspace's clock shows."""

    @property
    def blob_url(self):
        """The address of the storage account."""
        return f"https://{self.account}.blob.core.windows.net"

    @property
    def scope(self):
        """The ARM id of the workspace."""
        group = f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
        return f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{self.workspace}"


def available():
    """Whether a loopback workspace can be started here; false with a reason when it cannot."""
    return Availability(_missing_package() or azurite.missing())


@dataclass(frozen=True)
class Availability:
    """Whether something is there, and why not."""

    reason: str | None

    def __bool__(self):
        return self.reason is None


class Loopback:
    """Production host names on this machine. A context manager; see the README beside it."""

    def __init__(self):
        self.workspaces = {}
        self.tokens = sign_in.Tokens()
        self.faults = Faults(routes.RESOURCES)
        self.requests = []
        self.errors = []
        """What went wrong in here, as tracebacks: no test wants any."""
        self.proxy = Proxy(self._is_known)
        self._lock = threading.RLock()
        self._storage = Storage(self)
        self.clear()

    def __enter__(self):
        if why := available().reason:
            raise azurite.AzuriteError(why)
        self._folder = tempfile.TemporaryDirectory(prefix="loopback-")
        folder = Path(self._folder.name)
        (folder / "azure").mkdir()
        self._certificates = certificates.issue(folder)
        self.azurite = azurite.Azurite(self._certificates.certificate, self._certificates.key)
        self.front = blob_front.Front(self.azurite.port, self._certificates.for_client())
        self._listener = Listener(self.proxy, self._certificates.for_server(), Desk(self).exchange)
        self.closing = self._listener.closing
        return self

    def __exit__(self, *_):
        self._listener.close()
        self.front.close()
        self.azurite.stop()
        self._folder.cleanup()

    def clear(self):
        """No faults, no latency, an empty request log, and every knob where it was."""
        self.faults.clear()
        self.requests.clear()
        self.errors.clear()
        self.proxy.refused.clear()
        self.latency = 0.0
        """Seconds before each answer."""
        self.clock_skew = 0.0
        """Seconds added to the clocks of all workspaces."""
        self.token_lifetime = 3600
        """Seconds; of tokens given out from now on."""
        self.children_paging = "none"
        """Whether lists of children come as "none" (whole), or in pages by "token" or "link"."""
        self.page_sizes = dict(paging.SIZES)
        self.bare_nan = False
        """Whether MLflow spells NaN bare, and not as a string."""
        self.mlflow_ends = True
        """Whether MLflow filters runs by their end."""
        self.diagnostics = set()
        """The names of the workspaces whose statuses are sent to Log Analytics."""
        self.arm_bucket = None  # or reads at once and a second: (250, 25)

    @property
    def arm_bucket(self):
        return self._arm_bucket

    @arm_bucket.setter
    def arm_bucket(self, limit):
        self._arm_bucket = Bucket(*limit) if limit else None

    def revoke_tokens(self):
        """Tokens given out so far are refused from now on."""
        self.tokens.revoke()

    def environment(self):
        """The variables to set once those in `UNSET` are gone."""
        address = f"http://127.0.0.1:{self._listener.port}"
        return {
            "HTTPS_PROXY": address,
            "HTTP_PROXY": address,
            "REQUESTS_CA_BUNDLE": str(self._certificates.authority),
            "AZURE_TENANT_ID": TENANT,
            "AZURE_CLIENT_ID": sign_in.CLIENT_ID,
            "AZURE_CLIENT_SECRET": sign_in.CLIENT_SECRET,
            "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
            "AZURE_CONFIG_DIR": str(Path(self._folder.name) / "azure"),
        }

    def process_environment(self):
        """The whole environment of a process that is to see this world and no other."""
        kept = {name: value for name, value in os.environ.items() if name not in UNSET}
        return kept | self.environment()

    def apply(self, monkeypatch):
        """Let this very process see this world, as long as the test lasts."""
        for name in UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in self.environment().items():
            monkeypatch.setenv(name, value)

    def serve(self, bundle, workspace=None):
        """Serve a bundle, or the one at a path: in a workspace of its own, or in the named one."""
        bundle = open_bundle(Path(bundle)) if isinstance(bundle, str | os.PathLike) else bundle
        runs = runs_of(bundle)
        return _served(self.serve_runs(runs, bundle.manifest.origin, workspace), runs[0])

    def serve_runs(self, runs, origin, workspace=None):
        """Serve these runs together, which costs less than one after the other; returns their workspace."""
        with self._lock:
            name = workspace or self._new_name(runs[0].id)
            known = self.workspaces.get(name) or self._new_workspace(name, origin)
            # Others may be reading the old one.
            known.runs = known.runs | {run.id: run for run in runs}
            self._storage.add(known, runs)
        return known

    def seed(self):
        """Put all blobs in place now, and not when somebody asks; returns how many."""
        return sum(map(self._storage.seed, list(self.workspaces.values())))

    def seeder(self, workspace):
        """Who can change the blobs of a workspace, which are in place by then."""
        self._storage.seed(workspace)
        return self._storage.seeder(workspace)

    def seeder_for(self, request):
        """The same, where no more than what one request is about need be in place."""
        self._storage.seed_for(request)
        return self._storage.seeder(request.workspace)

    def _new_name(self, run_id):
        slug = re.sub(r"[^a-z0-9-]+", "-", run_id.lower()).strip("-")[:29]
        names = (f"ws-{slug}", *(f"ws-{slug}-{number}" for number in range(2, 1000)))
        return next(name for name in names if name not in self.workspaces)

    def _new_workspace(self, name, origin):
        account = azurite.account_name(len(self.workspaces))
        if len(self.workspaces) >= azurite.ACCOUNTS:
            raise ValueError(f"there are {azurite.ACCOUNTS} workspaces at most")
        self.workspaces[name] = Workspace(
            name,
            origin.subscription_id or SUBSCRIPTION,
            origin.resource_group or GROUP,
            origin.region or REGION,
            account,
        )
        return self.workspaces[name]

    def _is_known(self, host):
        if host in ("management.azure.com", "login.microsoftonline.com", "api.loganalytics.io"):
            return True
        if host.endswith(".blob.core.windows.net"):
            return self.of_account(host) is not None
        return any(known.host == host for known in list(self.workspaces.values()))

    def of_account(self, host):
        """The workspace whose storage is at a host."""
        return next((known for known in list(self.workspaces.values()) if known.blob_host == host), None)


def _missing_package():
    for name in ("trustme", "azure.storage.blob"):
        try:
            importlib.import_module(name)
        except ImportError:
            return f"{name} is not installed"
    return None


def _served(workspace, run):
    return Served(
        run.id,
        workspace.subscription_id,
        workspace.resource_group,
        workspace.name,
        workspace.host,
        workspace.account,
        workspace.workspace_id,
        workspace.experiment_id(run.experiment),
        times.details(run.captured_at),
    )
