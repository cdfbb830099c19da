from datetime import UTC, datetime

import pytest
from answering import ACCOUNT, Blob, refusal_of

from diagnose.collect.azureml import logs
from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.logs import Kept, Source, keep_logs, log_part, sources
from diagnose.collect.azureml.storage import Piece, Place
from diagnose.evidence.bundle import Part, PartState
from diagnose.evidence.logscan.omission import _MARKER

STD = "user_logs/std_log.txt"
BOX = Place(ACCOUNT, "box", "run/")
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
DENIED = Gap("the log", PartState.DENIED, "403")


@pytest.fixture
def small(monkeypatch):
    """Reads of 4 bytes, and logs of at most 40 that are kept whole."""
    monkeypatch.setattr(logs, "RANGE", 4)
    monkeypatch.setattr(logs, "LOG_MAX", 40)


def reads(data, **later):
    """A way to read a log; `shrinks_to`: its length, and `fails_at`: the offset of its trouble, at the second read."""

    def way(offset, length):
        if offset and offset >= later.get("fails_at", 1e9):
            raise GapError(DENIED)
        rest = data[: later.get("shrinks_to")] if offset else data
        return Piece(rest[offset : offset + length], len(rest), AT, "0x1")

    return way


def refuses(gap=DENIED):
    def way(offset, length):
        raise GapError(gap)

    return way


def kept(spool, *ways, path=STD):
    """The row of one log with these ways, and its bytes."""
    [row] = keep_logs([Source(path, None, ways)], spool, lambda _: None)
    file = spool.path / "logs" / path
    return row, file.read_bytes() if file.is_file() else None


# --- one log -----------------------------------------------------------------------------------------------------


def test_a_log_is_kept_whole(spool):
    row, data = kept(spool, reads(b"hello\n"))
    assert data == b"hello\n"
    assert row == Kept(STD, 6, AT, "whole", 0)
    assert row.row() == {
        "path": STD,
        "size": 6,
        "modified_at": "2026-11-20T08:00:00Z",
        "captured": "whole",
        "omitted_bytes": 0,
    }


def test_an_empty_log_is_whole(spool):
    row, data = kept(spool, reads(b""))
    assert (data, row.captured, row.size, row.gap) == (b"", "whole", 0, None)


@pytest.mark.parametrize("size", [3, 4, 5, 8, 39, 40])
def test_a_log_of_several_reads_is_whole(spool, small, size):
    whole = bytes(range(65, 65 + size))
    row, data = kept(spool, reads(whole))
    assert (data, row.captured, row.omitted) == (whole, "whole", 0)


def test_a_read_that_brings_less_than_it_was_asked_for_is_gone_on_from(spool, small):
    whole = b"0123456789"
    row, data = kept(spool, lambda offset, _: Piece(whole[offset : offset + 3], 10, AT, None))
    assert (data, row.captured) == (whole, "whole")


def test_of_a_large_log_both_ends_are_kept_with_a_line_between(spool, small):
    row, data = kept(spool, reads(b"a" * 10 + b"-" * 2000 + b"z" * 30))
    assert data == b"a" * 10 + "\n⟪… 2,000 bytes omitted …⟫\n".encode() + b"z" * 30
    assert (row.captured, row.size, row.omitted, row.gap) == ("ends", 2040, 2000, None)


def test_the_line_between_is_the_one_that_the_reader_knows(spool, small):
    _, data = kept(spool, reads(b"a\n" * 5 + b"-" * 2000 + b"z" * 30))
    assert sum(bool(_MARKER(line)) for line in data.splitlines()) == 1


def test_a_log_that_grows_is_kept_to_its_size_at_first(spool, small):
    def way(offset, length):
        grown = b"0123456789" if offset == 0 else b"0123456789" + b"more" * 9
        return Piece(grown[offset : offset + length], len(grown), AT, None)

    row, data = kept(spool, way)
    assert (data, row.captured, row.size) == (b"0123456789", "whole", 10)


