import pytest
from building import STD_LOG, WRAPPER, iso, line, moment, run_row
from judging import answer, every, exited, finding, spawned, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_process.served_child import served_child

CODE = """import subprocess, threading
from http.server import HTTPServer, SimpleHTTPRequestHandler

{start}
for kolo in range(9):
    print(f"kolo {{kolo}} hotovo")
print("všechna kola hotova")
{after}
"""
BOARD = 'nastenka = subprocess.Popen(["tensorboard", "--logdir", "zaznamy"])'
THREAD = "server = HTTPServer(('', 8080), SimpleHTTPRequestHandler)\nthreading.Thread(target=server.serve_forever{daemon}).start()"
WORK = every(range(9), "kolo {n} hotovo") + line(9, "všechna kola hotova")


def code(start=BOARD, after=""):
    return {"kola.py": CODE.format(start=start, after=after)}


def process(pid, command, **fields):
    return {
        "pid": pid,
        "parent_pid": 11,
        "name": "python",
        "command": command,
        "started_at": iso(2),
        "seen_at": iso(300),
        **fields,
    }


MAIN = process(11, "python kola.py", parent_pid=1, started_at=iso(1))
BOARD_RUNS = process(12, "/opt/conda/bin/python /opt/conda/bin/tensorboard --logdir zaznamy")


@pytest.mark.parametrize("start", [BOARD, THREAD.format(daemon="")])
def test_a_server_that_nothing_shuts_down_holds_the_run(start):
    found = verdict(run_row(), logs=WORK, code=code(start))
    assert found == ("lingering-child-process", "served-child", "supported")


def test_a_server_that_has_outlived_the_first_process_establishes_it():
    logs = {STD_LOG: WORK, WRAPPER: spawned() + exited(10)}
    told = finding(served_child, run_row(), logs=logs, code=code(), processes=[MAIN, BOARD_RUNS])
    assert told.certainty is Certainty.ESTABLISHED


def test_a_server_beside_a_living_process_is_no_proof():
    told = finding(served_child, run_row(), logs=WORK, code=code("pass"), processes=[MAIN, BOARD_RUNS])
    assert told.certainty < Certainty.ESTABLISHED


def test_a_server_that_was_there_before_the_script_is_not_its_own():
    jupyter = process(5, "/anaconda/bin/python /anaconda/bin/jupyter-lab", started_at=iso(-600))
    assert answer(served_child, run_row(), logs=WORK, processes=[MAIN, jupyter]) == "clear"


@pytest.mark.parametrize(
    "given",
    [
        {"after": "nastenka.terminate()"},
        {"start": THREAD.format(daemon=", daemon=True")},
        {"start": THREAD.format(daemon=""), "after": "server.shutdown()"},
        {"start": 'subprocess.run(["tensorboard", "--version"])'},
    ],
)
def test_a_server_that_is_shut_down_or_ends_with_the_interpreter_holds_nothing(given):
    assert answer(served_child, run_row(), logs=WORK, code=code(**given)) == "clear"


def test_a_server_lives_while_the_work_goes_on():
    log = every(range(5), "kolo {n} hotovo")
    given = {"code": code(), "processes": [MAIN, BOARD_RUNS], "captured_at": moment(6)}
    assert answer(served_child, run_row(), logs=log, **given) == "clear"


def test_the_source_alone_makes_no_verdict():
    assert answer(served_child, run_row("Completed"), logs=WORK, code=code()) == "clear"


def test_without_logs_nobody_looked():
    assert answer(served_child, run_row(), code=code()) == "not checked"
