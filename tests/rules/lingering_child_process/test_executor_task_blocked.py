import pytest
from building import line, moment, run_row
from judging import answer, blob, every, verdict

from diagnose.rules.lingering_child_process.executor_task_blocked import executor_task_blocked

CODE = """import queue, threading
from concurrent.futures import ThreadPoolExecutor

kolej = queue.Queue()
def sprzataj():
{body}
pula = ThreadPoolExecutor(4)
pula.submit(sprzataj)
for etap in range(9):
    print(f"etap {{etap}} zrobiony")
print("wszystkie etapy zrobione")
"""
ENDLESS = "    while True:\n        kolej.get()()"
WORK = every(range(9), "etap {n} zrobiony") + line(9, "wszystkie etapy zrobione")
STACK = '  File "/opt/conda/lib/python3.10/concurrent/futures/thread.py", line 31 in _python_exit\n'


def code(body=ENDLESS):
    return {"etapy.py": CODE.format(body=body)}


def test_a_task_without_an_end_holds_the_run():
    found = verdict(run_row(), logs=WORK, code=code())
    assert found == ("lingering-child-process", "executor-task-blocked", "supported")


def test_a_stack_of_the_exit_handler_establishes_it():
    found = verdict(run_row(), logs=WORK + STACK)
    assert found == ("lingering-child-process", "executor-task-blocked", "established")


@pytest.mark.parametrize(
    "body",
    [
        "    print('raz')",
        "    while True:\n        praca = kolej.get()\n        if praca is None:\n            return\n        praca()",
        "    while True:\n        try:\n            kolej.get(timeout=60)()\n        except queue.Empty:\n            break",
    ],
)
def test_a_task_that_has_an_end_holds_nothing(body):
    assert answer(executor_task_blocked, run_row(), logs=WORK, code=code(body)) == "clear"


def test_moments_after_the_last_line_a_task_accuses_nobody():
    assert answer(executor_task_blocked, run_row(), logs=WORK, code=code(), captured_at=moment(12)) == "clear"


def test_tasks_that_still_produce_after_the_main_flow_are_the_work():
    written = [blob(f"wynik-{n}.bin", minute=n) for n in range(0, 360, 10)]
    assert answer(executor_task_blocked, run_row(), logs=WORK + STACK, outputs=written) == "clear"


def test_the_end_of_a_with_waits_for_tasks_that_may_well_be_at_work():
    stack = STACK.replace("_python_exit", "shutdown")
    assert answer(executor_task_blocked, run_row(), logs=WORK + stack) == "clear"


def test_a_stack_of_a_run_that_the_service_has_closed_holds_nothing():
    assert answer(executor_task_blocked, run_row("Completed"), logs=WORK + STACK, code=code()) == "clear"


def test_without_logs_nobody_looked():
    assert answer(executor_task_blocked, run_row(), code=code()) == "not checked"
