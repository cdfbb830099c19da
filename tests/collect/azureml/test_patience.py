import re
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest
import requests
from answering import ACCOUNT, ARM, HOST, Answer, Signed, refusal_of, service_of
from azure.core.exceptions import HttpResponseError, ServiceRequestError
from urllib3.exceptions import NewConnectionError, ProtocolError

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.patience import Patience
from diagnose.collect.azureml.storage import Place, Storage
from diagnose.collect.azureml.threads import start
from diagnose.evidence.bundle import PartState

BUSY, FINE = refusal_of(503, "Busy"), {"fine": True}
REFUSED = NewConnectionError(None, "refused")
RESET = requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError()))
SILENT = requests.exceptions.ReadTimeout("silence")


def told(world, *answers, patience=None):
    """What one question comes to, when it is answered so; a gap where there is no answer."""
    world.says("/runs/r", *answers)
    service = service_of(patience=patience)
    try:
        return service.data("the run", "history/v1.0", "/runs/r")
    except GapError as error:
        return error.gap


def soon(seconds):
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_may_pass_is_asked_again(world, status, method):
    world.says("/rundata", refusal_of(status), refusal_of(status), FINE)
    service = service_of()
    if method == "GET":
        assert service.data("the run", "history/v1.0", "/rundata") == FINE
    else:
        assert service.question("the run", "history/v1.0", "/rundata", {}) == FINE
    assert world.paths(method) == ["rundata"] * 3


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 412, 501])
def test_what_will_not_pass_is_asked_once(world, status):
    gap = told(world, refusal_of(status, "Nope"), FINE)
    assert (gap.status, gap.attempts, len(world.asked)) == (status, 1, 1)


def test_a_service_that_stays_busy_is_asked_four_times(world):
    gap = told(world, refusal_of(503, "Busy", x_ms_request_id="abc"))
    answered = f"{HOST} answered 503 Busy"
    assert gap == Gap("the run", PartState.FAILED, answered, 503, "Busy", "abc", 4, passing=True)


@pytest.mark.parametrize("error", [RESET, requests.exceptions.ChunkedEncodingError("IncompleteRead: 3 of 9")])
def test_a_connection_that_broke_off_is_tried_again(world, error):
    assert told(world, error, error, FINE) == FINE


def test_an_answer_that_stays_cut_off_says_so(world):
    gap = told(world, requests.exceptions.ChunkedEncodingError("IncompleteRead: 3 of 9"))
    assert gap.reason == f"{HOST} broke the connection off"


def test_a_silent_service_is_waited_for_twice_and_no_more(world):
    gap = told(world, SILENT, SILENT, FINE)
    assert (gap.reason, gap.attempts) == (f"{HOST} did not answer in time", 2)


# --- how long the service asks to wait ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "0",
        "0.01",
        "-5",
        "soon",
        "",
        "nan",
        pytest.param(soon(-60), id="a minute ago"),
        "Fri, 99 Foo 2026",
        "½",
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_any_short_or_senseless_retry_after_is_lived_with(world, said, status):
    assert told(world, refusal_of(status, Retry_After=said), FINE) == FINE


@pytest.mark.parametrize("said", ["31", "3600", "inf", "1e999", pytest.param(soon(3600), id="in an hour")])
def test_nobody_waits_for_an_hour(world, said):
    gap = told(world, refusal_of(429, Retry_After=said), FINE)
    assert (gap.attempts, len(world.asked)) == (1, 1)
    assert "asks for fewer requests (429), and to wait" in gap.reason


def test_the_gap_says_how_long_the_service_wanted_to_be_left_alone(world):
    gap = told(world, refusal_of(429, Retry_After="3600"))
    assert gap.reason == f"{HOST} asks for fewer requests (429), and to wait 3600 s"


def test_the_pause_that_was_asked_for_is_made():
    patience = Patience(pause_s=100)
    pauses = []
    patience._stopped.wait = pauses.append
    answers = iter([_error(429, "7"), None])
    patience.ask("the run", HOST, lambda: _raise(next(answers)))
    assert pauses[0] == 7


def test_a_pause_that_is_longer_than_the_time_left_is_not_made(world):
    gap = told(world, refusal_of(429, Retry_After="20"), FINE, patience=Patience(resource_s=10))
    assert (gap.status, len(world.asked)) == (429, 1)


