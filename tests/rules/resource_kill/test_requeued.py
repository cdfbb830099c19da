from building import iso, run_row
from judging import answer, verdict

from diagnose.rules.resource_kill.requeued import requeued


def history(*changes):
    return [{"status": status, "at": iso(minute)} for status, minute in changes]


BACK = history(("Queued", 1), ("Running", 5), ("Queued", 90))


def test_a_run_that_went_back_into_the_queue_lost_its_node():
    run = run_row("Queued", status_history=BACK)
    assert verdict(run)[:2] == ("resource-kill", "requeued")


def test_low_priority_and_a_second_attempt_speak_for_it():
    run = run_row("Queued", status_history=BACK, compute={"priority": "low"})
    logs = {
        "system_logs/lifecycler/retry_001/lifecycler.log": "x\n",
        "system_logs/lifecycler/lifecycler.log": "x\n",
    }
    assert verdict(run, logs=logs) == ("resource-kill", "requeued", "supported")


def test_a_run_that_has_never_begun_only_waits():
    run = run_row("Queued", status_history=history(("Preparing", 1), ("Queued", 5)))
    assert answer(requeued, run) == "clear"


def test_a_run_that_is_at_work_again_waits_no_longer():
    run = run_row("Running", status_history=[*BACK, *history(("Running", 100))])
    assert answer(requeued, run) == "clear"
