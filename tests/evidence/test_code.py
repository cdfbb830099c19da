import ast
import io
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnose.evidence import code
from diagnose.evidence.bundle import Missing, Part, PartState
from diagnose.evidence.code import Code, CodeKind

HEADER = """\
import json, os, queue, shutil, subprocess, sys, threading, time, logging
import multiprocessing as mp
import requests
from concurrent.futures import ThreadPoolExecutor
logger = logging.getLogger(__name__)
"""


class Snapshot:
    """As much of a bundle as the code is read from."""

    def __init__(self, files, state=PartState.COMPLETE):
        self.files = {f"code/{name}": data for name, data in files.items()}
        self.store = self
        self.state = state

    def names(self):
        return sorted(self.files)

    def open(self, name):
        return io.BytesIO(self.files[name])

    def part(self, _name):
        return Part(self.state)


def code_of(**files):
    return Code.read(Snapshot({f"{name}.py": textwrap.dedent(text).encode() for name, text in files.items()}))


TRIED_AGAIN = (CodeKind.RETRIED_UNTIL_DONE, CodeKind.RETRIED_THEN_LEFT)
"""They accuse nobody, and have a test of their own."""


def kinds(text):
    found = code_of(train=HEADER + textwrap.dedent(text)).findings
    return [each.kind for each in found if each.kind not in TRIED_AGAIN]


def check(text, *expected):
    assert kinds(text) == list(expected)


# --- threads


@pytest.mark.parametrize(
    "text",
    [
        "t = threading.Thread(target=work)\nt.start()",
        "threading.Thread(target=work).start()",
        "import threading as th\nt = th.Thread(target=work)\nt.start()",
        "from threading import Thread\nt = Thread(target=work, daemon=False)\nt.start()",
        "ts = [threading.Thread(target=work) for _ in range(3)]\nfor t in ts:\n    t.start()",
        "class Saver(threading.Thread):\n    def run(self):\n        while True: pass\ns = Saver()\ns.start()",
        (
            "class Saver(threading.Thread):\n"
            "    def __init__(self):\n"
            "        super().__init__()\n"
            "        self.start()\n"
            "Saver()"
        ),
        (
            "class A:\n"
            "    def __init__(self):\n"
            "        self.t = threading.Thread(target=work)\n"
            "        self.t.start()"
        ),
        (
            "def f():\n"
            "    t = threading.Thread(target=work)\n"
            "    t.start()\n"
            "    print(t.name)\n"
            "def g(t):\n"
            "    t.join()"
        ),
        "t = threading.Timer(60, work)\nt.start()",
    ],
)
def test_a_thread_that_nobody_joins(text):
    check(text, CodeKind.THREAD_NOT_JOINED)


@pytest.mark.parametrize(
    "text",
    [
        "t = threading.Thread(target=work)\nt.start()\nt.join()",
        "t = threading.Thread(target=work)",
        (
            "ts = [threading.Thread(target=work) for _ in range(3)]\n"
            "for t in ts:\n"
            "    t.start()\n"
            "for u in ts:\n"
            "    u.join()"
        ),
        (
            "ts = []\n"
            "for n in range(3):\n"
            "    t = threading.Thread(target=work)\n"
            "    t.start()\n"
            "    ts.append(t)\n"
            "[each.join() for each in reversed(ts)]"
        ),
        (
            "a, b = threading.Thread(target=f), threading.Thread(target=g)\n"
            "for t in (a, b):\n"
            "    t.start()\n"
            "for t in (a, b):\n"
            "    t.join()"
        ),
        (
            "ts = {}\n"
            "ts['a'] = threading.Thread(target=f)\n"
            "ts['a'].start()\n"
            "for n, t in ts.items():\n"
            "    t.join()"
        ),
        (
            "class A:\n"
            "    def start(self):\n"
            "        self.t = threading.Thread(target=work)\n"
            "        self.t.start()\n"
            "    def close(self):\n"
            "        self.t.join()"
        ),
        "t = threading.Thread(target=work)\nt.start()\natexit.register(t.join)",
        "t = threading.Timer(60, work)\nt.start()\nt.cancel()",
        "def f():\n    t = threading.Thread(target=work)\n    t.start()\n    return t",
        "t = threading.Thread(target=work)\nt.start()\nstop_later(t)",
        "t = threading.Thread(target=work, **options)\nt.start()",
        "threading.Thread(target=work).start()\nfor t in threading.enumerate():\n    t.join()",
        (
            "class Saver(threading.Thread):\n"
            "    def close(self):\n"
            "        self.join()\n"
            "s = Saver()\n"
            "s.start()\n"
            "s.close()"
        ),
        "class Thread: pass\nt = Thread()\nt.start()",
    ],
)
def test_a_thread_that_is_joined_or_out_of_sight(text):
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        "threading.Thread(target=work, daemon=True).start()",
        "t = threading.Thread(target=work)\nt.daemon = True\nt.start()",
        "t = threading.Thread(target=work)\nt.setDaemon(True)\nt.start()",
        (
            "class S(threading.Thread):\n"
            "    def __init__(self):\n"
            "        super().__init__(daemon=True)\n"
            "s = S()\n"
            "s.start()"
        ),
        (
            "class A:\n"
            "    def go(self):\n"
            "        self.t = threading.Thread(target=f)\n"
            "        self.t.daemon = True\n"
            "        self.t.start()"
        ),
    ],
)
def test_a_daemon_thread_is_told_apart(text):
    check(text, CodeKind.DAEMON_THREAD)


