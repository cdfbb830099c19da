"""Every fault does on the wire what it says."""

import json
import socket
import ssl
import time
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from building import bundle_of, iso, run_row
from loopback import (
    KINDS,
    CaptivePortal,
    ClockSkew,
    Conflict,
    DeletedBlob,
    Drip,
    EmptyPages,
    EndlessBody,
    Fault,
    Forbidden,
    GrowingBlob,
    Hang,
    Latency,
    MalformedDocument,
    NotFound,
    RangeIgnored,
    RepeatedToken,
    ResetBefore,
    ResetMidBody,
    ServerError,
    ShortRange,
    TooManyRequests,
    TruncatedDocument,
    Unauthorized,
)

requests = pytest.importorskip("requests")

METRICS = [{"name": "loss", "value": 1 / (n + 1), "step": n, "at": iso(n)} for n in range(5)]
LOG = "".join(f"line {n}\n" for n in range(100))


@pytest.fixture
def client(world, client_of):
    children = [{"id": "step-1", "status": "Running"}]
    bundle = bundle_of(run_row(), metrics=METRICS, logs=LOG, code={"a.py": "1"}, children=children)
    return client_of(world.serve(bundle))


def listing(client, token=None):
    if token is None:
        token = client.sign_in("https://storage.azure.com/.default").token
        client.sign_in()
    url = f"https://{client.served.account}.blob.core.windows.net/azureml?restype=container&comp=list"
    headers = {"Authorization": f"Bearer {token}", "x-ms-version": "2025-11-05"}
    return client.session.get(url, headers=headers, timeout=5)


def questions(client):
    """One way to ask for each resource."""
    served, run = client.served, client.served.run_id
    experiment = f"/experimentids/{served.experiment_id}"
    log = client.log()
    block_list = f"{log}&comp=blocklist&blocklisttype=all"
    token = {
        "data": {"grant_type": "client_credentials", "client_secret": "x", "scope": "https://a/.default"}
    }
    sign_in = "https://login.microsoftonline.com"
    store = "https://management.azure.com" + served.scope + "/datastores/workspaceblobstore"
    mlflow, post = "/api/2.0/mlflow", {"method": "POST", "json": {}}
    return {
        "token": lambda: client.session.post(f"{sign_in}/t/oauth2/v2.0/token", timeout=5, **token),
        "sign-in": lambda: client.session.get(f"{sign_in}/common/discovery/instance", timeout=5),
        "workspace": client.arm,
        "workspaces": lambda: client.ask(
            "GET", f"https://management.azure.com{served.scope.rpartition('/workspaces/')[0]}/workspaces"
        ),
        "job": lambda: client.arm(f"/jobs/{run}"),
        "jobs": lambda: client.arm("/jobs"),
        "datastores": lambda: client.arm("/datastores"),
        "secrets": lambda: client.ask("POST", f"{store}/listSecrets"),
        "code": lambda: client.arm("/codes/c/versions/1"),
        "discovery": lambda: client.ask("GET", f"https://{served.host}/discovery"),
        "run": client.history,
        "details": lambda: client.history("/details"),
        "rundata": lambda: client.data("history/v1.0", "/rundata", method="POST", json={"runId": run}),
        "children": lambda: client.history("/children"),
        "runs-query": lambda: client.data("history/v1.0", f"{experiment}/runs:query", **post),
        "experiment": lambda: client.data("history/v1.0", experiment),
        "spans": lambda: client.data("history/v1.0/private", f"/runs/{run}/spans"),
        "metrics-ingest": lambda: client.data(
            "history/v1.0", f"/experiments/e/runs/{run}/metricsingest/wait"
        ),
        "metric-names": lambda: client.data("metric/v2.0", f"/runs/{run}/lastvalues", **post),
        "metric-history": lambda: client.data(
            "metric/v2.0", f"/runs/{run}/full", method="POST", json={"metricName": "loss"}
        ),
        "runs-search": lambda: client.data("mlflow/v2.0", f"{mlflow}/runs/search", **post),
        "experiments": lambda: client.data("history/v1.0", "/experiments:query", **post),
        "experiments-search": lambda: client.data("mlflow/v2.0", f"{mlflow}/experiments/search", **post),
        "logs-query": lambda: client.ask("POST", "https://api.loganalytics.io/v1/workspaces/w/query"),
        "artifacts": lambda: client.data("history/v1.0", f"{experiment}/runs/{run}/artifacts"),
        "content-info": lambda: client.data(
            "history/v1.0", f"{experiment}/runs/{run}/artifacts/contentinfo?path=a"
        ),
        "data": lambda: client.data("data/v1.0", "/dataversion/batchGetResolvedUris", **post),
        "metric-write": lambda: client.data("metric/v2.0", f"/runs/{run}/batch", **post),
        "artifact-create": lambda: client.data(
            "artifact/v2.0", f"/artifacts/batch/metadata/ExperimentRun/dcid.{run}", **post
        ),
        "run-write": lambda: client.data("history/v1.0", f"/runs/{run}/events", **post),
        "mlflow-write": lambda: client.data("mlflow/v2.0", f"{mlflow}/runs/log-batch", **post),
        "mlflow-status": lambda: client.data(
            "mlflow/v2.0", "/api/2.0/preview/mlflow/runs/get-run-data-status"
        ),
        "blob-write": lambda: client.session.put(log, timeout=5),
        "blob-list": lambda: listing(client),
        "blob-read": lambda: client.session.get(log, timeout=5),
        "blob-properties": lambda: client.session.head(log, timeout=5),
        "block-list": lambda: client.session.get(block_list, timeout=5),
        "blob-other": lambda: client.session.get(f"{log}&comp=metadata", timeout=5),
    }


