import pytest
from building import STD_LOG, WRAPPER, iso, line, run_row
from judging import answer, canceled, cause, every, exited, failed, finding, runtime, spawned, verdict

from diagnose.rule import Certainty
from diagnose.rules.resource_kill.out_of_memory import out_of_memory

WORK = every(range(1, 60), "iterazione {n}")
TRACE = 'Traceback (most recent call last):\n  File "adatta.py", line 7, in <module>\n    passo()\n'


@pytest.mark.parametrize(
    ("words", "whose"),
    [
        ("torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 3.10 GiB", "device"),
        ("torch.OutOfMemoryError: HIP out of memory. Tried to allocate 2.00 GiB", "device"),
        ("RuntimeError: MPS backend out of memory (MPS allocated: 17.9 GB)", "device"),
        (
            "jaxlib.xla_extension.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 9 bytes.",
            "device",
        ),
        ("MemoryError: Unable to allocate 90 GiB", "host"),
        ("MemoryError", "host"),
    ],
)
def test_a_failure_for_want_of_memory_that_ends_the_log_is_one(words, whose):
    found = verdict(failed(exit_code=1), logs=WORK + TRACE + f"{words}\n")
    assert found == ("resource-kill", f"{whose}-out-of-memory", "established")


def test_the_kernels_words_in_the_runtimes_log_are_direct():
    logs = {
        STD_LOG: WORK,
        WRAPPER: spawned() + runtime(55, "kernel: Out of memory: Killed process 31 (python)"),
    }
    assert verdict(failed(), logs=logs) == ("resource-kill", "host-out-of-memory", "established")


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


NANNY = "distributed.nanny - WARNING - Worker exceeded 95% memory budget. Restarting\n"


@pytest.mark.parametrize(
    "words",
    [
        "slurmstepd: error: Detected 2 oom_kill events in StepId=71.0. Some of the step tasks have been OOM Killed.",
        "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=71.batch cgroup. Some of your processes may have been killed.",
        "srun: error: nodo3: task 0: Out Of Memory",
        "ERROR YarnScheduler: Lost executor 4: Container killed by YARN for exceeding memory limits. 9.1 GB of 9 GB used.",
        "The node was low on resource: memory. Container adatta was using 61Gi.",
        "TERM_MEMLIMIT: job killed after reaching LSF memory usage limit.",
    ],
)
def test_a_schedulers_word_that_ends_the_log_is_direct(words):
    log = WORK + f"{words}\n"
    assert verdict(failed(), logs=log) == ("resource-kill", "host-out-of-memory", "established")
    assert verdict(run_row(None), logs=log) == ("resource-kill", "host-out-of-memory", "supported")


def test_a_failure_before_the_schedulers_count_leaves_a_doubt():
    words = "slurmstepd: error: Detected 1 oom_kill event in StepId=71.0. Some of the step tasks have been OOM Killed.\n"
    log = WORK + TRACE + f"EOFError\n{words}"
    assert finding(out_of_memory, failed(exit_code=1), logs=log).certainty is Certainty.SUPPORTED


def test_workers_that_exceed_their_budget_again_and_again_ran_out_of_it():
    assert finding(out_of_memory, failed(), logs=WORK + NANNY * 4).certainty is Certainty.SUPPORTED
    assert finding(out_of_memory, run_row(None), logs=WORK + NANNY * 4).certainty is Certainty.SUSPECTED
    log = WORK + NANNY + TRACE + "distributed.scheduler.KilledWorker: ('somma-3', <Worker>)\n"
    assert answer(out_of_memory, failed(exit_code=1), logs=log) == "found"


@pytest.mark.parametrize(
    "words",
    [
        "distributed.worker.memory - WARNING - Worker is at 89% memory usage. Pausing worker. Process memory: 2.1 GiB\n"
        * 5,
        NANNY,
        "nodo   memoria  oom-kill: 0\n",
        "kernel: oom-kill: 0 events\n",
    ],
)
def test_a_worker_that_pauses_or_a_table_of_nothing_is_no_want_of_memory(words):
    assert answer(out_of_memory, failed(exit_code=1), logs=WORK + words) == "clear"


def test_where_nobody_says_how_it_ended_the_last_words_do():
    died = WORK + TRACE + "MemoryError\n"
    assert verdict(run_row(None), logs=died) == ("resource-kill", "host-out-of-memory", "supported")
    assert (
        answer(out_of_memory, run_row(None), logs=died + every(range(50, 58), "lotto {n}/90"))
        == "not checked"
    )
    caught = WORK + line(59, "addestramento interrotto: CUDA out of memory. Tried to allocate 2 GiB")
    assert answer(out_of_memory, run_row(None), logs=caught) == "not checked"


def test_of_ranks_that_fail_together_the_first_counts():
    first = TRACE + "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 3.10 GiB\n"
    later = TRACE + "RuntimeError: il canale \u00e8 chiuso\n"
    echo = (
        TRACE.replace("adatta", "torchrun")
        + "torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n"
    )
    log = WORK + first + later + echo
    assert verdict(failed(exit_code=1), logs=log) == ("resource-kill", "device-out-of-memory", "established")


def test_memory_of_a_rank_that_failed_later_is_not_the_cause():
    log = WORK + TRACE + "KeyError: 'peso'\n" + TRACE + "MemoryError\n"
    assert cause(failed(exit_code=1), logs=log) == "loud-failure"


def test_a_step_of_another_program_that_failed_before_was_got_over():
    log = WORK + TRACE.replace("adatta", "prepara") + "KeyError: 'peso'\n" + TRACE + "MemoryError\n"
    assert cause(failed(exit_code=1), logs=log) == "resource-kill"
