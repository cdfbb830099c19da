import io
import time
from itertools import combinations, permutations

import pytest
from building import STD_LOG, bundle_of, iso, line
from hypothesis import given
from hypothesis import strategies as st
from signatures import signature

from diagnose.custom.matching import LogWatch
from diagnose.custom.places import Watch
from diagnose.custom.sightings import Sightings, is_found_in, reading_for, sightings_for
from diagnose.evidence.bundle import Missing
from diagnose.evidence.logscan.times import LineClock


@pytest.fixture
def made(tmp_path):
    def make(match, unless=None, **fields):
        return signature(tmp_path, match=match, unless=unless, headline="It stands still.", **fields)

    return make


def watched(sign, data):
    watch = Watch(sign)
    data = data.encode() if isinstance(data, str) else data
    LogWatch([watch], LineClock(), len(data)).read(io.BytesIO(data))
    return watch


def lines_of(sign, data):
    watch = watched(sign, data)
    return [seen.place.line for seen in watch.found] if not watch.is_withdrawn else []


def sightings(sign, **given):
    return bundle_of(**given).get(sightings_for(sign, reading_for([sign])))


def test_any_of_them_is_enough(made):
    sign = made("[alpha, '^beta$']")
    assert lines_of(sign, "x\nbeta\nalpha\n") == [2]
    assert lines_of(sign, "beta blocker\n") == []


def test_all_of_them_in_any_order(made):
    sign = made("{all: [alpha, beta]}")
    assert lines_of(sign, "beta\nx\nalpha\nbeta\n") == [1, 3]
    assert lines_of(sign, "beta\nbeta\n") == []


def test_all_of_them_close_together(made):
    sign = made("all: [alpha, beta]\nwithin: 2")
    assert lines_of(sign, "alpha\n" + "x\n" * 5 + "beta\nx\nalpha\n") == [7, 9]
    assert lines_of(sign, "alpha\nx\nx\nbeta\n") == []


def test_the_order_counts_and_so_does_the_distance(made):
    sign = made("in_order: [alpha, beta, gamma]\nwithin: 4")
    assert lines_of(sign, "alpha\nbeta\nx\nx\nx\nalpha\nbeta\ngamma\n") == [6, 7, 8]
    assert lines_of(sign, "beta\nalpha\ngamma\n") == []
    assert lines_of(sign, "alpha\nx\nx\nx\nbeta\ngamma\n") == []
    assert lines_of(sign, "alpha beta gamma\n") == []


def test_a_line_that_is_two_steps_is_only_one_of_them(made):
    sign = made("in_order: [alpha, alp]\nwithin: 9")
    assert lines_of(sign, "alpha\n") == []
    assert lines_of(sign, "alpha\nalpha\n") == [1, 2]


WORDS = st.lists(st.sampled_from(["a", "b", "c", "x"]), max_size=14)


@given(words=WORDS, within=st.integers(1, 8), how=st.sampled_from(["in_order", "all"]))
def test_what_is_found_is_there_and_what_is_there_is_found(words, within, how, tmp_path_factory):
    sign = signature(
        tmp_path_factory.mktemp("any"),
        match=f"{{{how}: ['^a', '^b', '^c'], within: {within}}}",
        headline="It is.",
    )
    orders = [("a", "b", "c")] if how == "in_order" else [*permutations("abc")]
    there = any(
        tuple(word for _, word in picked) in orders and picked[-1][0] - picked[0][0] <= within
        for picked in combinations(enumerate(words), 3)
    )
    found = lines_of(sign, "".join(f"{word}\n" for word in words))
    assert bool(found) is there
    assert not found or (
        "".join(words[n - 1] for n in found) in map("".join, orders) and found[-1] - found[0] <= within
    )


def test_an_order_goes_across_the_blocks_that_a_log_is_read_in(made):
    sign = made("in_order: [alpha, beta]\nwithin: 9000")
    filler = ("x" * 99 + "\n") * 8000
    assert lines_of(sign, f"alpha\n{filler}beta\n") == [1, 8002]


def test_what_rules_it_out_may_come_before_or_after(made):
    sign = made("alpha", unless="all good")
    assert lines_of(sign, "alpha\nall good\n") == []
    assert lines_of(sign, "all good\nalpha\n") == []
    assert lines_of(sign, "alpha\n") == [1]


def test_a_progress_bar_has_many_lines_in_one(made):
    assert lines_of(made("^alpha$"), "x\ry\ralpha\rz\n") == [1]


