from building import LIFECYCLER, STD_LOG, WRAPPER, run_row
from judging import answer, runtime, spawned, verdict

from diagnose.rules.service_side.start_never_came import start_never_came

DATA = "system_logs/data_capability/data-capability.log"
WAITS = {LIFECYCLER: runtime(1, "connecting capabilities"), WRAPPER: runtime(1, "starting")}


def test_a_mount_that_does_not_end_keeps_the_process_from_its_start():
    logs = {**WAITS, DATA: "INFO 2026-11-20 08:02:00,000 session.py:60 [1] - mounting INPUT_sää\n"}
    assert verdict(run_row(), logs=logs) == ("service-side", "mount-waits", "supported")


def test_without_a_mount_nobody_knows_what_it_waits_for():
    assert verdict(run_row(), logs=WAITS)[:2] == ("service-side", "start-waits")


def test_a_process_that_was_started_is_at_work():
    assert answer(start_never_came, run_row(), logs={**WAITS, WRAPPER: spawned()}) == "clear"


def test_a_log_of_the_user_shows_that_it_was_started():
    assert answer(start_never_came, run_row(), logs={**WAITS, STD_LOG: "alkaa\n"}) == "clear"


def test_logs_that_were_not_read_whole_may_hold_the_start():
    rows = {WRAPPER: {"captured": "head", "omitted_bytes": 90}}
    assert answer(start_never_came, run_row(), logs=WAITS, log_rows=rows) == "clear"


def test_the_first_minutes_of_a_run_are_no_wait():
    run = run_row(started_at="2026-11-20T13:50:00Z")
    assert answer(start_never_came, run, logs=WAITS) == "clear"


def test_a_failed_run_waits_no_longer():
    assert answer(start_never_came, run_row("Failed"), logs=WAITS) == "clear"


def test_the_services_own_log_tells_what_failed_meanwhile():
    logs = {
        **WAITS,
        "logs/azureml/stderrlogs.txt": "AzureMLCompute job failed. AZFMountError: Could not mount\n",
    }
    assert verdict(run_row(), logs=logs) == ("service-side", "mount-failed", "supported")
