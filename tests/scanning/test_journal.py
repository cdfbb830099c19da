"""The folder of a scan: durable line by line, taken up where it was, and never shared by two."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from diagnose.errors import DiagnoseError, UsageError
from diagnose.report import record
from diagnose.scanning.journal import Journal, report_name

ROOT = Path(__file__).parents[2]


def line(run_id="a", *, cause="silent-error", outcome="false-completion", mark="1", workspace="ws"):
    scan = {
        "workspace_id": workspace,
        "workspace": workspace,
        "name": run_id,
        "mark": mark,
        "report": f"runs/{run_id}.html",
    }
    made = {
        "run": {"id": run_id},
        "outcome": outcome,
        "cause": cause,
        "generated": {"at": "2026-11-22T03:00:00Z"},
    }
    return record.render(made | {"scan": scan})


def test_a_verdict_is_there_with_its_report_when_it_was_kept(tmp_path):
    with Journal(tmp_path / "scan") as journal:
        key = journal.keep(line(), "<html>")
        assert [row.run_id for row in journal.rows({key})] == ["a"]
    assert (tmp_path / "scan/runs/a.html").read_text() == "<html>"
    assert (tmp_path / "scan/results.jsonl").read_text() == line()


def test_a_later_line_of_a_run_replaces_the_earlier_one(tmp_path):
    with Journal(tmp_path) as journal:
        journal.keep(line(cause="inconclusive"), "")
        key = journal.keep(line(cause="none"), "")
        assert [row.cause for row in journal.rows({key})] == ["none"]
        assert journal.kept(key).is_trouble is False


def test_what_was_kept_is_known_when_the_folder_is_opened_again(tmp_path):
    with Journal(tmp_path) as journal:
        key = journal.keep(line(mark="Completed|3"), "")
    with Journal(tmp_path) as journal:
        assert (journal.kept(key).mark, journal.kept(key).is_final) == ("Completed|3", True)
        assert journal.kept(("ws", "b")) is None


@pytest.mark.parametrize("cut", [1, 5, 40, -2, -1])
def test_half_a_line_at_the_end_is_cut_off_and_nothing_else(tmp_path, cut):
    with Journal(tmp_path) as journal:
        first = journal.keep(line("a"), "")
    whole = line("b")
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write(whole[:cut])
    with Journal(tmp_path) as journal:
        assert journal.kept(("ws", "b")) is None
        journal.keep(whole, "")
        assert journal.kept(first) is not None
    assert (tmp_path / "results.jsonl").read_text() == line("a") + whole


def test_a_file_that_is_only_half_a_line_becomes_empty(tmp_path):
    (tmp_path / "results.jsonl").write_text("x" * 200_000)
    with Journal(tmp_path):
        assert (tmp_path / "results.jsonl").read_text() == ""


def test_a_broken_line_in_the_middle_is_passed_over(tmp_path):
    (tmp_path / "results.jsonl").write_text(line("a") + "{broken\n[1]\n" + line("b"))
    with Journal(tmp_path) as journal:
        assert journal.kept(("ws", "a"))
        assert journal.kept(("ws", "b"))


def test_fresh_starts_over(tmp_path):
    with Journal(tmp_path) as journal:
        key = journal.keep(line(), "")
        journal.state({"format": "run-scan"})
    with Journal(tmp_path, fresh=True) as journal:
        assert journal.kept(key) is None
        assert journal.facts == {}
    assert not (tmp_path / "runs/a.html").exists()


def test_a_second_scan_in_the_same_folder_is_told_so(tmp_path):
    with Journal(tmp_path):
        code = f"from pathlib import Path\nfrom diagnose.scanning.journal import Journal\nJournal(Path({str(tmp_path)!r})).__enter__()"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert "Another scan is at work" in done.stderr
    with Journal(tmp_path):
        pass  # and the lock is gone with the first


def test_a_lock_of_a_killed_scan_holds_nobody_up(tmp_path):
    code = f"import os\nfrom pathlib import Path\nfrom diagnose.scanning.journal import Journal\nJournal(Path({str(tmp_path)!r})).__enter__()\nos.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    with Journal(tmp_path):
        pass


def test_a_folder_of_other_things_is_not_taken_for_a_scan(tmp_path):
    (tmp_path / "thesis.docx").write_text("")
    with pytest.raises(UsageError, match=r"thesis\.docx"), Journal(tmp_path):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(UsageError, match="is a file"), Journal(tmp_path / "x"):
        pass


def test_a_folder_that_cannot_be_made_is_told_with_the_reason(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DiagnoseError, match="name another folder"), Journal(tmp_path / "file" / "scan"):
        pass


def test_what_is_kept_is_for_its_owner_only(tmp_path):
    with Journal(tmp_path / "scan") as journal:
        journal.keep(line(), "x")
        journal.keep_unread({"workspace_id": "ws", "run_id": "z", "why": "403"})
    for name in ("results.jsonl", "unread.jsonl", "runs/a.html"):
        assert stat.S_IMODE((tmp_path / "scan" / name).stat().st_mode) == 0o600, name


def test_runs_that_could_not_be_read_are_rows_with_their_reason(tmp_path):
    with Journal(tmp_path) as journal:
        journal.keep_unread({"workspace_id": "ws", "run_id": "z", "why": "403"})
        journal.keep_unread({"workspace_id": "ws", "run_id": "z", "why": "404"})
        assert [row["why"] for row in journal.unread({("ws", "z")})] == ["404"]
        assert journal.unread(set()) == []


def test_the_facts_are_whole_or_not_there(tmp_path):
    with Journal(tmp_path) as journal:
        journal.state({"format": "run-scan", "ended_at": None})
    assert json.loads((tmp_path / "scan.json").read_text()) == {"format": "run-scan", "ended_at": None}
    assert not list(tmp_path.glob("*.partial"))


def test_reports_have_names_that_every_system_can_hold_and_that_never_meet():
    assert report_name("ws", "amber_1", several=False) == "runs/amber_1.html"
    odd = [
        report_name("ws", name, several=False)
        for name in ("A", "a", "a/b", "a-b", "a\\b", "..", "", "x" * 300)
    ]
    assert len({name.lower() for name in odd}) == len(odd)
    assert all(name.startswith("runs/") and ".." not in name and len(name) < 150 for name in odd)
    assert report_name("one", "a", several=True) != report_name("two", "a", several=True)
