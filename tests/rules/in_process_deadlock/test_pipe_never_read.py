from building import iso, run_row
from judging import answer, every, verdict

from diagnose.rules.in_process_deadlock.pipe_never_read import pipe_never_read

WORK = every(range(1, 20), "opravljen krog {n}")
CODE = """
import subprocess
for n in range(1, 20):
    vadi(n)
    print(f"opravljen krog {n}")
stisk = subprocess.Popen(["xz", "-v", "model"], stderr=subprocess.PIPE)
stisk.wait()
print("model stisnjen")
"""
MAIN = {"pid": 9, "parent_pid": 1, "state": "sleeping", "started_at": iso(), "seen_at": iso(350)}
CHILD = {"pid": 21, "parent_pid": 9, "state": "sleeping", "started_at": iso(20), "seen_at": iso(350)}


def test_a_child_asleep_whose_pipe_nobody_reads():
    assert verdict(run_row(), logs=WORK, code={"uci.py": CODE}, processes=[MAIN, CHILD]) == (
        "in-process-deadlock",
        "pipe-full",
        "supported",
    )


def test_without_the_process_table_it_is_a_suspicion():
    assert verdict(run_row(), logs=WORK, code={"uci.py": CODE}) == (
        "in-process-deadlock",
        "pipe-full",
        "suspected",
    )


def test_a_child_that_runs_is_at_work():
    running = {**CHILD, "state": "running"}
    assert (
        answer(pipe_never_read, run_row(), logs=WORK, code={"uci.py": CODE}, processes=[MAIN, running])
        == "clear"
    )


def test_a_child_that_is_no_more_cannot_be_waited_for():
    assert answer(pipe_never_read, run_row(), logs=WORK, code={"uci.py": CODE}, processes=[MAIN]) == "clear"


def test_a_pipe_that_is_read_does_not_fill_up():
    code = CODE.replace("stisk.wait()", "stisk.communicate()")
    assert answer(pipe_never_read, run_row(), logs=WORK, code={"uci.py": code}) == "clear"


def test_a_child_without_a_pipe_writes_freely():
    code = CODE.replace(", stderr=subprocess.PIPE", "")
    assert answer(pipe_never_read, run_row(), logs=WORK, code={"uci.py": code}) == "clear"
