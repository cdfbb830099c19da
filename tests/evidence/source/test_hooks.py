import pytest
from building import fact

from diagnose.evidence.code import Code, CodeKind

HEADER = "import atexit, queue, subprocess, threading, time, weakref\nimport functools\n"


def hooks(text):
    code = fact(Code, code={"train.py": HEADER + text})
    return code.of(CodeKind.EXIT_HOOK_BLOCKS)


@pytest.mark.parametrize(
    "text",
    [
        "def end():\n    jobs.join()\natexit.register(end)",
        "@atexit.register\ndef end():\n    done.wait()",
        "def end(n):\n    future.result()\natexit.register(functools.partial(end, 1))",
        "atexit.register(lambda: jobs.get())",
        "weakref.finalize(model, end)\ndef end():\n    thread.join()",
        "class A:\n    def __del__(self):\n        self.thread.join()",
        "class A:\n    def __init__(self):\n        atexit.register(self.end)\n    def end(self):\n        self.ready.wait_for(self.empty)",
        "def end():\n    while True:\n        time.sleep(1)\natexit.register(end)",
        "def end():\n    while not sent():\n        time.sleep(1)\natexit.register(end)",
        "def end():\n    subprocess.run(['sync'])\natexit.register(end)",
        "def flush():\n    lock.acquire()\ndef end():\n    flush()\natexit.register(end)",
    ],
)
def test_a_hook_that_may_wait_for_ever(text):
    assert len(hooks(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "def end():\n    jobs.join()",
        "def end():\n    thread.join(timeout=5)\natexit.register(end)",
        "def end():\n    thread.join(5)\natexit.register(end)",
        "def end():\n    print(', '.join(names))\natexit.register(end)",
        "def end():\n    print(settings.get('name'))\natexit.register(end)",
        "def end():\n    subprocess.run(['sync'], timeout=60)\natexit.register(end)",
        "def end():\n    lock.acquire(blocking=False)\natexit.register(end)",
        "def end():\n    until = time.time() + 60\n    while time.time() < until:\n        time.sleep(1)\natexit.register(end)",
        "def end():\n    n = 0\n    while n < 5:\n        n += 1\n        time.sleep(1)\natexit.register(end)",
        "def end():\n    while True:\n        item = jobs.get()\n        if item is None:\n            break\natexit.register(end)",
        "atexit.register(shutil.rmtree, folder)",
    ],
)
def test_a_hook_that_comes_to_its_end(text):
    assert not hooks(text)


def test_the_place_where_it_waits_is_told():
    [found] = hooks("def end():\n    jobs.join()\natexit.register(end)")
    assert (found.line, found.detail) == (5, "end, which runs at exit, waits without a time limit in line 4")


def test_functions_that_call_one_another_are_followed_to_an_end():
    assert not hooks("def a():\n    b()\ndef b():\n    a()\natexit.register(a)")
