import pytest
from building import line
from judging import answer, cause, completed, every, failed, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.silent_error.memory_carried_on import memory_carried_on

WORK = every(range(2, 50), "oblast {n} hotova")
TRACE = 'Traceback (most recent call last):\n  File "mapy.py", line 7, in kresli\n    body = bytearray(n)\n'


@pytest.mark.parametrize(
    ("words", "whose"),
    [
        (line(1, "ERROR oblast 3 se nepovedla") + TRACE + "MemoryError\n", "host"),
        (
            line(1, "ERROR trenink: CUDA out of memory. Tried to allocate 58.00 MiB (GPU 0; 4 GiB total)"),
            "device",
        ),
        (
            "Steps:  50%|#####     | 1/2 [01:17<01:17] Chyba: CUDA out of memory. Tried to allocate 58.00 MiB\n",
            "device",
        ),
    ],
)
def test_memory_that_ran_out_under_a_completed_run_is_a_silent_error(words, whose):
    found = verdict(completed(), logs=words + WORK)
    assert found == ("silent-error", f"{whose}-out-of-memory", "supported")


def test_a_warning_of_it_is_a_suspicion():
    words = line(1, "WARNING mapy: numpy.core._exceptions._ArrayMemoryError: Unable to allocate 3 GiB")
    assert finding(memory_carried_on, completed(), logs=words + WORK).certainty is Certainty.SUSPECTED


@pytest.mark.parametrize(
    "answered",
    [
        "CUDA out of memory. Tried to allocate 2 GiB, retrying with 8\n",
        "CUDA out of memory. Tried to allocate 2 GiB\nDecreasing batch size to: 8\n",
        "CUDA out of memory. Tried to allocate 2 GiB\nbatch_size = 16\n",
        "CUDA out of memory. Tried to allocate 2 GiB\nattempting to recover, skipping batch\n",
        "CUDA out of memory. Tried to allocate 2 GiB\nfalling back to the CPU\n",
    ],
)
def test_a_smaller_attempt_made_up_for_it(answered):
    assert answer(memory_carried_on, completed(), logs=line(1, "x").rstrip() + answered + WORK) == "clear"


def test_a_traceback_under_a_record_of_another_attempt_made_up_for_it():
    words = line(1, "WARNING mapy oblast 3: trying again in two halves") + TRACE + "MemoryError\n"
    assert cause(completed(), logs=words + WORK) != "silent-error"


@pytest.mark.parametrize(
    "text",
    [
        "sample: text='CUDA out of memory, what now' label=3",
        "-XX:+ExitOnOutOfMemoryError",
        "oom-kill 0",
        "INFO rada: torch.OutOfMemoryError se obejde bez pameti",
        "CUDA out of memory is no stranger here",
    ],
)
def test_talk_of_it_is_none(text):
    assert answer(memory_carried_on, completed(), logs=line(1, text) + WORK) == "clear"


def test_a_run_that_ended_by_it_has_another_cause():
    log = WORK + TRACE + "MemoryError\n"
    assert answer(memory_carried_on, failed(exit_code=1), logs=log) == "clear"


def test_without_logs_nobody_looked():
    assert answer(memory_carried_on, completed()) == "not checked"
