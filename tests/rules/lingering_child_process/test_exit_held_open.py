from building import STD_LOG, WRAPPER, iso, moment, run_row
from judging import answer, blob, every, execution_ended, exited, finding, spawned, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_process.exit_held_open import exit_held_open

WORK = every(range(1, 10), "opgave {n} klaar")
HELD = {STD_LOG: WORK, WRAPPER: spawned() + exited(10)}


def test_an_exit_that_does_not_end_the_execution_for_hours_is_held_open():
    assert verdict(run_row(), logs=HELD) == ("lingering-child-process", "held-output-pipe", "supported")


def test_it_is_inferred_and_so_never_established():
    assert exit_held_open.inferred
    assert finding(exit_held_open, run_row(), logs=HELD).certainty < Certainty.ESTABLISHED


def test_a_capture_minutes_after_the_exit_decides_nothing():
    assert answer(exit_held_open, run_row(), logs=HELD, captured_at=moment(15)) == "clear"


def test_an_execution_that_ended_is_not_held():
    logs = {STD_LOG: WORK, WRAPPER: spawned() + exited(10) + execution_ended(10)}
    assert answer(exit_held_open, run_row(), logs=logs) == "clear"


def test_a_launcher_whose_child_still_writes_holds_nothing():
    written = [blob(f"deel_{n}.bin", minute=n) for n in range(10, 360, 10)]
    assert answer(exit_held_open, run_row(), logs=HELD, outputs=written) == "clear"


def test_a_run_that_the_service_has_closed_is_not_held():
    assert answer(exit_held_open, run_row("Completed", ended_at=iso(300)), logs=HELD) == "clear"


def test_without_the_runtimes_log_nobody_looked():
    assert answer(exit_held_open, run_row(), parts={"logs": "denied"}) == "not checked"
