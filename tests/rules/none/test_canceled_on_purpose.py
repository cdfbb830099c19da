from building import iso, line, run_row
from judging import answer, canceled, cause, completed, every, verdict

from diagnose.rules.none.canceled_on_purpose import canceled_on_purpose

ASKED = canceled(cancel={"by": "Marieke", "reason": "verkeerde dataset"})
WORK = every(range(60), "stap {n}")


def test_a_run_that_was_well_until_somebody_canceled_it_has_nothing_wrong():
    assert verdict(ASKED, logs=WORK) == ("none", "canceled-by-user", "supported")


def test_a_failure_in_the_log_is_not_canceled_away():
    log = (
        WORK
        + line(59.9, "ERROR gewichten niet geladen: bestand ontbreekt")
        + "".join("x\n" for _ in range(9))
    )
    assert answer(canceled_on_purpose, ASKED, logs=log) == "clear"


def test_a_run_that_had_fallen_silent_was_not_well():
    assert answer(canceled_on_purpose, ASKED, logs=every(range(9), "stap {n}")) == "clear"


def test_a_run_that_only_tried_again_was_not_well():
    log = WORK + every([59.1, 59.3, 59.5, 59.7, 59.9], "register 503, retrying")
    assert answer(canceled_on_purpose, ASKED, logs=log) == "clear"


def test_a_cancellation_that_nobody_asked_for_is_not_on_purpose():
    assert answer(canceled_on_purpose, canceled(), logs=WORK) == "clear"


def test_a_cancellation_for_the_time_limit_is_the_limits():
    run = canceled(timeout_s=3600, cancel={"reason": "Job exceeded the maximum run time", "by": None})
    assert cause(run, logs=WORK) == "resource-kill"


def test_a_run_that_completed_was_not_canceled():
    run = completed(cancel={"by": "Marieke"})
    assert answer(canceled_on_purpose, run, logs=WORK) == "clear"


def test_a_log_that_was_not_read_whole_leaves_it_open():
    given = {"logs": WORK, "log_rows": {"user_logs/std_log.txt": {"captured": "tail"}}}
    assert answer(canceled_on_purpose, ASKED, **given) == "clear"


def test_without_a_log_nobody_looked():
    assert answer(canceled_on_purpose, ASKED) == "not checked"
    assert cause(run_row("Canceled", ended_at=iso(60))) == "inconclusive"
