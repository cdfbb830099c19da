import pytest
from judging import answer, completed, failed, points, verdict

from diagnose.rules.silent_error.values_not_finite import values_not_finite

FINITE = points(range(10), "kayip")


def lost(minutes, value="NaN"):
    return points(minutes, "kayip", value=value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_a_series_that_ends_in_no_numbers_is_a_silent_error(value):
    found = verdict(completed(), logs="ok\n", metrics=[*FINITE, *lost(range(10, 20), value)])
    assert found == ("silent-error", "values-not-finite", "supported")


@pytest.mark.parametrize(
    "metrics",
    [
        [*lost(range(5)), *points(range(5, 20), "kayip")],
        [*FINITE, *lost(range(10, 11))],
        [*FINITE, *lost(range(10, 12))],
        lost(range(20)),
        [*FINITE, *lost(range(10, 15)), *points(range(15, 20), "kayip")],
        [],
    ],
)
def test_an_undefined_beginning_or_a_single_undefined_point_is_none(metrics):
    assert answer(values_not_finite, completed(), metrics=metrics) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    assert answer(values_not_finite, failed(), metrics=[*FINITE, *lost(range(10, 20))]) == "clear"


def test_without_metrics_nobody_looked():
    assert answer(values_not_finite, completed(), parts={"metrics": "denied"}) == "not checked"
