import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logscans import Dribble, obvious, pattern, places, scan

ERROR = pattern("ERROR", before=2, after=3)
WORDS = [
    b"ERROR",
    b"loss=0.1",
    b"\x1b[31m",
    b"\x1b]0;t\x07",
    b"\r",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    "é…".encode(),
    b" ",
    b"ER",
]
WORDS += [b"2026-11-20 08:10:21,123 ", b"ROR", b"\x1b", b"\x1b[", b"x" * 40, b"Traceback", b"exit code 17"]
PATTERNS = [
    ERROR,
    pattern(r"^Traceback", after=60),
    pattern(r"exit code (?P<code>[0-9]+)$"),
    pattern(r"(?i)error"),
    pattern(r"x{20}[^E]*E"),
    pattern(r"\bERROR\s"),
    pattern(r"loss=[0-9.]+"),
]
LOGS = st.lists(st.sampled_from(WORDS), max_size=60).map(b"".join)
MESS = st.one_of(
    LOGS, st.binary(max_size=300), LOGS.map(lambda data: data.decode("latin-1").encode("utf-16-le"))
)


@given(MESS, st.integers(1, 40))
@settings(deadline=None, max_examples=300)
def test_the_size_of_the_chunks_changes_nothing(data, chunk):
    whole = scan(data, *PATTERNS, window=64, overlap=16)
    assert scan(data, *PATTERNS, window=64, overlap=16, chunk=chunk) == whole
    assert scan(data, *PATTERNS, window=64, overlap=16, stream=Dribble(data, chunk)) == whole


@given(MESS)
@settings(deadline=None, max_examples=300)
def test_both_engines_find_the_same(data):
    assert scan(data, *PATTERNS, engine="re") == scan(data, *PATTERNS, engine="hyperscan")


@given(st.lists(st.sampled_from([w for w in WORDS if w[0] not in b"\x1b\0"]), max_size=80).map(b"".join))
@settings(deadline=None, max_examples=300)
def test_a_scan_finds_what_searching_every_line_finds(data):
    result = scan(data, *PATTERNS)
    for number, wanted in enumerate(PATTERNS):
        expected = obvious(data, wanted.regex)
        assert result["counts"][number] == len(expected)
        assert places(result, number) == expected[:100]


@pytest.mark.parametrize("chunk", [1, 7, 4096, 1 << 20])
def test_chunks_from_a_byte_to_a_mebibyte_give_the_same(chunk):
    line = b"2026-11-20 08:10:%02d,%03d INFO step %d\r 50%%|##  |\rERROR here\r\n"
    data = b"".join(line % (n % 60, n % 1000, n) for n in range(600)) + b"Traceback\n  x\n"
    assert scan(data, *PATTERNS, chunk=chunk) == scan(data, *PATTERNS)


def test_line_numbers_count_newlines_and_not_carriage_returns():
    result = scan(b"one\r\ntwo\rERROR a\rERROR b\nERROR c", ERROR)
    assert places(result) == [(2, "ERROR a"), (2, "ERROR b"), (3, "ERROR c")]
    assert result["lines"] == 3
    assert not result["ends_with_newline"]


def test_an_anchor_holds_at_the_start_and_the_end_of_every_segment():
    data = b"done\r50%\rdone\r\nnot done\n"
    assert places(scan(data, pattern("^done$"))) == [(1, "done"), (1, "done")]
    assert places(scan(data, pattern("done$"))) == [(1, "done"), (1, "done"), (2, "not done")]


@pytest.mark.parametrize("at", [0, 40_000, 61_440, 65_530, 65_536, 131_000, 299_980])
@pytest.mark.parametrize("engine", ["hyperscan", "re"])
def test_a_match_deep_in_a_line_without_end_is_found_once(at, engine):
    data = b"a" * at + b" ERROR 17 " + b"b" * (300_000 - at)
    [[hit]] = scan(data, pattern(r" ERROR (?P<n>[0-9]+)"), engine=engine)["hits"]
    assert hit.groups == {"n": "17"}
    assert " ERROR 17 " in hit.text
    assert len(hit.text) <= 2000