def test_a_thread_class_and_a_join_in_other_files_are_known():
    files = {
        "saver": "import threading\nclass Saver(threading.Thread):\n    def run(self):\n        while True: pass\n",
        "train": (
            "from saver import Saver\n"
            "class Trainer:\n"
            "    def go(self):\n"
            "        self.saver = Saver()\n"
            "        self.saver.start()\n"
        ),
    }
    [found] = code_of(**files).findings
    assert (found.path, found.line, found.text) == ("train.py", 4, "self.saver = Saver()")
    assert (
        code_of(
            **files, main="from train import Trainer\ntrainer = Trainer()\ntrainer.saver.join()\n"
        ).findings
        == ()
    )


# --- processes and pools


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("p = subprocess.Popen(['x'])", CodeKind.POPEN_NOT_WAITED),
        ("subprocess.Popen(['x'])", CodeKind.POPEN_NOT_WAITED),
        ("p = subprocess.Popen(['x'], stdout=subprocess.PIPE)\nprint(p.pid)", CodeKind.POPEN_NOT_WAITED),
        ("from subprocess import Popen as P\nps = [P(c) for c in cs]", CodeKind.POPEN_NOT_WAITED),
        ("p = mp.Process(target=f)\np.start()", CodeKind.PROCESS_NOT_JOINED),
        ("ctx = mp.get_context('spawn')\np = ctx.Process(target=f)\np.start()", CodeKind.PROCESS_NOT_JOINED),
        (
            "from torch import multiprocessing\np = multiprocessing.Process()\np.start()",
            CodeKind.PROCESS_NOT_JOINED,
        ),
        ("p = mp.Process(target=f, daemon=True)\np.start()", CodeKind.DAEMON_PROCESS),
        ("pool = mp.Pool(4)\npool.map(f, xs)", CodeKind.POOL_NOT_CLOSED),
        ("pool = mp.Pool(4)\npool.map(f, xs)\npool.close()", CodeKind.POOL_NOT_CLOSED),
        ("from multiprocessing.pool import ThreadPool\npool = ThreadPool(4)", CodeKind.POOL_NOT_CLOSED),
        ("ex = ThreadPoolExecutor()\nr = ex.submit(f)", CodeKind.POOL_NOT_CLOSED),
        (
            "import concurrent.futures\nex = concurrent.futures.ProcessPoolExecutor()\nr = ex.submit(f)",
            CodeKind.POOL_NOT_CLOSED,
        ),
    ],
)
def test_a_child_or_a_pool_that_nobody_ends(text, kind):
    check(text, kind)


