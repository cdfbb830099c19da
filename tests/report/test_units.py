from datetime import UTC, datetime

import pytest

from diagnose.report import units

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (0.25, "0.2 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (90, "1 min 30 s"),
        (17_360, "4 h 49 min"),
        (86_400, "1 d"),
        (864_000 + 7_200, "10 d 2 h"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds, words):
    assert units.duration(seconds) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (104_857_600, "100.0 MiB"), (2**70, "1,024.0 EiB")],
)
def test_a_size_is_told_in_the_unit_that_fits(count, words):
    assert units.size(count) == words


def test_one_is_not_many():
    assert (units.plural(1, "line"), units.plural(2, "line"), units.plural(1000, "line")) == (
        "1 line",
        "2 lines",
        "1,000 lines",
    )


def test_a_moment_is_told_the_same_in_every_locale():
    assert units.stamp(NOON) == "20 Nov 2026, 12:00:00 UTC"


def test_a_span_over_midnight_names_both_days():
    assert units.span(NOON, NOON.replace(day=21)) == "20 Nov 2026, 12:00 to 21 Nov 2026, 12:00 UTC"


def test_what_is_left_out_is_counted():
    assert units.shown([1, 2, 3], 2) == units.Shown((1, 2), "… and 1 more")


def test_what_the_record_left_out_is_counted_too():
    assert units.shown([1, 2, 3], 2, total=4000).more == "… and 3,998 more"


def test_nothing_more_is_said_of_a_whole_list():
    assert units.shown([1, 2], 2).more is None


def test_a_distance_names_its_direction():
    assert units.distance(NOON, NOON.replace(hour=13), "the capture") == "1 h before the capture"
    assert units.distance(NOON.replace(hour=13), NOON, "the capture") == "1 h after the capture"
