"""One ticket of newly stuck runs: attached by a scan, replaced by the next, and left alone when nothing is new."""

import shutil

import pytest
from calling import Caller
from samples import FOLDER
from trackers import GitHub, Jira, listening, variables

STUCK = ("monitor_thread_outlives_training", "executor_task_blocks_exit")
NEWER = "executor_task_blocks_exit__mended"


@pytest.fixture
def scan(capsys, monkeypatch, tmp_path):
    """Scans a folder of evidence into a folder of its own, and attaches to Jira."""
    (tmp_path / "evidence").mkdir()
    (tmp_path / "scans").mkdir()
    monkeypatch.chdir(tmp_path)
    call, count = Caller(capsys), iter("123456")

    def again(*names, ticket=Jira.TICKET):
        for name in names:
            shutil.copytree(FOLDER / name, tmp_path / "evidence" / name)
        return call("scan", "--bundles", "evidence", "-o", f"scans/{next(count)}", "--attach-new", ticket)

    return again


def test_the_newly_stuck_runs_are_one_report_in_one_ticket(scan, monkeypatch):
    with listening(Jira()) as tracker:
        for name, value in variables(tracker).items():
            monkeypatch.setenv(name, value)
        first = scan(STUCK[0])
        assert first.code == 0
        assert "1 newly stuck run, sent" in first.err
        [page] = tracker.reports().values()
        assert b'href="runs/' not in page
        before = tracker.calls()
        assert "no run is newly stuck" in scan().err
        assert tracker.calls() == before
        assert "1 newly stuck run, replaced" in scan(STUCK[1]).err
        assert (len(tracker.reports()), len(tracker.comments)) == (1, 1)


def test_a_ticket_that_refuses_ends_the_scan_with_5_and_its_page_is_there(scan, monkeypatch, tmp_path):
    with listening(GitHub()) as tracker:
        tracker.trouble = lambda _: (403, {}, b"")
        for name, value in variables(tracker).items():
            monkeypatch.setenv(name, value)
        answer = scan(STUCK[0], ticket=GitHub.TICKET)
    assert answer.code == 5
    assert "scans/1/index.html" in answer.err
    assert (tmp_path / "scans" / "1" / "index.html").is_file()


def test_what_is_no_ticket_is_said_before_anything_is_scanned(scan, tmp_path):
    assert scan(STUCK[0], ticket="jira:no key").code == 2
    assert list((tmp_path / "scans").iterdir()) == []
