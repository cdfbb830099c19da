import pytest
from building import iso, line
from judging import answer, blob, completed, every, failed, finding, points, record, verdict

from diagnose.rule import Certainty
from diagnose.rules.unflushed_metrics.metrics_behind_log import metrics_behind_log

LOG = every(range(50), "epoch {n} kész")


def test_a_log_that_counts_beyond_the_last_metric_lost_the_tail():
    found = verdict(completed(), logs=LOG, metrics=points(range(40)))
    assert found == ("unflushed-metrics", "buffered-tail-lost", "supported")


def test_soon_after_the_end_it_is_inconclusive_and_says_when_to_look_again():
    told = record(
        completed(ended_at=iso(355)), logs=LOG, metrics=points(range(40)), outputs=[blob("modell.bin")]
    )
    assert (told["cause"], told["certainty"]) == ("inconclusive", "none")
    assert "captured again in 5 minutes" in told["headline"]


def test_a_service_that_takes_long_by_its_own_points_is_given_longer():
    rows = [{**point, "ingested_at": iso(n + 15)} for n, point in enumerate(points(range(40)))]
    late, soon = completed(ended_at=iso(300)), completed(ended_at=iso(325))
    assert finding(metrics_behind_log, late, logs=LOG, metrics=rows).certainty is Certainty.SUPPORTED
    assert finding(metrics_behind_log, soon, logs=LOG, metrics=rows).certainty is Certainty.NONE


def test_what_was_logged_later_has_arrived_so_the_rest_is_lost_however_soon():
    rows = [*points(range(40)), {"name": "hő", "value": 51, "at": iso(60)}]
    found = finding(metrics_behind_log, completed(ended_at=iso(358)), logs=LOG, metrics=rows)
    assert found.certainty is Certainty.SUPPORTED


def test_a_tail_that_arrives_after_all_is_no_loss():
    run = completed(ended_at=iso(355))
    assert verdict(run, logs=LOG, metrics=points(range(50)), outputs=[blob("modell.bin")])[0] == "none"


def test_a_kill_for_memory_is_the_cause_and_the_lost_tail_its_evidence():
    log = LOG + "Out of memory: Killed process 31 (python)\n"
    told = record(failed(exit_code=137), logs=log, metrics=points(range(40)))
    assert (told["cause"], told["certainty"]) == ("resource-kill", "established")
    first = told["hypotheses"][0]["for"]
    assert "metric" in {piece["kind"] for piece in told["evidence"] if piece["id"] in first}


def test_a_lost_tail_does_not_tell_what_the_signal_was_sent_for():
    found = verdict(failed(exit_code=137), logs=LOG, metrics=points(range(40)))
    assert found == ("resource-kill", "host-out-of-memory", "suspected")


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


@pytest.mark.parametrize("words", ["tur {n} bitti", "[Durchgang {n}] Verlust", "sweep={n} ok"])
def test_any_word_that_counts_through_the_steps_and_on_is_a_suspicion(words):
    log = every(range(56), words)
    assert verdict(completed(), logs=log, metrics=points(range(40))) == (
        "unflushed-metrics",
        "buffered-tail-lost",
        "suspected",
    )


@pytest.mark.parametrize(
    "log",
    [
        every(range(56), "sweep {n}") + every(range(56, 59), "klaar {n}"),
        every(range(40), "sweep {n}") + every(range(56), "rij {n}"),
        every(range(56), "gemeten {n}0.5 graden"),
    ],
    ids=["few points", "another counter ends with the metrics", "a figure that is measured"],
)
def test_a_word_that_counts_something_else_accuses_nobody(log):
    metrics = points(range(6 if "klaar" in log else 40))
    assert answer(metrics_behind_log, completed(), logs=log, metrics=metrics) == "clear"
