"""A live run as a bundle on disk, there for as long as it is looked at."""

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from diagnose.collect.azureml.capture import Capture
from diagnose.collect.azureml.clouds import cloud_named
from diagnose.collect.azureml.earlier import COUNT
from diagnose.collect.azureml.gaps import CollectError
from diagnose.collect.azureml.patience import Pace, Patience, Unpaced
from diagnose.collect.azureml.sign_in import Tokens, default_credential
from diagnose.collect.azureml.spool import Spool, sweep
from diagnose.collect.azureml.wire import CONNECTIONS, TimeOuts, Wire
from diagnose.collect.azureml.workspace import Service, WorkspaceId, tracking_host
from diagnose.collect.redact import cleaned
from diagnose.evidence.bundle import Bundle
from diagnose.redact.redactor import Redactor
from diagnose.settings import Where


@dataclass(frozen=True, slots=True)
class How:
    """How a run is collected: who hears of the progress, and what the user allowed."""

    told: Callable[[str], None] = lambda _: None
    time_outs: TimeOuts = field(default_factory=TimeOuts)
    patience: Callable[[], Patience] = Patience
    """Makes the patience for one run."""
    use_secrets: bool = False
    """`--use-datastore-secrets`: where the identity may not list an output, its datastore's key is read."""
    siblings: int = COUNT
    """`--siblings`: so many earlier runs of the same experiment are looked at."""
    pace: Pace = field(default_factory=Unpaced)
    """Keeps many runs together within what the services allow."""
    connections: int = CONNECTIONS


def connect(where: Where, environ: Mapping[str, str], how: How, tokens: Tokens | None = None) -> Service:
    """A signed-in client of the workspace; no request is made yet."""
    _quieten()
    sweep()
    cloud = cloud_named(where.cloud.value)
    workspace = WorkspaceId(where.subscription.value, where.resource_group.value, where.workspace.value)
    wire = Wire(cloud, may_read_secrets=how.use_secrets, time_outs=how.time_outs, connections=how.connections)
    wire.heard = how.pace.heard
    tokens = tokens or default_credential(cloud, how.time_outs)
    patience = how.patience()
    patience.forget_token, patience.pace = tokens.forget, how.pace
    service = Service(workspace, cloud, tokens, wire, patience)
    named = {"SUBSCRIPTION": workspace.subscription, "RESOURCEGROUP": workspace.resource_group}
    is_own = workspace.name == environ.get("AZUREML_ARM_WORKSPACE_NAME")
    if is_own and all(environ.get(f"AZUREML_ARM_{name}", value) == value for name, value in named.items()):
        # Inside a job its own end point is known, also where ARM may not be asked.
        service.host = tracking_host(environ.get("AZUREML_SERVICE_ENDPOINT", ""), cloud)
    return service


@contextmanager
def captured(service: Service, run_id: str, how: How) -> Iterator[Bundle]:
    """The run as a bundle, in a private folder that is gone afterwards.

    Raises CollectError where there is nothing to diagnose, or no room for it on this disk.
    """
    spool: Spool | None = None
    try:
        try:
            redactor = Redactor()
            spool = Spool(redactor)
            manifest = Capture(service, run_id, spool, how.told, how.use_secrets, how.siblings).manifest()
            spool.sweep()
        except OSError as error:
            raise CollectError(
                f"The evidence of {run_id} could not be kept for the time of its diagnosis: {error.strerror or error}"
                f"{room()}; make room, or set TMPDIR to another disk."
            ) from error
        bundle = Bundle(spool.store(), cleaned(manifest, redactor))
        bundle.redaction = redactor
        yield bundle
    finally:
        service.patience.stop()
        service.wire.close()
        if spool is not None:
            spool.remove()


def room() -> str:
    """How much room is left for the evidence, as a part of a sentence; nothing where nobody knows."""
    try:
        return f" ({shutil.disk_usage(tempfile.gettempdir()).free >> 20:,} MiB are free)"
    except OSError:
        return ""


def _quieten() -> None:
    """The clients' own logs hold addresses with signatures in them; ours say what was asked and what came of it."""
    for name in ("azure", "urllib3", "msal", "requests"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