def test_a_fault_reaches_every_resource_and_no_other(world, client):
    asked = questions(client)
    assert asked.keys() == world.faults.resources
    for resource, ask in asked.items():
        world.faults.clear()
        world.faults.add(resource, ServerError(503))
        assert ask().status_code == 503, resource
        assert world.requests[-1].resource == resource
        other = "run" if resource != "run" else "details"
        assert asked[other]().status_code == 200


def test_every_fault_is_known_by_name():
    # Tests have faults of their own.
    assert set(KINDS.values()) == {
        kind for kind in Fault.__subclasses__() if kind.__module__ == Fault.__module__
    }
    assert KINDS["too-many-requests"] is TooManyRequests


def test_a_fault_strikes_when_and_where_it_was_planned(world, client):
    world.faults.add("run", ServerError(500), times=2, after=1)
    assert [client.history().status_code for _ in range(4)] == [200, 500, 500, 200]
    world.faults.add("metric-names", NotFound(), where="/mlflow/")
    asked = questions(client)
    assert asked["metric-names"]().status_code == 200
    mlflow = client.data("mlflow/v2.0", "/api/2.0/mlflow/runs/get?run_id=r-1")
    assert mlflow.status_code == 404


def test_an_unknown_resource_is_an_error(world):
    with pytest.raises(ValueError, match="no such resource: chidren"):
        world.faults.add("chidren", NotFound())


def test_latency_is_per_request_and_per_fault(world, client):
    world.latency = 0.1
    world.faults.add("run", Latency(0.2))
    began = time.monotonic()
    assert client.history().status_code == 200
    assert 0.3 <= time.monotonic() - began < 1
    assert world.requests[-1].seconds >= 0.3


@pytest.mark.parametrize("challenge", [True, False])
def test_an_expired_token_is_refused(world, client, challenge):
    world.faults.add("*", Unauthorized(challenge=challenge))
    for ask in (client.arm, client.history, lambda: listing(client, "token")):
        answer = ask()
        assert answer.status_code == 401
        assert ("WWW-Authenticate" in answer.headers) is challenge


def test_tokens_expire_and_can_be_revoked(world, client):
    assert client.history().status_code == 200
    world.revoke_tokens()
    assert client.history().status_code == 401
    assert client.sign_in().history().status_code == 200
    world.token_lifetime = 0
    assert client.sign_in().history().status_code == 401


def test_a_token_for_something_else_is_refused(client):
    client.sign_in("https://storage.azure.com/.default")
    assert client.arm().status_code == 401


@pytest.mark.parametrize(
    ("resource", "why", "code"),
    [
        ("workspace", "role", "AuthorizationFailed"),
        ("run", "role", "UserError"),
        ("blob-read", "role", "AuthorizationPermissionMismatch"),
        ("blob-read", "network", "AuthorizationFailure"),
        ("blob-read", "signature", "AuthenticationFailed"),
    ],
)
def test_forbidden_is_told_in_the_words_of_the_service(world, client, resource, why, code):
    ask = questions(client)[resource]
    world.faults.add(resource, Forbidden(why))
    answer = ask()
    assert answer.status_code == 403
    told = answer.headers.get("x-ms-error-code") or answer.json()["error"]["code"]
    assert told == code


