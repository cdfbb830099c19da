import pytest
from building import fact

from diagnose.evidence.code import Code, CodeKind

HEAD = "import atexit, signal, threading\nfine = threading.Event()\n"
LOOKS = "def batte():\n    while not fine.is_set():\n        print('vivo')\n"
WAITS = "def batte():\n    while not fine.wait(60):\n        print('vivo')\n"
LEAVES = (
    "def batte():\n    while True:\n        if fine.is_set():\n            return\n        print('vivo')\n"
)
GIVEN = "def batte(stop):\n    while not stop.wait(60):\n        print('vivo')\n"
START = "threading.Thread(target=batte).start()\n"


def kinds(text):
    given = fact(Code, code={"allena.py": HEAD + text})
    return [found.kind for found in given.of(CodeKind.THREAD_NOT_JOINED, CodeKind.THREAD_ENDED_BY_EVENT)]


@pytest.mark.parametrize(
    "text",
    [
        f"{LOOKS}{START}allena()\nfine.set()\n",
        f"{WAITS}{START}allena()\nfine.set()\n",
        f"{LEAVES}{START}allena()\nfine.set()\n",
        f"{GIVEN}threading.Thread(target=batte, args=(fine,)).start()\nallena()\nfine.set()\n",
        f"{LOOKS}{START}try:\n    allena()\nfinally:\n    fine.set()\n",
        f"{LOOKS}def main():\n    {START}    allena()\n    fine.set()\nif __name__ == '__main__':\n    main()\n",
        f"{LOOKS}def basta():\n    fine.set()\n{START}allena()\nbasta()\n",
    ],
)
def test_a_thread_whose_event_the_flow_sets_ends(text):
    assert kinds(text) == [CodeKind.THREAD_ENDED_BY_EVENT]


@pytest.mark.parametrize(
    "text",
    [
        f"{LOOKS}{START}allena()\n",
        f"{LOOKS}{START}allena()\natexit.register(fine.set)\n",
        f"{LOOKS}def basta():\n    fine.set()\natexit.register(basta)\n{START}allena()\n",
        f"{LOOKS}def basta(*_):\n    fine.set()\nsignal.signal(15, basta)\n{START}allena()\n",
        f"{LOOKS}{START}try:\n    allena()\nexcept OSError:\n    fine.set()\n",
        f"{LOOKS}{START}if allena():\n    fine.set()\n",
        f"{LOOKS}{START}allena()\naltro.set()\n",
        f"def batte():\n    while not fine.is_set():\n        coda.get()\n{START}allena()\nfine.set()\n",
        f"def batte():\n    while True:\n        print(fine.is_set())\n{START}allena()\nfine.set()\n",
    ],
)
def test_one_whose_event_may_stay_unset_or_that_waits_for_something_else_does_not(text):
    assert kinds(text) == [CodeKind.THREAD_NOT_JOINED]
