import pytest
from building import run_row
from judging import answer, cause, completed, every, failed, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.resource_kill.ended_by_scheduler import ended_by_scheduler

WORK = every(range(1, 50), "ronde {n} klaar")
STEP = "slurmstepd: error: *** {what} ON node07 CANCELLED AT 2026-11-20T08:50:11{why} ***\n"
TRACE = 'Traceback (most recent call last):\n  File "leer.py", line 7, in <module>\n    stap()\n'


@pytest.mark.parametrize(
    ("words", "mechanism"),
    [
        (STEP.format(what="JOB 4471", why=" DUE TO TIME LIMIT"), "time-limit"),
        (STEP.format(what="STEP 4471.0", why=" DUE TO PREEMPTION"), "preempted"),
        (
            STEP.format(what="JOB 4471", why=" DUE TO NODE FAILURE, SEE SLURMCTLD LOG FOR DETAILS"),
            "node-lost",
        ),
        ("TERM_RUNLIMIT: job killed after reaching LSF run time limit.\n", "time-limit"),
        ("=>> PBS: job killed: walltime 3628 exceeded limit 3600\n", "time-limit"),
        ("Status: Failed\nReason:   Evicted\n", "evicted"),
        ("The node was low on resource: ephemeral-storage. Container leer was using 9Gi.\n", "evicted"),
    ],
)
def test_a_schedulers_last_word_names_the_reason(words, mechanism):
    assert verdict(failed(), logs=WORK + words) == ("resource-kill", mechanism, "established")
    assert verdict(run_row(None), logs=WORK + words) == ("resource-kill", mechanism, "supported")


def test_a_cancellation_without_a_reason_is_a_suspicion():
    words = STEP.format(what="STEP 4471.0", why="")
    assert finding(ended_by_scheduler, failed(), logs=WORK + words).certainty is Certainty.SUSPECTED


def test_a_step_that_is_cancelled_after_a_task_of_it_failed_is_an_echo():
    words = TRACE + "KeyError: 'gewicht'\nsrun: error: node07: task 3: Exited with exit code 1\n"
    log = WORK + words + STEP.format(what="STEP 4471.0", why="")
    assert answer(ended_by_scheduler, failed(exit_code=1), logs=log) == "clear"
    assert cause(failed(exit_code=1), logs=log) == "loud-failure"


def test_a_node_short_of_memory_is_another_rules():
    words = "The node was low on resource: memory. Container leer was using 60Gi.\n"
    assert verdict(failed(), logs=WORK + words) == ("resource-kill", "host-out-of-memory", "established")


@pytest.mark.parametrize("run", [failed(), run_row(None)])
def test_a_job_that_was_requeued_and_went_on_was_not_ended(run):
    log = STEP.format(what="JOB 4471", why=" DUE TO PREEMPTION") + every(range(1, 20), "epoch {n}/20")
    assert answer(ended_by_scheduler, run, logs=log) != "found"


def test_a_run_that_completed_was_not_ended():
    words = STEP.format(what="JOB 4471", why=" DUE TO TIME LIMIT")
    assert answer(ended_by_scheduler, completed(), logs=WORK + words) == "clear"
