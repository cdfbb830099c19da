import pytest
from building import DRIVER, line, moment, run_row
from judging import answer, every, verdict

from diagnose.rules.lingering_child_process.blocking_exit_hook import blocking_exit_hook

CODE = """import atexit, queue, threading, time, weakref

todo = queue.Queue()
{hook}
for tur in range(9):
    print(f"tur {{tur}} är körd")
print("alla turer är sparade")
"""
DRAIN = "def tom():\n    todo.join()\natexit.register(tom)"
WORK = every(range(9), "tur {n} är körd") + line(9, "alla turer är sparade")
NATIVE = "    atexit_callfuncs (python3.10)\n"
FINALISER = '  File "/opt/conda/lib/python3.10/weakref.py", line 667 in _exitfunc\n'


def code(hook=DRAIN):
    return {"kor.py": CODE.format(hook=hook)}


def test_a_hook_that_waits_without_a_limit_holds_the_run():
    found = verdict(run_row(), logs=WORK, code=code())
    assert found == ("lingering-child-process", "blocking-exit-hook", "supported")


@pytest.mark.parametrize("stack", [NATIVE, FINALISER])
def test_a_stack_at_the_exit_functions_establishes_it(stack):
    found = verdict(run_row(), logs=WORK + stack)
    assert found == ("lingering-child-process", "blocking-exit-hook", "established")


@pytest.mark.parametrize(
    "hook",
    [
        "def tom():\n    slut.wait(timeout=60)\natexit.register(tom)",
        "def tom():\n    fil.close()\natexit.register(tom)",
        "atexit.register(print, 'hej')",
        "def tom():\n    todo.join()",
    ],
)
def test_a_hook_that_comes_to_its_end_holds_nothing(hook):
    assert answer(blocking_exit_hook, run_row(), logs=WORK, code=code(hook)) == "clear"


def test_a_thread_for_which_the_interpreter_waits_before_it_runs_hooks_goes_first():
    hook = DRAIN + "\nthreading.Thread(target=vakt).start()\ndef vakt():\n    while True: titta()"
    found = verdict(run_row(), logs=WORK, code=code(hook))
    assert found == ("lingering-child-process", "non-daemon-thread", "supported")


def test_the_clients_own_flush_at_exit_is_a_wait_for_the_service():
    log = WORK + "Cleaning up all outstanding Run operations, waiting 300.0 seconds\n" + NATIVE
    assert answer(blocking_exit_hook, run_row(), logs={DRIVER: log}, code=code()) == "clear"


def test_moments_after_the_last_line_a_hook_accuses_nobody():
    assert answer(blocking_exit_hook, run_row(), logs=WORK, code=code(), captured_at=moment(12)) == "clear"


def test_the_source_and_an_old_stack_make_no_verdict_on_a_closed_run():
    assert answer(blocking_exit_hook, run_row("Completed"), logs=WORK + NATIVE, code=code()) == "clear"


def test_without_logs_nobody_looked():
    assert answer(blocking_exit_hook, run_row(), code=code()) == "not checked"


def test_the_header_of_an_exception_that_a_hook_raised_is_no_stack():
    raised = 'Error in atexit._run_exitfuncs:\nTraceback (most recent call last):\n  File "kor.py", line 3, in tom\nOSError: borta\n'
    assert answer(blocking_exit_hook, run_row(), logs=WORK + raised) == "clear"
