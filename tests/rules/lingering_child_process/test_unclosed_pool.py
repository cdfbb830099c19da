import pytest
from building import line, moment, run_row
from judging import answer, every, verdict

from diagnose.rules.lingering_child_process.unclosed_pool import unclosed_pool

CODE = """from multiprocessing import Pool

{make}
for faldt in range(9):
    print(f"lipat {{faldt}}")
print("semua lipatan selesai dihitung")
{after}
"""
OPEN = "kolam = Pool(4)\nkolam.map_async(latih, range(9))"
WORK = every(range(9), "lipat {n}") + line(9, "semua lipatan selesai dihitung")
STACK = '  File "/opt/conda/lib/python3.10/concurrent/futures/process.py", line 97 in _python_exit\n'


def code(make=OPEN, after=""):
    return {"latih.py": CODE.format(make=make, after=after)}


def test_a_pool_that_nothing_closes_holds_the_run():
    found = verdict(run_row(), logs=WORK, code=code())
    assert found == ("lingering-child-process", "pool-not-closed", "supported")


def test_a_stack_of_the_exit_handler_establishes_it():
    found = verdict(run_row(), logs=WORK + STACK)
    assert found == ("lingering-child-process", "pool-not-closed", "established")


@pytest.mark.parametrize(
    "given",
    [
        {"make": "with Pool(4) as kolam:\n    kolam.map(latih, range(9))"},
        {"after": "kolam.close()\nkolam.join()"},
        {"after": "kolam.terminate()"},
    ],
)
def test_a_pool_that_is_closed_holds_nothing(given):
    assert answer(unclosed_pool, run_row(), logs=WORK, code=code(**given)) == "clear"


def test_leaked_semaphores_are_told_when_the_process_has_ended():
    warning = "resource_tracker: There appear to be 6 leaked semaphore objects to clean up at shutdown\n"
    assert answer(unclosed_pool, run_row(), logs=WORK + warning) == "clear"


def test_moments_after_the_last_line_a_pool_accuses_nobody():
    assert answer(unclosed_pool, run_row(), logs=WORK, code=code(), captured_at=moment(12)) == "clear"


def test_a_stack_of_a_run_that_the_service_has_closed_holds_nothing():
    assert answer(unclosed_pool, run_row("Completed"), logs=WORK + STACK) == "clear"


def test_without_logs_nobody_looked():
    assert answer(unclosed_pool, run_row(), code=code()) == "not checked"
