import pytest
from building import fact

from diagnose.evidence.code import Code, CodeKind

HEAD = "import logging, math, mlflow, multiprocessing, threading\nfrom concurrent.futures import ProcessPoolExecutor\n"
START = "multiprocessing.Process(target=prova, args=(1,)).start()\n"
LOGS = "def prova(n):\n    run.log(f'errore_{n}', 1.0, step=n)\n"


def found(text):
    return fact(Code, code={"prove.py": HEAD + text}).of(CodeKind.METRICS_IN_CHILD)


@pytest.mark.parametrize(
    "text",
    [
        LOGS + START,
        LOGS + "with multiprocessing.Pool(3) as pool:\n    pool.map(prova, range(3))\n",
        LOGS + "with ProcessPoolExecutor() as pool:\n    pool.submit(prova, 1)\n",
        "def prova(n):\n    mlflow.log_metric('errore', 1.0, synchronous=False)\n" + START,
    ],
)
def test_metrics_that_a_child_logs_and_nobody_flushes(text):
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        LOGS,
        LOGS + "prova(1)\n",
        LOGS + "threading.Thread(target=prova, args=(1,)).start()\n",
        LOGS + "    run.flush()\n" + START,
        "def prova(n):\n    mlflow.log_metric('errore', 1.0)\n" + START,
        "def prova(n):\n    logging.log(logging.INFO, 'x')\n    math.log(n, 2)\n" + START,
        "def prova(n):\n    return n\nrun.log('errore', 1.0)\n" + START,
    ],
)
def test_a_parents_metrics_flushed_ones_and_other_logs_are_none(text):
    assert found(text) == ()
