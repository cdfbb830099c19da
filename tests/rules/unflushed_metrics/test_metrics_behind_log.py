import pytest
from building import iso, line
from judging import answer, completed, every, failed, finding, points, verdict

from diagnose.rule import Certainty
from diagnose.rules.unflushed_metrics.metrics_behind_log import metrics_behind_log

LOG = every(range(50), "epoch {n} kész")


def test_a_log_that_counts_beyond_the_last_metric_lost_the_tail():
    found = verdict(completed(), logs=LOG, metrics=points(range(40)))
    assert found == ("unflushed-metrics", "buffered-tail-lost", "supported")


def test_soon_after_the_end_ingestion_may_lag():
    run = completed(ended_at=iso(355))
    found = finding(metrics_behind_log, run, logs=LOG, metrics=points(range(40)))
    assert (found.certainty, len(found.missing)) == (Certainty.SUSPECTED, 1)


def test_a_process_that_ends_without_its_exit_handlers_is_named():
    code = {"tanit.py": "import os\ntanit()\nos._exit(0)\n"}
    pieces = finding(metrics_behind_log, completed(), logs=LOG, metrics=points(range(40)), code=code).evidence
    assert [piece.source.line for piece in pieces if piece.kind == "code"] == [3]


def test_metrics_that_are_logged_every_so_many_steps_lost_nothing():
    assert answer(metrics_behind_log, completed(), logs=LOG, metrics=points(range(0, 50, 5))) == "clear"


def test_an_inner_counter_that_starts_again_is_not_the_metrics_own():
    log = "".join(line(n, f"epoch {n}") + every(range(n, n + 1), "batch 100") for n in range(30))
    assert answer(metrics_behind_log, completed(), logs=log, metrics=points(range(30))) == "clear"


def test_another_counter_of_the_log_is_not_the_metrics_own():
    log = every(range(40), "trial {n}") + every(range(40, 55), "round {n}0")
    assert answer(metrics_behind_log, completed(), logs=log, metrics=points(range(40))) == "clear"


def test_metrics_that_were_not_all_collected_prove_nothing_by_their_end():
    given = {"logs": LOG, "metrics": points(range(20)), "parts": {"metrics": "partial"}}
    assert answer(metrics_behind_log, completed(), **given) == "clear"


def test_a_counter_with_a_stride_wider_than_the_metrics_is_still_theirs():
    log = every(range(0, 500, 10), "step {n}")
    assert answer(metrics_behind_log, completed(), logs=log, metrics=points(range(399))) == "found"


def test_a_failed_run_lost_its_tail_and_that_is_no_second_cause():
    assert verdict(failed(exit_code=1), logs=LOG, metrics=points(range(40)))[0] == "loud-failure"


@pytest.mark.parametrize("fields", [{"logs": LOG}, {"metrics": points(range(40))}])
def test_without_the_metrics_or_the_log_nobody_looked(fields):
    assert answer(metrics_behind_log, completed(), **fields) == "not checked"


def test_where_a_counter_ends_with_the_metrics_a_longer_one_is_not_theirs():
    log = every(range(40), "epoch {n}") + every(range(56), "round {n}")
    assert answer(metrics_behind_log, completed(), logs=log, metrics=points(range(40))) == "clear"


def test_the_clients_own_report_of_a_refusal_makes_it_sure():
    log = LOG + line(60, "Metrics Client: _execute_with_workspace_run_arguments failed , retrying it")
    found = finding(metrics_behind_log, completed(), logs=log, metrics=points(range(40)))
    assert (found.mechanism, found.certainty) == ("posts-refused", Certainty.ESTABLISHED)


def test_a_refusal_that_was_made_up_for_makes_nothing_sure():
    refused = line(10, "Metrics Client: _execute_with_workspace_run_arguments failed , retrying it")
    log = every(range(10), "epoch {n} kész") + refused + every(range(10, 50), "epoch {n} kész")
    found = finding(metrics_behind_log, completed(), logs=log, metrics=points(range(40)))
    assert (found.mechanism, found.certainty) == ("buffered-tail-lost", Certainty.SUPPORTED)


def test_a_refusal_after_which_all_points_came_is_no_loss():
    log = LOG + line(60, "Metrics Client: _execute_with_workspace_run_arguments failed , retrying it")
    assert answer(metrics_behind_log, completed(), logs=log, metrics=points(range(50))) == "clear"
