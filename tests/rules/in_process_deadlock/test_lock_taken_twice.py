from building import run_row
from judging import answer, cause, every, verdict

from diagnose.rules.in_process_deadlock.lock_taken_twice import lock_taken_twice

WORK = every(range(1, 20), "blokk {n} kész")
CODE = """
import threading, time
zár = threading.Lock()
def ment(n):
    with zár:
        time.sleep(1)
for n in range(1, 60):
    time.sleep(60)
    print(f"blokk {n} kész")
    with zár:
        if n % 19 == 0:
            ment(n)
"""


def source(text):
    return {"tanit.py": text}


def test_a_lock_that_the_holder_takes_again_where_the_log_stops():
    assert verdict(run_row(), logs=WORK, code=source(CODE)) == (
        "in-process-deadlock",
        "lock-taken-twice",
        "supported",
    )


def test_methods_of_one_object_share_its_lock():
    code = CODE.replace(
        "zár = threading.Lock()\ndef ment(n):\n    with zár:",
        "class Tár:\n    def __init__(self): self.zár = threading.Lock()\n    def ment(self):\n        with self.zár: time.sleep(1)\n    def tesz(self, n):\n        with self.zár:\n            if n: self.ment()\ntár = Tár()\nif True:\n    if True:",
    )
    code = (
        code.split("for n")[0]
        + 'for n in range(1, 60):\n    print(f"blokk {n} kész")\n    tár.tesz(n % 19 == 0)\n'
    )
    assert cause(run_row(), logs=WORK, code=source(code)) == "in-process-deadlock"


def test_a_lock_that_may_be_taken_again_is_none():
    assert (
        answer(lock_taken_twice, run_row(), logs=WORK, code=source(CODE.replace("Lock()", "RLock()")))
        == "clear"
    )


def test_a_second_lock_is_not_the_first():
    code = CODE.replace("zár = threading.Lock()", "zár = threading.Lock()\nmásik = threading.Lock()")
    code = code.replace("    with zár:\n        time", "    with másik:\n        time")
    assert answer(lock_taken_twice, run_row(), logs=WORK, code=source(code)) == "clear"


def test_a_long_step_before_the_lock_may_simply_take_long():
    code = (
        CODE.split("for n", maxsplit=1)[0]
        + 'print("blokk 19 kész")\nmodell = illeszt()\nwith zár:\n    ment(1)\n'
    )
    assert answer(lock_taken_twice, run_row(), logs=WORK, code=source(code)) == "clear"


def test_a_run_at_its_own_pace_holds_no_lock():
    log = every(range(1, 360), "blokk {n} kész")
    assert cause(run_row(), logs=log, code=source(CODE)) == "still-working"


def test_without_source_there_is_nothing_to_see_it_by():
    assert answer(lock_taken_twice, run_row(), logs=WORK) == "clear"
