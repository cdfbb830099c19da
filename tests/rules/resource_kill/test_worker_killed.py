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


@pytest.mark.parametrize(
    "words",
    [
        "ERROR:torch.distributed.elastic.multiprocessing.api:failed (exitcode: -9) local_rank: 1 (pid: 881) of binary: python\n",
        "  traceback : Signal 9 (SIGKILL) received by PID 881\n",
        TRACE
        + "torch.multiprocessing.spawn.ProcessExitedException: process 1 terminated with signal SIGKILL\n",
        TRACE
        + "joblib.externals.loky.process_executor.TerminatedWorkerError: A worker process managed by the executor was unexpectedly terminated. The exit codes of the workers are {SIGKILL(-9)}\n",
        "Killed\n",
    ],
)
def test_a_last_word_of_signal_9_is_a_suspicion_and_with_the_exit_code_more(words):
    for run in (failed(exit_code=1), run_row(None)):
        assert finding(worker_killed, run, logs=WORK + words).certainty is Certainty.SUSPECTED
    assert finding(worker_killed, failed(exit_code=137), logs=WORK + words).certainty is Certainty.SUPPORTED


@pytest.mark.parametrize(
    "words",
    [
        TRACE + "RuntimeError: DataLoader worker (pid 3177) is killed by signal: Aborted. \n",
        TRACE
        + "joblib.externals.loky.process_executor.TerminatedWorkerError: A worker process managed by the executor was unexpectedly terminated. The exit codes of the workers are {SIGTERM(-15)}\n",
        "aja.sh: line 4: 10512 Terminated              python opeta.py\n",
        "aja.sh: line 4: 10512 Aborted                 (core dumped) python opeta.py\n",
    ],
)
def test_an_abort_and_a_request_to_end_are_other_stories(words):
    assert answer(worker_killed, failed(exit_code=1), logs=WORK + words) == "clear"


def test_ranks_that_the_launcher_killed_after_another_failed_are_an_echo():
    launcher = (
        "WARNING:torch.distributed.elastic.multiprocessing.api:Sending process 882 closing signal SIGTERM\n"
    )
    killed = "ERROR:torch.distributed.elastic.multiprocessing.api:failed (exitcode: -9) local_rank: 1 (pid: 881) of binary: python\n"
    log = WORK + TRACE + "KeyError: 'paino'\n" + launcher + "suljetaan\nsuljettu\n" + killed
    assert cause(failed(exit_code=1), logs=log) == "loud-failure"


def test_work_after_it_shows_that_it_was_got_over():
    words = "ERROR:torch.distributed.elastic.multiprocessing.api:failed (exitcode: -9) local_rank: 1 (pid: 881) of binary: python\n"
    log = WORK + words + every(range(50, 58), "kierros {n}/90")
    assert answer(worker_killed, run_row(None), logs=log) == "not checked"


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
