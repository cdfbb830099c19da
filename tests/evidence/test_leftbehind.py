import pytest
from building import fact, missing, run_row

from diagnose.evidence.leftbehind import LeftBehind

THREAD = "import os, queue, threading\nq = queue.Queue()\n"
SAVER = (
    THREAD
    + "def saver():\n"
    + "    while True:\n"
    + "        n = q.get()\n"
    + "        with open(os.path.join(OUT, f'blok_{n:03d}.bin'), 'wb') as f:\n"
    + "            f.write(b'1')\n"
    + "        q.task_done()\n"
    + "threading.Thread(target=saver, daemon=True).start()\n"
)


def left(run=None, **code):
    return fact(
        LeftBehind, run or run_row(), code={name.replace("_", "."): t for name, t in code.items()}
    ).all


@pytest.mark.parametrize(
    "code",
    [
        SAVER,
        SAVER.replace("f'blok_{n:03d}.bin'", "'blok_%03d.bin' % n"),
        SAVER.replace("f'blok_{n:03d}.bin'", "'blok_{:03d}.bin'.format(n)"),
        SAVER.replace("open(os.path.join(OUT, f'blok_{n:03d}.bin'), 'wb') as f", "(OUT / 'blok_007.bin').open('wb') as f"),
        SAVER.replace("def saver", "def put(n):\n    (OUT / f'blok_{n}.bin').write_bytes(b'1')\ndef saver").replace(
            "with open(os.path.join(OUT, f'blok_{n:03d}.bin'), 'wb') as f:\n            f.write(b'1')", "put(n)"
        ),
        THREAD + "class Saver(threading.Thread):\n    def __init__(self):\n        super().__init__(daemon=True)\n    def run(self):\n        open('blok_007.bin', 'w').write('x')\nSaver().start()\n",
        "import multiprocessing as mp\ndef put():\n    open('blok_007.bin', 'wb')\np = mp.Process(target=put, daemon=True)\np.start()\n",
    ],
)  # fmt: skip
def test_what_a_daemon_writes_is_known_by_its_name(code):
    [found] = left(main_py=code)
    assert found.writes("blok_007.bin")
    assert not found.writes("model.bin")


@pytest.mark.parametrize("wait", ["q.join()", "while not q.empty():\n    pass", "while q.qsize():\n    pass"])
def test_a_queue_that_is_waited_for_leaves_nothing(wait):
    assert left(main_py=SAVER + wait + "\n") == ()


def test_a_consumer_that_looks_at_its_own_queue_does_not_wait_for_it():
    assert left(main_py=SAVER.replace("q.task_done()", "print(q.qsize())"))


PACK = "import tarfile\nwith tarfile.open('/mnt/uit/alles.tar', 'w') as t:\n    t.add('x')\n"


@pytest.mark.parametrize(
    "start",
    [
        "import subprocess, sys\nsubprocess.Popen([sys.executable, 'tools/pak.py', OUT])\n",
        "import subprocess\ncall = ['python', '-m', 'tools.pak']\nsubprocess.Popen(call)\n",
        "import subprocess\nsubprocess.Popen('python tools/pak.py', shell=True)\n",
        "import os\nos.system('python tools/pak.py &')\n",
        "import subprocess\nsubprocess.Popen(['tar', 'cf', OUT + '/alles.tar', 'x'])\n",
    ],
)
def test_what_a_program_writes_that_the_script_started_is_known(start):
    code = {"main.py": start, "tools/pak.py": PACK}
    [found] = fact(LeftBehind, run_row(), code=code).all
    assert found.writes("alles.tar")


@pytest.mark.parametrize(
    "script",
    [
        "python prep.py\nsetsid nohup python pak.py > /dev/null 2>&1 &\nsleep 30\n",
        "bash pak.sh &\n",
        "tar czf $OUT/alles.tar x &\n",
    ],
)
def test_what_a_shell_leaves_in_the_background_is_known_wherever_its_output_goes(script):
    code = {"run.sh": script, "pak.py": PACK, "pak.sh": "tar cf $UIT/alles.tar .\n"}
    [found] = fact(LeftBehind, run_row(command="bash run.sh"), code=code).all
    assert found.writes("alles.tar")


@pytest.mark.parametrize("more", ["wait\n", "wait $!\n", "kill $!\n"])
def test_a_shell_that_waits_leaves_nothing(more):
    code = {"run.sh": "python pak.py &\n" + more, "pak.py": PACK}
    assert fact(LeftBehind, run_row(command="bash run.sh"), code=code).all == ()


def test_names_that_are_computed_are_nobodys():
    [found] = left(main_py=SAVER.replace("f'blok_{n:03d}.bin'", "f'{n}.bin'"))
    assert found.names == ()


def test_without_any_source_nothing_is_known():
    assert missing(LeftBehind)
