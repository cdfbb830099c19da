import csv
import subprocess
import sys

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scans import line

from diagnose.columns import COLUMNS
from diagnose.errors import DiagnoseError
from diagnose.frames import frame_of
from diagnose.roster import row_of
from diagnose.tables import write_csv, write_parquet

NAMES = [column.name for column in COLUMNS]


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def headline_of(text, tmp_path):
    write_csv([row_of(line(headline=text))], tmp_path / "t.csv")
    return read_csv(tmp_path / "t.csv")[0]["headline"]


def test_csv_holds_all_columns_as_text_anybody_reads(tmp_path):
    write_csv(map(row_of, [line(), {}]), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes().startswith(b'\xef\xbb\xbf"workspace",')
    known, unknown = read_csv(tmp_path / "t.csv")
    assert list(known) == NAMES
    assert (known["started_at"], known["idle_since"]) == ("2026-11-20T08:05:00.250Z", "2026-11-20T10:00:00Z")
    assert (known["nodes"], known["node_hours"], known["is_trouble"]) == ("2", "4.0", "true")
    assert (unknown["nodes"], unknown["ended_at"], unknown["owner"]) == ("", "", "")


def test_csv_of_nothing_has_its_columns(tmp_path):
    write_csv([], tmp_path / "t.csv")
    assert pd.read_csv(tmp_path / "t.csv").columns.tolist() == NAMES


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" \t=1", " \t'=1"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ('a;"=1', "a;'\"=1"),
        ("a\r\n=1", "a\r\n'=1"),
        ("a\t@x", "a\t'@x"),
        ('"=1', "'\"=1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("loss = 1, a-b, x@y.z", "loss = 1, a-b, x@y.z"),
        ('it\'s ü, "quoted"\nand long', 'it\'s ü, "quoted"\nand long'),
    ],
)
def test_no_text_is_a_formula(text, shown, tmp_path):
    assert headline_of(text, tmp_path) == shown


@given(st.lists(st.text(" =+-@;,\t\r\n\"'a＝", max_size=8), min_size=3, max_size=3), st.sampled_from(",;\t"))
def test_no_cell_is_a_formula_wherever_the_file_is_split(tmp_path_factory, texts, separator):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    first, middle, last = texts
    run = {"id": middle, "display_name": last, "status": first}
    write_csv([row_of(line(run=run, mechanism=last, headline=first, scan={"workspace": first}))], path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell.strip() for row in csv.reader(file, delimiter=separator) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "＝"))]


def test_every_text_is_guarded_and_quoted(tmp_path):
    evil = "=cmd|' /C calc'!A0"
    run = dict.fromkeys(("id", "display_name", "experiment", "status", "type", "compute", "portal_url"), evil)
    scan = dict.fromkeys(("workspace", "workspace_id", "owner", "size", "priority", "report"), evil)
    words = dict.fromkeys(("outcome", "cause", "mechanism", "certainty", "headline"), evil)
    write_csv([row_of(line(run=run, scan=scan, **words))], tmp_path / "t.csv")
    [row] = read_csv(tmp_path / "t.csv")
    assert not [name for name, text in row.items() if text.startswith("=")]
    assert ",\"'=cmd" in (tmp_path / "t.csv").read_text(encoding="utf-8")


def test_csv_needs_neither_pandas_nor_pyarrow(tmp_path):
    program = (
        "import sys; from diagnose.tables import write_csv; from diagnose.roster import row_of\n"
        f"write_csv([row_of({{}})], {str(tmp_path / 't.csv')!r})\n"
        "print({'pandas', 'pyarrow', 'numpy', 'azure'} & {name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("lines", [[], [{}], [line(), {}, line("b")], [line(str(n)) for n in range(12_000)]])
def test_parquet_is_read_back_as_the_frame(lines, tmp_path):
    pytest.importorskip("pyarrow")
    rows = [row_of(each) for each in lines]
    write_parquet(iter(rows), tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "t.parquet"), frame_of(rows))


def test_parquet_says_its_types_to_other_readers(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    write_parquet([], tmp_path / "t.parquet")
    types = {field.name: str(field.type) for field in parquet.read_schema(tmp_path / "t.parquet")}
    assert list(types) == NAMES
    assert (types["run_id"], types["nodes"], types["is_trouble"]) == ("string", "int64", "bool")
    assert (types["idle_s"], types["seen_at"]) == ("double", "timestamp[us, tz=UTC]")


def test_without_pyarrow_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DiagnoseError, match=r"pip install azureml-diagnose\[parquet\]"):
        write_parquet([], tmp_path / "t.parquet")
    assert names(tmp_path) == []


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_what_was_there_stays_when_writing_breaks_off(write, tmp_path):
    pytest.importorskip("pyarrow")

    def broken():
        yield row_of(line())
        raise RuntimeError

    (tmp_path / "t").write_text("before")
    with pytest.raises(RuntimeError):
        write(broken(), tmp_path / "t")
    assert ((tmp_path / "t").read_text(), names(tmp_path)) == ("before", ["t"])


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_a_place_that_cannot_be_is_a_sentence(write, tmp_path):
    pytest.importorskip("pyarrow")
    with pytest.raises(DiagnoseError, match=r"could not be written to .*missing.*: No such file"):
        write([], tmp_path / "missing" / "t")
