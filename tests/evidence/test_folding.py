import pytest
from building import STD_LOG, moment

from diagnose.evidence.folding import fold_of
from diagnose.evidence.logs import LogLine


def lines(*texts):
    return [LogLine(STD_LOG, number, text, None) for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize("turn", [["in coda"], ["in coda", "0 di 7 pronti"], ["a", "b", "c"]])
def test_up_to_three_lines_by_turns_are_one_thing_said_again(turn):
    found = fold_of(lines("chiedo un nodo", *turn * 10))
    assert ([line.text for line in found.said], found.before.text) == (turn, "chiedo un nodo")


def test_the_time_and_how_long_it_took_are_no_difference():
    told = [f"2026-11-20 08:{n:02}:00 0/4 [00:{n:02}<?] waited {n} s" for n in range(12)]
    assert fold_of(lines(*told)) is not None


def test_a_turn_may_be_cut_at_the_end():
    assert fold_of(lines(*["x", "y"] * 8, "x")).said[-1].text == "x"


def test_it_begins_with_the_first_repeat_that_is_known():
    found = fold_of(lines("login", *["denied"] * 20))
    assert (found.first.number, found.holds(lines("a", "b")[1]), found.holds(lines("a")[0])) == (
        2,
        True,
        False,
    )


def test_what_lies_before_repeats_that_fill_all_that_was_kept_is_not_known():
    assert fold_of(lines(*["denied"] * 20)).before is None


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["one"],
        ["tick"] * 6,
        [f"row {n}" for n in range(30)],
        [f"{n} of 40 pending" for n in range(30)],
        [*["tick"] * 30, "saved"],
        ["a", "b", "c", "d"] * 8,
    ],
)
def test_figures_that_change_a_new_word_and_a_few_repeats_are_none(texts):
    assert fold_of(lines(*texts)) is None


def told(*texts_at):
    return [LogLine(STD_LOG, number, text, moment(at / 60)) for number, (at, text) in enumerate(texts_at, 1)]


def test_a_figure_that_grows_with_the_clock_is_no_other_figure():
    ticks = [(151 * n, f"cache a:9 belum siap, {151 * n // 60} menit") for n in range(20)]
    assert fold_of(told((-90, "38/38 dimuat"), *ticks)).before.text == "38/38 dimuat"


def test_a_pause_that_grows_and_is_kept_is_no_other_figure():
    pauses = [min(15 * 2**n, 900) for n in range(14)]
    at = [sum(pauses[:n]) + 2 * n for n in range(14)]
    assert fold_of(told(*((t, f"429, znovu za {p} vteřin") for t, p in zip(at, pauses, strict=True))))


@pytest.mark.parametrize(
    "ticks",
    [
        [(60 * n, f"file {n}") for n in range(20)],
        [(60 * n, f"{60 * n} rows") for n in range(20)],
        [(150 * n, f"{7 * n + n % 3} rows") for n in range(20)],
        [(300 * n, f"tile {n % 7}") for n in range(20)],
        [(300 * n, f"station {n}, 300 vteřin") for n in range(20)],
        [(300 * n, f"2026-11-20 08:00:00 day 2025-01-{n + 1:02} regridded") for n in range(20)],
        [(0, "a")] + [(60 * n, f"took {60 + 7 * (n % 5)} Sekunden") for n in range(1, 20)],
    ],
)
def test_figures_of_work_are_none_whatever_their_pace(ticks):
    assert fold_of(told(*ticks)) is None


@pytest.mark.parametrize(
    "stamp",
    ["17. 11. 2026 08:{n:02}:00", "17.11 08:{n:02}", "2026/11/17 08:{n:02}:00", "2026年11月17日 08:{n:02}"],
)
def test_the_day_is_part_of_the_clock_however_it_is_written(stamp):
    days = [stamp.replace("17", str(17 + n // 6)).format(n=n) for n in range(12)]
    assert fold_of(lines(*(f"{day} v řadě" for day in days))) is not None
