from building import run_row
from judging import answer, completed, every, verdict

from diagnose.rules.in_process_deadlock.locks_in_opposite_order import locks_in_opposite_order

WORK = every(range(1, 40), "{n} žodžių sąraše")
CODE = """
import threading
sąrašas, žurnalas = threading.Lock(), threading.Lock()
def rašo():
    for n in range(900):
        with sąrašas:
            print(f"{n} žodžių sąraše")
            with žurnalas:
                įrašyti(n)
def tvarko():
    while dirba():
        with žurnalas:
            with sąrašas:
                rikiuoti()
gijos = [threading.Thread(target=t) for t in (rašo, tvarko)]
for gija in gijos: gija.start()
for gija in gijos: gija.join()
įrašyti("pabaiga")
"""


def test_opposite_orders_in_the_source_and_a_silence_that_begins_there():
    assert verdict(run_row(), logs=WORK, code={"rodyklė.py": CODE}) == (
        "in-process-deadlock",
        "lock-order",
        "supported",
    )


def test_one_order_everywhere_is_no_danger():
    code = CODE.replace(
        "        with žurnalas:\n            with sąrašas:",
        "        with sąrašas:\n            with žurnalas:",
    )
    assert answer(locks_in_opposite_order, run_row(), logs=WORK, code={"rodyklė.py": code}) == "clear"


def test_without_threads_nobody_holds_the_other_lock():
    code = CODE.split("gijos", maxsplit=1)[0] + "rašo()\ntvarko()\n"
    assert answer(locks_in_opposite_order, run_row(), logs=WORK, code={"rodyklė.py": code}) == "clear"


def test_a_silence_that_begins_elsewhere_is_another_matter():
    code = CODE.replace('print(f"{n} žodžių sąraše")', "pass").replace(
        "gijos = [", 'print("12 žodžių sąraše")\ngijos = ['
    )
    assert answer(locks_in_opposite_order, run_row(), logs=WORK, code={"rodyklė.py": code}) == "clear"


def test_a_closed_run_does_not_stand_still():
    assert answer(locks_in_opposite_order, completed(), logs=WORK, code={"rodyklė.py": CODE}) == "clear"
