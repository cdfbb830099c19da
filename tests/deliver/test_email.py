"""A real mail server takes a report and gives it back byte for byte; and what no header may hold never gets into one."""

import email
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import replace
from email import policy

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from parcels import parcel

from diagnose.deliver.tickets.attach import attach, note_of
from diagnose.deliver.tickets.email import Email, site_of_email
from diagnose.deliver.tickets.ledger import Ledger
from diagnose.deliver.tickets.sink import DeliveryError
from diagnose.deliver.tickets.sinks import sink_for
from diagnose.deliver.tickets.ticket import ticket_of
from diagnose.errors import UsageError

TO = "oncall@example.com"
SECRET = "s3cret-with-20-letters"


class Box:
    """The messages that arrived; `answer` is what the server says to one."""

    def __init__(self):
        self.raw, self.answer = [], "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answer.startswith("250"):
            self.raw.append(envelope.content)
        return self.answer

    @property
    def messages(self):
        return [email.message_from_bytes(each, policy=policy.default) for each in self.raw]


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def server(box):
    made = []

    def start(**given):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        controller = Controller(box, hostname="127.0.0.1", port=port, **given)
        controller.start()
        made.append(controller)
        return f"127.0.0.1:{port}"

    yield start
    for each in made:
        each.stop()


@pytest.fixture
def environ(tmp_path):
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


def sent(what, environ, to=TO):
    return attach(sink_for(ticket_of(f"email:{to}"), environ), what, lambda _: None)


def files(message):
    return [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in message.iter_attachments()
    ]


def test_a_report_goes_there_and_back_once_and_a_newer_one_joins_its_thread(server, box, environ):
    environ["DIAGNOSE_EMAIL_URL"] = f"smtp://{server()}"
    first = parcel(html="<p>⟦one⟧\r\n</p>")
    assert [sent(first, environ).state for _ in range(2)] == ["sent", "unchanged"]
    assert sent(parcel(html="<p>two</p>", cause="resource-kill", later=1), environ).state == "replaced"
    one, two = box.messages
    [(name, media, data)] = files(one)
    assert (media, data) == ("text/html", first.html)
    assert name.endswith(".html")
    assert one["To"] == TO
    assert one["References"] == two["References"]
    assert one["Message-ID"] != two["Message-ID"]
    assert "silent-error" in one.get_body(("plain",)).get_content()
    assert "<b>Verdict:</b>" in one.get_body(("html",)).get_content()


def test_the_size_that_the_server_takes_is_asked_before(server, box, environ):
    environ["DIAGNOSE_EMAIL_URL"] = f"smtp://{server(data_size_limit=60_000)}"
    assert sent(parcel(html="long " * 40_000), environ).form == "zip"
    assert [files(each)[0][1] for each in box.messages] == ["application/zip"]


def test_a_gateway_that_says_too_large_only_afterwards_gets_the_words(server, box, environ):
    environ["DIAGNOSE_EMAIL_URL"] = f"smtp://{server()}"
    box.answer = "552 too large"
    with pytest.raises(DeliveryError, match="size"):
        sent(parcel(), environ)


@pytest.mark.parametrize("answer", ["554 spam", "451 later"])
def test_a_refusal_is_a_sentence_and_nothing_is_remembered(answer, server, box, environ):
    environ["DIAGNOSE_EMAIL_URL"] = f"smtp://{server()}"
    box.answer = answer
    with pytest.raises(DeliveryError, match=answer[:3]):
        sent(parcel(), environ)
    box.answer = "250 OK"
    assert sent(parcel(), environ).state == "sent"


def test_signing_in_over_tls_and_a_wrong_password(server, box, tmp_path, monkeypatch):
    monkeypatch.setattr("diagnose.deliver.tickets.email._TIME_OUT_S", 3.0)  # this server falls silent then
    authority = trustme.CA()
    inside, outside = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(inside)
    authority.configure_trust(outside)

    def authenticator(server, session, envelope, mechanism, login):
        return AuthResult(success=login.password == SECRET.encode())

    address = server(tls_context=inside, authenticator=authenticator, auth_required=True)
    for token, works in ((SECRET, True), ("wrong-password-1", False)):
        told = {
            "DIAGNOSE_EMAIL_URL": f"smtp://{address}",
            "DIAGNOSE_EMAIL_USER": "me@example.com",
            "DIAGNOSE_EMAIL_TOKEN": token,
        }
        site = site_of_email(told, rehearsal=False)
        sink = Email(
            ticket_of(f"email:{TO}"), site, Ledger(token, {"XDG_STATE_HOME": str(tmp_path)}), context=outside
        )
        if works:
            attach(sink, parcel())
            assert box.messages[0]["From"] == "me@example.com"
        else:
            with pytest.raises(DeliveryError, match="credential") as refused:
                attach(sink, parcel())
            assert token not in str(refused.value)


