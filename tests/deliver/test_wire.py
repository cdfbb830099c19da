"""One way out over HTTP: it ends in time, goes to one host, and says nothing of a credential, whatever answers."""

import logging
import socket
import threading
import time
import traceback

import pytest
from parcels import parcel
from trackers import EVERY, TOKEN, GitHub, listening, variables

from diagnose.deliver.tickets.attach import attach
from diagnose.deliver.tickets.calls import Request, bearer
from diagnose.deliver.tickets.sink import DeliveryError, UncertainError
from diagnose.deliver.tickets.sinks import sink_for
from diagnose.deliver.tickets.site import Site, site_of
from diagnose.deliver.tickets.ticket import ticket_of
from diagnose.deliver.tickets.wire import TimeOuts, Wire
from diagnose.errors import UsageError

SHORT = TimeOuts(connect_s=1, silence_s=0.3, answer_s=0.6, sending_s=1)
PORTAL = b"<html><title>Sign in</title></html>"


@pytest.fixture
def raw():
    """A server that says what it is told to, piece by piece, to every caller."""
    stops = []

    def start(*pieces, pause=0.0, hold=False):
        listener = socket.create_server(("127.0.0.1", 0))
        done = threading.Event()

        def serve():
            while not done.is_set():
                try:
                    caller, _ = listener.accept()
                except OSError:
                    return
                with caller:
                    try:
                        caller.recv(65536)
                        for piece in pieces:
                            caller.sendall(piece)
                            done.wait(pause)
                        done.wait(5 if hold else 0)
                    except OSError:
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        stops.append((listener, done))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener, done in stops:
        done.set()
        listener.close()


def wire(url, pauses=None):
    site = Site("github", url, "", TOKEN)
    return Wire(site, bearer(site), SHORT, (pauses if pauses is not None else []).append)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("pieces", "how"),
    [
        ((), {"hold": True}),
        ((HEAD,), {"hold": True}),
        ((HEAD + b"Content-Length: 900\r\n\r\n", b"{"), {"hold": True}),
        ((HEAD + b"Content-Length: 900\r\n\r\n", *[b" "] * 30), {"pause": 0.1}),
        ((HEAD + b"Content-Length: 900\r\n\r\n{",), {}),
        ((), {}),
        ((b"\x00\x01 no HTTP at all\r\n\r\n",), {}),
    ],
)
def test_a_server_that_hangs_drips_or_breaks_off_ends_in_a_sentence_in_time(pieces, how, raw):
    started = time.monotonic()
    with pytest.raises(UncertainError) as lost:
        wire(raw(*pieces, **how))(Request("GET", "/x"))
    assert time.monotonic() - started < 6
    assert TOKEN not in "".join(traceback.format_exception(lost.value))


def test_an_answer_without_end_is_not_read_to_its_end(raw):
    body = b" " * (1 << 20)
    url = raw(HEAD + b"Content-Length: 999999999\r\n\r\n", *[body] * 20)
    with pytest.raises(DeliveryError):
        wire(url)(Request("POST", "/x"))


def test_nobody_there_is_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(DeliveryError, match="cannot be reached"):
        wire(f"http://127.0.0.1:{port}")(Request("GET", "/x"))


@pytest.mark.parametrize("kind", EVERY)
def test_a_portal_that_answers_for_everyone_is_known_for_one(kind):
    with listening(kind()) as tracker:
        tracker.trouble = lambda _: (203, {"Content-Type": "text/html"}, PORTAL)
        with pytest.raises(DeliveryError, match="sign-in page or a proxy"):
            attach(sink_for(ticket_of(tracker.TICKET), variables(tracker)), parcel())


