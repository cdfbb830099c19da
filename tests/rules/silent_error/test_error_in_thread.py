import pytest
from building import line, run_row
from judging import answer, cause, completed, every, failed, verdict

from diagnose.rules.silent_error.error_in_thread import error_in_thread

FRAMES = 'Traceback (most recent call last):\n  File "kirjoita.py", line 5, in tallenna\n    avaa(polku)\n'
DIED = f"Exception in thread Tallentaja-1:\n{FRAMES}PermissionError: polku on lukittu\n"
NEVER = f"Task exception was never retrieved\nfuture: <Task finished coro=<vie()>>\n{FRAMES}OSError: levy poissa\n"
WORK = every(range(1, 20), "kierros {n}")


@pytest.mark.parametrize("death", [DIED, NEVER])
def test_a_thread_that_died_unseen_in_a_completed_run_is_a_silent_error(death):
    found = verdict(completed(), logs=WORK + death + every(range(20, 50), "kierros {n}"))
    assert found == ("silent-error", "error-in-thread", "established")


def test_a_run_that_fell_silent_after_it_waits_for_it():
    assert cause(run_row(), logs=WORK + DIED) == "silent-error"


def test_a_run_that_worked_on_long_after_it_does_not_wait_for_it():
    log = WORK + DIED + every(range(20, 100), "kierros {n}")
    assert answer(error_in_thread, run_row(), logs=log) == "clear"


def test_a_death_before_the_first_stamp_is_not_followed_by_the_silence_after_the_last():
    assert answer(error_in_thread, run_row(), logs=DIED + every(range(30), "kierros {n}")) == "clear"


def test_a_worker_that_was_restarted_did_its_work():
    log = WORK + DIED + line(19.5, "restarting the worker") + every(range(20, 50), "kierros {n}")
    assert answer(error_in_thread, completed(), logs=log) == "clear"


@pytest.mark.parametrize(
    "error",
    ["ConnectionResetError: [Errno 104] reset", "BrokenPipeError: [Errno 32] pipe", "EOFError: loppu"],
)
def test_a_thread_that_loses_its_connection_at_the_end_is_teardown(error):
    log = WORK + f"Exception in thread seuranta:\n{FRAMES}{error}\n"
    assert answer(error_in_thread, completed(), logs=log) == "clear"


LIBRARY = 'Traceback (most recent call last):\n  File "/usr/lib/python3.11/threading.py", line 1038, in run\n    self.f()\n'


@pytest.mark.parametrize("error", ["ValueError: suljettu\n", ""])
def test_a_librarys_own_thread_at_the_very_end_is_teardown(error):
    log = WORK + f"Exception in thread Thread-4:\n{LIBRARY}{error}"
    assert answer(error_in_thread, completed(), logs=log) == "clear"


def test_a_librarys_own_thread_that_the_silence_follows_is_a_suspicion():
    log = WORK + f"Exception in thread Thread-4:\n{LIBRARY}ValueError: rikki\n"
    assert verdict(run_row(), logs=log) == ("silent-error", "error-in-thread", "suspected")


def test_an_exception_that_the_log_does_not_name_is_a_suspicion():
    log = WORK + f"Exception in thread Thread-4:\n{FRAMES}"
    assert verdict(completed(), logs=log)[1:] == ("error-in-thread", "suspected")


CHILD = f"Process SpawnProcess-3:\n{FRAMES}PermissionError: polku on lukittu\n"


def test_the_death_of_a_process_establishes_nothing():
    found = verdict(completed(), logs=WORK + CHILD + every(range(20, 50), "kierros {n}"))
    assert (found[0], found[2] == "established") == ("silent-error", False)


def test_a_rank_is_no_forgotten_thread():
    frame = '  File "/opt/lib/python3.11/site-packages/torch/distributed/rendezvous.py", line 9, in init\n    go()\n'
    log = WORK + f"Process SpawnProcess-3:\n{FRAMES}{frame}RuntimeError: yhteys katkesi\n"
    assert answer(error_in_thread, run_row(), logs=log) == "clear"


def test_a_worker_that_somebody_stopped_did_not_err():
    log = WORK + f"Process ForkProcess-2:\n{FRAMES}KeyboardInterrupt\n"
    assert answer(error_in_thread, completed(), logs=log) == "clear"


def test_a_worker_that_is_cut_off_beside_one_that_somebody_stopped_did_not_err():
    log = (
        WORK + f"{FRAMES}KeyboardInterrupt\n" + every([19.5], "loppu") * 4 + f"Process Process-3:2:\n{FRAMES}"
    )
    assert answer(error_in_thread, completed(), logs=log) == "clear"


POLLS = every([n / 2 for n in range(42, 720)], "odotan tallentajaa")


def test_a_main_thread_that_says_one_thing_ever_since_waits_for_the_dead():
    found = verdict(run_row(), logs=WORK + every([20, 20.5], "odotan tallentajaa") + DIED + POLLS)
    assert found == ("silent-error", "error-in-thread", "supported")


def test_a_main_thread_that_did_other_things_since_does_not():
    log = WORK + DIED + every(range(21, 30), "kierros {n}") + POLLS
    assert answer(error_in_thread, run_row(), logs=log) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    assert answer(error_in_thread, failed(exit_code=1), logs=WORK + DIED) == "clear"


def test_javas_main_thread_is_the_program_itself():
    log = (
        WORK
        + 'Exception in thread "main" java.lang.IllegalStateException: tyhjä\n\tat Ajo.main(Ajo.java:3)\n'
    )
    assert verdict(completed(), logs=log)[1] != "error-in-thread"


def test_without_logs_nobody_looked():
    assert answer(error_in_thread, completed()) == "not checked"
