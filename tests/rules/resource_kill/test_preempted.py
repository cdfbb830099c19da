import pytest
from building import STD_LOG, WRAPPER, run_row
from judging import answer, canceled, cause, completed, every, failed, record, runtime, spawned, verdict

from diagnose.rules.resource_kill.preempted import preempted

WORK = every(range(60), "kierros {n}")


def error(message, code="SystemError"):
    return {"error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    "message",
    [
        "The node was preempted by the scheduler",
        "Node tvmps_9f was lost: heartbeat not received",
        "The low-priority nodes of this job were evicted",
    ],
)
def test_the_platforms_words_for_a_node_that_went_are_established(message):
    assert verdict(failed(**error(message)), logs=WORK) == ("resource-kill", "preempted", "established")


def test_the_run_was_cut_short():
    assert record(failed(**error("The node was preempted")), logs=WORK)["outcome"] == "cut-short"


def test_the_runtimes_own_line_is_enough():
    logs = {STD_LOG: WORK, WRAPPER: spawned() + runtime(59, "Received preempt notice from the host")}
    assert answer(preempted, failed(), logs=logs) == "found"


def test_the_line_of_a_dedicated_node_that_is_not_polled_is_harmless():
    logs = {STD_LOG: WORK, WRAPPER: runtime(1, "not polling for preemption: dedicated node")}
    assert answer(preempted, failed(exit_code=1), logs=logs) == "clear"


def test_a_users_log_may_talk_of_preemption():
    log = WORK + "the nodes were preempted in the simulation\n"
    assert cause(failed(exit_code=1), logs=log) == "loud-failure"


def test_a_persons_reason_for_a_cancellation_is_no_word_of_the_platform():
    run = canceled(cancel={"by": "Aino", "reason": "low priority for us right now"})
    assert cause(run, logs=WORK) == "none"


def test_a_run_that_was_requeued_and_completed_lost_nothing():
    run = completed(warnings=[{"message": "Attempt 1 was preempted; the run was requeued"}])
    assert answer(preempted, run, logs=WORK) == "clear"


def test_a_user_error_that_the_service_quotes_is_not_the_platforms():
    message = "User process 'python' exited with status code 1: the node was lost in the graph"
    assert answer(preempted, failed(exit_code=1, **error(message, "UserError")), logs=WORK) == "clear"


def test_without_the_run_nobody_looked():
    assert answer(preempted, None, logs=WORK) == "not checked"
    assert answer(preempted, run_row(), logs=WORK) == "clear"


def test_where_nobody_says_how_it_ended_the_last_words_of_the_runtime_do():
    said = "AzureMLCompute job failed. PreemptionError: Nodes of this job got pre-empted.\n"
    path = "logs/azureml/stderrlogs.txt"
    assert answer(preempted, run_row(None), logs={path: said}) == "found"
    assert answer(preempted, run_row(None), logs={path: said + "attempt two begins\n" * 30}) == "not checked"


def test_a_node_that_went_after_the_process_had_ended_took_nothing():
    words = error("The node agent lost its connection; the node was lost while the job was released")
    assert answer(preempted, failed(exit_code=0, **words), logs=WORK) == "clear"
