import pytest
from building import line, run_row
from judging import answer, cause, every, failed, verdict

from diagnose.rules.distributed_hang.collective_timed_out import collective_timed_out

WORK = every(range(1, 20), "tur {n} bitti")
WATCHDOG = line(
    40, "[Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=77, OpType=ALLGATHER)"
)
STALL = line(20, "Stalled ranks: 3: [allreduce.gradyan]")
TRACE = 'Traceback (most recent call last):\n  File "egit.py", line 8, in <module>\n    adim(parti)\n'


def test_a_watchdogs_word_that_ends_a_failed_run_names_the_hang():
    assert verdict(failed(), logs=WORK + WATCHDOG) == (
        "distributed-hang",
        "collective-timeout",
        "established",
    )


def test_a_stalled_rank_before_a_long_silence_is_a_hang():
    assert cause(run_row(), logs=WORK + STALL) == "distributed-hang"


def test_a_stall_that_the_run_got_over_is_none():
    assert cause(run_row(), logs=WORK + STALL + every(range(21, 361), "tur {n} bitti")) == "still-working"


def test_a_setting_that_is_named_for_a_barrier_does_not_outweigh_the_error_that_ended_it():
    log = (
        line(1, "INFO monitoredBarrier açık") + WORK + TRACE + "ValueError: parti boyutu 7 ikiye bölünmüyor\n"
    )
    assert cause(failed(exit_code=1), logs=log) == "loud-failure"
    assert answer(collective_timed_out, failed(exit_code=1), logs=log) == "clear"


def test_the_ranks_that_lost_a_peer_are_echoes_of_the_rank_that_failed():
    failing = WORK + line(30, "geçersiz etiket") + TRACE + "AssertionError: etiket 12 sınıf sayısını aşıyor\n"
    echo = WORK + line(30.2, "RuntimeError: Connection closed by peer [10.0.0.6]:41021")
    logs = {"user_logs/std_log_process_0.txt": echo, "user_logs/std_log_process_2.txt": failing}
    assert cause(failed(exit_code=1), logs=logs) == "loud-failure"


def test_a_completed_run_did_not_hang():
    assert answer(collective_timed_out, run_row("Completed"), logs=WORK + WATCHDOG) == "clear"


def test_without_logs_nobody_looked():
    assert answer(collective_timed_out, failed()) == "not checked"


MESH = "RuntimeError: Gloo connectFullMesh failed with [pair.h:301] Connect timeout\n"


def test_ranks_that_never_met_say_so_in_their_librarys_words():
    assert verdict(failed(exit_code=1), logs=WORK + TRACE + MESH)[:2] == (
        "distributed-hang",
        "collective-timeout",
    )


def test_a_process_that_dies_after_the_word_is_its_echo():
    echo = "[E108 ProcessGroupGloo.cpp:143] " + MESH + "Process SpawnProcess-3:\n" + TRACE
    assert answer(collective_timed_out, failed(), logs=TRACE + MESH + echo) == "found"


@pytest.mark.parametrize(("word", "certainty"), [(WATCHDOG, "supported"), (STALL, "suspected")])
def test_without_a_status_the_end_of_the_log_may_say_it_too(word, certainty):
    found = verdict(run_row(None), logs=WORK + word)
    assert found == ("distributed-hang", "collective-timeout", certainty)


def test_without_a_status_what_the_log_went_on_after_was_got_over():
    logs = WORK + STALL + every(range(21, 361), "tur {n} bitti")
    assert answer(collective_timed_out, run_row(None), logs=logs) == "not checked"
