"""The notification library sends the words and the report to a real receiver, and once."""

import json

import pytest
from parcels import parcel
from trackers import Tracker, listening

from diagnose.deliver.tickets.attach import attach
from diagnose.deliver.tickets.sink import DeliveryError
from diagnose.deliver.tickets.sinks import sink_for
from diagnose.deliver.tickets.ticket import ticket_of
from diagnose.errors import UsageError

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning"
)  # what apprise imports on its own account
pytest.importorskip("apprise", reason="the extra apprise is not installed")


class Hook(Tracker):
    def answer(self, asked):
        return 200, {}


def sent(environ, what):
    return attach(sink_for(ticket_of("apprise:oncall"), environ), what, lambda _: None)


def test_a_report_arrives_with_its_words_and_once(tmp_path):
    with listening(Hook()) as hook:
        address = hook.url.replace("http://", "json://me:secret-word@")
        environ = {"DIAGNOSE_APPRISE_URL": address, "XDG_STATE_HOME": str(tmp_path)}
        assert [sent(environ, parcel()).state for _ in range(2)] == ["sent", "unchanged"]
        [asked] = hook.asked
        assert "silent-error" in json.dumps(asked.json)
        assert asked.json["attachments"][0]["filename"].endswith(".html")
        assert sent(environ, parcel(cause="none", later=1)).state == "replaced"


def test_a_refusal_and_an_address_of_nothing_do_not_say_the_address(tmp_path):
    with listening(Hook()) as hook:
        hook.trouble = lambda _: (500, {}, b"")
        address = hook.url.replace("http://", "json://me:secret-word@")
        environ = {"DIAGNOSE_APPRISE_URL": address, "XDG_STATE_HOME": str(tmp_path)}
        with pytest.raises(DeliveryError) as refused:
            sent(environ, parcel())
        assert "secret-word" not in str(refused.value)
    with pytest.raises(UsageError) as refused:
        sent({"DIAGNOSE_APPRISE_URL": "nosuch://secret-word", "XDG_STATE_HOME": str(tmp_path)}, parcel())
    assert "secret-word" not in str(refused.value)
