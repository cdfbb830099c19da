import pytest
from building import line, run_row
from judging import answer, completed, every, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.in_process_deadlock.pool_waits_for_itself import pool_waits_for_itself

WORK = every(range(1, 20), "okres {n}: 12 obcí")
CODE = """
from concurrent.futures import ThreadPoolExecutor
dělníci = ThreadPoolExecutor(4)
def obec(n):
    return n * n
def okres(n):
    print(f"okres {n}: 12 obcí")
    díly = [dělníci.submit(obec, k) for k in range(12)]
    return max(d.result() for d in díly)
vše = [dělníci.submit(okres, n) for n in range(90)]
for každý in vše:
    print("hotovo", každý.result())
"""


def source(text):
    return {"okresy.py": text}


def test_tasks_that_wait_for_tasks_of_their_own_pool_where_the_log_stops():
    found = verdict(run_row(), logs=WORK, code=source(CODE))
    assert found == ("in-process-deadlock", "pool-waits-for-itself", "supported")


def test_without_a_pace_it_is_a_suspicion():
    told = finding(pool_waits_for_itself, run_row(), logs=line(1, "okres 1: 12 obcí"), code=source(CODE))
    assert told.certainty is Certainty.SUSPECTED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("díly = [dělníci.submit(obec, k)", "díly = [self.dělníci.submit(obec, k)"),
        ("d.result() for d in díly", "čekej(d) for d in díly"),
        (
            "from concurrent.futures import",
            "from multiprocessing.dummy import Pool\nfrom concurrent.futures import",
        ),
    ],
)
def test_the_pool_may_be_reached_in_other_ways(old, new):
    code = CODE.replace(old, new).replace("def obec", "def čekej(d):\n    return d.result()\ndef obec")
    if "self." in new:
        code = code.replace("dělníci = Thr", "self.dělníci = Thr").replace("[dělníci", "[self.dělníci")
    assert answer(pool_waits_for_itself, run_row(), logs=WORK, code=source(code)) == "found"


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        ("a pool of its own", "díly = [dělníci.submit", "díly = [jiní.submit"),
        ("nobody waits", "return max(d.result() for d in díly)", "return len(díly)"),
        ("a time limit", "d.result() for", "d.result(timeout=60) for"),
        ("no second pool use", "díly = [dělníci.submit(obec, k)", "díly = [Hotovo(obec(k))"),
        ("processes", "ThreadPoolExecutor", "ProcessPoolExecutor"),
    ],
)
def test_what_leaves_a_worker_is_none(what, old, new):
    code = CODE.replace(old, new).replace("def obec", "jiní = ThreadPoolExecutor(8)\ndef obec")
    assert answer(pool_waits_for_itself, run_row(), logs=WORK, code=source(code)) == "clear", what


def test_a_run_that_moves_or_has_ended_does_not_stand():
    moves = every(range(1, 359), "okres {n}: 12 obcí")
    assert answer(pool_waits_for_itself, run_row(), logs=moves, code=source(CODE)) == "clear"
    assert answer(pool_waits_for_itself, completed(), logs=WORK, code=source(CODE)) == "clear"
