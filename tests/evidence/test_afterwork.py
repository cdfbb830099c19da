import pytest
from building import DRIVER, STD_LOG, WRAPPER, fact, iso, line, missing, moment, run_row

from diagnose.evidence.afterwork import AfterWork, Sign

CODE = {"train.py": 'for n in range(9):\n    print(f"step {n}")\nprint("wrote the report")\n'}
WORK = "".join(line(n, f"step {n}") for n in range(1, 9)) + line(9, "wrote the report")
SPAWNED = (
    f"{moment(0.5):%Y-%m-%dT%H:%M:%SZ}  INFO execution_wrapper::execution: execution process spawned pid=15\n"
)
EXITED = (
    f"{moment(10):%Y-%m-%dT%H:%M:%SZ}  INFO Gathered execution result for rank 0 process_rank=0 exit_code=0\n"
)


def after(logs=WORK, run=None, **given):
    logs = {STD_LOG: logs} if isinstance(logs, str) else logs
    return fact(AfterWork, run or run_row(), logs=logs, **{"code": CODE, **given})


def metrics(*minutes):
    return [{"name": "loss", "value": 1.0, "at": iso(minute)} for minute in minutes]


def test_an_open_run_whose_main_flow_has_printed_its_last_lingers():
    found = after(captured_at=moment(120))
    assert ([sign for sign, _ in found.signs], found.ended_at, found.lingers) == (
        [Sign.SOURCE],
        moment(9),
        True,
    )


def test_just_after_its_last_line_a_run_does_not_linger():
    assert not after(captured_at=moment(10)).lingers


@pytest.mark.parametrize("status", ["Completed", "Failed", "Canceled", "Queued", "Hibernating", None])
def test_a_run_that_is_not_open_does_not_linger(status):
    found = after(run=run_row(status), captured_at=moment(120))
    assert (found.is_open, found.lingers) == (False, False)


def test_a_run_that_still_writes_outputs_does_not_linger():
    assert not after(metrics=metrics(*range(0, 121, 10)), captured_at=moment(121)).lingers


def test_a_run_whose_work_is_not_over_does_not_linger():
    assert not after("".join(line(n, f"step {n}") for n in range(1, 9)), captured_at=moment(300)).lingers


def test_the_runtime_that_saw_no_exit_says_so():
    assert after({STD_LOG: WORK, WRAPPER: SPAWNED}, captured_at=moment(120)).exit_unseen


def test_an_exit_that_did_not_end_the_execution_is_held():
    found = after({STD_LOG: WORK, WRAPPER: SPAWNED + EXITED}, captured_at=moment(120))
    assert (found.exit_held.number, found.is_open) == (2, True)


def test_an_execution_that_ended_closes_the_case():
    ended = (
        f"{moment(10):%Y-%m-%dT%H:%M:%SZ}  INFO execution_wrapper::execution: process execution completed\n"
    )
    assert not after({STD_LOG: WORK, WRAPPER: SPAWNED + EXITED + ended}, captured_at=moment(120)).is_open


def test_a_log_that_ticks_on_after_the_metrics_is_quoted_at_its_end():
    log = WORK + "".join(line(n, "heartbeat") for n in range(10, 121))
    found = after(log, metrics=metrics(*range(9)), captured_at=moment(121))
    assert [tick.text[-9:] for tick in found.ticks_on] == ["heartbeat"] * 3


def test_the_v1_driver_is_a_sign_of_its_own():
    log = "Preparing to call script [t.py]\n[2026-11-20T08:09:00] The experiment completed successfully. Finalizing run...\n"
    found = after({DRIVER: log}, code=None, captured_at=moment(120))
    assert [sign for sign, _ in found.signs] == [Sign.DRIVER]


def test_without_a_capture_time_nobody_knows_how_long_it_idles():
    found = after(captured_at=None)
    assert (found.idle_s, found.lingers) == (None, False)


def test_the_order_of_the_logs_decides_nothing():
    logs = {"user_logs/a.txt": WORK, "user_logs/b.txt": line(3, "up"), WRAPPER: SPAWNED}
    assert after(logs) == after(dict(reversed(logs.items())))


def test_it_is_missing_where_the_run_is():
    assert missing(AfterWork, logs=WORK) == "run.json is not in the bundle"


def test_it_is_missing_where_the_logs_are():
    assert missing(AfterWork, run_row()) == "they are not collected"