def test_who_asked_to_be_left_alone_is_left_alone_by_all():
    patience = Patience(resource_s=10)
    with pytest.raises(GapError):
        patience.ask("the run", HOST, lambda: _raise(_error(429, "20")))
    pauses = []
    patience._stopped.wait = pauses.append
    patience.ask("the details", HOST, lambda: None)
    patience.ask("the blobs", ACCOUNT, lambda: None)
    assert len(pauses) == 1


def _error(status, retry_after):
    error = HttpResponseError("busy")
    error.status_code = status
    error.response = SimpleNamespace(headers={"Retry-After": retry_after}, text=lambda: "")
    return error


def _raise(error):
    if error:
        raise error


# --- hosts that are not there ------------------------------------------------------------------------------------


def test_a_host_that_refuses_twice_is_asked_for_nothing_else(world):
    world.says("", REFUSED)
    service = service_of()
    for _ in range(3):
        with pytest.raises(GapError, match=f"{HOST} could not be reached"):
            service.data("the run", "history/v1.0", "/runs/r")
    assert len(world.asked) == 2


def test_a_dead_host_says_nothing_of_the_others(world):
    world.says("/runs/r", REFUSED)
    world.says("/workspaces/space", FINE)
    service = service_of()
    with pytest.raises(GapError):
        service.data("the run", "history/v1.0", "/runs/r")
    assert service.arm("the workspace") == FINE
    assert {host for _, host, _ in world.asked} == {HOST, ARM}


def test_a_host_that_lets_nobody_in_in_time_is_tried_twice(world):
    gap = told(world, requests.exceptions.ConnectTimeout("slow"))
    assert (gap.reason, gap.attempts) == (f"{HOST} did not accept a connection in time", 2)


def test_one_refused_connection_is_no_dead_host(world):
    assert told(world, REFUSED, FINE) == FINE


# --- signing in --------------------------------------------------------------------------------------------------


def test_a_token_that_was_refused_once_is_renewed(world):
    world.says("/runs/r", refusal_of(401), FINE)
    service = service_of(Signed())
    assert service.data("the run", "history/v1.0", "/runs/r") == FINE
    assert [request.headers["Authorization"] for request in world.requests] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_a_new_token_that_is_refused_too_is_a_denial(world):
    gap = told(world, refusal_of(401))
    assert (gap.state, gap.status, gap.attempts) == (PartState.DENIED, 401, 2)
    assert "sign in again" in gap.reason


@pytest.mark.parametrize("busy", [1, 2, 3])
def test_a_sign_in_that_is_refused_late_ends_in_a_gap_or_an_answer(world, busy):
    gap = told(world, *[BUSY] * busy, refusal_of(401))
    assert isinstance(gap, Gap)
    assert gap.status == 401


def test_a_sign_in_that_ends_on_the_way_is_a_denial(world):
    with pytest.raises(GapError, match=r"the details: .*az login") as caught:
        service_of(Signed(fails=ValueError("nobody"))).arm("the details")
    assert (caught.value.gap.state, world.asked) == (PartState.DENIED, [])


def test_a_denied_run_names_the_role_on_the_workspace(world):
    gap = told(world, refusal_of(403, "AuthorizationFailed"))
    assert gap.state is PartState.DENIED
    assert gap.reason.startswith("403 AuthorizationFailed: the role Reader")
    assert "on the workspace" in gap.reason


def denied_blobs(world, code):
    world.says("/box", Answer(403, b"", {"x-ms-error-code": code}))
    with pytest.raises(GapError) as caught:
        list(Storage(service_of()).listing("the blobs", Place(ACCOUNT, "box", "")))
    return caught.value.gap


def test_a_denied_blob_names_the_role_on_the_storage_account(world):
    gap = denied_blobs(world, "AuthorizationPermissionMismatch")
    assert gap.state is PartState.DENIED
    assert gap.code == "AuthorizationPermissionMismatch"
    assert "the role Storage Blob Data Reader on the storage account is missing" in gap.reason


def test_a_firewall_is_no_missing_role(world):
    gap = denied_blobs(world, "AuthorizationFailure")
    assert "firewall" in gap.reason
    assert "role" not in gap.reason


def test_an_account_without_keys_asks_for_the_role(world):
    gap = denied_blobs(world, "KeyBasedAuthenticationNotPermitted")
    assert "takes no keys" in gap.reason
    assert "Storage Blob Data Reader" in gap.reason


