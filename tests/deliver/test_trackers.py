"""Every ticket system behind HTTP: a report arrives whole, once, is replaced, shrinks to what fits, and is refused in a sentence."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from parcels import parcel
from trackers import EVERY, TOKEN, AzureDevOps, GitHub, Jira, JiraDataCenter, ServiceNow, listening, variables

from diagnose.deliver.tickets.attach import attach
from diagnose.deliver.tickets.sink import DeliveryError
from diagnose.deliver.tickets.sinks import sink_for
from diagnose.deliver.tickets.ticket import ticket_of

WITH_FILES = tuple(each for each in EVERY if each is not GitHub)
HTML = "<p>" + "".join(f"{number:x}" for number in range(9000)) + "</p>"


@pytest.fixture(params=EVERY, ids=lambda each: each.__name__)
def tracker(request):
    with listening(request.param()) as made:
        yield made


@pytest.fixture
def listen():
    made = []

    def start(tracker):
        context = listening(tracker)
        made.append(context)
        return context.__enter__()

    yield start
    for each in made:
        each.__exit__(None, None, None)


def sent(tracker, what, **environ):
    sink = sink_for(ticket_of(tracker.TICKET), variables(tracker) | environ)
    return attach(sink, what, lambda _: None)


def test_a_report_arrives_byte_for_byte_with_a_comment(tracker):
    outcome = sent(tracker, parcel(html=HTML))
    assert (outcome.state, len(tracker.said())) == ("sent", 1)
    assert "silent-error" in tracker.said()[0]
    if tracker.KIND != "GITHUB":
        [(name, data)] = tracker.reports().items()
        assert data == HTML.encode()
        assert re.fullmatch(r"diagnose-amber_run\.[0-9a-f]{16}\.[0-9a-f]{16}\.20261122T120000Z\.html", name)


def test_the_same_verdict_again_changes_nothing(tracker):
    sent(tracker, parcel())
    before = (tracker.reports(), tracker.said(), tracker.calls())
    assert sent(tracker, parcel()).state == "unchanged"
    # Nor does the same verdict that was reached a day later, be the bytes of its report others.
    assert sent(tracker, parcel(later=24, html="<p>other</p>")).state == "unchanged"
    assert (tracker.reports(), tracker.said(), tracker.calls()) == before


def test_a_newer_verdict_replaces_the_older_and_leaves_other_runs_alone(tracker):
    sent(tracker, parcel("other_run"))
    sent(tracker, parcel())
    assert sent(tracker, parcel(cause="resource-kill", later=1)).state == "replaced"
    expected = 0 if tracker.KIND == "GITHUB" else 2
    assert len(tracker.reports()) == expected
    if expected:
        assert any("T130000Z" in name for name in tracker.reports())
    told = [text for text in tracker.said() if "amber_run" in text or "resource-kill" in text]
    # A work note of ServiceNow cannot be edited, so a second one stands there; everywhere else it is one comment.
    assert len(told) == (2 if tracker.KIND == "SERVICENOW" else 1)
    assert "resource-kill" in told[-1]


def test_an_older_verdict_does_not_replace_a_newer(tracker):
    sent(tracker, parcel(cause="resource-kill", later=1))
    before = tracker.calls()
    assert sent(tracker, parcel()).state == "newer-there"
    assert tracker.calls() == before


def test_a_comment_that_somebody_else_wrote_or_quoted_is_left_alone(tracker):
    sent(tracker, parcel())
    key, body = next(iter(tracker.comments.items()))
    quoted = (
        f"<blockquote>{body}</blockquote> I agree"
        if isinstance(body, str)
        else {"type": "blockquote", "content": [body]}
    )
    tracker.comments = {"77": quoted, key: body, "78": "thanks"}
    sent(tracker, parcel(cause="resource-kill", later=1))
    assert tracker.comments["77"] == quoted
    assert tracker.comments["78"] == "thanks"


@pytest.mark.parametrize("kind", WITH_FILES)
def test_what_is_too_large_goes_as_an_archive_and_else_as_words_with_a_link(kind, listen):
    tracker = listen(kind())
    tracker.largest = 6000
    outcome = sent(tracker, parcel(html="<p>" + "long " * 20_000 + "</p>"))
    assert outcome.form == "zip"
    [(name, data)] = tracker.reports().items()
    assert name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        [member] = archive.namelist()
        assert archive.read(member) == ("<p>" + "long " * 20_000 + "</p>").encode()
    tracker.largest = 10
    link = "https://ci.example/build/7"
    assert sent(tracker, parcel(cause="none", later=1, link=link)).form == "none"
    assert link in tracker.said()[-1]
    assert tracker.reports() == {}
    assert sent(tracker, parcel(cause="none", later=2, link=link)).state == "unchanged"


def test_jira_is_asked_for_its_limit_before_anything_is_sent(listen):
    tracker = listen(Jira())
    tracker.limit = 6000
    assert sent(tracker, parcel(html="<p>" + "long " * 20_000 + "</p>")).form == "zip"
    assert [len(each.body) < 6500 for each in tracker.asked if each.path.endswith("/attachments")] == [True]


@pytest.mark.parametrize("how", ["told", "refused"])
def test_an_instance_of_servicenow_that_forbids_html_gets_an_archive(how, listen):
    tracker = listen(ServiceNow())
    if how == "told":
        tracker.endings = "txt,zip,pdf"
    else:
        tracker.refused = ".html"
    assert sent(tracker, parcel()).form == "zip"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 503])
def test_a_refusal_is_one_sentence_without_the_credential(status, tracker):
    echo = f'{{"message": "no {TOKEN} \\u001b[2J here"}}'.encode()
    tracker.trouble = lambda _: (status, {"Retry-After": "0"}, echo)
    with pytest.raises(DeliveryError) as refused:
        sent(tracker, parcel())
    assert refused.value.exit_code == 5
    assert TOKEN not in str(refused.value)
    assert "\x1b" not in str(refused.value)
    assert tracker.url.removeprefix("http://") in str(refused.value)
    assert len(tracker.asked) <= 9


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_answer_that_was_lost_is_looked_after_and_nothing_arrives_twice(method, status, listen):
    for kind in EVERY:
        tracker = listen(kind())
        lost = []

        def trouble(asked, tracker=tracker, lost=lost):
            if asked.method == method and len(lost) < 1:
                lost.append(asked)
                tracker.answer(asked)  # it was done, and the answer got lost on its way
                return status, {"Retry-After": "0"}, b"<html>Bad Gateway</html>"
            return None

        tracker.trouble = trouble
        sent(tracker, parcel())
        assert len(tracker.said()) == 1
        assert len(tracker.reports()) == (0 if kind is GitHub else 1)


@pytest.mark.parametrize("kind", EVERY)
def test_a_name_from_somebody_is_no_markup_anywhere(kind, listen):
    hostile = 'a\r\nX-Evil: 1 "; filename=x.exe <script>alert(1)</script> {noformat} [code]<b> @all #1 ../../etc ⟦…⟧ \u202e'
    tracker = listen(kind())
    words = (("Run", hostile.replace("\r\n", " ")),)
    sent(tracker, replace(parcel(hostile), words=words, markdown="words\n"))
    assert sent(tracker, replace(parcel(hostile), words=words, markdown="words\n")).state == "unchanged"
    for name in tracker.reports():
        assert re.fullmatch(
            r"diagnose-[A-Za-z0-9_-]{1,60}\.[0-9a-f]{16}\.[0-9a-f]{16}\.\d{8}T\d{6}Z\.html", name
        )
    said = tracker.said()[0]
    if kind is not Jira:  # whose text nodes are text, whatever is in them
        assert "<script>" not in said
        assert "{noformat} [code]" not in said
        assert "@all" not in said
    assert not any("X-Evil" in each.headers for each in tracker.asked)


def test_credentials_go_into_a_header_as_each_system_wants_it(listen):
    names = {
        AzureDevOps: "Basic ",
        Jira: "Basic ",
        JiraDataCenter: "Bearer ",
        ServiceNow: "Basic ",
        GitHub: "Bearer ",
    }
    for kind, word in names.items():
        tracker = listen(kind())
        sent(tracker, parcel())
        for asked in tracker.asked:
            assert asked.headers["Authorization"].startswith(word)
            assert TOKEN not in asked.path + str(asked.params)


def test_a_netrc_does_not_replace_the_credential(listen, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login x password y\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    tracker = listen(GitHub())
    sent(tracker, parcel())
    assert {each.headers["Authorization"] for each in tracker.asked} == {f"Bearer {TOKEN}"}


def test_comments_are_looked_for_on_all_pages(listen):
    tracker = listen(GitHub())
    tracker.comments = {str(number): "words" for number in range(1000, 1250)}
    sent(tracker, parcel())
    assert sent(tracker, parcel()).state == "unchanged"
