import json
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from scanned import NOW, SPACE, facts, line, lying, row, unread, well

from diagnose.report.fleet.history import BACK, ENDED, NEW, STILL, history_of
from diagnose.report.fleet.scans import SAVED, read_scans, saved, summary_of

KEY = (f"{SPACE}lab", "fig_1")


def scan(days, *rows, unread=(), **given):
    """A scan so many days ago."""
    return summary_of(facts(at=NOW - timedelta(days=days), **given), rows, unread)


def now(earlier, *rows, unread=(), **given):
    return history_of(earlier, rows, unread, facts(**given))


def test_without_earlier_scans_nothing_is_called_new():
    told = now([], row())
    assert (told.last, told.words, told.resolved) == (None, {}, 0)


def test_a_trouble_that_no_scan_saw_is_new():
    assert now([scan(1)], row()).words[KEY] == NEW


def test_a_trouble_that_the_last_scan_saw_is_still_there():
    assert now([scan(1, row())], row()).words[KEY] == STILL


def test_a_run_that_was_open_and_is_closed_has_ended_since():
    assert now([scan(1, row())], row(outcome="cut-short", status="Canceled")).words[KEY] == ENDED


def test_a_run_that_was_well_in_between_is_back_again():
    assert now([scan(3, row()), scan(2), scan(1)], row()).words[KEY] == BACK
    assert now([scan(3, row()), scan(2, well("fig_1"))], row()).words[KEY] == BACK


def test_a_scan_that_could_not_look_at_a_run_says_nothing_about_it():
    blind = scan(1, unread=[unread("fig_1")])
    assert now([scan(2, row()), blind], row()).words[KEY] == STILL
    assert now([scan(2, row()), scan(1, stopped="the service went away")], row()).words[KEY] == STILL
    assert now([scan(2, row()), scan(1, ended_at=None)], row()).words[KEY] == STILL


def test_resolved_is_looked_at_and_well_or_no_candidate_any_more():
    told = now([scan(1, row("a"), row("b"))], well("a"))
    assert [past.key[1] for past in told.well] == ["a"]
    assert [past.key[1] for past in told.gone] == ["b"]
    assert told.resolved == 2


def test_a_run_that_was_resolved_before_is_not_resolved_again():
    assert now([scan(2, row()), scan(1)]).resolved == 0


def test_what_was_not_looked_at_is_not_resolved():
    assert [past.key for past in now([scan(1, row())], unread=[unread("fig_1")]).unseen] == [KEY]
    assert [past.key for past in now([scan(1, row())], stopped="out of time").unseen] == [KEY]
    broken = facts()["workspaces"][0] | {"trouble": "403"}
    assert now([scan(1, row())], workspaces=[broken]).resolved == 0


def test_a_workspace_that_is_not_scanned_any_more_is_not_resolved():
    told = history_of([scan(1, row())], [], (), facts("other"))
    assert (told.resolved, len(told.unseen)) == (0, 1)


def test_scans_that_asked_something_else_are_left_out():
    other = scan(1, row(), asked={"experiment": "churn"})
    told = now([other], row())
    assert (told.last, told.apart) == (None, 1)


def test_a_window_that_moved_on_is_the_same_question():
    assert now([scan(30)], row()).scans == 1


def test_scans_after_this_one_are_not_before_it():
    assert now([replace(scan(1, row()), when=NOW + timedelta(days=1))], row()).last is None


def test_a_run_counts_once_in_a_week_and_a_week_without_scans_is_not_zero():
    told = now([scan(14, row(), lying()), scan(1, row())], row(), lying())
    assert [week.causes for week in told.weeks] == [
        {"lingering-child-process": 1, "silent-error": 1},
        None,
        {"lingering-child-process": 1, "silent-error": 1},
    ]
    assert f"{told.weeks[-1].monday}" == "2026-11-16"


def left(parent, name, rows, *, days=1, unread=(), tail=b"", **given):
    """A folder as a scan leaves it."""
    folder = parent / name
    folder.mkdir()
    said = "".join(json.dumps(line(each)) + "\n" for each in rows)
    (folder / "results.jsonl").write_bytes(said.encode() + tail)
    (folder / "unread.jsonl").write_text("".join(json.dumps(each) + "\n" for each in unread))
    (folder / "scan.json").write_text(json.dumps(facts(at=NOW - timedelta(days=days), **given)))
    return folder


def test_scans_are_read_from_the_folders_beside_this_one(tmp_path):
    left(tmp_path, "a", [row(), row("b"), well("b")], days=2, unread=[unread("c")])
    left(tmp_path, "b", [lying()], days=1)
    here = left(tmp_path, "c", [row()])
    (tmp_path / "notes").mkdir()
    (tmp_path / "file").write_text("")
    first, second = read_scans(tmp_path, but=here)
    assert first == scan(2, row(), unread=[unread("c")])
    assert second == scan(1, lying())


@pytest.mark.parametrize(
    "tail", [b"{", b"[" * 100_000 + b"\n", b"\xff\xfe\n", b"[]\n3\nnull\n", b'{"run": 5}']
)
def test_a_broken_line_is_passed_over(tmp_path, tail):
    left(tmp_path, "a", [row()], tail=tail)
    [scan] = read_scans(tmp_path, but=tmp_path / "b")
    assert list(scan.troubled) == [KEY]


def test_a_line_that_never_ends_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr("diagnose.report.fleet.scans._LONGEST_LINE", 2000)
    folder = left(tmp_path, "a", [])
    long = json.dumps(line(row("long")) | {"explanation": "x" * 5000})
    (folder / "results.jsonl").write_text(f"{long}\n{json.dumps(line(row()))}\n")
    [scan] = read_scans(tmp_path, but=tmp_path / "b")
    assert list(scan.troubled) == [KEY]


def test_only_the_newest_are_read(tmp_path):
    for day in range(1, 6):
        left(tmp_path, f"{9 - day}", [row()], days=day)
    # All were written in one second: then names decide, which are dates where a person chose them.
    for folder in tmp_path.iterdir():
        os.utime(folder / "results.jsonl", (1, 1))
    assert [each.when.day for each in read_scans(tmp_path, but=tmp_path / "x", newest=2)] == [20, 21]


def test_a_scan_without_its_facts_says_nothing_about_what_it_does_not_name(tmp_path):
    (left(tmp_path, "a", [row()]) / "scan.json").unlink()
    [scan] = read_scans(tmp_path, but=tmp_path / "x")
    assert (scan.when, scan.tells((KEY[0], "other"))) == (NOW, None)


def test_what_a_scan_saved_is_read_instead_of_its_records(tmp_path):
    folder = left(tmp_path, "a", [row()])
    summary = scan(3, lying(), unread=[unread("c")])
    size = (folder / "results.jsonl").stat().st_size
    (folder / SAVED).write_text(saved(summary, size))
    assert read_scans(tmp_path, but=tmp_path / "x") == [summary]
    (folder / SAVED).write_text(saved(summary, size + 1))
    assert list(read_scans(tmp_path, but=tmp_path / "x")[0].troubled) == [KEY]


@pytest.mark.parametrize(
    "broken", ["", "[]", "5", '{"version": 1, "results_bytes": 0, "when": 7}', "{" * 9999]
)
def test_a_broken_saved_summary_counts_for_nothing(tmp_path, broken):
    folder = left(tmp_path, "a", [row()])
    (folder / SAVED).write_text(broken)
    assert list(read_scans(tmp_path, but=tmp_path / "x")[0].troubled) == [KEY]


def test_no_folder_is_no_scan(tmp_path):
    assert read_scans(tmp_path / "none", but=tmp_path) == []
