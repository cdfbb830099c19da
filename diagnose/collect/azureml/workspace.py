"""The workspace as it is asked: one signed-in client for ARM and the data plane, and where each of them is."""

import json
import math
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from azure.core import PipelineClient
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, HeadersPolicy, UserAgentPolicy
from azure.core.rest import HttpRequest

from diagnose.collect.azureml.clouds import Cloud, host_of
from diagnose.collect.azureml.gaps import CollectError, Gap, GapError
from diagnose.collect.azureml.paging import Pages
from diagnose.collect.azureml.patience import Patience, UnreadableError
from diagnose.collect.azureml.sign_in import Tokens
from diagnose.collect.azureml.wire import RefusedError, Wire
from diagnose.evidence.bundle import PartState
from diagnose.version import __version__

Json = Mapping[str, object]

ARM_VERSION = "2024-10-01"


@dataclass(frozen=True, slots=True)
class WorkspaceId:
    """Which workspace, in ARM's terms."""

    subscription: str
    resource_group: str
    name: str

    @property
    def path(self) -> str:
        """Its ARM resource id, safe in a URL."""
        return (
            f"/subscriptions/{quote(self.subscription, safe='')}/resourceGroups/{quote(self.resource_group, safe='')}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{quote(self.name, safe='')}"
        )


def rows_of(page: Json, key: str = "value") -> list[Json]:
    """The objects of a page, all of them: its bytes are bounded already."""
    rows = page.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


class Service:
    """Questions to ARM and to the workspace's own host, each answered by a JSON object or a GapError."""

    def __init__(
        self, workspace: WorkspaceId, cloud: Cloud, tokens: Tokens, wire: Wire, patience: Patience
    ) -> None:
        self.workspace, self.cloud, self.tokens = workspace, cloud, tokens
        self.wire, self.patience = wire, patience
        self.host: str | None = None
        """The host of run history, metrics and MLflow, once the workspace has told it."""
        self._client: PipelineClient[Any, Any] = PipelineClient(
            f"https://{cloud.arm}",
            transport=wire.transport,
            policies=[
                HeadersPolicy({"Accept": "application/json"}),
                UserAgentPolicy(f"azureml-diagnose/{__version__}"),
                _Bearer(tokens, cloud.arm_scope),
            ],
        )

    def again(self, patience: Patience) -> "Service":
        """The same service with the time of another run."""
        other = copy(self)
        other.patience = patience
        return other

    def arm(self, what: str, below: str = "", version: str = ARM_VERSION) -> Json:
        """One ARM resource at or below the workspace: `/codes/x/versions/1`."""
        return self.get(what, f"https://{self.cloud.arm}{self.workspace.path}{below}?api-version={version}")

    def data(self, what: str, service: str, below: str, query: Mapping[str, str] | None = None) -> Json:
        """One answer of the data plane: `history/v1.0`, `/runs/x`."""
        return self.get(what, self._address(service, below, query))

    def question(self, what: str, service: str, below: str, body: Json) -> Json:
        """One answer to a question that is put by POST."""
        return self._json(what, HttpRequest("POST", self._address(service, below, None), json=body))

    def get(self, what: str, url: str) -> Json:
        """The JSON object at an address of ours; raises GapError."""
        return self._json(what, HttpRequest("GET", url))

    def pages(
        self, what: str, url: str, marker_name: str = "continuationToken", turned: Pages | None = None
    ) -> Iterator[Json]:
        """The pages of a listing, by `nextLink` or by `continuationToken`, whichever comes; it is sent as `marker_name`.

        `turned` counts them, where there may be more than of most lists. Raises GapError in the middle when a page cannot be had, or when the pages go round in a circle.
        """
        turned = turned or Pages(what)
        while True:
            page = self.get(what, url)
            yield page
            following = self._next(page, url, marker_name)
            if following is None or not turned.goes_on(following, len(rows_of(page))):
                return
            url = following

    def _next(self, page: Json, url: str, marker_name: str) -> str | None:
        link, token = page.get("nextLink"), page.get("continuationToken")
        if isinstance(link, str) and link:
            # A link is data: only its query is taken over, and asked of the same resource.
            return _with_query(url, dict(parse_qsl(urlsplit(link).query, keep_blank_values=True)))
        if isinstance(token, str) and token:
            return _with_query(url, {marker_name: token})
        return None

    def _address(self, service: str, below: str, query: Mapping[str, str] | None) -> str:
        if self.host is None:
            raise GapError(Gap("run history", PartState.FAILED, "the workspace did not tell where it is"))
        asked = f"?{urlencode(query)}" if query else ""
        return f"https://{self.host}/{service}{self.workspace.path}{below}{asked}"

    def _json(self, what: str, request: HttpRequest) -> Json:
        host = host_of(request.url) or ""
        return self.patience.ask(what, host, lambda: self._once(request))

    def _once(self, request: HttpRequest) -> Json:
        response = self._client.send_request(
            HttpRequest(request.method, request.url, content=request.content, headers=request.headers)
        )
        if response.status_code >= 300:
            raise HttpResponseError(response=response)
        return _object(response.content, host_of(request.url))