def test_forbidden_names_action_and_scope(world, client):
    world.faults.add("job", Forbidden())
    message = client.arm("/jobs/r-1").json()["error"]["message"]
    assert "'Microsoft.MachineLearningServices/workspaces/jobs/read' over scope" in message
    assert f"{client.served.scope}/jobs/r-1" in message


@pytest.mark.parametrize(
    ("fault", "resource", "code"),
    [
        (NotFound(), "blob-read", "BlobNotFound"),
        (Conflict(), "blob-read", "BlobArchived"),
        (Conflict(), "block-list", "InvalidBlobType"),
    ],
)
def test_storage_says_what_is_wrong(world, client, fault, resource, code):
    ask = questions(client)[resource]
    world.faults.add(resource, fault)
    answer = ask()
    assert answer.headers["x-ms-error-code"] == code
    assert ET.fromstring(answer.content).findtext("Code") == code


@pytest.mark.parametrize("after", [3, 3600, "soon", None])
def test_too_many_requests_name_a_time_or_none(world, client, after):
    ask = questions(client)["blob-read"]
    world.faults.add("*", TooManyRequests(after), times=2)
    for answer in (client.history(), ask()):
        assert answer.status_code == 429
        assert answer.headers.get("Retry-After") == (None if after is None else str(after))
    assert client.history().status_code == 200


def test_too_many_requests_may_name_a_date(world, client):
    world.faults.add("run", TooManyRequests("date"))
    at = parsedate_to_datetime(client.history().headers["Retry-After"])
    assert 0 <= (at - datetime.now(UTC)).total_seconds() < 5


def last_of_the_wire(world, url):
    """What a socket sees last after a request: Python's TLS hides a reset behind the end of a stream."""
    host, _, target = url.removeprefix("https://").partition("/")
    settings = world.environment()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cafile=settings["REQUESTS_CA_BUNDLE"])
    tls = context.wrap_bio(incoming, outgoing, server_hostname=host)
    with socket.create_connection(("127.0.0.1", int(settings["HTTPS_PROXY"].rpartition(":")[2]))) as wire:
        wire.sendall(f"CONNECT {host}:443 HTTP/1.1\r\n\r\n".encode())
        wire.recv(1000)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                wire.sendall(outgoing.read())
                incoming.write(wire.recv(1 << 16))
        tls.write(f"GET /{target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        wire.sendall(outgoing.read())
        try:
            while wire.recv(1 << 16):
                pass
        except ConnectionResetError:
            return "reset"
        return "end"


@pytest.mark.parametrize("resource", ["run", "blob-read"])
def test_a_reset_comes_before_any_answer_or_in_the_middle(world, client, resource):
    ask = questions(client)[resource]
    world.faults.add(resource, ResetBefore(), times=1)
    with pytest.raises(requests.ConnectionError, match=r"RemoteDisconnected|reset"):
        ask()
    assert world.requests[-1].status is None
    world.faults.add(resource, ResetMidBody(), times=1)
    with pytest.raises(requests.RequestException, match=r"IncompleteRead|reset|EOF"):
        ask()
    assert ask().status_code == 200


@pytest.mark.parametrize("fault", [ResetBefore(), ResetMidBody()])
def test_a_reset_is_one_on_the_wire(world, client, fault):
    log = client.log()
    world.faults.add("blob-read", fault)
    assert last_of_the_wire(world, log) == "reset"


def test_a_hang_never_answers(world, client):
    world.faults.add("run", Hang())
    with pytest.raises(requests.ReadTimeout):
        client.session.get(
            f"https://{client.served.host}/history/v1.0{client.served.scope}/runs/r-1", timeout=0.3
        )


def test_a_drip_comes_byte_by_byte(world, client):
    log = client.log()
    world.faults.add("blob-read", Drip(0.02))
    began = time.monotonic()
    answer = client.session.get(log, headers={"Range": "bytes=0-9"}, timeout=5)
    assert (answer.content, answer.status_code) == (LOG[:10].encode(), 206)
    assert time.monotonic() - began >= 0.18


@pytest.mark.parametrize("fault", [TruncatedDocument(), MalformedDocument(), CaptivePortal()])
def test_a_document_may_be_unreadable(world, client, fault):
    asked = questions(client)
    world.faults.add("run", fault)
    world.faults.add("blob-list", fault)
    answer = client.history()
    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["Content-Length"])
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.content)
    answer = asked["blob-list"]()
    assert answer.status_code == 200
    if not isinstance(fault, CaptivePortal):
        with pytest.raises(ET.ParseError):
            ET.fromstring(answer.content)


