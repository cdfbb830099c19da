import pytest
from building import line, run_row
from judging import answer, completed, every, verdict

from diagnose.rules.lingering_child_process.queue_consumer_without_sentinel import (
    queue_consumer_without_sentinel,
)

CODE = """import queue
import threading

magazijn = queue.Queue()

def bewaar():
    while True:
        {body}

werker = threading.Thread(target=bewaar{how})
werker.start()
for ronde in range(9):
    print(f"ronde {{ronde}}")
print("einde van de training")
"""
ENDLESS = "schrijf(magazijn.get())"
WORK = every(range(9), "ronde {n}") + line(9, "einde van de training")


def code(body=ENDLESS, how=""):
    return {"leer.py": CODE.format(body=body, how=how)}


def test_a_consumer_that_nobody_tells_to_stop_holds_the_run():
    assert verdict(run_row(), logs=WORK, code=code()) == (
        "lingering-child-process",
        "queue-consumer-without-sentinel",
        "supported",
    )


@pytest.mark.parametrize(
    "body",
    [
        "stuk = magazijn.get()\n        if stuk is None:\n            break\n        schrijf(stuk)",
        "schrijf(magazijn.get(timeout=5))",
        "schrijf(magazijn.get_nowait())",
    ],
)
def test_a_consumer_with_a_way_out_is_none(body):
    assert answer(queue_consumer_without_sentinel, run_row(), logs=WORK, code=code(body)) == "clear"


def test_the_source_alone_makes_no_verdict():
    assert answer(queue_consumer_without_sentinel, completed(), logs=WORK, code=code()) == "clear"


@pytest.mark.parametrize("fields", [{"logs": WORK}, {"code": code()}])
def test_without_the_source_or_the_log_nobody_looked(fields):
    assert answer(queue_consumer_without_sentinel, run_row(), **fields) == "not checked"


def test_a_daemon_consumer_does_not_hold_the_run():
    given = {"logs": WORK, "code": code(how=", daemon=True")}
    assert verdict(run_row(), **given)[1] != "queue-consumer-without-sentinel"
