from datetime import UTC, datetime

import pytest
from scans import line, scan_folder

from diagnose.errors import DiagnoseError
from diagnose.results import read_all, read_results

BEGAN = datetime(2026, 11, 20, 11, tzinfo=UTC)


def ids(found):
    return [row.run_id for row in found.rows]


def test_a_later_line_of_a_run_replaces_the_earlier_where_that_stood(tmp_path):
    scan_folder(tmp_path, line("a"), line("b"), line("a", cause="none"))
    found = read_results(tmp_path)
    assert [(row.run_id, row.cause) for row in found.rows] == [
        ("a", "none"),
        ("b", "lingering-child-process"),
    ]
    assert (found.skipped, found.at, found.name) == (0, BEGAN, tmp_path.name)


def test_runs_of_one_id_in_two_workspaces_are_two_runs(tmp_path):
    found = read_results(scan_folder(tmp_path, line("a"), line("a", workspace_id="other")))
    assert ids(found) == ["a", "a"]


def test_two_folders_of_logs_without_a_run_id_are_two_runs(tmp_path):
    nameless = line(run={"id": None})
    assert len(read_results(scan_folder(tmp_path, nameless, nameless)).rows) == 2


@pytest.mark.parametrize(
    "broken",
    [
        b'{"schema": "run-verdict", "run": {"id": "x',
        b"[1, 2]\n",
        b'{"run": 3}\n',
        b"{}\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b"null\n",
    ],
)
def test_a_line_that_cannot_be_read_is_skipped_and_counted(broken, tmp_path):
    found = read_results(scan_folder(tmp_path, line("a"), b"\n", broken))
    assert (ids(found), found.skipped) == (["a"], 1)


def test_half_a_line_in_the_middle_costs_no_other(tmp_path):
    found = read_results(scan_folder(tmp_path, line("a"), b'{"run": \n', line("b")))
    assert (ids(found), found.skipped) == (["a", "b"], 1)


@pytest.mark.parametrize("facts", [None, "", "[]", '{"started_at": 3}', '{"started_at"'])
def test_without_its_facts_a_scan_began_with_its_first_look(facts, tmp_path):
    later = line("b", scan={"seen_at": "2026-11-20T12:30:00Z"})
    scan_folder(tmp_path, later, line("a"), started_at=None)
    if facts is not None:
        (tmp_path / "scan.json").write_text(facts)
    assert read_results(tmp_path).at == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_scans_come_in_the_order_of_their_times_whatever_they_are_called(tmp_path):
    scan_folder(tmp_path / "a", line(), started_at="2026-11-21T00:00:00Z")
    scan_folder(tmp_path / "z", line(), started_at="2026-11-20T00:00:00Z")
    scan_folder(tmp_path / "m", started_at=None)
    (tmp_path / "notes").mkdir()
    (tmp_path / "results.txt").write_text("x")
    assert [scan.name for scan in read_all(tmp_path)] == ["m", "z", "a"]
    assert read_all(tmp_path / "notes") == []


def test_what_is_no_scan_is_a_sentence(tmp_path):
    with pytest.raises(DiagnoseError, match=r"is not the folder of a scan: results\.jsonl cannot be read"):
        read_results(tmp_path)
    with pytest.raises(DiagnoseError, match="cannot be read as a folder of scans: No such file"):
        read_all(tmp_path / "missing")
    with pytest.raises(DiagnoseError, match="one scan and not a folder of scans"):
        read_all(scan_folder(tmp_path))
