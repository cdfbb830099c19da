import pytest
from building import fact, line, missing, run_row

from diagnose.evidence.stopping import Stopping

CODE = """import threading
from concurrent.futures import ThreadPoolExecutor

def bewaar():
    while True:
        print("volgende deel bewaard")

def sluit_af():
    wachtrij.join()
    draad.join()

draad = threading.Thread(target=bewaar)
with ThreadPoolExecutor() as werkers:
    print("alle taken uitgedeeld")
print("alle taken klaar")
sluit_af()
if laat_zien:
    toon()
print("tot ziens allemaal")
"""
COMMAND = "python werk.py"


def sentence(*lines, code=CODE):
    log = "".join(line(n, text) for n, text in enumerate(lines))
    return fact(Stopping, run_row(command=COMMAND), logs=log, code={"werk.py": code}).sentence


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (
            "alle taken klaar",
            (
                "It stopped after werk.py:15; the next thing that it would do is to wait for the end in `wachtrij.join()`"
                " (werk.py:9), then to wait for the end in `draad.join()` (werk.py:10), then to call `toon()` (werk.py:18)."
            ),
        ),
        (
            "alle taken uitgedeeld",
            (
                "It stopped after werk.py:14; the next thing that it would do is to leave the block of"
                " `ThreadPoolExecutor()`, which waits for what it began (werk.py:13)."
            ),
        ),
        (
            "tot ziens allemaal",
            "It stopped after werk.py:19, the last thing of consequence that its main flow does; what is left is the exit.",
        ),
    ],
)
def test_where_it_stopped_and_what_it_would_do_next(last, told):
    assert sentence("begonnen", last) == told


def test_what_a_thread_says_after_it_is_not_where_the_main_flow_stopped():
    assert sentence("alle taken klaar", "volgende deel bewaard").startswith("It stopped after werk.py:15;")


def test_what_hangs_on_a_condition_may_come():
    code = 'print("eerste ronde klaar")\nif x:\n    draad.join()\n'
    assert "that it may do is to wait" in sentence("eerste ronde klaar", code=code)


def test_a_loop_goes_on():
    code = 'for n in range(9):\n    print("ronde klaar", n)\n'
    assert "may do is to go on with the loop `for n in range(9):`" in sentence("ronde klaar 3", code=code)


@pytest.mark.parametrize(
    "code",
    [
        'print("ronde klaar", 1)\na.join()\nprint("ronde klaar", 2)\nb.join()\n',
        'def f():\n    print("ronde klaar")\nf()\na.join()\nf()\n',
        'print("iets heel anders")\n',
    ],
)
def test_where_two_places_fit_or_none_nothing_is_said(code):
    given = {"logs": line(1, "ronde klaar"), "code": {"werk.py": code}}
    assert "does not tell" in missing(Stopping, run_row(command=COMMAND), **given)


def test_without_source_nothing_is_said():
    assert missing(Stopping, run_row(), logs=line(1, "ronde klaar"), parts={"code": "denied"})
