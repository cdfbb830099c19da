"""The figures that the package carries and the README shows are those of today's rules."""

import json

import pytest

from .__main__ import CARRIED, README, measured
from .corpus import development, is_set_aside, set_aside

DRAWN = [True, False, True, False, False, False]
"""What the seed decides of the names a to f; with another seed the runs of development would come to measure."""


@pytest.fixture(scope="module")
def today():
    return measured(set_aside())


def test_the_carried_figures_hold(today):
    assert json.loads(CARRIED.read_text()) == today[0], "python -m tests.quality writes them anew"


def test_the_readme_shows_them(today):
    assert today[1] in README.read_text(), "python -m tests.quality writes it anew"


def test_nothing_wrong_is_said_with_certainty(today):
    wrong = [a for a in today[2] if not a.is_right and a.certainty == "established"]
    assert len(wrong) == 0  # counted and not named: who reads their names would mend them


def test_no_family_is_on_both_sides():
    assert not {run.family for run in set_aside()} & {run.family for run in development()}


def test_the_draw_cannot_be_changed_unnoticed():
    assert [is_set_aside(name) for name in "abcdef"] == DRAWN
