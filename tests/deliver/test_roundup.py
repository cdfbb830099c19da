"""A real issue tracker, by a sink that is none of ours: the protocol is enough to deliver a report, once, and replace it."""

import base64
import json
from urllib.request import Request, urlopen

import pytest
from parcels import parcel
from roundup_tracker import PASSWORD, Roundup, served

from diagnose.deliver.tickets import sinks
from diagnose.deliver.tickets.attach import attach
from diagnose.deliver.tickets.ticket import ticket_of

pytestmark = pytest.mark.filterwarnings("ignore")  # Roundup's own


@pytest.fixture(scope="module")
def tracker(tmp_path_factory):
    with served(tmp_path_factory.mktemp("roundup")) as made:
        yield made


def asked(tracker, path):
    pair = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "X-Requested-With": "rest", "Accept": "*/*"}
    with urlopen(Request(tracker[0] + path, headers=headers), timeout=30) as answer:
        return answer.read(), answer.headers


def reports(tracker):
    listed = json.loads(asked(tracker, f"/rest/data/issue/{tracker[1]}/files")[0])["data"]["data"]
    return [asked(tracker, f"/file{each}/report.html") for each in listed]


def test_a_report_goes_there_and_back_once_and_is_replaced(tracker, monkeypatch):
    class Found:
        name = "roundup"

        @staticmethod
        def load():
            return Roundup

    monkeypatch.setattr(sinks, "entry_points", lambda group: [Found] if group == "diagnose.sinks" else [])
    environ = {
        "DIAGNOSE_ROUNDUP_URL": tracker[0],
        "DIAGNOSE_ROUNDUP_USER": "admin",
        "DIAGNOSE_ROUNDUP_TOKEN": PASSWORD,
    }

    def sent(what):
        ticket = ticket_of(f"roundup:{tracker[1]}", sinks.more_kinds())
        return attach(sinks.sink_for(ticket, environ), what).state

    html = "<p>⟦one⟧ & <b>two</b></p>\n"
    assert [sent(parcel(html=html)), sent(parcel(html=html))] == ["sent", "unchanged"]
    [(content, headers)] = reports(tracker)
    assert content == html.encode()
    # What it is served with does not let a report act in the name of the site.
    assert "html" not in headers["Content-Type"] or "attachment" in headers.get("Content-Disposition", "")
    assert sent(parcel(html="<p>three</p>", cause="none", later=1)) == "replaced"
    assert [content for content, _ in reports(tracker)] == [b"<p>three</p>"]
    messages = json.loads(asked(tracker, f"/rest/data/issue/{tracker[1]}/messages")[0])["data"]["data"]
    assert len(messages) == 1
