import pytest
from building import line
from judging import answer, blob, completed, every, failed, verdict

from diagnose.rules.silent_error.killed_worker_missed import killed_worker_missed

WORK = every(range(1, 20), "korak {n} gotov")
LATER = every(range(21, 30), "korak {n} gotov")
GONE = "RuntimeError: DataLoader worker (pid(s) 431) exited unexpectedly"


@pytest.mark.parametrize(
    "text",
    [
        GONE,
        "DataLoader worker (pid 431) is killed by signal: Killed.",
        "concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated abruptly",
        "distributed.scheduler.KilledWorker: ('x', 4)",
        "A worker died or was killed while executing a task",
    ],
)
def test_a_library_that_misses_a_worker_is_supported_by_the_status(text):
    log = WORK + line(20, text) + LATER
    found = verdict(completed(), logs=log, outputs=[blob("ishod.bin")])
    assert found == ("silent-error", "worker-killed", "supported")


@pytest.mark.parametrize(
    "text",
    [
        GONE + "\nrestarting the loader",
        GONE + "\nretrying, attempt 2",
        "worker 3 finished",
        "all workers were told to end",
        "what to do when 'DataLoader worker (pid 4) exited unexpectedly' is printed?",
    ],
)
def test_workers_that_were_replaced_and_mere_talk_are_none(text):
    assert answer(killed_worker_missed, completed(), logs=WORK + line(20, text) + LATER) == "clear"


def test_a_worker_that_goes_with_the_interpreter_is_none():
    assert answer(killed_worker_missed, completed(), logs=WORK + line(20, GONE)) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    assert answer(killed_worker_missed, failed(), logs=WORK + line(20, GONE)) == "clear"


def test_without_logs_nobody_looked():
    assert answer(killed_worker_missed, completed(), outputs=[]) == "not checked"
