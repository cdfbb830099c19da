import gzip
import json
from datetime import UTC, datetime

import pytest
import requests
from answering import ACCOUNT, ARM, CLOUD, DATE, HOST, Answer
from azure.core.exceptions import AzureError, ServiceResponseTimeoutError
from azure.core.rest import HttpRequest

from diagnose.collect.azureml import wire as wires
from diagnose.collect.azureml.wire import Call, Clock, RefusedError, TimeOuts, Wire

WORKSPACE = f"https://{HOST}/history/v1.0/subscriptions/s/workspaces/w"
ARM_STORE = f"https://{ARM}/subscriptions/s/workspaces/w/datastores/store"
BLOB = f"https://{ACCOUNT}/box/a.bin"
LOGS, LOG = "api.loganalytics.io", "0f0e0d0c-0000-1111-2222-333344445555"


def sent(method, url, *, may_read_secrets=False, wire=None, **headers):
    """The answer of one request, as azure-core gets it."""
    wire = wire or Wire(CLOUD, may_read_secrets=may_read_secrets)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return wire.transport.send(HttpRequest(method, url, headers=named))


def ranged(world, answer, first=0, last=9):
    """The bytes of a read of a part of a blob that is answered so."""
    world.says("/a.bin", answer)
    return sent("GET", BLOB, x_ms_range=f"bytes={first}-{last}").read()


# --- what may leave ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("url", [WORKSPACE, ARM_STORE, BLOB, f"https://{ARM.upper()}/x"])
def test_reading_is_allowed_everywhere_in_the_cloud(world, method, url):
    world.says("", {"fine": True})
    assert sent(method, url).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/rundata",
        "/batchrundata",
        "/experimentids/e/runs:query",
        "/experiments:query",
        "/mlflow/experiments/search",
        "/runs/r-1/lastvalues",
        "/runs/r-1/list",
        "/runs/r-1/full",
        "/mlflow/runs/search",
        "/dataversion/batchGetResolvedUris",
    ],
)
def test_questions_may_be_posted(world, path):
    world.says("", {"fine": True})
    assert sent("POST", WORKSPACE + path).status_code == 200


def test_a_log_may_be_queried(world):
    world.says("", {"fine": True})
    assert sent("POST", f"https://{LOGS}/v1/workspaces/{LOG}/query").status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        f"{WORKSPACE}/runs/r-1/cancel",
        f"{WORKSPACE}/runs/r-1/events",
        f"{WORKSPACE}/runs/r-1/modify",
        f"{WORKSPACE}/runs/r-1/delete?x=/rundata",
        f"{WORKSPACE}/runs/r-1/delete#/rundata",
        f"{WORKSPACE}/rundata/",
        f"{WORKSPACE}/rundata/x",
        f"{WORKSPACE}/notrundata",
        f"{WORKSPACE}/runs/r-1/x/list",
        f"{WORKSPACE}/mlflow/runs/create",
        f"{WORKSPACE}/mlflow/experiments/create",
        f"{WORKSPACE}/experiments/e:query",
        f"https://{LOGS}/v1/workspaces/w/query",
        f"https://{LOGS}/v1/workspaces/{LOG}/query/../../x",
        f"https://{LOGS}/v1/subscriptions/{LOG}/query",
        f"{WORKSPACE}/mlflow/runs/log-metric",
        f"https://{ARM}/subscriptions/s/workspaces/w/jobs/r-1/cancel",
        f"https://{ARM}/subscriptions/s/workspaces/w/listKeys",
        f"https://{ARM}/subscriptions/s/storageAccounts/a/listKeys",
        f"{ARM_STORE}/listSecrets",
        f"{ARM_STORE}/listsecrets",
        f"{BLOB}?comp=lease",
    ],
)
def test_nothing_else_may_be_posted(world, url):
    with pytest.raises(RefusedError, match="is no read-only request, so it was not made"):
        sent("POST", url)
    assert world.asked == []


@pytest.mark.parametrize("path", ["/listSecrets", "/listsecrets"])
def test_a_key_may_be_read_by_who_was_allowed_to(world, path):
    world.says("", {"secretsType": "Sas"})
    assert sent("POST", ARM_STORE + path, may_read_secrets=True).status_code == 200


@pytest.mark.parametrize("path", ["/listSecrets/x", "/x/listSecrets", "x/../listKeys"])
def test_leave_to_read_keys_is_leave_for_nothing_else(world, path):
    with pytest.raises(RefusedError):
        sent("POST", ARM_STORE + path, may_read_secrets=True)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "MERGE", "get", ""])
