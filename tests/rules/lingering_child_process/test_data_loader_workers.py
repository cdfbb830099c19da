import pytest
from building import iso, line, moment, run_row
from judging import answer, every, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_process.data_loader_workers import data_loader_workers

CODE = """from torch.utils.data import DataLoader

{make}
for ronda in range(9):
    print(f"ronda {{ronda}} terminada")
{after}
print("red guardada en disco")
"""
KEPT = "cargador = DataLoader(datos, num_workers=4, persistent_workers=True)"
WORK = every(range(9), "ronda {n} terminada") + line(9, "red guardada en disco")
STACK = '  File "/opt/conda/lib/python3.10/site-packages/torch/utils/data/dataloader.py", line 1443 in _shutdown_workers\n'


def code(make=KEPT, after=""):
    return {"entrenar.py": CODE.format(make=make, after=after)}


def process(pid, name, **fields):
    return {"pid": pid, "parent_pid": 11, "name": name, "started_at": iso(1), "seen_at": iso(300), **fields}


MAIN = process(11, "python", parent_pid=1)


def test_persistent_workers_that_nothing_lets_go_hold_the_run():
    found = verdict(run_row(), logs=WORK, code=code())
    assert found == ("lingering-child-process", "data-loader-workers", "supported")


def test_a_stack_of_the_loader_shutting_down_establishes_it():
    found = verdict(run_row(), logs=WORK + STACK)
    assert found == ("lingering-child-process", "data-loader-workers", "established")


def test_a_stack_of_the_exit_handler_of_multiprocessing_is_then_not_taken_for_a_pool():
    stack = '  File "/opt/conda/lib/python3.10/multiprocessing/util.py", line 357 in _exit_function\n'
    found = verdict(run_row(), logs=WORK + stack, code=code())
    assert found == ("lingering-child-process", "data-loader-workers", "supported")


def test_a_worker_in_the_process_table_is_no_proof():
    rows = [MAIN, process(12, "pt_data_worker")]
    told = finding(data_loader_workers, run_row(), logs=WORK, code=code("cargador = []"), processes=rows)
    # Kept workers live for as long as the process does, whatever holds that.
    assert told.certainty < Certainty.ESTABLISHED


def test_a_thread_that_holds_the_process_before_it_comes_to_its_workers_goes_first():
    make = (
        KEPT
        + "\nimport threading\nthreading.Thread(target=vigila).start()\ndef vigila():\n    while True: mira()"
    )
    found = verdict(run_row(), logs=WORK, code=code(make))
    assert found == ("lingering-child-process", "non-daemon-thread", "supported")


def test_workers_live_while_the_training_does():
    rows = [MAIN, process(12, "pt_data_worker")]
    given = {"code": code(), "processes": rows, "captured_at": moment(6)}
    assert (
        answer(data_loader_workers, run_row(), logs=every(range(5), "ronda {n} terminada"), **given)
        == "clear"
    )


@pytest.mark.parametrize(
    "given",
    [
        {"make": "cargador = DataLoader(datos, num_workers=0)"},
        {"make": "cargador = DataLoader(datos, num_workers=4)"},
        {"after": "del cargador"},
        {"after": "cargador = None"},
    ],
)
def test_a_loader_without_workers_or_one_that_is_let_go_holds_nothing(given):
    assert answer(data_loader_workers, run_row(), logs=WORK, code=code(**given)) == "clear"


def test_the_source_alone_makes_no_verdict():
    assert answer(data_loader_workers, run_row("Completed"), logs=WORK, code=code()) == "clear"


def test_without_logs_nobody_looked():
    assert answer(data_loader_workers, run_row(), code=code()) == "not checked"
