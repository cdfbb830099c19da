"""A real Redmine takes a report and gives it back byte for byte."""

import json
from urllib.request import Request, urlopen

import pytest
import redmine
from parcels import parcel

from diagnose.deliver.tickets.attach import attach
from diagnose.deliver.tickets.sink import DeliveryError
from diagnose.deliver.tickets.sinks import sink_for
from diagnose.deliver.tickets.ticket import ticket_of

pytestmark = pytest.mark.skipif(
    not redmine.is_installed(), reason="Redmine is not installed: see tests/deliver/redmine.py"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with redmine.served(tmp_path_factory.mktemp("redmine")) as made:
        yield made


def asked(server, path):
    with urlopen(Request(server.url + path, headers={"X-Redmine-API-Key": server.key}), timeout=30) as answer:
        return answer.read(), answer.headers


def issue(server):
    return json.loads(asked(server, f"/issues/{server.issue}.json?include=attachments,journals")[0])["issue"]


def sent(server, what, key=None, number=None):
    environ = {"DIAGNOSE_REDMINE_URL": server.url, "DIAGNOSE_REDMINE_TOKEN": key or server.key}
    return attach(sink_for(ticket_of(f"redmine:{number or server.issue}"), environ), what)


def test_a_report_goes_there_and_back_once_and_is_replaced(server):
    assert sent(server, parcel(html="<p>⟦one⟧</p>")).state == "sent"
    before = issue(server)
    assert sent(server, parcel(html="<p>⟦one⟧</p>")).state == "unchanged"
    assert issue(server) == before
    [file] = before["attachments"]
    content, headers = asked(server, file["content_url"].removeprefix(server.url))
    assert content == "<p>⟦one⟧</p>".encode()
    # Whoever opens it is not shown it in the name of the site.
    assert headers["Content-Disposition"].startswith("attachment")
    assert sent(server, parcel(html="<p>two</p>", cause="resource-kill", later=1)).state == "replaced"
    after = issue(server)
    assert [
        asked(server, each["content_url"].removeprefix(server.url))[0] for each in after["attachments"]
    ] == [b"<p>two</p>"]
    assert [("silent-error" in each["notes"], "resource-kill" in each["notes"]) for each in after["journals"] if each["notes"]] == [(False, True)]  # fmt: skip


def test_a_report_above_the_limit_goes_as_an_archive(server):
    assert sent(server, parcel("large_run", html="long " * 1_200_000)).form == "zip"


def test_words_from_a_run_stay_words_on_its_page(server):
    hostile = "</pre><script>alert(1)</script> {{include(x)}} @admin #1 !https://evil.example/x.png!"
    sent(server, parcel(hostile))
    page = asked(server, f"/issues/{server.issue}")[0].decode()
    assert "<script>alert" not in page
    assert 'src="https://evil.example' not in page
    assert sent(server, parcel(hostile)).state == "unchanged"


def test_a_wrong_key_and_a_wrong_issue_are_sentences(server):
    with pytest.raises(DeliveryError, match="DIAGNOSE_REDMINE_TOKEN"):
        sent(server, parcel("new_run"), key="0" * 40)
    with pytest.raises(DeliveryError, match="knows no such ticket"):
        sent(server, parcel(), number=999)