def test_a_log_that_shrinks_is_kept_as_far_as_it_goes(spool, small):
    row, data = kept(spool, reads(b"0123456789", shrinks_to=6))
    assert (data, row.captured, row.size, row.omitted) == (b"012345", "head", 10, 4)
    assert (row.gap.state, row.gap.reason) == (PartState.PARTIAL, "it became shorter while it was read")


def test_a_log_that_breaks_off_is_kept_as_far_as_it_goes(spool, small):
    row, data = kept(spool, reads(b"0123456789", fails_at=8))
    assert (data, row.captured, row.omitted) == (b"01234567", "head", 2)
    assert row.gap.what == f"the end of the log {STD}"


def test_a_head_that_breaks_off_has_no_line_that_promises_a_tail(spool, small):
    row, data = kept(spool, reads(b"x" * 2040, fails_at=8))
    assert (data, row.captured, row.omitted) == (b"x" * 8, "head", 2032)


def test_the_second_way_serves_where_the_first_fails(spool):
    row, data = kept(spool, refuses(), reads(b"hello"))
    assert (data, row.captured, row.gap) == (b"hello", "whole", None)


def test_a_log_that_no_way_leads_to_is_a_row_with_a_gap(spool):
    row, data = kept(spool, refuses(), refuses(Gap("x", PartState.GONE, "404")))
    assert (data, row.captured, row.gap) == (None, "none", DENIED)


@pytest.mark.parametrize(
    "path", ["../../etc/cron.d/x", "/etc/passwd", "a\\b", "C:/x", "a/../../b", "a\0b", ""]
)
def test_a_path_that_leads_out_is_a_row_and_no_file(spool, path):
    [row] = keep_logs([Source(path, None, (reads(b"evil"),))], spool, lambda _: None)
    assert (row.captured, row.path) == ("none", path)
    assert row.gap.reason
    assert list(spool.path.rglob("*")) == []


# --- all logs ----------------------------------------------------------------------------------------------------


def test_the_rows_come_in_the_order_of_the_logs(spool):
    found = [Source(f"{number:02}.log", None, (reads(b"x" * number),)) for number in range(20)]
    rows = keep_logs(found[::-1], spool, lambda _: None)
    assert [(row.path, row.size) for row in rows] == [(f"{number:02}.log", number) for number in range(20)]


def test_more_logs_than_are_kept_are_rows(spool, monkeypatch):
    monkeypatch.setattr(logs, "LOGS_MAX", 1)
    found = [Source(name, None, (reads(b"x"),)) for name in ("a.log", "b.log")]
    rows = keep_logs(found, spool, lambda _: None)
    assert [row.captured for row in rows] == ["whole", "none"]
    assert "more than 1 logs" in rows[1].gap.reason


def test_more_bytes_than_are_kept_are_rows(spool, monkeypatch):
    monkeypatch.setattr(logs, "ALL_LOGS_MAX", 5)
    monkeypatch.setattr(logs, "AT_ONCE", 1)
    found = [Source(name, None, (reads(b"1234"),)) for name in ("a.log", "b.log")]
    rows = keep_logs(found, spool, lambda _: None)
    assert [row.captured for row in rows] == ["whole", "none"]


def test_a_log_where_another_has_a_folder_costs_that_log_only(spool):
    found = [
        Source(path, None, (reads(b"x"),)) for path in ("logs/a", "logs/a/b.txt", "user_logs/std_log.txt")
    ]
    rows = keep_logs(found, spool, lambda _: None)
    assert [row.captured for row in rows].count("whole") == 2
    assert rows[2].captured == "whole"


def test_what_is_read_is_told(spool):
    heard = []
    keep_logs([Source(STD, None, (reads(b"x" * 1234),))], spool, heard.append)
    assert heard == [f"{STD} (1,234 bytes)"]


# --- the ways to a log -------------------------------------------------------------------------------------------


def fetched(world, spool, storage, urls, content, *, listed=()):
    """The rows of the logs that the details or the listing name, as they are fetched."""
    blobs = {blob.name.removeprefix("run/"): blob for blob in storage.listing("x", BOX)} if listed else {}
    return keep_logs(sources(urls, blobs, storage, content), spool, lambda _: None)


