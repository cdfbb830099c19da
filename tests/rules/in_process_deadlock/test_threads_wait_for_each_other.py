from building import run_row
from judging import answer, completed, every, points, verdict

from diagnose.rules.in_process_deadlock.threads_wait_for_each_other import threads_wait_for_each_other

WORK = every(range(1, 20), "lépés {n}")
CODE = """import threading
első, második = threading.Lock(), threading.Lock()
def egyik():
    with első:
        with második:
            munka()
def másik():
    with második:
        with első:
            munka()
def magában():
    with első:
        egyik()
szálak = [threading.Thread(target=f) for f in (egyik, másik)]
for szál in szálak: szál.start()
for szál in szálak:
    szál.join()
"""
LIBRARY = "/azureml-envs/env/lib/python3.11/threading.py"


def stack(number, *frames, path="/mnt/azureml/cr/j/1/exe/wd/gond.py"):
    lines = [
        f'  File "{LIBRARY if line > 900 else path}", line {line} in {function}' for line, function in frames
    ]
    return f"Thread 0x00007f57a713{number:04x} (most recent call first):\n" + "\n".join(lines) + "\n"


OUTSIDE = ((982, "run"), (1045, "_bootstrap_inner"), (1002, "_bootstrap"))
ONE = stack(1, (5, "egyik"), *OUTSIDE)
OTHER = stack(2, (9, "másik"), *OUTSIDE)
MAIN = stack(3, (1139, "_wait_for_tstate_lock"), (1119, "join"), (17, "<module>"))
DUMP = "Timeout (0:30:00)!\n" + f"{ONE}\n{OTHER}\n{MAIN}"


def said(text, **more):
    return dict(logs=WORK + text, code={"gond.py": CODE}, **more)


def test_two_threads_that_hold_each_others_lock_are_caught_in_the_act():
    assert verdict(run_row(), **said(DUMP)) == ("in-process-deadlock", "lock-order", "established")


def test_a_sampler_writes_the_same_in_other_words():
    dump = (
        'Thread 41 (idle): "MainThread"\n    join (threading.py:1119)\n    <module> (gond.py:17)\n'
        'Thread 42 (idle): "Thread-1"\n    egyik (gond.py:5)\n    run (threading.py:982)\n'
        'Thread 43 (idle): "Thread-2"\n    másik (gond.py:9)\n    run (threading.py:982)\n'
    )
    assert verdict(run_row(), **said(dump)) == ("in-process-deadlock", "lock-order", "established")


def test_a_lock_that_its_own_thread_holds_is_never_let_go():
    dump = stack(3, (4, "egyik"), (13, "magában"), (14, "<module>"))
    assert verdict(run_row(), **said(dump)) == ("in-process-deadlock", "lock-taken-twice", "established")


def test_a_lock_that_may_be_taken_again_is_no_trap():
    dump = stack(3, (4, "egyik"), (13, "magában"), (14, "<module>"))
    code = {"gond.py": CODE.replace("threading.Lock()", "threading.RLock()")}
    assert answer(threads_wait_for_each_other, run_row(), logs=WORK + dump, code=code) == "clear"


def test_while_one_thread_works_the_others_only_wait():
    busy = stack(2, (10, "másik"), *OUTSIDE)
    assert answer(threads_wait_for_each_other, run_row(), **said(f"{ONE}\n{busy}\n{MAIN}")) == "clear"


def test_one_line_that_takes_and_works_does_not_tell_which():
    code = {"gond.py": "import threading\nz = threading.Lock()\ndef f():\n    with z: munka()\nf()\n"}
    dump = stack(3, (4, "f"), (5, "<module>"))
    assert answer(threads_wait_for_each_other, run_row(), logs=WORK + dump, code=code) == "clear"


def test_stacks_of_a_run_that_went_on_are_none_of_its_end():
    later = every(range(30, 60), "lépés {n}")
    assert answer(threads_wait_for_each_other, run_row(), **said(DUMP + later)) == "clear"


def test_stacks_of_a_moment_ago_have_not_stood():
    fresh = every(range(1, 359), "lépés {n}") + DUMP
    assert answer(threads_wait_for_each_other, run_row(), logs=fresh, code={"gond.py": CODE}) == "clear"


def test_the_same_stacks_twice_have():
    fresh = every(range(1, 359), "lépés {n}") + DUMP + DUMP
    assert answer(threads_wait_for_each_other, run_row(), logs=fresh, code={"gond.py": CODE}) == "found"


def test_metrics_that_still_come_prove_life():
    given = said(DUMP, metrics=points(range(1, 360)))
    assert answer(threads_wait_for_each_other, run_row(), **given) == "clear"


def test_a_closed_run_is_not_held():
    assert answer(threads_wait_for_each_other, completed(), **said(DUMP)) == "clear"
