import pytest
from building import STD_LOG, WRAPPER, line, run_row
from judging import (
    answer,
    blob,
    cause,
    completed,
    every,
    execution_ended,
    exited,
    failed,
    points,
    spawned,
    verdict,
)

from diagnose.rules.none.nothing_wrong import nothing_wrong

LOG = line(1, "laddar") + line(50, "modellen ligger där")
WELL = {"logs": LOG, "outputs": [blob("vikter.bin")]}


def test_status_outputs_and_log_that_agree_are_well():
    assert verdict(completed(), **WELL)[:2] == ("none", "none")


@pytest.mark.parametrize("part", ["outputs", "logs"])
@pytest.mark.parametrize("state", ["denied", "failed", "gone", "partial", "not-collected"])
def test_with_a_part_unseen_nothing_is_said(part, state):
    given = {key: value for key, value in WELL.items() if key != part}
    assert cause(completed(), **given, parts={part: state}) == "inconclusive"


@pytest.mark.parametrize("captured", ["head", "tail", "ends", "none"])
def test_with_a_log_that_was_not_read_whole_nothing_is_said(captured):
    assert cause(completed(), **WELL, log_rows={STD_LOG: {"captured": captured}}) == "inconclusive"


def test_words_of_failure_that_were_left_standing_forbid_it():
    log = line(1, "upload to the lake failed") + every(range(2, 30), "omgång")
    assert cause(completed(), **{**WELL, "logs": log}) == "inconclusive"


def test_an_exit_code_that_is_not_zero_forbids_it():
    logs = {STD_LOG: LOG, WRAPPER: spawned() + exited(50, 3) + execution_ended(50)}
    assert answer(nothing_wrong, completed(), **{**WELL, "logs": logs}) == "clear"


def test_a_log_that_counts_steps_wants_its_metrics_seen():
    log = every(range(50), "epoch {n}")
    assert cause(completed(), **{**WELL, "logs": log}) == "inconclusive"
    assert cause(completed(), **{**WELL, "logs": log}, metrics=points(range(50))) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "Error rate: 3 %",
        "Felkvot: 0.02",
        "erro médio absoluto: 3",
        "错误率：0.03",
        "0 anomalies, 0 errors, failed: 0",
        "search space exhausted after 12 of 12 candidates",
        "data iterator exhausted, restarting epoch",
        "cart-abandonment model; abandoned: 3412",
        "query returned 400 rows",
        "GET /artiklar took 405 ms",
        "HTTP 404 share: 1.2 %",
        "| ERROR | 0.12 |",
        "ERROR ANALYSIS COMPLETE",
        "test_known_bug XFAIL (AssertionError: see #12)",
        "sample: text='No space left on device: disk died' label=3",
        "ошибка классификации снизилась до 3%",
        "aov(y ~ block + Error(id))",
        " ERROR-rate by class: cat 3%",
    ],
)
def test_what_healthy_runs_say_accuses_nobody(text):
    log = every(range(1, 20), "omgång {n}") + f"{text}\n" + every(range(20, 50), "omgång {n}")
    assert cause(completed(), **{**WELL, "logs": log}, metrics=points(range(50))) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "ERROR attempt 1 of 5: ConnectionError: no answer\nretrying in 3 s\nconnected, 9 rows read\n",
        "could not connect, attempt 1\ncould not connect, attempt 2\nconnected after 3 attempts\n",
        "FileNotFoundError: no earlier checkpoint, training from scratch\n",
        "ImportError: no module named apex\nfused kernels disabled\n",
        "ERROR worker 3 died of a TimeoutError\nrestarting it; its item went back to the queue\n",
    ],
)
def test_what_was_mended_or_excused_accuses_nobody(text):
    log = every(range(1, 20), "omgång {n}") + text + every(range(20, 50), "omgång {n}")
    assert cause(completed(), **{**WELL, "logs": log}) == "none"


@pytest.mark.parametrize("run", [run_row(), failed(), run_row("Canceled"), run_row("Hibernating")])
def test_only_a_completed_run_can_be_well(run):
    assert answer(nothing_wrong, run, **WELL) == "clear"


def test_a_listing_that_is_not_complete_may_hide_what_is_wrong():
    assert answer(nothing_wrong, completed(), **WELL, parts={"outputs": "partial"}) == "clear"


@pytest.mark.parametrize("state", ["denied", "partial"])
def test_a_parent_whose_children_were_not_all_seen_is_not_called_well(state):
    assert answer(nothing_wrong, completed(type="sweep"), **WELL, parts={"children": state}) == "clear"


