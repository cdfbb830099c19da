import pytest
from building import run_row
from judging import answer, canceled, cause, every, failed, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.resource_kill.worker_killed import worker_killed

WORK = every(range(1, 50), "kierros {n}")
TRACE = 'Traceback (most recent call last):\n  File "opeta.py", line 7, in <module>\n    askel()\n'


@pytest.mark.parametrize(
    "words",
    [
        TRACE + "RuntimeError: DataLoader worker (pid 3177) is killed by signal: Killed. \n",
        TRACE + "RuntimeError: DataLoader worker (pid(s) 3177, 3178) is killed by signal: Killed. \n",
        TRACE + "subprocess.CalledProcessError: Command '['xz']' died with <Signals.SIGKILL: 9>.\n",
        "aja.sh: line 4: 10512 Killed                  python opeta.py\n",
    ],
)
def test_a_worker_that_was_killed_ended_the_run(words):
    told = verdict(failed(exit_code=1), logs=WORK + words)
    assert told == ("resource-kill", "worker-killed", "suspected")


def test_a_worker_that_was_replaced_did_not_end_the_run():
    said = "[1] Worker (pid:88) was sent SIGKILL! Perhaps out of memory?\n"
    assert cause(failed(exit_code=1), logs=said + WORK + TRACE + "KeyError: 'paino'\n") == "loud-failure"


def test_another_signal_is_another_story():
    words = TRACE + "RuntimeError: DataLoader worker (pid 3177) is killed by signal: Segmentation fault. \n"
    assert answer(worker_killed, failed(exit_code=1), logs=WORK + words) == "clear"


@pytest.mark.parametrize("run", [run_row("Completed"), run_row(), canceled()])
def test_a_run_that_did_not_fail_was_not_ended_by_it(run):
    words = "aja.sh: line 4: 10512 Killed                  python opeta.py\n"
    assert answer(worker_killed, run, logs=WORK + words) == "clear"


def test_who_sent_the_signal_stays_a_suspicion():
    words = TRACE + "subprocess.CalledProcessError: Command '['xz']' died with <Signals.SIGKILL: 9>.\n"
    found = finding(worker_killed, failed(exit_code=1), logs=WORK + words)
    assert found.certainty is Certainty.SUSPECTED


def test_without_the_log_the_services_quotation_of_its_end_is_enough():
    message = "User process 'python' exited with status code 1. Error: RuntimeError: DataLoader worker (pid(s) 98) exited unexpectedly"
    run = failed(exit_code=1, error={"code": "UserError", "message": message})
    assert answer(worker_killed, run) == "found"
    assert answer(worker_killed, run, logs=WORK + TRACE + "RuntimeError: väärä signaali\n") == "clear"
