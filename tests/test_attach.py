"""`diagnose attach` as it is typed: what it says, what it leaves, how it ends."""

import json
import logging
import random
import re
import string

import pytest
from calling import Caller, sample
from trackers import EVERY, TOKEN, GitHub, Jira, listening, variables


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "TF_BUILD", "DIAGNOSE_REPORT_URL"):
        monkeypatch.delenv(name, raising=False)
    return Caller(capsys)


@pytest.fixture
def verdict(call, tmp_path):
    """A verdict that was made earlier."""
    path = tmp_path / "verdict.json"
    path.write_text(call(sample("monitor_thread_outlives_training"), "-f", "json").out)
    return path


def changed(path, name, **fields):
    record = json.loads(path.read_text()) | fields
    other = path.with_name(name)
    other.write_text(json.dumps(record))
    return other


def reach(tracker, monkeypatch):
    for name, value in variables(tracker).items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("kind", EVERY)
def test_the_report_of_a_bundle_and_of_a_verdict_made_earlier_are_the_same(kind, call, verdict, monkeypatch):
    with listening(kind()) as tracker:
        reach(tracker, monkeypatch)
        answer = call("attach", kind.TICKET, sample("monitor_thread_outlives_training"))
        assert (answer.code, answer.out) == (0, f"attached to {kind.TICKET}\n")
        before = tracker.calls()
        again = call("attach", kind.TICKET, verdict)
        assert (again.code, again.out) == (
            0,
            f"{kind.TICKET} has this verdict already; nothing was changed\n",
        )
        assert tracker.calls() == before
        newer = changed(
            verdict, "newer.json", headline="It ended after all.", generated={"at": "2030-01-01T00:00:00Z"}
        )
        assert "in the place of an older report" in call("attach", kind.TICKET, newer).out
        assert "It ended after all" in tracker.said()[-1]
        assert "has a newer verdict" in call("attach", kind.TICKET, verdict).out


def test_a_folder_takes_the_report_and_the_words(call, verdict, tmp_path):
    assert call("attach", "file:tickets/7", verdict).code == 0
    names = sorted(path.name for path in (tmp_path / "tickets" / "7").iterdir())
    assert [name.rpartition(".")[2] for name in names] == ["html", "md"]
    first = {path.name: path.read_bytes() for path in (tmp_path / "tickets" / "7").iterdir()}
    call("attach", "file:tickets/7", verdict)
    assert {path.name: path.read_bytes() for path in (tmp_path / "tickets" / "7").iterdir()} == first
    newer = changed(verdict, "newer.json", headline="Other.", generated={"at": "2030-01-01T00:00:00Z"})
    call("attach", "file:tickets/7", newer)
    left = sorted(path.name for path in (tmp_path / "tickets" / "7").iterdir())
    assert len(left) == 2
    assert not set(left) & set(names)


@pytest.mark.parametrize(
    ("ticket", "calls"),
    [
        ("azure-devops:contoso/my training/4711", ["GET", "GET", "POST", "PATCH", "POST"]),
        ("jira:OPS-12", ["GET", "GET", "GET", "GET", "POST", "POST"]),
        ("servicenow:INC0010023", ["GET", "GET", "GET", "GET", "POST", "PATCH"]),
        ("redmine:7", ["GET", "POST", "PUT"]),
        ("github:contoso/training#3", ["GET", "POST"]),
        ("email:oncall@example.com", ["send"]),
        ("file:nowhere", ["write", "write"]),
        ("apprise:oncall", ["notify"]),
    ],
)
def test_a_rehearsal_shows_the_calls_needs_no_credential_and_makes_none(
    ticket, calls, call, verdict, monkeypatch
):
    monkeypatch.setenv("DIAGNOSE_JIRA_TOKEN", TOKEN)
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("something was sent"))
    answer = call("attach", ticket, verdict, "--dry-run")
    assert answer.code == 0
    assert re.findall(r"(?m)^(\w+) ", answer.out) == calls
    assert TOKEN not in answer.out + answer.err
    assert "authorization" not in answer.out.lower()
    assert [path.name for path in verdict.parent.iterdir()] == ["verdict.json"]


