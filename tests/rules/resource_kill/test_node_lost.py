import pytest
from building import STD_LOG, WRAPPER, iso, run_row
from judging import answer, cause, every, exited, points, runtime, spawned, verdict

from diagnose.rules.resource_kill.node_lost import node_lost

WORK = every(range(1, 121), "étape {n}")


def logs(until=120, more=""):
    ticks = "".join(runtime(n, "failed to inject span context to grpc request") for n in range(1, until))
    return {STD_LOG: WORK, WRAPPER: spawned() + ticks + more}


def test_a_heartbeat_that_stopped_with_everything_on_the_node():
    assert verdict(run_row(heartbeat_at=iso(120)), logs=logs()) == ("resource-kill", "node-lost", "supported")


def test_the_services_word_that_the_node_does_not_answer():
    assert verdict(run_row("NotResponding"), logs=logs()) == ("resource-kill", "node-lost", "supported")


def test_a_heartbeat_that_nobody_recorded_tells_nothing():
    assert answer(node_lost, run_row(), logs=logs()) == "clear"


def test_a_fresh_heartbeat_is_a_living_node():
    assert answer(node_lost, run_row(heartbeat_at=iso(359)), logs=logs()) == "clear"


def test_a_runtime_that_still_ticks_is_a_living_node():
    assert answer(node_lost, run_row(heartbeat_at=iso(120)), logs=logs(until=358)) == "clear"


def test_work_that_went_on_after_the_heartbeat_was_done_on_a_living_node():
    given = {"logs": logs(), "metrics": points(range(1, 200))}
    assert answer(node_lost, run_row(heartbeat_at=iso(120)), **given) == "clear"


def test_metrics_that_still_come_outlive_any_heartbeat():
    given = {"logs": logs(), "metrics": points(range(1, 360))}
    assert cause(run_row(heartbeat_at=iso(120)), **given) == "still-working"


def test_a_process_whose_end_is_recorded_was_not_lost():
    assert answer(node_lost, run_row(heartbeat_at=iso(120)), logs=logs(more=exited(119))) == "clear"


@pytest.mark.parametrize("status", ["Completed", "Failed", "Queued"])
def test_only_an_open_run_keeps_a_lost_node(status):
    assert answer(node_lost, run_row(status, heartbeat_at=iso(120)), logs=logs()) == "clear"
