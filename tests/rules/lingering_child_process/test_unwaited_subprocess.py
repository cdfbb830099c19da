import pytest
from building import STD_LOG, WRAPPER, line, moment, run_row
from judging import answer, blob, cause, every, exited, spawned, verdict

from diagnose.rules.lingering_child_process.unwaited_subprocess import unwaited_subprocess

CODE = """import subprocess

{start}
for omgang in range(9):
    print(f"omgång {{omgang}}")
print("modellen är sparad")
{after}
"""
POPEN = 'tjanst = subprocess.Popen(["exportera", "--alla"])'
WORK = every(range(9), "omgång {n}") + line(9, "modellen är sparad")


def code(start=POPEN, after=""):
    return {"trana.py": CODE.format(start=start, after=after)}


def test_a_program_that_was_started_and_not_waited_for_holds_the_run():
    found = verdict(run_row(), logs=WORK, code=code())
    assert found == ("lingering-child-process", "child-process", "supported")


def test_pythons_own_warning_establishes_it():
    log = WORK + "sys:1: ResourceWarning: subprocess 4711 is still running\n"
    assert verdict(run_row(), logs=log) == ("lingering-child-process", "child-process", "established")


@pytest.mark.parametrize(
    "given",
    [
        {"start": 'subprocess.run(["exportera", "--alla"])'},
        {"after": "tjanst.wait()"},
        {"after": "tjanst.terminate()"},
        {"start": 'with subprocess.Popen(["exportera"]) as tjanst:\n    pass'},
    ],
)
def test_a_program_that_is_waited_for_or_ended_holds_nothing(given):
    assert answer(unwaited_subprocess, run_row(), logs=WORK, code=code(**given)) == "clear"


def test_a_child_that_still_produces_what_was_asked_for_is_no_finding():
    written = [blob(f"del-{n}.bin", minute=n) for n in range(0, 360, 10)]
    assert cause(run_row(), logs=WORK, code=code(), outputs=written) == "still-working"


@pytest.mark.parametrize("minutes", [11, 14, 20])
def test_minutes_after_the_exit_was_collected_nothing_is_held(minutes):
    logs = {STD_LOG: WORK, WRAPPER: spawned() + exited(10)}
    given = {"logs": logs, "code": code(), "captured_at": moment(minutes)}
    assert answer(unwaited_subprocess, run_row(), **given) == "clear"


def test_the_source_alone_makes_no_verdict():
    assert answer(unwaited_subprocess, run_row("Completed"), logs=WORK, code=code()) == "clear"


def test_without_logs_nobody_looked():
    assert answer(unwaited_subprocess, run_row(), code=code()) == "not checked"