@pytest.mark.parametrize(
    "text",
    [
        "p = subprocess.Popen(['x'])\np.wait()",
        "subprocess.Popen(['x']).communicate()",
        "with subprocess.Popen(['x']) as p:\n    pass",
        "p = subprocess.Popen(['x'])\nwith p:\n    pass",
        "ps = []\nfor c in cs:\n    ps.append(subprocess.Popen(c))\nfor p in ps:\n    p.wait()",
        "def serve():\n    return subprocess.Popen(['x'])",
        "def serve():\n    p = subprocess.Popen(['x'])\n    return p, 1",
        "p = subprocess.Popen(['x'])\ntry:\n    work()\nfinally:\n    p.terminate()",
        "subprocess.run(['sleep', '1'], check=True)",
        "p = mp.Process(target=f, daemon=True)\np.start()\np.join()",
        "p = mp.Process(target=f)\np.start()\np.join()",
        "with mp.Pool(4) as pool:\n    pool.map(f, xs)",
        "pool = mp.Pool(4)\npool.map(f, xs)\npool.close()\npool.join()",
        "pool = mp.Pool()\npool.terminate()",
        "with ThreadPoolExecutor() as ex:\n    r = ex.submit(f)",
        "ex = ThreadPoolExecutor()\nex.shutdown(wait=True)",
        "ex = ThreadPoolExecutor()\nwith ex:\n    r = ex.submit(f)",
    ],
)
def test_a_child_or_a_pool_that_is_ended_or_out_of_sight(text):
    check(text)


# --- queues


@pytest.mark.parametrize(
    "text",
    [
        "def w(q):\n    while True:\n        item = q.get()\n        save(item)",
        "q = queue.Queue()\ndef w():\n    while True:\n        save(q.get())\n        q.task_done()",
        (
            "class S:\n"
            "    def __init__(self):\n"
            "        self.pending = queue.Queue()\n"
            "    def run(self):\n"
            "        while 1:\n"
            "            self.pending.get()"
        ),
        "def w(q, stop):\n    while not stop.is_set():\n        q.get()",
        "def w(q):\n    while True:\n        for x in q.get():\n            if x:\n                break",
    ],
)
def test_a_consumer_that_nothing_stops(text):
    check(text, CodeKind.QUEUE_GET_WITHOUT_SENTINEL)


@pytest.mark.parametrize(
    "text",
    [
        "def w(q):\n    while True:\n        item = q.get()\n        if item is None:\n            break",
        "def w(q):\n    while True:\n        if q.get() is None:\n            return",
        "def w(q):\n    while True:\n        q.get(timeout=5)",
        "def w(q):\n    while True:\n        q.get(True, 5)",
        "def w(q):\n    while True:\n        q.get_nowait()",
        "def w(q):\n    while (item := q.get()) is not None:\n        save(item)",
        "def w(q):\n    while not q.empty():\n        q.get()",
        "def w(q):\n    for item in iter(q.get, None):\n        save(item)",
        "async def w(q):\n    while True:\n        await q.get()",
        "def w(d):\n    while True:\n        d.get('key')",
        "def w(d):\n    while True:\n        d.get()",
    ],
)
def test_a_consumer_that_can_be_stopped(text):
    check(text)


# --- hidden failures


@pytest.mark.parametrize(
    ("handler", "detail"),
    [
        ("except Exception as e:\n    logger.error('no %s', e)", "catches Exception and only logs it"),
        ("except:\n    pass", "catches everything and passes over it"),
        ("except (OSError, ValueError) as e:\n    print(e)", "catches OSError, ValueError and only logs it"),
        ("except Exception:\n    import_failed = 1\n    logging.exception('x')", None),
        ("except ValueError as e:\n    logging.exception('x')", "catches ValueError and only logs it"),
        ("except Exception:\n    raise", None),
        ("except Exception as e:\n    raise RuntimeError('x') from e", None),
        ("except Exception as e:\n    logger.error(e)\n    sys.exit(1)", None),
        ("except Exception as e:\n    errors.append(e)", None),
        ("except ImportError:\n    print('no apex')", None),
        ("except queue.Empty:\n    pass", None),
        ("except KeyError:\n    pass", None),
        ("except KeyboardInterrupt:\n    print('stopped')", None),
        ("except Exception:\n    traceback.print_exc()\n    fallback()", None),
    ],
)
def test_a_handler_that_goes_on_as_if_nothing_had_happened(handler, detail):
    found = code_of(train=f"{HEADER}try:\n    work()\n{handler}\n").of(CodeKind.SWALLOWED_EXCEPT)
    assert [each.detail for each in found] == ([detail] if detail else [])


@pytest.mark.parametrize("given", ["False", "None", "-1", ""])
def test_a_handler_that_answers_instead_of_raising(given):
    handler = f"except Exception as e:\n        logger.error(e)\n        return {given}\n"
    [found] = code_of(train=f"{HEADER}def f():\n    try:\n        work()\n    {handler}").findings
    assert found.detail == f"catches Exception and logs it and returns {given or 'None'}"