def test_a_403_without_a_code_is_a_denial_too(world):
    gap = told(world, Answer(403, b"<html>no</html>"))
    assert (gap.state, gap.code) == (PartState.DENIED, None)
    assert gap.reason.startswith("403 Forbidden: the role Reader")


def test_what_is_not_there_is_gone(world):
    gap = told(world, refusal_of(404, "RunNotFound"))
    assert (gap.state, gap.code, gap.reason) == (
        PartState.GONE,
        "RunNotFound",
        "404, it is not there (any more)",
    )


def test_codes_and_ids_of_any_length_are_cut(world):
    gap = told(world, refusal_of(400, "C" * 5000, x_ms_request_id="i" * 5000))
    assert (len(gap.code), len(gap.request_id)) == (80, 80)
    assert len(gap.reason) < 200


# --- answers that nobody can read --------------------------------------------------------------------------------

UNREADABLE = [b"", b"<html>captive portal</html>", b'{"cut": ', b"[1]", b'"text"', b"\xff\xfe", b"[" * 5000]


@pytest.mark.parametrize("body", UNREADABLE)
def test_an_unreadable_answer_is_asked_for_twice_more(world, body):
    gap = told(world, Answer(200, body))
    assert (gap.state, gap.attempts, len(world.asked)) == (PartState.FAILED, 3, 3)
    assert re.match(f"{HOST} sent (something|JSON) that is no", gap.reason)


def test_an_answer_that_can_be_read_the_second_time_counts(world):
    assert told(world, Answer(200, b'{"cut": '), FINE) == FINE


def test_a_listing_that_is_no_xml_is_asked_for_twice_more(world):
    world.says("/box", Answer(200, b"<Enumer", {"Content-Type": "application/xml"}))
    with pytest.raises(GapError) as caught:
        list(Storage(service_of()).listing("the blobs", Place(ACCOUNT, "box", "")))
    assert caught.value.gap.reason == f"{ACCOUNT} sent an answer that cannot be read"
    assert len(world.asked) == 3


def test_a_fault_of_ours_is_no_gap():
    with pytest.raises(ZeroDivisionError):
        Patience().ask("the run", HOST, lambda: 1 // 0)


# --- time --------------------------------------------------------------------------------------------------------


def test_a_run_whose_time_is_used_up_asks_nothing(world):
    gap = told(world, FINE, patience=Patience(run_s=0))
    assert (gap.attempts, world.asked) == (0, [])
    assert gap.reason == "the time for one run, 0 s, was used up"


def test_a_resource_whose_time_is_used_up_is_given_up(world):
    gap = told(world, FINE, patience=Patience(resource_s=0))
    assert gap.reason == "it was not answered within 0 s"


def test_the_time_of_one_resource_is_not_taken_from_the_next():
    patience = Patience(resource_s=0.01, pause_s=10)
    with pytest.raises(GapError):
        patience.ask("the run", HOST, lambda: _raise(ServiceRequestError("refused")))
    assert patience.ask("the blobs", ACCOUNT, lambda: "here") == "here"
    assert 0 < patience.left_s <= 300


def test_who_was_stopped_asks_nothing_more(world):
    patience = Patience()
    patience.stop()
    gap = told(world, FINE, patience=patience)
    assert (gap.reason, world.asked) == ("the capture was interrupted", [])


def test_a_stop_ends_the_longest_pause():
    patience, failed = Patience(pause_s=50), threading.Event()

    def attempt():
        failed.set()
        _raise(_error(503, ""))

    answer = start(lambda: patience.ask("the run", HOST, attempt))
    assert failed.wait(5)
    patience.stop()
    with pytest.raises(GapError, match="interrupted"):
        answer.result(5)


def test_a_stop_while_a_host_is_left_alone_makes_no_further_attempt():
    patience, waiting, made = Patience(resource_s=10), threading.Event(), []
    with pytest.raises(GapError):
        patience.ask("the run", HOST, lambda: _raise(_error(429, "20")))
    wait = patience._stopped.wait
    patience._stopped.wait = lambda seconds: waiting.set() or wait(seconds)
    answer = start(lambda: patience.ask("the details", HOST, lambda: made.append(1)))
    assert waiting.wait(5)
    patience.stop()
    with pytest.raises(GapError, match="interrupted"):
        answer.result(5)
    assert made == []
