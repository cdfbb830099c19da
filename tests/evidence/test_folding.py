import pytest
from building import STD_LOG

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