@pytest.mark.parametrize(
    "text",
    [
        (
            "for n in range(3):\n"
            "    try:\n"
            "        work()\n"
            "        break\n"
            "    except Exception as e:\n"
            "        print(e)"
        ),
        "try:\n    os.remove(p)\nexcept OSError:\n    pass",
        (
            "def f():\n"
            "    for n in range(3):\n"
            "        try:\n"
            "            return work()\n"
            "        except OSError as e:\n"
            "            logger.warning(e)"
        ),
    ],
)
def test_a_retry_and_tidying_up_hide_nothing(text):
    check(text)


def test_a_question_that_failing_answers_hides_nothing():
    check("def exists(p):\n    try:\n        os.stat(p)\n    except OSError:\n        return False")


SAVE = """
def save():
    try:
        work()
        return True
    except Exception as e:
        logger.error(e)
        return False
"""


def test_a_failure_answered_with_false_that_nobody_looks_at():
    check(SAVE + "save()", CodeKind.SWALLOWED_EXCEPT, CodeKind.IGNORED_RESULT)
    check(SAVE + "ok = save()", CodeKind.SWALLOWED_EXCEPT)
    check(SAVE + "if not save():\n    sys.exit(1)", CodeKind.SWALLOWED_EXCEPT)
    check(SAVE.replace("return False", "raise") + "save()")


def test_a_method_that_answers_with_false():
    method = "class M:\n" + textwrap.indent(SAVE.replace("save()", "save(self)"), "    ")
    check(method + "M().save()", CodeKind.SWALLOWED_EXCEPT, CodeKind.IGNORED_RESULT)
    check(method + "    def go(self):\n        return self.save()", CodeKind.SWALLOWED_EXCEPT)


def test_results_that_nobody_asks_for():
    pool = "with ThreadPoolExecutor() as ex:\n    "
    check(pool + "ex.submit(f)", CodeKind.RESULT_NOT_FETCHED)
    check(pool + "ex.map(f, xs)", CodeKind.RESULT_NOT_FETCHED)
    check(pool + "list(ex.map(f, xs))")
    check("with mp.Pool(2) as p:\n    p.map(f, xs)")
    check(
        "async def go():\n    await asyncio.gather(*a, return_exceptions=True)",
        CodeKind.RESULT_NOT_FETCHED,
    )
    check("async def go():\n    found = await asyncio.gather(*a, return_exceptions=True)")
    check("async def go():\n    await asyncio.gather(*a)")
    check("with mp.Pool(2) as p:\n    p.apply_async(f, error_callback=fail)\n    p.join()")
    check("client.submit(f)")


def test_exits_that_claim_success_or_skip_the_end():
    check("try:\n    f()\nexcept Exception:\n    sys.exit(0)", CodeKind.EXIT_ZERO)
    check("try:\n    f()\nexcept Exception:\n    raise SystemExit(2)")
    check("try:\n    f()\nexcept Exception as e:\n    sys.exit(1)")
    check("try:\n    f()\nexcept KeyboardInterrupt:\n    sys.exit(0)")
    check("sys.exit(0)")
    check("from os import _exit\n_exit(0)", CodeKind.OS_EXIT)
    check("pid = os.fork()\nif pid == 0:\n    os._exit(0)")


# --- requests


@pytest.mark.parametrize(
    "text",
    [
        "requests.post(url, json=x)",
        "r = requests.get(url)\nprint(r.text)",
        "data = requests.get(url).json()",
        "import httpx as h\nh.put(url)",
        "s = requests.Session()\ns.post(url)",
        "with requests.Session() as s:\n    s.post(url)",
        (
            "class C:\n"
            "    def __init__(self):\n"
            "        self.session = requests.Session()\n"
            "    def f(self):\n"
            "        self.session.post(url)"
        ),
        "with requests.get(url, stream=True) as r:\n    save(r.content)",
        "requests.Session().delete(url)",
    ],
)
def test_a_request_whose_status_nobody_looks_at(text):
    check(text, CodeKind.REQUEST_WITHOUT_CHECK)


