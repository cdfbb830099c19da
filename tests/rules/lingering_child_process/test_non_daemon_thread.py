import pytest
from building import DRIVER, STD_LOG, iso, line, moment, run_row
from judging import answer, cause, completed, every, record, verdict

from diagnose.rules.lingering_child_process.non_daemon_thread import non_daemon_thread

CODE = """import threading
import time

def nabiz():
    while True:
        time.sleep(30)

{start}
for tur in range(1, 10):
    print(f"tur {{tur}} bitti")
print("sonuçlar yazıldı")
{after}
"""
THREAD = "is_parcacigi = threading.Thread(target=nabiz)\nis_parcacigi.start()"
WORK = every(range(1, 10), "tur {n} bitti") + line(10, "sonuçlar yazıldı")
STACK = '  File "/usr/lib/python3.11/threading.py", line 1583 in _shutdown\n'


def code(start=THREAD, after=""):
    return {"egit.py": CODE.format(start=start, after=after)}


def test_a_thread_that_nothing_stops_holds_the_process_after_the_last_line():
    assert verdict(run_row(), logs=WORK, code=code()) == (
        "lingering-child-process",
        "non-daemon-thread",
        "supported",
    )


def test_the_line_that_starts_the_thread_is_quoted():
    told = [
        piece for piece in record(run_row(), logs=WORK, code=code())["evidence"] if piece["kind"] == "code"
    ]
    assert ("egit.py", 8) in [(piece["source"]["path"], piece["source"]["line"]) for piece in told]


def test_a_stack_of_the_waiting_interpreter_establishes_it():
    assert verdict(run_row(), logs=WORK + STACK) == (
        "lingering-child-process",
        "non-daemon-thread",
        "established",
    )


def test_a_daemon_thread_holds_nothing():
    start = "threading.Thread(target=nabiz, daemon=True).start()"
    assert answer(non_daemon_thread, run_row(), logs=WORK, code=code(start)) == "clear"


def test_a_thread_that_is_joined_later_is_not_left_behind():
    assert answer(non_daemon_thread, run_row(), logs=WORK, code=code(after="is_parcacigi.join()")) == "clear"


def test_a_run_whose_last_step_is_still_under_way_does_not_linger():
    going_on = code(after="birlestir()\nprint('birleştirildi')")
    assert cause(run_row(), logs=WORK, code=going_on) in ("inconclusive", "still-working")


def test_a_full_counter_is_no_sign_of_the_end():
    assert answer(non_daemon_thread, run_row(), logs=every(range(1, 10), "tur {n}/9"), code=code()) == "clear"


@pytest.mark.parametrize("minutes", [10.5, 12, 20])
def test_moments_after_its_last_line_a_run_does_not_linger(minutes):
    given = {"logs": WORK, "code": code(), "captured_at": moment(minutes)}
    assert answer(non_daemon_thread, run_row(), **given) == "clear"


def test_the_source_alone_makes_no_verdict():
    assert answer(non_daemon_thread, completed(), logs=WORK, code=code()) == "clear"


V1 = """After variable expansion, calling script [egit.py] with arguments:[]
[2026-11-20T08:10:00.1] The experiment completed successfully. Finalizing run...
Cleaning up all outstanding Run operations, waiting 900.0 seconds
Cleanup took 5.2 seconds
"""


def test_a_v1_client_that_cleaned_up_and_never_exits_is_held_by_a_thread():
    found = verdict(run_row("Finalizing"), logs={DRIVER: V1})
    assert found[:2] == ("lingering-child-process", "non-daemon-thread")


def test_a_v1_driver_that_exits_after_its_cleanup_is_not_held():
    log = {DRIVER: V1 + "Process Exiting with Code:  0\n"}
    assert answer(non_daemon_thread, run_row("Finalizing"), logs=log) == "clear"


def test_a_heartbeat_that_stop_set_ends_after_a_long_call_does_not_hold():
    start = "dur = threading.Event()\nis_parcacigi = threading.Thread(target=lambda: dur.wait(9))\nis_parcacigi.start()"
    after = "uzun_hesap()\ndur.set()\nis_parcacigi.join()\nprint('tamam')"
    assert cause(run_row(), logs=WORK, code=code(start, after)) in ("inconclusive", "still-working")


def test_without_a_listing_of_the_code_a_silent_run_names_no_thread():
    assert answer(non_daemon_thread, run_row(), logs=WORK) == "clear"


def test_without_logs_nobody_looked():
    assert answer(non_daemon_thread, run_row(), code=code()) == "not checked"


def test_metrics_that_go_on_void_the_end_of_the_work():
    metrics = [{"name": "kayip", "value": 1.0, "at": iso(n)} for n in range(0, 360, 5)]
    given = {"logs": {STD_LOG: WORK}, "code": code(), "metrics": metrics}
    assert answer(non_daemon_thread, run_row(), **given) == "clear"


@pytest.mark.parametrize("minutes", [11, 18])
def test_minutes_after_its_cleanup_a_v1_client_may_still_exit(minutes):
    given = {"logs": {DRIVER: V1}, "captured_at": moment(minutes)}
    assert answer(non_daemon_thread, run_row("Finalizing"), **given) == "clear"


ENDED = """import threading

fine = threading.Event()

def nabiz():
    while not fine.wait(30):
        print("nabız")

threading.Thread(target=nabiz).start()
for tur in range(1, 10):
    print(f"tur {tur} bitti")
ozetle()
fine.set()
"""
TICKS = every(range(1, 10), "tur {n} bitti") + every(range(10, 360), "nabız")
EARLY = [{"name": "loss", "value": 1, "step": n, "at": iso(n)} for n in range(1, 10)]


def test_a_thread_that_the_main_flow_ends_later_ticks_while_it_works():
    given = {"logs": TICKS, "metrics": EARLY, "code": {"egit.py": ENDED}}
    assert answer(non_daemon_thread, run_row(), **given) == "clear"


def test_a_main_flow_that_died_sets_no_event_any_more():
    died = 'Traceback (most recent call last):\n  File "egit.py", line 12, in <module>\n    ozetle()\nOSError: yok\n'
    log = every(range(1, 10), "tur {n} bitti") + died + every(range(10, 360), "nabız")
    given = {"logs": log, "metrics": EARLY, "code": {"egit.py": ENDED}}
    assert answer(non_daemon_thread, run_row(), **given) == "found"


BAD = [
    V1.replace("completed successfully", "failed"),
    V1 + "ERROR: finalisation failed\nRuntimeError: no answer\n",
]


@pytest.mark.parametrize("log", BAD)
def test_a_failed_end_speaks_against_it(log):
    assert verdict(run_row("Finalizing"), logs={DRIVER: log})[2] in ("suspected", "none")