def test_an_anchor_does_not_hold_where_an_over_long_line_is_cut():
    data = (b"x" * 100 + b"y") * 3000
    assert scan(data, pattern("^y"), pattern("x$"), pattern(r"\bxx"), window=101, overlap=10)["counts"] == [
        0,
        0,
        1,
    ]


def test_the_text_around_a_match_at_the_end_of_a_long_line_is_kept():
    data = b"2026-11-20T08:10:21Z  INFO span{" + b"f=1 " * 2000 + b"}: done pid=13\n"
    [[hit]] = scan(data, pattern("done pid=(?P<pid>[0-9]+)"))["hits"]
    assert hit.text.startswith("…")
    assert hit.text.endswith("}: done pid=13")
    assert hit.own_time


def test_terminal_codes_and_nuls_are_gone_before_a_line_is_matched():
    data = b"\x1b[1;31mERR\x1b[0mOR\x1b]8;;http://x\x07\0\0 here\x1b(B\n"
    assert places(scan(data, pattern("^ERROR here$"))) == [(1, "ERROR here")]


def test_a_terminal_code_that_never_ends_hides_nothing():
    data = b"\x1b]0;" + b"t" * 5000 + b"\nERROR\n"
    assert places(scan(data, ERROR)) == [(2, "ERROR")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_recognised_with_and_without_a_mark(encoding):
    text = "first line\r\nERROR naïve 上海 😀\r\nlast\r\n"
    assert places(scan(text.encode(encoding), pattern("^ERROR"))) == [(2, "ERROR naïve 上海 😀")]


def test_a_big_endian_mark_is_understood():
    assert places(scan(b"\xfe\xff" + "a\nERROR ü\n".encode("utf-16-be"), ERROR)) == [(2, "ERROR ü")]


@pytest.mark.parametrize("wide", ["utf-16-le", "utf-16-be"])
def test_lines_in_another_encoding_stay_legible(wide):
    mark = "\ufeff".encode(wide)
    data = mark + "ERROR 1\n".encode(wide) * 3 + b"ERROR 2\nERROR \xff3\n" + "ERROR 4\n".encode(wide)
    texts = [text for _, text in places(scan(data, ERROR))]
    assert texts[:4] == ["ERROR 1", "ERROR 1", "ERROR 1", "ERROR 2"]
    assert texts[-1] == "ERROR 4"
    mixed = b"ERROR 1\n" * 300 + "ERROR 2\n".encode(wide)
    assert scan(mixed, ERROR)["counts"] == [301]


def test_invalid_bytes_are_shown_as_such_and_do_not_stop_a_match():
    assert places(scan(b"\xff\xfaERROR \xe2\x82\n", ERROR)) == [(1, "��ERROR �")]


def test_context_skips_blank_lines_and_ends_with_the_file():
    [[hit]] = scan(b"a\n\nb\n \nc\nERROR\n\nd\n", ERROR)["hits"]
    assert hit.before == [(3, b"b"), (5, b"c")]
    assert hit.after == [(8, b"d")]


def test_context_reaches_across_blocks():
    data = (
        b"".join(b"line %d\n" % n for n in range(40))
        + b"ERROR\n"
        + b"".join(b"more %d\n" % n for n in range(90))
    )
    [[hit]] = scan(data, pattern("ERROR", before=30, after=60), chunk=16)["hits"]
    assert [text for _, text in hit.before] == [b"line %d" % n for n in range(10, 40)]
    assert [text for _, text in hit.after] == [b"more %d" % n for n in range(60)]


def test_the_first_and_the_last_fifty_are_kept_and_all_are_counted():
    data = b"".join(b"ERROR %d\n" % n for n in range(3000))
    result = scan(data, ERROR, chunk=4096)
    assert result["counts"] == [3000]
    assert [number for number, _ in places(result)] == [*range(1, 51), *range(2951, 3001)]


@pytest.mark.parametrize("engine", ["hyperscan", "re"])
def test_a_pattern_in_every_line_is_not_counted_to_the_end_but_its_last_lines_are_kept(engine):
    data = b"".join(b"loss=%d ERROR\nquiet\n" % n for n in range(40_000))
    result = scan(data, ERROR, pattern("quiet"), pattern("loss=39999 "), engine=engine)
    assert result["counts"][0] > 10_000
    assert [number for number, _ in places(result)][-2:] == [79_997, 79_999]
    assert places(result, 2) == [(79_999, "loss=39999 ERROR")]


def test_head_and_tail_are_the_lines_that_are_not_blank():
    data = b"\n".join(b"%d" % n if n % 2 else b"  " for n in range(400)) + b"\n"
    result = scan(data, chunk=64)
    assert result["head"] == [(n + 1, b"%d" % n) for n in range(1, 40, 2)]
    assert result["tail"] == [(n + 1, b"%d" % n) for n in range(281, 400, 2)]


def test_a_log_without_a_newline_has_one_line():
    result = scan(b"only", ERROR)
    assert (result["lines"], result["tail"], result["ends_with_newline"]) == (1, [(1, b"only")], False)
    assert scan(b"")["lines"] == 0


def test_nothing_is_matched_in_or_quoted_across_an_omission():
    marker = "⟪… 1,234 bytes omitted …⟫\n".encode()
    data = b"08:00:00 a\nERROR 1\nb\n" + marker + b"c\nERROR 2\n"
    [hits, omitted] = scan(data, ERROR, pattern("omitted"), with_omission=True)["hits"]
    assert [(hit.number, hit.before, hit.after) for hit in hits] == [
        (2, [(1, b"08:00:00 a")], [(3, b"b")]),
        (6, [(5, b"c")], []),
    ]
    assert omitted == []
    assert scan(data, pattern("omitted"))["counts"] == [1]


def test_a_match_has_the_time_of_its_line_or_of_the_last_line_before_it():
    data = b"2026-11-20 08:00:00 a\nb\n2026-11-20 08:00:07 c\n2026-11-20 08:00:09 ERROR\nd\nERROR\n"
    [hits] = scan(data, ERROR, chunk=8)["hits"]
    assert [(hit.micros % 60_000_000 // 1_000_000, hit.own_time) for hit in hits] == [(9, True), (9, False)]


@pytest.mark.parametrize("chunk", [1000, 70_000, 1 << 20])
def test_the_middle_of_a_long_log_is_dated_by_samples(chunk):
    lines = [
        b"2026-11-20 %02d:%02d:%02d INFO step\n   more\n" % (n // 3600, n // 60 % 60, n % 60)
        for n in range(40_000)
    ]
    lines[20_000] += b"ERROR in the middle\n"
    data = b"".join(lines)
    result = scan(data, ERROR, chunk=chunk, read_whole=100_000)
    first, last, stamped, density, gaps = result["times"]
    assert (last - first) // 1_000_000 == 39_999
    assert stamped < 6000
    assert abs(sum(density.counts) - 40_000) < 6000
    assert gaps.median_s == 1
    [[hit]] = result["hits"]
    assert (hit.micros - first) // 1_000_000 == 20_000
    assert not hit.own_time


@pytest.mark.parametrize(
    "line", [b"x" * 99 + b"\n", b"x" * 100, b"50%|##|\r", b"\0" * 100, b"\x1b[31m" * 20, b"\n"]
)
def test_memory_does_not_grow_with_the_log(line):
    class Endless(io.RawIOBase):
        left = 60

        def read(self, size=-1):
            self.left -= 1
            return line * (100_000 // len(line)) if self.left > 0 else b""

    tracemalloc.start()
    scan(b"", ERROR, stream=Endless())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000  # of 6 MB


@pytest.mark.parametrize("chunk", [1, 5, 1 << 16])
def test_every_record_of_a_sweep_is_a_line_of_its_own(chunk):
    record = rb"<START>[2021-02-12T17:23:%02d.035891][CONTROLLER][%s]text<END>\n"
    data = b'"' + b"".join(record % (n, b"ERROR" if n == 7 else b"INFO") for n in range(20)) + b'"'
    [[hit]] = scan(data, ERROR, chunk=chunk)["hits"]
    assert (hit.number, hit.own_time, hit.text[:34]) == (1, True, "<START>[2021-02-12T17:23:07.035891")