def test_a_match_at_the_end_of_a_line_without_end_is_found(made):
    watch = watched(made("ne+dle"), b"a" * (3 << 20) + b"needle" + b"b" * (1 << 20))
    assert "needle" in watch.found[0].place.text
    assert len(watch.found[0].place.text) <= 2000


@pytest.mark.parametrize(
    "data", ["Straße voll".encode(), "Straße voll".encode("utf-16"), "Stra\x1b[31mße voll".encode()]
)
def test_a_log_is_legible_whatever_its_encoding(data, made):
    assert lines_of(made("'(?i)STRASSE|Straße v.ll'"), data + b"\n")


def test_bytes_that_are_no_text_do_not_hide_the_rest_of_a_line(made):
    assert lines_of(made("'kein Speicher f.r .*Ende'"), b"kein Speicher f\xfcr \xff\xfe Ende\n") == [1]


def test_no_match_runs_on_into_the_next_line(made):
    assert lines_of(made("'alpha[^x]beta'"), "alpha\nbeta\n") == []


@pytest.mark.parametrize("regex", ["(a+)+$", "(a|aa)*b", "(.*)*x$", "(a?){50}a{50}$", "(x+x+)+y"])
def test_no_pattern_can_hang(regex, made):
    begun = time.monotonic()
    for data in (b"a" * (1 << 20) + b"!", b"x" * (1 << 20), (b"a" * 900 + b"!\n") * 1100):
        watched(made(f"'{regex}b{{0}}c'"), data)
        watched(made(f"'{regex.removesuffix('$')}!!$'"), data)
    assert time.monotonic() - begun < 30


def test_a_pattern_that_every_line_matches_takes_its_time_and_no_memory(made):
    sign = made("in_order: [a, b]\nwithin: 5")
    begun = time.monotonic()
    watch = watched(sign, b"a line like any other\n" * 200_000)
    assert not watch.found
    assert len([*watch.alive]) == 1
    assert time.monotonic() - begun < 30


def test_the_lines_around_it_and_its_time_are_quoted(made):
    text = "".join(line(n, f"word {n}") for n in range(9))
    [sighting] = sightings(made("word 4"), run={"id": "r", "created_at": iso()}, logs=text).all
    [place] = sighting.places
    assert [each[-1] for each in (*place.before, place.text, *place.after)] == list("1234567")
    assert place.at.minute == 4


def test_only_the_logs_that_it_is_about_are_read(made):
    logs = {STD_LOG: "x\n", "user_logs/other.txt": "alpha\n", "system_logs/a.log": "alpha\n"}
    found = {
        where: [s.path for s in sightings(made("alpha", where=where), logs=logs).all]
        for where in (
            "{logs: user}",
            "{logs: system}",
            "{logs: any}",
            "{path: '*/std_*'}",
            "{path: '*/a.log'}",
        )
    }
    assert [*found.values()] == [
        ["user_logs/other.txt"],
        ["system_logs/a.log"],
        ["user_logs/other.txt", "system_logs/a.log"],
        [],
        ["system_logs/a.log"],
    ]


def test_what_is_not_in_half_a_log_is_not_ruled_out(made):
    row = {STD_LOG: {"captured": "tail"}}
    assert isinstance(sightings(made("alpha"), logs="beta\n", log_rows=row), Missing)
    assert isinstance(sightings(made("alpha"), logs="beta\n"), Sightings)
    assert isinstance(sightings(made("alpha")), Missing)
    [sighting] = sightings(made("alpha"), logs="alpha\n", log_rows=row).all
    assert not sighting.is_whole


def test_no_distance_is_counted_across_what_was_left_out(made):
    sign, row = made("in_order: [alpha, beta]\nwithin: 9"), {STD_LOG: {"captured": "ends"}}
    text = "alpha\n⟪… 1,000 bytes omitted …⟫\nbeta\n"
    assert isinstance(sightings(sign, logs=text, log_rows=row), Missing)


def test_a_log_that_is_listed_and_not_there_is_not_ruled_out(made):
    assert isinstance(sightings(made("alpha"), logs={}, log_rows={STD_LOG: {"size": 10}}), Missing)


def test_an_excerpt_is_taken_for_a_log(made):
    assert is_found_in(made("alpha"), "x\nalpha")
    assert not is_found_in(made("alpha", unless="beta"), "alpha\nbeta")