def test_a_gap_in_the_numbering_makes_it_less_sure():
    rows = [blob(f"butik_{n}.csv") for n in (104, 105, 106, 108)]
    assert verdict(completed(), logs=LOG, outputs=rows) == ("none", "none", "suspected")


ENDS_ITSELF = """import os, sys, threading, time
def pulse():
    while True:
        time.sleep(60)
        sys.stderr.write("...")
threading.Thread(target=pulse).start()
with open("a.csv", "w") as table:
    fill(table)
other = open("b.csv", "w")
other.close()
print("done")
sys.stdout.flush()
os._exit(0)
"""


def test_a_process_that_ends_itself_after_all_was_flushed_and_closed_is_well():
    assert cause(completed(), **WELL, code={"main.py": ENDS_ITSELF}) == "none"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sys.stdout.flush()", "pass"),
        ("other.close()", "pass"),
        ("other.close()", "if ok:\n    other.close()"),
        ("other = open", "others[1] = open"),
        ("import os,", "import mlflow, os,"),
        ('sys.stderr.write("...")', "save()"),
    ],
)
def test_a_process_that_ends_itself_with_something_left_open_is_not_called_well(old, new):
    assert cause(completed(), **WELL, code={"main.py": ENDS_ITSELF.replace(old, new)}) == "inconclusive"


CACHE = (
    "import socket, time\n"
    "def ligg_til(adr):\n"
    "    t = time.time()\n"
    "    while True:\n"
    "        try:\n"
    "            return socket.create_connection(adr)\n"
    "        except OSError as e:\n"
    "            print('WARN lager', adr, 'svarer ikke', e)\n"
    "            if time.time() - t > 900:\n"
    "                return None\n"
    "            time.sleep(60)\n"
    "ligg_til(('a', 1))\n"
)
WARNED = (
    "start\n" + "WARN lager ('a', 1) svarer ikke [Errno 111] Connection refused\n" * 5 + "videre\nferdig\n"
)


def test_a_warning_of_a_connection_that_was_given_up_leaves_room_for_another_way():
    found = verdict(completed(), logs=WARNED, outputs=[blob("svar.json")], code={"main.py": CACHE})
    assert found[::2] == ("none", "suspected")


def test_it_does_not_where_the_program_sends_something_somewhere():
    code = {
        "main.py": CACHE + "import requests\nr = requests.post('http://x', json={})\nr.raise_for_status()\n"
    }
    assert verdict(completed(), logs=WARNED, outputs=[blob("svar.json")], code=code)[0] == "inconclusive"


def test_nor_where_nobody_sees_the_source():
    assert verdict(completed(), logs=WARNED, outputs=[blob("svar.json")])[0] == "inconclusive"


COUNTED = every(range(50), "omgång {n}/50 saknas 0")
DENIED = {"parts": {"metrics": "denied"}}


def test_metrics_that_the_source_does_not_send_are_not_missed():
    code = {"main.py": "import csv, math\nprint(math.log(3))\n"}
    found = verdict(completed(), **{**WELL, "logs": COUNTED}, code=code, **DENIED)
    assert found[::2] == ("none", "supported")


def test_metrics_of_a_log_that_counts_whole_things_are_hardly_missed():
    assert verdict(completed(), **{**WELL, "logs": COUNTED}, **DENIED)[::2] == ("none", "suspected")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("omgång {n}/50 förlust 0.31", None),
        ("epoch {n}/50", None),
        ("omgång {n}/50", {"main.py": "import mlflow\n"}),
        ("omgång {n}/50", {"main.py": "def f(run):\n    run.log('a', 1)\n"}),
    ],
)
def test_metrics_that_the_run_is_likely_to_have_sent_are(text, code):
    given = {**WELL, "logs": every(range(50), text), **({"code": code} if code else {})}
    assert cause(completed(), **given, **DENIED) == "inconclusive"


def test_the_last_word_in_the_log_shows_that_all_before_it_was_flushed():
    code = ENDS_ITSELF.replace("sys.stdout.flush()\n", "").replace('"done"', '"allt ligger nu på sin plats"')
    logs = every(range(1, 20), "omgång {n}") + "allt ligger nu på sin plats\n"
    assert cause(completed(), **{**WELL, "logs": logs}, code={"main.py": code}) == "none"


def test_a_function_of_its_own_that_flushes_and_a_thread_of_a_method_are_followed():
    code = ENDS_ITSELF.replace("sys.stdout.flush()", "say('ok')").replace(
        "threading.Thread", "def say(x):\n    print(x, flush=True)\nthreading.Thread"
    )
    assert cause(completed(), **WELL, code={"main.py": code}) == "none"