@pytest.mark.parametrize(
    "text",
    [
        "requests.post(url).raise_for_status()",
        "r = requests.get(url)\nr.raise_for_status()",
        "r = requests.get(url)\nif r.status_code != 200:\n    raise X",
        "r = requests.get(url)\nif not r:\n    raise X",
        "r = requests.get(url)\nassert r.ok",
        "def f():\n    return requests.get(url)",
        "r = requests.get(url)\nverify(r)",
        "with requests.get(url) as r:\n    r.raise_for_status()",
        "s = requests.Session()\ns.hooks['response'] = check\ns.post(url)",
        "from urllib.request import urlopen\nurlopen(url)",
        "cache = {}\ncache.get(url)",
        "requests = load()\nself.get(url)",
    ],
)
def test_a_request_that_is_checked_or_raises_by_itself(text):
    check(text)


# --- writing


@pytest.mark.parametrize(
    "text",
    [
        "f = open('x', 'w')\nf.write('a')",
        "f = open('x', mode='ab')",
        "import csv\nf = open('x', 'w')\nw = csv.writer(f)\nw.writerow([1])",
        "import gzip\nf = gzip.open('x', 'wt')",
        "import zipfile as z\nf = z.ZipFile('x', 'w')",
        "import pyarrow.parquet as pq\nw = pq.ParquetWriter('x', schema)\nw.write_table(t)",
        "from pathlib import Path\nf = Path('x').open('w')",
        "class W:\n    def __init__(self):\n        self.out = open('x', 'w')",
    ],
)
def test_a_writer_that_is_never_closed(text):
    check(text, CodeKind.WRITER_NOT_CLOSED)


@pytest.mark.parametrize(
    "text",
    [
        "with open('x', 'w') as f:\n    f.write('a')",
        "f = open('x', 'w')\ntry:\n    f.write('a')\nfinally:\n    f.close()",
        "f = open('x')",
        "f = open('x', 'rb')",
        "open('x', 'w').write('a')",
        "f = open('x', 'w')\nwith f:\n    pass",
        "def f():\n    out = open('x', 'w')\n    return out",
        "with ExitStack() as stack:\n    f = stack.enter_context(open('x', 'w'))",
        "f = open('x', 'w')\nregister(f)",
        "sys.stdout = open('x', 'w')",
        "import webbrowser\nwebbrowser.open('wax')",
        (
            "class W:\n"
            "    def __init__(self):\n"
            "        self.out = open('x', 'w')\n"
            "    def close(self):\n"
            "        self.out.close()"
        ),
    ],
)
def test_a_writer_that_is_closed_or_out_of_sight(text):
    check(text)


def test_flushes_in_a_loop():
    check("for n in range(9):\n    run.log('a', n)\n    run.flush()", CodeKind.FLUSH_IN_LOOP)
    check("while True:\n    if n % 100 == 0:\n        run.flush()", CodeKind.FLUSH_IN_LOOP)
    check("for n in range(9):\n    run.log('a', n)\nrun.flush()")
    check("for n in range(9):\n    sys.stdout.flush()")
    check("with open('x', 'w') as f:\n    for n in range(9):\n        f.flush()")
    check("for n in range(9):\n    def f():\n        run.flush()")


def test_a_source_removed_behind_its_upload():
    check("run.upload_file('a', path)\nos.remove(path)", CodeKind.SOURCE_REMOVED_AFTER_UPLOAD)
    check(
        "def f():\n    run.upload_folder('a', path='out')\n    shutil.rmtree('out')",
        CodeKind.SOURCE_REMOVED_AFTER_UPLOAD,
    )
    check("client.upload_blob(open(p, 'rb'))\nos.remove(p)", CodeKind.SOURCE_REMOVED_AFTER_UPLOAD)
    check("os.remove(path)\nrun.upload_file('a', path)")
    check("run.upload_file('a', path)\nos.remove(other)")
    check("def f():\n    run.upload_file('a', path)\ndef g():\n    os.remove(path)")


# --- which statement printed a line


