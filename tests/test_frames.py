import sys
from datetime import UTC, datetime

import pandas as pd
import pytest
from scans import line, scan_folder

from diagnose import frames
from diagnose.errors import DiagnoseError
from diagnose.frames import COLUMNS, HISTORY_COLUMNS, frame_of, load_history
from diagnose.roster import row_of

TEXTS = set(COLUMNS[:10]) | {"priority", "outcome", "cause", "mechanism", "certainty", "headline"}
TEXTS |= {"portal_url", "report", "shape"}
TIMES = {"created_at", "started_at", "ended_at", "seen_at", "idle_since"}
NUMBERS = {"duration_s", "idle_s", "node_hours"}


def types(frame):
    return {name: str(kind) for name, kind in frame.dtypes.items()}


def empty(value):
    """The line with null, or nothing, for all that may be absent."""
    return {"schema": "run-verdict", "run": value, "scan": value}


def test_columns_stand_as_they_are_promised():
    assert COLUMNS == (
        "workspace", "workspace_id", "run_id", "display_name", "experiment", "owner", "status", "type", "compute",
        "size", "nodes", "priority", "outcome", "cause", "mechanism", "certainty", "headline", "is_trouble",
        "created_at", "started_at", "ended_at", "seen_at", "duration_s", "idle_s", "idle_since", "node_hours",
        "portal_url", "report", "shape",
    )  # fmt: skip
    assert ("scan", "scanned_at", *COLUMNS) == HISTORY_COLUMNS


@pytest.mark.parametrize("lines", [[], [{}], [empty(None)], [line()], [{}, line()], [line(), line(), {}]])
def test_types_are_the_same_whatever_is_known(lines):
    frame = frame_of(row_of(each) for each in lines)
    assert (tuple(frame.columns), len(frame)) == (COLUMNS, len(lines))
    assert types(frame) == (
        dict.fromkeys(TEXTS, "string")
        | dict.fromkeys(TIMES, "datetime64[us, UTC]")
        | dict.fromkeys(NUMBERS, "Float64")
        | {"nodes": "Int64", "is_trouble": "boolean"}
    )


def test_a_row_is_what_the_line_says():
    [run] = frame_of([row_of(line())]).to_dict("records")
    assert run["run_id"] == "run-1"
    assert run["started_at"] == pd.Timestamp("2026-11-20T08:05:00.25Z")
    assert run["idle_since"] == pd.Timestamp("2026-11-20T10:00:00Z")
    assert (run["nodes"], run["node_hours"], run["is_trouble"]) == (2, 4.0, True)
    assert run["ended_at"] is pd.NaT


def test_what_is_unknown_is_null_and_not_nothing():
    [run] = frame_of([row_of({})]).to_dict("records")
    assert [name for name in COLUMNS if pd.isna(run[name])] == [
        name for name in COLUMNS if name not in
        {"workspace", "workspace_id", "run_id", "outcome", "cause", "certainty", "headline", "is_trouble", "shape"}
    ]  # fmt: skip


@pytest.mark.parametrize("idle", [1e300, 1e12, -1e300])
def test_idle_beyond_all_dates_is_since_nobody_knows_when(idle):
    assert frame_of([row_of(line(idle=idle))])["idle_since"].isna().all()


def test_times_beyond_nanoseconds_and_text_beyond_unicode_are_kept():
    odd = line(
        "\ud800x", scan={"seen_at": "9999-12-31T23:59:59Z"}, run={"created_at": "0002-01-01T00:00:00Z"}
    )
    frame = frame_of([row_of(odd)])
    assert frame["run_id"].tolist() == ["?x"]
    assert frame["seen_at"].dt.year.tolist() == [9999]
    assert frame["created_at"].dt.year.tolist() == [2]


def test_a_history_is_every_run_of_every_scan(tmp_path):
    scan_folder(tmp_path / "monday", line("a"), line("a", cause="none"), b'{"run"')
    scan_folder(tmp_path / "tuesday", line("a"), line("b"), started_at="2026-11-21T11:00:00Z")
    frame = load_history(str(tmp_path))
    assert tuple(frame.columns) == HISTORY_COLUMNS
    assert frame[["scan", "run_id", "cause"]].to_numpy().tolist() == [
        ["monday", "a", "none"],
        ["tuesday", "a", "lingering-child-process"],
        ["tuesday", "b", "lingering-child-process"],
    ]
    assert frame["scanned_at"].tolist()[0] == datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert frame.attrs == {"skipped": 1, "skipped_in": {"monday": 1}}


def test_a_history_of_nothing_has_the_same_types(tmp_path):
    nothing = load_history(tmp_path)
    scan_folder(tmp_path / "monday", line("a"))
    assert types(nothing) == types(load_history(tmp_path))
    assert nothing.attrs == {"skipped": 0, "skipped_in": {}}


def test_without_pandas_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(DiagnoseError, match=r"pip install azureml-diagnose\[pandas\]"):
        frame_of([])


def test_the_tables_are_written_from_here_too():
    assert {frames.write_csv.__name__, frames.write_parquet.__name__} == {"write_csv", "write_parquet"}
