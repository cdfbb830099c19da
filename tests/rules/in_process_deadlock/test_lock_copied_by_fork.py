import pytest
from building import iso, line, run_row
from judging import answer, completed, every, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.in_process_deadlock.lock_copied_by_fork import lock_copied_by_fork

CODE = """
import multiprocessing, threading, time
class Popis:
    def __init__(self):
        self.brava = threading.Lock()
    def dodaj(self, n):
        with self.brava:
            self.n = n
    def zapiši(self):
        with self.brava:
            time.sleep(20)
popis = Popis()
def čitaj(strana):
    popis.dodaj(strana)
    return strana
def prati():
    while True:
        popis.zapiši()
print("početak, tomova: 9")
threading.Thread(target=prati, daemon=True).start()
for tom in range(9):
    with multiprocessing.Pool(3) as bazen:
        bazen.map(čitaj, range(40))
    print(f"tom {tom} gotov")
"""
SAID = line(1, "početak, tomova: 9")
WARNING = "/lib/python3.12/multiprocessing/popen_fork.py:66: DeprecationWarning: This process (pid=31) is multi-threaded, use of fork() may lead to deadlocks in the child.\n"


def source(text=CODE):
    return {"knjige.py": text}


def process(pid, parent, state="sleeping"):
    return {"pid": pid, "parent_pid": parent, "name": "python", "command": "python knjige.py"} | {
        "state": state,
        "started_at": iso(1),
        "seen_at": iso(360),
    }


ASLEEP = [process(31, 1), process(40, 31), process(41, 31)]


def test_children_asleep_where_a_lock_was_copied_that_a_thread_takes():
    told = verdict(run_row(), logs=SAID, code=source(), processes=ASLEEP)
    assert told == ("in-process-deadlock", "fork-with-held-lock", "supported")


def test_unseen_children_may_be_at_work_unless_the_run_has_a_pace():
    assert answer(lock_copied_by_fork, run_row(), logs=SAID, code=source()) == "clear"
    paced = SAID + every(range(2, 9), "tom {n} gotov")
    told = finding(lock_copied_by_fork, run_row(), logs=paced, code=source())
    assert told.certainty is Certainty.SUSPECTED


@pytest.mark.parametrize("running", ["running", "R", "disk-sleep", "stopped", "T"])
def test_a_child_that_is_not_asleep_may_be_at_work(running):
    seen = [*ASLEEP, process(42, 31, running)]
    assert answer(lock_copied_by_fork, run_row(), logs=SAID, code=source(), processes=seen) == "clear"


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        ("spawned", "print(", 'multiprocessing.set_start_method("spawn")\nprint('),
        ("a context", "multiprocessing.Pool(3)", 'multiprocessing.get_context("forkserver").Pool(3)'),
        ("shared", "threading.Lock()", "multiprocessing.Lock()"),
        ("no lock in the child", "    popis.dodaj(strana)\n", ""),
        ("no lock in the thread", "popis.zapiši()", "time.sleep(9)"),
        ("no thread", "threading.Thread(target=prati, daemon=True).start()", "pass"),
        ("threads as workers", "multiprocessing.Pool", "multiprocessing.dummy.Pool"),
    ],
)
def test_what_copies_no_lock_is_none(what, old, new):
    code = source(CODE.replace(old, new).replace("import multi", "import multiprocessing.dummy, multi"))
    assert answer(lock_copied_by_fork, run_row(), logs=SAID, code=code, processes=ASLEEP) == "clear", what


def test_the_interpreters_own_warning_as_one_of_the_last_lines_is_a_sign():
    told = finding(lock_copied_by_fork, run_row(), logs=SAID + WARNING, processes=ASLEEP)
    assert told.certainty is Certainty.SUSPECTED
    later = SAID + WARNING + every(range(2, 12), "tom {n} gotov")
    assert answer(lock_copied_by_fork, run_row(), logs=later, processes=ASLEEP) == "clear"


def test_a_run_that_moves_or_has_ended_has_no_such_lock():
    moves = every(range(1, 359), "tom {n} gotov")
    assert answer(lock_copied_by_fork, run_row(), logs=moves, code=source(), processes=ASLEEP) == "clear"
    assert answer(lock_copied_by_fork, completed(), logs=SAID, code=source(), processes=ASLEEP) == "clear"
