import pytest

from .scoring import Answer, Share, f1_by_cause, macro_f1, resampled


def answer(truth, said, acceptable=(), outcomes=("stuck", "stuck")):
    return Answer("run", truth, acceptable, said, *outcomes)


@pytest.mark.parametrize(
    ("right", "n", "low", "high"), [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (81, 263, 0.255, 0.366)]
)
def test_the_interval_is_that_of_wilson(right, n, low, high):
    assert Share(right, n).ci95 == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_nothing_measured_says_nothing():
    assert Share(0, 0).value is None
    assert Share(0, 0).ci95 == (0.0, 1.0)


def test_an_undecided_answer_lowers_recall_and_accuses_nobody():
    answers = [answer("none", "none"), answer("none", "inconclusive"), answer("silent-error", "silent-error")]
    assert f1_by_cause(answers) == {"none": pytest.approx(2 / 3), "silent-error": 1.0}


def test_a_wrong_answer_lowers_both_causes():
    answers = [answer("none", "silent-error"), answer("silent-error", "silent-error")]
    assert f1_by_cause(answers) == {"none": 0.0, "silent-error": pytest.approx(2 / 3)}
    assert macro_f1(answers) == pytest.approx(1 / 3)


def test_an_acceptable_answer_counts_as_the_truth():
    given = answer("silent-error", "none", ("none",), ("false-completion", "completed"))
    assert given.is_right
    assert given.credited == "silent-error"
    assert given.is_outcome_right


def test_resampling_is_the_same_each_time():
    answers = [answer("none", "none"), answer("none", "silent-error"), answer("silent-error", "none")] * 5
    assert resampled(answers, macro_f1) == resampled(answers, macro_f1)
