import json

import pytest
from answering import ACCOUNT, Blob, refusal_of

from diagnose.collect.azureml import processes
from diagnose.collect.azureml.gaps import GapError
from diagnose.collect.azureml.processes import keep_processes
from diagnose.collect.azureml.storage import Place
from diagnose.evidence.bundle import Part, PartState

BOX = Place(ACCOUNT, "box", "")
ONE, TWO = {"pid": 1, "name": "python"}, {"pid": 2, "name": "worker"}


def lines(*rows):
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def kept(world, storage, spool, data, answer=None):
    """The part that a table with these bytes becomes, and its rows."""
    world.holds(table=Blob(data))
    [blob] = storage.listing("x", BOX)
    if answer:
        world.says("/table", answer)
    part = keep_processes(blob, storage, spool)
    text = (spool.path / "processes.jsonl").read_bytes()
    return part, [json.loads(line) for line in text.splitlines()]


def test_the_table_of_a_recorder_is_kept(world, storage, spool):
    part, rows = kept(world, storage, spool, lines(ONE, TWO))
    assert rows == [ONE, TWO]
    assert part == Part(PartState.COMPLETE, None, 2, len(lines(ONE, TWO)))


@pytest.mark.parametrize("data", [b"", b"\n\n  \n"])
def test_an_empty_table_is_known_to_be_empty(world, storage, spool, data):
    assert kept(world, storage, spool, data) == (Part(PartState.COMPLETE, None, 0, 0), [])


@pytest.mark.parametrize("broken", [b'{"pid": 3, "na', b"[1]\n", b"\xff\n", b"[" * 9999])
def test_a_table_that_breaks_off_is_kept_as_far_as_it_goes(world, storage, spool, broken):
    part, rows = kept(world, storage, spool, lines(ONE, TWO) + broken)
    assert (part.state, part.items, rows) == (PartState.PARTIAL, 2, [ONE, TWO])
    assert part.reason


def test_what_stands_below_a_broken_row_is_not_taken_for_the_rest(world, storage, spool):
    part, rows = kept(world, storage, spool, lines(ONE) + b"[1]\n" + lines(TWO))
    assert (part.state, rows) == (PartState.PARTIAL, [ONE])


@pytest.mark.parametrize("more", [0, 5])
def test_a_table_that_is_too_large_is_kept_in_part(world, storage, spool, monkeypatch, more):
    monkeypatch.setattr(processes, "RANGE", len(lines(ONE)) + more)
    part, rows = kept(world, storage, spool, lines(ONE, TWO))
    assert (part.state, rows) == (PartState.PARTIAL, [ONE])


def test_a_table_that_may_not_be_read_is_a_gap(world, storage, spool):
    with pytest.raises(GapError, match="the table of processes"):
        kept(world, storage, spool, lines(ONE), refusal_of(403))