def test_no_certificate_that_is_not_trusted_is_accepted(server, environ):
    inside = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(inside)
    environ["DIAGNOSE_EMAIL_URL"] = f"smtp://{server(tls_context=inside)}"
    with pytest.raises(DeliveryError, match="cannot be reached as a mail server"):
        sent(parcel(), environ)


def test_a_run_of_a_hostile_name_adds_no_header_and_no_address(server, box, environ):
    environ["DIAGNOSE_EMAIL_URL"] = f"smtp://{server()}"
    hostile = "x\r\nBcc: evil@example.com\r\n\r\n<script>\u2028\x85Bcc: evil@example.com"
    what = replace(parcel(hostile), words=(("Verdict", hostile), ("Run", hostile)))
    sent(what, environ)
    [message] = box.messages
    assert message["Bcc"] is None
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "References", "Auto-Submitted", "MIME-Version", "Content-Type", "X-Peer", "X-MailFrom", "X-RcptTo",
    } - ({"X-Peer", "X-MailFrom", "X-RcptTo"} - set(message.keys()))  # fmt: skip
    assert "<script>" not in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "address",
    [
        "a@b\r\nBcc: c@d.example",
        "a@b.example,c@d.example",
        "<a@b.example>",
        "a b@c.example",
        "a@",
        "@b",
        "a@b.example\n",
    ],
)
def test_an_address_is_one_address(address):
    if address.strip() != address:
        assert ticket_of(f"email:{address}")["id"] == address.strip()
        return
    with pytest.raises(UsageError):
        ticket_of(f"email:{address}")


def test_a_message_can_be_a_file_for_any_mail_program(tmp_path):
    environ = {"DIAGNOSE_EMAIL_URL": f"file:{tmp_path / 'out'}"}
    assert [sent(parcel(), environ).state for _ in range(2)] == ["sent", "unchanged"]
    [path] = (tmp_path / "out").iterdir()
    before = path.read_bytes()
    message = email.message_from_bytes(before, policy=policy.default)
    assert files(message)[0][2] == parcel().html
    assert sent(parcel(cause="none", later=1), environ).state == "replaced"
    [newer] = (tmp_path / "out").iterdir()
    assert newer.read_bytes() != before


def test_the_same_verdict_makes_the_same_bytes(environ):
    environ["DIAGNOSE_EMAIL_URL"] = "smtps://mail.example.com"
    sink = Email(ticket_of(f"email:{TO}"), site_of_email(environ, rehearsal=False), Ledger("x", environ))
    made = [sink.message(note_of(parcel(), "html"), parcel().file("html")).as_bytes() for _ in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "url",
    ["", "http://mail.example.com", "smtp://", "smtp://me:secret@mail.example.com", "file:", "smtp://h:x"],
)
def test_an_address_of_no_mail_server_is_wrong_usage_and_is_not_said(url):
    with pytest.raises(UsageError) as refused:
        site_of_email({"DIAGNOSE_EMAIL_URL": url}, rehearsal=False)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "says",
    [
        b"",
        b"220 here\r\n",
        b"554 go away\r\n",
        b"\x00\x01\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"220 a\r\n250 SIZE x\r\n",
    ],
)
def test_what_is_no_mail_server_is_a_sentence_in_time(says, environ, monkeypatch):
    monkeypatch.setattr("diagnose.deliver.tickets.email._TIME_OUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = []

        def answer():
            with suppress(OSError):
                while True:
                    caller, _ = listener.accept()
                    held.append(caller)
                    caller.sendall(says)

        threading.Thread(target=answer, daemon=True).start()
        environ["DIAGNOSE_EMAIL_URL"] = f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(DeliveryError):
            sent(parcel(), environ)
        assert time.monotonic() - started < 8
        listener.close()
        for each in held:
            each.close()