@pytest.mark.parametrize(
    "there", ["https://login.example/", "//evil.example/x", "http://127.0.0.1:1/", "", "/again"]
)
def test_nothing_is_sent_after_a_redirect(there):
    with listening(GitHub()) as tracker:
        tracker.trouble = lambda asked: (302, {"Location": there}, b"") if asked.method == "POST" else None
        with pytest.raises(DeliveryError, match="another address"):
            wire(tracker.url)(Request("POST", "/x", body=b"{}"))
        tracker.trouble = lambda _: (302, {"Location": there}, b"")
        with pytest.raises(DeliveryError, match=r"another address|in a circle"):
            wire(tracker.url)(Request("GET", "/x"))
        assert len(tracker.asked) <= 6


def test_a_question_is_put_again_where_the_same_host_sends_it():
    with listening(GitHub()) as tracker:
        tracker.trouble = lambda asked: (307, {"Location": "/repos/contoso/training/issues/3/comments?page=1&per_page=9"}, b"") if asked.path == "/old" else None  # fmt: skip
        assert wire(tracker.url)(Request("GET", "/old")).json == []


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ("7", [7.0, 7.0]),
        ("3600", [30.0, 30.0]),
        ("soon", [2.0, 4.0]),
        ("Wed, 21 Oct 2015 07:28:00 GMT", [0.0, 0.0]),
        ("-1", [2.0, 4.0]),
        ("9" * 400, [2.0, 4.0]),
    ],
)
def test_retry_after_is_heeded_within_bounds(told, waits):
    pauses = []
    with listening(GitHub()) as tracker:
        tracker.trouble = lambda _: (429, {"Retry-After": told}, b"")
        with pytest.raises(DeliveryError, match="takes no more for now"):
            wire(tracker.url, pauses)(Request("GET", "/x"))
        assert (pauses, len(tracker.asked)) == (waits, 3)


def test_what_may_have_been_done_is_not_done_again_without_looking():
    with listening(GitHub()) as tracker:
        tracker.trouble = lambda _: (502, {}, b"")
        with pytest.raises(UncertainError):
            wire(tracker.url)(Request("POST", "/x", body=b"{}"))
        assert len(tracker.asked) == 1


@pytest.mark.parametrize(
    "url",
    ["http://jira.example.com", "https://me:secret@jira.example.com", "https://jira.example.com?token=secret", "https://", "ftp://x", "https://h:port/", "https://h/a/../b", "jira.example.com", "https://h/%2e%2e/x"],
)  # fmt: skip
def test_a_site_that_no_credential_may_go_to_is_refused_without_saying_it(url):
    with pytest.raises(UsageError) as refused:
        site_of("jira", {"DIAGNOSE_JIRA_URL": url, "DIAGNOSE_JIRA_TOKEN": "secret"})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("token", ["a\r\nX: y", "tök", "a\x00b"])
def test_a_token_that_no_header_can_carry_is_refused(token):
    with pytest.raises(UsageError, match="_TOKEN") as refused:
        site_of("jira", {"DIAGNOSE_JIRA_URL": "https://h", "DIAGNOSE_JIRA_TOKEN": token})
    assert token not in str(refused.value)


def test_no_credential_in_any_log_or_traceback(caplog, raw):
    caplog.set_level(logging.DEBUG)
    said = []
    for kind in EVERY:
        with listening(kind()) as tracker:
            sink = sink_for(ticket_of(tracker.TICKET), variables(tracker))
            attach(sink, parcel())
            site = site_of(tracker.TICKET.partition(":")[0], variables(tracker))
            said.append(repr(site) + repr(sink) + repr(vars(sink)))
            tracker.trouble = lambda asked: (
                500,
                {},
                b'{"message": "%s"}' % asked.headers["Authorization"].encode(),
            )
            with pytest.raises(DeliveryError) as failed:
                attach(sink, parcel(cause="none", later=1), lambda _: None)
            said.append("".join(traceback.format_exception(failed.value)))
            secrets = (*site.secrets, asked_header(tracker))
            assert not [each for each in secrets if any(each in words for words in [caplog.text, *said])]


def asked_header(tracker):
    return tracker.asked[0].headers["Authorization"].partition(" ")[2]