@pytest.mark.parametrize("url", [f"{WORKSPACE}/rundata", BLOB, f"{ARM_STORE}/listSecrets"])
def test_no_other_method_ever_leaves(world, method, url):
    with pytest.raises((RefusedError, AzureError, ValueError)):
        Wire(CLOUD, may_read_secrets=True)._session.send(prepared(method, url))
    assert world.asked == []


def prepared(method, url):
    request = requests.PreparedRequest()
    request.prepare(method="GET", url=url)
    request.method = method
    return request


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/rundata",
        "https://management.azure.com.evil.example/",
        "https://management.azure.com@evil.example/",
        "https://management.chinacloudapi.cn/",
        "https://127.0.0.1/",
        "https://acct.blob.core.chinacloudapi.cn/box/a",
    ],
)
def test_a_stranger_is_not_asked(world, url):
    with pytest.raises(RefusedError, match="is no host of AzureCloud, so it was not asked"):
        sent("GET", url)
    assert world.asked == []


@pytest.mark.parametrize("url", [f"http://{ARM}/", f"http://{ACCOUNT}/box/a", "http://169.254.169.254/"])
def test_nobody_is_asked_without_encryption(world, url):
    with pytest.raises(RefusedError, match="without encryption"):
        sent("GET", url)
    assert world.asked == []


def test_where_an_answer_sends_us_we_do_not_go(world):
    world.says("/here", Answer(302, b"", {"Location": "https://evil.example/"}))
    assert sent("GET", f"https://{ARM}/here").status_code == 302
    assert len(world.asked) == 1


def test_what_was_asked_is_written_down(world):
    world.says("/rundata", {"fine": True})
    wire = Wire(CLOUD)
    sent("POST", f"{WORKSPACE}/rundata?secret=sig", wire=wire)
    [call] = wire.calls
    path = "/history/v1.0/subscriptions/s/workspaces/w/rundata"
    assert call == Call("POST", HOST, path, 200, call.seconds, len('{"fine": true}'))


def test_a_request_without_an_answer_is_written_down_too(world):
    world.says("/rundata", requests.exceptions.ReadTimeout("silence"))
    wire = Wire(CLOUD)
    with pytest.raises(AzureError):
        sent("POST", f"{WORKSPACE}/rundata", wire=wire)
    assert [(call.status, call.bytes) for call in wire.calls] == [(0, 0)]


# --- how much may come back --------------------------------------------------------------------------------------


def test_an_endless_answer_is_cut_off(world, monkeypatch):
    monkeypatch.setattr(wires, "ANSWER_BYTES", 1000)
    world.says("/x", Answer(200, b"x" * 1001))
    with pytest.raises(AzureError, match="more than 1,000 bytes came"):
        sent("GET", f"https://{ARM}/x")


def test_an_answer_of_just_the_size_is_whole(world, monkeypatch):
    monkeypatch.setattr(wires, "ANSWER_BYTES", 1000)
    world.says("/x", Answer(200, b"x" * 1000))
    assert sent("GET", f"https://{ARM}/x").read() == b"x" * 1000


def test_a_bomb_is_bounded_by_what_it_unpacks_to(world, monkeypatch):
    monkeypatch.setattr(wires, "ANSWER_BYTES", 10_000)
    world.says("/x", Answer(200, bytes(1 << 20), {"Content-Encoding": "gzip"}))
    with pytest.raises(AzureError, match="more than 10,000 bytes came"):
        sent("GET", f"https://{ARM}/x")


def test_a_drip_is_not_waited_for(world):
    world.says("/x", Answer(200, b"x"))
    with pytest.raises(ServiceResponseTimeoutError, match="took too long"):
        sent("GET", f"https://{ARM}/x", wire=Wire(CLOUD, time_outs=TimeOuts(answer_s=-1)))


def test_half_of_an_answer_is_none(world):
    world.says("/x", Answer(200, b"half", {"Content-Length": "8"}))
    with pytest.raises(AzureError, match="IncompleteRead"):
        sent("GET", f"https://{ARM}/x")


def test_packed_json_is_unpacked(world):
    world.says("/x", Answer(200, {"fine": True}, {"Content-Encoding": "gzip"}))
    assert json.loads(sent("GET", f"https://{ARM}/x").read()) == {"fine": True}


