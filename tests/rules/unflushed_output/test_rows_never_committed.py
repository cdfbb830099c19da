import base64
import sqlite3

import pytest
from building import run_row
from judging import answer, blob, completed, every, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.unflushed_output.rows_never_committed import rows_never_committed

SOURCE = """
import sqlite3
def aprire():
    base = sqlite3.connect(via)
    base.execute("CREATE TABLE nidi (nome TEXT)")
    base.commit()
    return base
base = aprire()
base.executemany("INSERT INTO nidi VALUES (?)", nidi)
base.close()
"""
WORK = every(range(20), "zona {n}")
LOG = WORK + "nidi.db: 640 nidi\n"


def database(tmp_path, rows, *, index=False):
    path = tmp_path / f"{rows}{index}.db"
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE nidi (nome TEXT)")
    if index:
        base.execute("CREATE INDEX per_nome ON nidi (nome)")
    base.executemany("INSERT INTO nidi VALUES (?)", [(f"nido {n}",) for n in range(rows)])
    base.commit()
    base.close()
    return encoded("nidi.db", path.read_bytes())


def encoded(name, data):
    ends = [base64.b64encode(part).decode() for part in (data[:4096], data[-4096:])]
    return blob(name, len(data), head=ends[0], tail=ends[1])


def test_an_empty_table_of_which_the_log_states_rows_was_never_committed(tmp_path):
    given = {"outputs": [database(tmp_path, 0)], "logs": LOG}
    assert verdict(completed(), **given) == ("unflushed-output", "never-committed", "suspected")


@pytest.mark.parametrize("log", [LOG, WORK])
def test_the_source_that_commits_nowhere_makes_it_surer(tmp_path, log):
    given = {"outputs": [database(tmp_path, 0)], "logs": log, "code": {"nidi.py": SOURCE}}
    assert finding(rows_never_committed, completed(), **given).certainty is Certainty.SUPPORTED


def test_fewer_rows_than_its_size_could_hold_are_too_few(tmp_path):
    log = WORK + "nidi.db: 64000 nidi\n"
    given = {"outputs": [database(tmp_path, 20)], "logs": log}
    assert answer(rows_never_committed, completed(), **given) == "clear"
    assert answer(rows_never_committed, completed(), **given, code={"nidi.py": SOURCE}) == "found"


@pytest.mark.parametrize(
    ("what", "source"),
    [
        ("a commit", SOURCE.replace("base.close", "base.commit()\nbase.close")),
        (
            "a with block",
            SOURCE.replace("base.executemany(", "with base:\n    base.executemany("),
        ),
        ("a connection without transactions", SOURCE.replace("(via)", "(via, isolation_level=None)")),
        ("set later", SOURCE + "base.isolation_level = None\n"),
        ("a commit in SQL", SOURCE.replace("base.close", 'base.execute("COMMIT")\nbase.close')),
        ("another database", SOURCE.replace("sqlite3", "psycopg")),
        ("nothing is changed", SOURCE.replace("INSERT", "SELECT")),
    ],
)
def test_a_source_that_commits_is_no_witness(tmp_path, what, source):
    given = {"outputs": [database(tmp_path, 0)], "logs": WORK, "code": {"nidi.py": source}}
    assert answer(rows_never_committed, completed(), **given) == "clear", what


def test_a_database_that_is_empty_or_full_accuses_nobody(tmp_path):
    for outputs in ([database(tmp_path, 0)], [database(tmp_path, 40)], [encoded("nidi.db", b"640" * 900)]):
        assert answer(rows_never_committed, completed(), outputs=outputs, logs=WORK) == "clear"
    for outputs in ([database(tmp_path, 40)], [database(tmp_path, 40, index=True)]):
        assert answer(rows_never_committed, completed(), outputs=outputs, logs=LOG) == "clear"


@pytest.mark.parametrize(
    ("name", "begins", "certainty"),
    [
        ("nidi.db-journal", "d9d505f920a163d7", Certainty.SUPPORTED),
        ("nidi.db-wal", "377f0682", Certainty.SUSPECTED),
    ],
)
def test_a_journal_that_still_lies_there_was_never_played_out(tmp_path, name, begins, certainty):
    outputs = [database(tmp_path, 40), encoded(name, bytes.fromhex(begins) + b"\1" * 600)]
    assert finding(rows_never_committed, completed(), outputs=outputs, logs=LOG).certainty is certainty
    assert answer(rows_never_committed, run_row(), outputs=outputs, logs=LOG) == "clear"


def test_a_journal_that_was_emptied_or_that_is_alone_is_none(tmp_path):
    ended = encoded("nidi.db-journal", b"\0" * 512)
    alone = encoded("altro.db-journal", bytes.fromhex("d9d505f920a163d7") + b"\1" * 600)
    assert (
        answer(rows_never_committed, completed(), outputs=[database(tmp_path, 40), ended, alone], logs=LOG)
        == "clear"
    )