@pytest.mark.parametrize("status", [401, 403, 404, 413, 422, 429, 500, 503])
@pytest.mark.parametrize("kind", [Jira, GitHub])
def test_a_ticket_that_refuses_leaves_the_report_as_a_file(kind, status, call, verdict, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    with listening(kind()) as tracker:
        tracker.trouble = lambda asked: (
            status,
            {"Retry-After": "0"},
            asked.headers["Authorization"].encode(),
        )
        reach(tracker, monkeypatch)
        answer = call("attach", kind.TICKET, verdict, "-vv")
    assert (answer.code, answer.out) == (5, "")
    [report] = verdict.parent.glob("*.html")
    assert f"The report is kept in {report.name}." in answer.err
    assert report.read_text().startswith("<!doctype html>")
    header = tracker.asked[0].headers["Authorization"].partition(" ")[2]
    assert TOKEN not in answer.err
    assert header not in answer.err
    assert "Traceback" not in answer.err


def test_where_no_file_goes_the_report_is_kept_and_that_is_said(call, verdict, tmp_path, monkeypatch):
    with listening(GitHub()) as tracker:
        reach(tracker, monkeypatch)
        answer = call("attach", GitHub.TICKET, verdict)
    assert answer.code == 0
    assert "took the summary only" in answer.err
    assert len(list(tmp_path.glob("diagnose-*.html"))) == 1


def test_a_pipeline_is_where_the_report_can_be_read(call, verdict, monkeypatch):
    for name, value in {
        "ACTIONS": "true",
        "SERVER_URL": "https://github.example",
        "REPOSITORY": "c/t",
        "RUN_ID": "9",
    }.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    with listening(GitHub()) as tracker:
        reach(tracker, monkeypatch)
        call("attach", GitHub.TICKET, verdict)
    assert "Report: <https://github.example/c/t/actions/runs/9>" in tracker.said()[0]


@pytest.mark.parametrize(
    "ticket",
    ["", "OPS-12", "jira:", "jira:OPS 12", "jira:../../x-1", "github:a/..#1", "azure-devops:o/p/x", "azure-devops:o/../1", "servicenow:INC1^ORnumber", "https://me:secret@jira.example/browse/OPS-1", "redmine:1?x", "jira:OPS-1\r\nX: y", "nosuch:1", "file:"],
)  # fmt: skip
def test_what_is_no_ticket_is_wrong_usage(ticket, call, verdict):
    answer = call("attach", ticket, verdict)
    assert (answer.code, answer.out) == (2, "")
    assert "secret" not in answer.err
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize("missing", ["URL", "TOKEN"])
def test_a_setting_that_is_missing_is_named_before_any_run_is_read(missing, call, monkeypatch):
    for name, value in variables(Jira()).items():
        monkeypatch.setenv(name, value or "https://jira.example.com")
    monkeypatch.delenv(f"DIAGNOSE_JIRA_{missing}")
    answer = call("attach", "jira:OPS-1", "no-such-bundle.zip")
    assert (answer.code, answer.out) == (2, "")
    assert f"DIAGNOSE_JIRA_{missing} is not set" in answer.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"schema": "run-verdict", "version": 2, "run": {}}', "another version"),
        (
            '{"schema": "run-verdict", "version": 1, "run": {}}\n{"schema": "run-verdict"}',
            "no single verdict",
        ),
        ('{"schema": "run-verdict", "version": 1', "no single verdict"),
        ('{"schema": "run-verdict", "a": ' + "[" * 5000, "no single verdict"),
        ('{"schema": "run-verdict", "version": 1, "run": 7}', "another version"),
    ],
)
def test_a_file_that_is_no_verdict_is_a_sentence(text, said, call, tmp_path):
    (tmp_path / "v.json").write_text(text)
    answer = call("attach", "file:out", "v.json")
    assert answer.code == 3
    assert said in answer.err


def test_nothing_leaves_that_the_last_gate_objects_to(call, verdict, tmp_path, monkeypatch):
    secret = "ghp_" + "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=36))
    told = json.loads(verdict.read_text())
    verdict.write_text(json.dumps(told | {"headline": f"It pushed with {secret} and stopped."}))
    with listening(Jira()) as tracker:
        reach(tracker, monkeypatch)
        answer = call("attach", Jira.TICKET, verdict)
        assert (answer.code, tracker.calls()) == (6, [])
    assert secret not in answer.out + answer.err
    assert list(tmp_path.glob("*.html")) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "x\r\ny",
        "../../etc/passwd",
        "⟦\u202e⟧",
        "-rf",
        "a" * 4000,
        "\ud800",
        "\x1b]0;x\x07",
        "##vso[task.complete]",
        "",
    ],
)
def test_a_run_of_any_name_can_be_attached(hostile, call, verdict, tmp_path):
    record = json.loads(verdict.read_text())
    record["run"]["id"] = record["run"]["display_name"] = hostile
    record["headline"] = hostile
    verdict.write_text(json.dumps(record))
    assert call("attach", "file:out", verdict).code == 0
    assert len(list((tmp_path / "out").iterdir())) == 2
    assert "nothing was changed" in call("attach", "file:out", verdict).out
    answer = call("attach", "jira:OPS-1", verdict, "--dry-run")
    assert answer.code == 0
    assert "\x1b" not in answer.out
    assert not re.search(r"##vso\[", answer.out)


def test_urllib3_and_requests_say_nothing_even_with_everything_said(call, verdict, monkeypatch):
    with listening(Jira()) as tracker:
        reach(tracker, monkeypatch)
        answer = call("attach", Jira.TICKET, verdict, "-vv")
    assert "urllib3" not in answer.err
    assert logging.getLogger("urllib3").handlers == [] or TOKEN not in answer.err