def test_broken_packing_is_a_broken_answer(world):
    world.says("/x", Answer(200, gzip.compress(b"x" * 99)[:-9], {"Content-Encoding": "deflate"}))
    with pytest.raises(AzureError):
        sent("GET", f"https://{ARM}/x")


# --- parts of files ----------------------------------------------------------------------------------------------


def of(said, body=b"0123456789", **headers):
    return Answer(206, body, {"Content-Range": said, **headers})


@pytest.mark.parametrize("total", ["10", "99", "*"])
def test_the_part_that_was_asked_for_is_taken(world, total):
    assert ranged(world, of(f"bytes 0-9/{total}")) == b"0123456789"


def test_the_end_of_a_file_may_be_shorter_than_was_asked_for(world):
    assert ranged(world, of("bytes 95-98/99", b"abcd"), 95, 104) == b"abcd"


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ("bytes 0-9/99", b"01234"),
        ("bytes 0-4/99", b"01234"),
        ("bytes 0-4/*", b"01234"),
        ("bytes 1-10/99", b"0123456789"),
        ("bytes 0-9/99", b""),
        ("", b"0123456789"),
        ("lines 0-9/99", b"0123456789"),
    ],
)
def test_a_short_or_shifted_part_is_no_answer(world, said, body):
    with pytest.raises(AzureError, match="IncompleteRead"):
        ranged(world, of(said, body))


def test_more_than_was_asked_for_is_not_read(world):
    with pytest.raises(AzureError, match="more than 10 bytes came"):
        ranged(world, of("bytes 0-9/99", b"x" * 11))


def test_a_whole_file_in_the_place_of_a_part_is_not_read(world):
    with pytest.raises(RefusedError, match="sent the whole file"):
        ranged(world, Answer(200, b"x" * 11))


def test_a_whole_file_that_is_no_larger_than_the_part_is_taken(world):
    assert ranged(world, Answer(200, b"small")) == b"small"


def test_a_file_that_lies_packed_stays_packed(world):
    packed = gzip.compress(b"a log")
    answer = of(f"bytes 0-{len(packed) - 1}/{len(packed)}", b"a log", **{"Content-Encoding": "gzip"})
    assert ranged(world, answer, 0, 99) == packed


def test_why_a_part_was_refused_may_be_longer_than_the_part(world):
    world.says("/a.bin", Answer(403, b"<Error>" + b"x" * 500))
    answer = sent("GET", BLOB, x_ms_range="bytes=0-9")
    assert (answer.status_code, len(answer.read())) == (403, 507)


# --- the service's clock -----------------------------------------------------------------------------------------

AT = datetime(2026, 11, 20, 8, 0, 0, tzinfo=UTC)


def test_the_skew_is_the_service_minus_this_machine():
    clock = Clock()
    clock.heard(DATE, AT.timestamp() - 12, AT.timestamp() - 11)
    assert (clock.now, clock.skew_s) == (AT, 12.0)


def test_one_strange_answer_does_not_turn_the_clock():
    clock = Clock()
    for ahead in (3, 3, 9000):
        clock.heard(DATE, AT.timestamp() - ahead, AT.timestamp() - ahead)
    assert clock.skew_s == 3.5


def test_now_is_the_latest_that_was_said():
    clock = Clock()
    for second in (7, 9, 8):
        clock.heard(f"Fri, 20 Nov 2026 08:00:0{second} GMT", 0, 0)
    assert clock.now == AT.replace(second=9)


@pytest.mark.parametrize(
    "date", [None, "", "soon", "Fri, 99 Nov 2026 08:00:00 GMT", "20 Nov 2026 08:00:00 -0000"]
)
def test_a_date_that_nobody_understands_is_none(date):
    clock = Clock()
    clock.heard(date, 0, 0)
    assert (clock.now, clock.skew_s) == (None, None)


def test_the_clock_is_that_of_the_services_and_not_of_storage(world):
    wire, dated = Wire(CLOUD), Answer(200, b"{}", {"Date": DATE})
    world.says("", dated)
    sent("GET", BLOB, wire=wire)
    assert wire.clock.now is None
    sent("GET", f"https://{ARM}/x", wire=wire)
    assert wire.clock.now == AT


def test_an_answer_without_a_date_leaves_the_clock_alone(world):
    world.says("", {})
    wire = Wire(CLOUD)
    sent("GET", f"https://{ARM}/x", wire=wire)
    assert wire.clock.now is None