PROGRAM = """
import logging, sys
from tqdm import tqdm
log = logging.getLogger("train")
DONE = "All partitions written"

def train():
    for epoch in range(3):
        print(f"epoch {epoch}: loss={loss:.3f}", flush=True)
        log.info("step %d of %5.2f%% done", 3, 4)
    print("training finished in", 3, "seconds")

def main():
    train()
    log.warning("wrote {} files to {!r}".format(3, "x"))
    print("first line\\nsecond line of %s" % name)
    sys.stdout.write("uploading " + name + " to storage\\n")
    print(DONE)
    tqdm.write("waiting for the saver")

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("epoch 12: loss=0.231", 9),
        ("2026-11-20 08:00:01,123 INFO train step 5 of  4.00% done", 10),
        ("training finished in 3 seconds", 11),
        ("WARNING:train:wrote 3 files to 'x'", 15),
        ("second line of resnet", 16),
        ("uploading model.pt to storage", 17),
        ("All partitions written", 18),
        ("waiting for the saver", 19),
    ],
)
def test_a_line_is_traced_to_the_statement_that_printed_it(line, number):
    first, *_ = code_of(train=PROGRAM).statement_of(line)
    assert (first.path, first.line) == ("train.py", number)


def test_the_texts_of_a_printer_of_the_runs_own_are_known_where_it_is_called():
    text = """
    def say(level, text):
        print(time.strftime("%H:%M:%S"), f"[{level}] {text}", flush=True)

    class Saver:
        def report(self, text):
            log.info(text)

        def run(self):
            self.report(f"checkpoint {self.step} written")

    say("info", f"model has {n} parameters")
    say("warning", "training finished")
    """
    program = code_of(train=text)
    traced = [
        program.statement_of(line)[0].line
        for line in ("08:00 checkpoint 7 written", "[info] training finished [7]")
    ]
    assert traced == [10, 13]
    # The longest of the texts is the message.
    assert program.statement_of("a warning") == ()


def test_a_logger_is_known_by_its_making_or_its_name():
    text = "import logging\njournal = logging.getLogger()\njournal.info('epoch done')\n"
    text += "self.log.error('epoch lost')"
    assert [each.line for each in code_of(train=text).log_statements] == [3, 4]
    assert code_of(train="answer.error('epoch failed')").log_statements == ()


def test_a_line_that_no_statement_prints_is_traced_nowhere():
    program = code_of(train=PROGRAM + "print(x)\nprint('done')\nprint('%s' % x)\n")
    assert program.statement_of("something else") == ()
    assert program.statement_of("done") == ()
    assert "done" not in [text for each in program.log_statements for text in each.templates]


def test_the_more_telling_text_comes_first_and_equals_are_all_named():
    program = code_of(
        a="print(f'saved {x}')\nprint(f'saved checkpoint {x}')\n", b="print(f'saved checkpoint {y}')\n"
    )
    found = program.statement_of("saved checkpoint 3")
    assert [(each.path, each.line) for each in found] == [("a.py", 2), ("b.py", 1)]
    assert [
        each.line
        for each in code_of(a="print('loading data')\nprint('loading data done')").statement_of(
            "loading data done"
        )
    ] == [2, 1]


def test_only_the_last_statement_of_the_main_flow_is_last():
    assert [each.line for each in code_of(train=PROGRAM).log_statements if each.is_last_of_main] == [19]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("print('training done')", True),
        ("print('training done')\nclose()", True),
        ("print('training done')\nprint(x)", False),
        ("def end():\n    print('goodbye all')\nprint('training done')\nend()", False),
        ("def end():\n    log.info('goodbye all')\nprint('training done')\nhelper(end)\nx.end()", False),
        ("for x in y:\n    print('training done')", False),
        ("if x:\n    print('training done')\nelse:\n    print('training not done')", True),
        ("try:\n    print('training done')\nexcept E:\n    print(x)", True),
        ("try:\n    print('training done')\nfinally:\n    print(x)", False),
        ("with x:\n    print('training done')", True),
        ("def f():\n    print('training done')\nf()", True),
        ("def f():\n    print('training done')\nf()\nf()", False),
        ("def f():\n    print('training done')\nThread(target=f)", False),
        ("def f():\n    print('training done')\nprint(f())", False),
        ("def f():\n    print('training done')", False),
        ("class A:\n    def f(self):\n        print('training done')\nA().f()", False),
        ("import asyncio\nasync def main():\n    print('training done')\nasyncio.run(main())", True),
    ],
)
def test_what_can_still_be_printed_after_a_statement(text, last):
    [found] = [each for each in code_of(train=text).log_statements if "training done" in each.text]
    assert found.is_last_of_main is last


def test_the_end_of_an_imported_module_is_not_the_end_of_the_run():
    program = code_of(helpers="print('helpers loaded')", train="import helpers\nhelpers.go()")
    assert not program.log_statements[0].is_last_of_main


# --- reading


def test_files_that_are_no_python_are_named_and_the_rest_is_read():
    files = {
        "bad.py": b"def f(:\n",
        "good.py": b"\xef\xbb\xbfimport os\r\nos._exit(1)\r\n",
        "latin.py": b"# -*- coding: latin-1 -*-\nprint('caf\xe9')\n",
        "nul.py": b"x = 1\0",
        "odd.py": b"# -*- coding: nothing -*-\n",
        "py2.py": b"print 'a'\n",
        "readme.md": b"text",
        "stray.py": b"x = '\\d'\n",
    }
    program = Code.read(Snapshot(files))
    assert [module.path for module in program.modules] == ["good.py", "latin.py", "stray.py"]
    assert [(found.kind, found.line) for found in program.findings] == [(CodeKind.OS_EXIT, 2)]
    assert {each.path for each in program.unread} == {"bad.py", "nul.py", "odd.py", "py2.py"}
    assert program.unread[0].reason.startswith("line 1: ")


def test_what_is_too_much_is_said(monkeypatch):
    monkeypatch.setattr(code, "MAX_FILES", 3)
    monkeypatch.setattr(code, "MAX_FILE_BYTES", 40)
    monkeypatch.setattr(code, "MAX_BYTES", 60)
    files = {"a.py": b"a = 1\n" * 6, "b.py": b"b = 1\n" * 7, "c.py": b"c = 1\n" * 5, "d.py": b""}
    reasons = {each.path: each.reason for each in Code.read(Snapshot(files)).unread}
    assert reasons == {
        "b.py": "larger than the 24 bytes that are read",
        "c.py": "larger than the 24 bytes that are read",
        "d.py": "more than 3 files",
    }


def test_no_snapshot_is_missing_and_an_empty_one_is_not():
    assert Code.read(Snapshot({}, PartState.DENIED)) == Missing("code", "the source snapshot is denied")
    assert Code.read(Snapshot({})).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000,
        "x" + ".a" * 50_000,
        "x = " + "+".join(["a"] * 20_000),
        "x = " + "-" * 20_000 + "1",
        "f(" * 80 + ")" * 80,
        "print(" + "'a' + " * 900 + "'a')",
        "print('%s' % " * 50 + "1" + ")" * 50,
        "".join(f"{' ' * n}if x:\n" for n in range(90)) + " " * 90 + "print('deep enough')",
        "a = b\n" * 20_000,
        "9" * 10_000,
        "print('%9999999999d {' % x, '{:{}{}'.format(1))",
    ],
)
def test_hostile_source_is_read_or_said_to_be_unreadable(text):
    program = code_of(train=text)
    assert len(program.modules) + len(program.unread) == 1
    assert isinstance(program.findings, tuple)
    assert isinstance(program.statement_of("deep enough"), tuple)


FRAGMENTS = [textwrap.dedent(part) for part in (PROGRAM, SAVE, HEADER)]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=40)), max_size=4), st.text(max_size=80)
)
def test_no_text_makes_it_raise(parts, line):
    program = Code.read(Snapshot({"a.py": "\n".join(parts).encode("utf-8", "replace")}))
    assert isinstance(program.findings, tuple)
    assert isinstance(program.statement_of(line), tuple)


def test_every_syntax_of_this_python_is_walked():
    program = code_of(
        train=ast.unparse(ast.parse(PROGRAM))
        + "\nmatch x:\n    case {'a': [1, *_]}:\n        print('matched it')\n"
    )
    assert program.statement_of("matched it")[0].is_last_of_main


@pytest.mark.parametrize(
    "text",
    [
        "def work():\n    for n in range(3):\n        step(n)\nt = threading.Thread(target=work)\nt.start()",
        "class Saver(threading.Thread):\n    def run(self):\n        save()\ns = Saver()\ns.start()",
    ],
)
def test_a_thread_that_ends_by_itself_holds_nothing(text):
    check(text)


def test_the_last_print_is_not_the_end_while_a_call_of_consequence_follows():
    text = "print('the model is being fitted')\nmodel.fit(rows)\n"
    assert not any(statement.is_last_of_main for statement in code_of(train=text).log_statements)


def test_winding_up_after_the_last_print_changes_nothing():
    text = "print('all is written and done')\nworker.join()\nlogging.shutdown()\n"
    assert any(statement.is_last_of_main for statement in code_of(train=text).log_statements)
