import pytest
from building import STD_LOG, WRAPPER, iso, line, run_row
from judging import answer, canceled, cause, every, exited, failed, finding, runtime, spawned, verdict

from diagnose.rule import Certainty
from diagnose.rules.resource_kill.out_of_memory import out_of_memory

WORK = every(range(1, 60), "iterazione {n}")
TRACE = 'Traceback (most recent call last):\n  File "adatta.py", line 7, in <module>\n    passo()\n'


@pytest.mark.parametrize(
    "words",
    [
        "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 3.10 GiB",
        "MemoryError: Unable to allocate 90 GiB",
        "MemoryError",
    ],
)
def test_a_failure_for_want_of_memory_that_ends_the_log_is_one(words):
    found = verdict(failed(exit_code=1), logs=WORK + TRACE + f"{words}\n")
    assert found == ("resource-kill", "out-of-memory", "established")


def test_the_kernels_words_in_the_runtimes_log_are_direct():
    logs = {
        STD_LOG: WORK,
        WRAPPER: spawned() + runtime(55, "kernel: Out of memory: Killed process 31 (python)"),
    }
    assert verdict(failed(), logs=logs) == ("resource-kill", "out-of-memory", "established")


@pytest.mark.parametrize("code", [137, -9])
def test_signal_9_alone_is_a_suspicion(code):
    assert finding(out_of_memory, failed(exit_code=code), logs=WORK).certainty is Certainty.SUSPECTED


def test_an_exit_code_from_the_runtime_counts_like_the_services():
    logs = {STD_LOG: WORK, WRAPPER: spawned() + exited(58, -9)}
    assert answer(out_of_memory, failed(), logs=logs) == "found"


def test_a_smaller_batch_with_which_the_run_went_on_did_not_end_it():
    log = (
        line(0.5, "CUDA out of memory, riprovo con lotto 8 (retrying)") + WORK + TRACE + "KeyError: 'peso'\n"
    )
    assert cause(failed(exit_code=1), logs=log) == "loud-failure"


def test_a_text_that_names_the_error_did_not_end_it():
    log = (
        WORK + line(59, "INFO guida: OutOfMemoryError si evita con lotti piccoli") + TRACE + "ValueError: x\n"
    )
    assert cause(failed(exit_code=1), logs=log) == "loud-failure"


def test_signal_9_of_a_cancellation_is_none():
    run = canceled(exit_code=137, cancel={"by": "Ada"})
    assert answer(out_of_memory, run, logs=WORK) == "clear"


def test_the_users_words_that_the_service_quotes_are_not_the_platforms():
    message = "User process 'python' exited with status code 1. Traceback (most recent call last): oom never"
    run = failed(exit_code=1, error={"code": "UserError", "message": message})
    assert answer(out_of_memory, run, logs=WORK + TRACE + "KeyError: 'peso'\n") == "clear"


@pytest.mark.parametrize("status", ["Running", "Completed"])
def test_a_run_that_did_not_fail_was_not_ended_by_it(status):
    run = run_row(status, ended_at=iso(60))
    assert answer(out_of_memory, run, logs=WORK + "MemoryError\n") == "clear"


def test_without_a_log_the_platforms_word_is_enough():
    run = failed(error={"code": "OutOfMemory", "message": "The container was killed: out of memory"})
    assert answer(out_of_memory, run) == "found"