def _object(content: bytes, host: str | None) -> Json:
    """The JSON object of an answer; NaN and Infinity, which MLflow writes as no JSON knows them, become their names."""
    try:
        value = json.loads(content.decode("utf-8-sig"), parse_constant=str, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{host} sent something that is no JSON") from error
    if not isinstance(value, dict):
        raise UnreadableError(f"{host} sent JSON that is no object")
    return value


def _number(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else ("-" if number < 0 else "") + "Infinity"


class _Bearer(BearerTokenCredentialPolicy[Any, Any]):
    """Asks for the token each time: the credential keeps it, and forgets it when a service refuses it.

    Nothing is kept here, since many threads send through one policy.
    """

    def on_request(self, request: Any) -> None:
        if not request.http_request.url.startswith("https://"):
            raise RefusedError("a token is not sent without encryption")
        self._update_headers(request.http_request.headers, self._get_token(*self._scopes).token)


def _with_query(url: str, more: Mapping[str, str]) -> str:
    bare, _, query = url.partition("?")
    merged = dict(parse_qsl(query, keep_blank_values=True)) | dict(more)
    return f"{bare}?{urlencode(merged)}"


@dataclass(frozen=True, slots=True)
class Workspace:
    """What ARM says of the workspace."""

    region: str | None
    guid: str | None
    storage_account: str | None


def find_workspace(service: Service) -> Workspace:
    """The workspace, and through it the host of its data plane.

    Raises CollectError when there is none, when it cannot be read, or when nobody is signed in. Inside a job the host is
    known, and then only a workspace that is not there ends everything.
    """
    service.tokens.get_token_info(service.cloud.arm_scope)
    try:
        row = service.arm("the workspace")
    except GapError as error:
        if error.gap.status != 404 and service.host:
            return Workspace(None, None, None)
        raise _no_workspace(error.gap, service.workspace) from error
    told = row.get("properties")
    properties: Json = told if isinstance(told, dict) else {}
    service.host = _data_host(properties, service.cloud) or service.host
    if service.host is None:
        raise CollectError(f"The workspace {service.workspace.name} does not tell where its run history is.")
    account = properties.get("storageAccount")
    region, guid = row.get("location"), properties.get("workspaceId")
    return Workspace(
        region if isinstance(region, str) else None,
        guid if isinstance(guid, str) else None,
        account.rsplit("/", 1)[-1] if isinstance(account, str) else None,
    )


def _no_workspace(gap: Gap, workspace: WorkspaceId) -> CollectError:
    if gap.status != 404:
        return CollectError(f"The workspace {workspace.name} cannot be read: {gap.reason}.")
    missing = {
        "ResourceGroupNotFound": f"There is no resource group {workspace.resource_group}",
        "SubscriptionNotFound": f"There is no subscription {workspace.subscription}",
    }.get(
        gap.code or "",
        f"There is no workspace {workspace.name} in the resource group {workspace.resource_group}",
    )
    return CollectError(
        f"{missing} that this sign-in can see; check the names, the subscription and who is signed in "
        "(diagnose doctor says where each setting came from)."
    )


def _data_host(properties: Json, cloud: Cloud) -> str | None:
    """From the workspace's own tracking URI, so that private end points are honoured; else from its discovery URL."""
    for key in ("mlFlowTrackingUri", "discoveryUrl"):
        uri = properties.get(key)
        host = tracking_host(uri, cloud) if isinstance(uri, str) else None
        if host:
            return host
    return None


def tracking_host(uri: str, cloud: Cloud) -> str | None:
    """The host of a tracking URI such as `azureml://westeurope.api.azureml.ms/mlflow/…`, if it is this cloud's."""
    host = host_of(uri.replace("azureml://", "https://", 1))
    return host if host and cloud.is_workspace(host) else None