def nowhere(path):
    raise GapError(Gap(f"the address of {path}", PartState.DENIED, "the artifact service refuses"))


def test_a_log_is_read_by_its_own_url_first(world, spool, storage):
    world.holds(run__a=Blob(b"hello"))
    url = f"https://{ACCOUNT}/box/run/a?sig=1"
    [row] = fetched(world, spool, storage, {"a": url}, nowhere, listed=["a"])
    assert row.captured == "whole"
    assert "Authorization" not in world.requests[-1].headers


def test_a_log_whose_url_is_spent_is_read_by_identity(world, spool, storage):
    world.holds(run__a=Blob(b"hello"))
    world.says("/spent", refusal_of(403, "AuthenticationFailed"))
    [row] = fetched(world, spool, storage, {"a": f"https://{ACCOUNT}/box/spent?s=1"}, nowhere, listed=["a"])
    assert row.captured == "whole"
    assert "Authorization" in world.requests[-1].headers


def test_a_log_that_may_not_be_read_by_identity_is_asked_of_the_artifact_service(world, spool, storage):
    world.holds(run__a=Blob(b"hello"), elsewhere=Blob(b"hello"))
    world.says("/run/a", refusal_of(403))
    [row] = fetched(
        world, spool, storage, {}, lambda _: f"https://{ACCOUNT}/box/elsewhere?sig=1", listed=["a"]
    )
    assert row.captured == "whole"


def test_a_log_of_which_only_the_name_is_known_tells_the_true_reason(world, spool, storage):
    [row] = fetched(world, spool, storage, {"a": ""}, nowhere)
    assert row.gap.reason == "the artifact service refuses"


def test_a_log_at_a_strangers_is_not_fetched(world, spool, storage):
    [row] = fetched(world, spool, storage, {"a": "https://evil.example/a?sig=1"}, nowhere)
    assert (row.captured, world.asked) == ("none", [])
    assert "evil.example" in row.gap.reason


def test_a_log_of_several_reads_over_the_wire_is_whole(world, spool, storage, small):
    world.holds(run__a=Blob(b"0123456789"))
    [row] = fetched(world, spool, storage, {}, nowhere, listed=["a"])
    assert (row.captured, row.size) == ("whole", 10)
    assert (spool.path / "logs/a").read_bytes() == b"0123456789"


def test_both_ends_of_a_large_log_come_over_the_wire(world, spool, storage, small):
    world.holds(run__a=Blob(b"a" * 10 + b"-" * 2000 + b"z" * 30))
    [row] = fetched(world, spool, storage, {}, nowhere, listed=["a"])
    assert (row.captured, row.size, row.omitted) == ("ends", 2040, 2000)
    assert (spool.path / "logs/a").read_bytes().endswith(b"\n" + b"z" * 30)


# --- the part of the bundle --------------------------------------------------------------------------------------

WHOLE, NONE = Kept("a", 5, AT, "whole", 0), Kept("b", 7, AT, "none", 7, DENIED)


def test_logs_that_are_all_known_are_a_complete_part():
    assert log_part([WHOLE, WHOLE], None, listed=True) == Part(PartState.COMPLETE, None, 2, 10)


def test_no_logs_are_a_complete_part():
    assert log_part([], None, listed=True) == Part(PartState.COMPLETE, None, 0, 0)


def test_one_log_that_could_not_be_read_makes_the_part_partial():
    part = log_part([WHOLE, NONE], None, listed=True)
    assert (part.state, part.items) == (PartState.PARTIAL, 2)
    assert part.reason.startswith("1 of 2 could not be read; ")


def test_logs_of_which_none_could_be_read_are_denied():
    part = log_part([NONE, NONE], None, listed=True)
    assert (part.state, part.items) == (PartState.DENIED, 2)


@pytest.mark.parametrize("found", [[], [WHOLE], [NONE], [WHOLE, NONE]])
def test_logs_that_could_not_be_listed_are_never_complete(found):
    assert not log_part(found, DENIED, listed=False).is_complete
