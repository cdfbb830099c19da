"""A loopback workspace for one run, in place of the lab's own server: real clients write to it.

It has the face of `network.Network`, so that an execution takes either. What arrived is read from the
workspace's log of requests, and from its storage, when the evidence is taken.
"""

import json
import threading
from datetime import UTC, datetime, timedelta

from diagnose.evidence.bundle import Bundle
from diagnose.evidence.manifest import Manifest, Origin, Part, PartState
from diagnose.evidence.store import OverlayStore
from tests.loopback import Hang, Loopback, ResetBefore, ServerError

from . import arrivals
from .clock import LabClock, iso, parse
from .network import Trouble
from .sample import Sample
from .seen import Names

WEEK_S = 7 * 86400


class RunWorkspace:
    """Serves the run that is being executed, and takes what its clients write."""

    def __init__(self, sample: Sample, names: Names) -> None:
        self.sample, self.names = sample, names
        self.lock = threading.Lock()
        self.world = Loopback()
        self.world.__enter__()
        self.served = self.world.serve(_bundle(sample, names), workspace=names.workspace)
        self.workspace = self.world.workspaces[names.workspace]
        self.world.seeder(self.workspace)  # storage takes seconds to start, so it comes before the clock
        self.clock = clock = LabClock.start(sample.started, sample.scale)
        for trouble in sample.troubles:
            self.world.faults.add(trouble.path, _During(trouble, clock))

    @property
    def address(self) -> str:
        return self.world.environment()["HTTPS_PROXY"].removeprefix("http://")

    @property
    def metrics(self) -> dict[str, dict]:
        return arrivals.metrics(self.world.requests, self.clock)

    @property
    def artifacts(self) -> dict[str, dict]:
        return arrivals.artifacts(self.world, self.workspace, self.names.run_id, self.clock)

    @property
    def tags(self) -> dict[str, object]:
        return arrivals.tags(self.world.requests)

    def environment(self) -> dict[str, str]:
        """What a job finds in its environment, and what leads its clients to this machine."""
        names, served = self.names, self.served
        token = self.world.tokens.issue("https://management.azure.com", WEEK_S)
        store = f"{served.host}/mlflow/v1.0{served.scope}"
        ways = ("HTTPS_PROXY", "HTTP_PROXY", "REQUESTS_CA_BUNDLE")
        found = self.world.environment()
        return {
            **{name: found[name] for name in ways},
            "AZUREML_ARM_SUBSCRIPTION": served.subscription_id,
            "AZUREML_ARM_RESOURCEGROUP": served.resource_group,
            "AZUREML_ARM_WORKSPACE_NAME": served.workspace,
            "AZUREML_ARM_PROJECT_NAME": self.sample.experiment,
            "AZUREML_EXPERIMENT_ID": served.experiment_id,
            "AZUREML_WORKSPACE_ID": served.workspace_id,
            "AZUREML_RUN_ID": names.run_id,
            "AZUREML_RUN_TOKEN": token,
            "AZUREML_RUN_TOKEN_EXPIRY": str(int(self.clock.t0) + WEEK_S),
            "AZUREML_SERVICE_ENDPOINT": f"https://{served.host}",
            "AZUREML_DISCOVERY_SERVICE_ENDPOINT": f"https://{served.host}/discovery",
            "MLFLOW_TRACKING_URI": f"azureml://{store}",
            "MLFLOW_TRACKING_TOKEN": token,
            "MLFLOW_RUN_ID": names.run_id,
            "MLFLOW_EXPERIMENT_ID": served.experiment_id,
            "MLFLOW_EXPERIMENT_NAME": self.sample.experiment,
        }

    def stop(self) -> None:
        self.world.__exit__(None, None, None)


class _During:
    """A trouble of the sample, as a fault of the loopback that strikes only in its time."""

    def __init__(self, trouble: Trouble, clock: LabClock) -> None:
        self.trouble, self.clock = trouble, clock
        self.fault = _fault(trouble.action)

    def _now(self) -> bool:
        since = self.clock.now() - self.clock.t0
        return self.trouble.since_s <= since < self.trouble.until_s

    def before(self, world, request) -> None:
        if self.trouble.action.startswith("slow:") and self._now():
            world.closing.wait(self.clock.real_seconds(float(self.trouble.action[5:])))

    def reply(self, world, request):
        return self.fault.reply(world, request) if self.fault and self._now() else None

    def alter(self, answer, request):
        return answer

    def deliver(self, answer, wire) -> bool:
        return self.fault.deliver(answer, wire) if self.fault and self._now() else False


def _fault(action: str):
    if action.startswith("slow:"):
        return None
    return {"hang": Hang(), "reset": ResetBefore()}.get(action) or ServerError(int(action))


def _bundle(sample: Sample, names: Names) -> Bundle:
    """The run as the service knows it while it runs: its record, and nothing that it left."""
    began = parse(sample.started)
    row = {
        "id": names.run_id,
        "experiment": sample.experiment,
        "type": "script" if sample.runtime == "v1" else "command",
        "status": "Running",
        "created_at": iso(began - 60),
        "started_at": iso(began - 4),
        "root_id": names.run_id,
        "command": sample.command.format(script=sample.script),
        "compute": {"target": sample.compute},
    }
    origin = Origin(
        kind="azureml",
        subscription_id=names.subscription,
        resource_group=names.resource_group,
        workspace=names.workspace,
        region=sample.region,
    )
    at = datetime.fromtimestamp(began, UTC) + timedelta(seconds=1)
    parts = {"run": Part(PartState.COMPLETE)}
    store = OverlayStore(None, {"run.json": json.dumps(row).encode()}, {}, "the lab")
    return Bundle(store, Manifest(captured_at=at, origin=origin, parts=parts))