MARKED = {
    "jobs": "nextLink",
    "datastores": "nextLink",
    "children": "continuationToken",
    "runs-query": "continuationToken",
    "metric-history": "continuationToken",
    "runs-search": "next_page_token",
    "artifacts": "continuationToken",
}


@pytest.mark.parametrize(("resource", "marker"), MARKED.items())
def test_pages_may_never_end(world, client, resource, marker):
    ask = questions(client)[resource]
    world.faults.add(resource, RepeatedToken(), times=2)
    first, second = ask().json(), ask().json()
    assert first[marker] == second[marker]
    assert first[marker]
    assert first.get("value") or first.get("runs")
    world.faults.add(resource, EmptyPages())
    first, second = ask().json(), ask().json()
    assert first[marker] != second[marker]
    assert not first.get("value")
    assert not first.get("runs")


def test_a_repeated_link_is_answered_again(world, client):
    world.faults.add("jobs", RepeatedToken())
    link = client.arm("/jobs").json()["nextLink"]
    assert client.ask("GET", link).json()["nextLink"] == link


def test_pages_of_blobs_may_never_end(world, client):
    world.faults.add("blob-list", RepeatedToken(), times=2)
    first, second = (ET.fromstring(listing(client).content) for _ in range(2))
    assert first.findtext("NextMarker") == second.findtext("NextMarker") != ""
    assert len(first.findall("Blobs/Blob")) == 1
    world.faults.add("blob-list", EmptyPages())
    page = ET.fromstring(listing(client).content)
    assert page.findtext("NextMarker")
    assert page.findall("Blobs/Blob") == []


def test_a_blob_may_be_deleted_before_it_is_read(world, client):
    log = client.log()
    assert client.session.head(log).status_code == 200
    world.faults.add("blob-read", DeletedBlob())
    assert client.session.get(log).status_code == 404
    assert client.session.head(log).status_code == 404


@pytest.mark.parametrize("kind", ["command", "script"])
def test_a_blob_may_grow_while_it_is_read(world, client_of, kind):
    path = "logs/azureml/1_azureml.log"
    client = client_of(world.serve(bundle_of(run_row(type=kind), logs={path: "one\n"})))
    log = client.log(path)
    world.faults.add("blob-read", GrowingBlob(b"more\n"))
    first, second = client.session.get(log), client.session.get(log)
    assert first.content == b"one\nmore\n"
    assert second.content == b"one\nmore\nmore\n"
    assert first.headers["ETag"] != second.headers["ETag"]
    assert first.headers["x-ms-blob-type"] == ("AppendBlob" if kind == "script" else "BlockBlob")
    assert client.session.get(log, headers={"If-Match": first.headers["ETag"]}).status_code == 412


def test_a_range_may_be_ignored_or_come_short(world, client):
    log, part = client.log(), {"x-ms-range": "bytes=0-99"}
    world.faults.add("blob-read", RangeIgnored(), times=1)
    answer = client.session.get(log, headers=part)
    assert (answer.status_code, answer.text) == (200, LOG)
    world.faults.add("blob-read", ShortRange())
    answer = client.session.get(log, headers=part)
    assert (answer.status_code, answer.text) == (206, LOG[:50])
    assert answer.headers["Content-Range"] == f"bytes 0-99/{len(LOG)}"


def test_a_body_may_be_endless(world, client):
    log = client.log()
    world.faults.add("blob-read", EndlessBody())
    with client.session.get(log, headers={"Range": "bytes=0-99"}, stream=True) as answer:
        assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(50 << 30))
        assert len(answer.raw.read(5 << 20)) == 5 << 20


def test_a_clock_may_be_off(world, client):
    world.faults.add("run", ClockSkew(90))
    assert client.history().headers["Date"] == "Fri, 20 Nov 2026 14:01:30 GMT"


def test_a_clean_world_has_forgotten_everything(world, client):
    world.faults.add("*", ServerError())
    world.latency = 0.2
    world.children_paging = "token"
    client.history()
    world.clear()
    assert client.history().status_code == 200
    assert len(world.requests) == 1
    assert (world.latency, world.children_paging) == (0, "none")
