import pytest
from building import fact, run_row

from diagnose.evidence.code import Code, CodeKind

KINDS = (CodeKind.RETRIED_UNTIL_DONE, CodeKind.RETRIED_THEN_LEFT)


def kinds(text):
    return [found.kind for found in fact(Code, run_row(), code={"main.py": text}).of(*KINDS)]


GET = "def fetch(n):\n    tries = 0\n    while True:\n        try:\n            return get(n)\n        except OSError as e:\n            print('nej', e)\n"


@pytest.mark.parametrize(
    "text",
    [
        GET,
        GET + "        if tries > 9:\n            raise SystemExit('nu')\n        tries += 1\n",
        GET + "            if tries > 9:\n                raise\n",
        "for k in range(5):\n    try:\n        get()\n        break\n    except OSError:\n        print('nej')\nelse:\n    raise RuntimeError('slut')\n",
        "def f():\n    for k in range(5):\n        try:\n            return get()\n        except OSError:\n            print('nej')\n    raise RuntimeError('slut')\n",
        "import sys\nfor k in range(5):\n    try:\n        get()\n        break\n    except OSError:\n        print('nej')\nelse:\n    sys.exit(3)\n",
        "klar = False\nwhile not klar:\n    try:\n        get()\n        klar = True\n    except OSError:\n        print('nej')\n",
    ],
)
def test_loops_that_end_with_success_or_with_an_error(text):
    assert kinds(text) == [CodeKind.RETRIED_UNTIL_DONE]


@pytest.mark.parametrize(
    "text",
    [
        GET + "        if tries > 9:\n            return None\n",
        GET + "            if tries > 9:\n                break\n",
        "for k in range(5):\n    try:\n        get()\n        break\n    except OSError:\n        print('nej')\n",
        "klar, k = False, 0\nwhile not klar and k < 5:\n    try:\n        get()\n        klar = True\n    except OSError:\n        k += 1\n",
        GET
        + "for n in range(9):\n    try:\n        fetch(n)\n    except Exception:\n        print('vidare')\n",
    ],
)
def test_loops_that_may_give_up(text):
    assert kinds(text) == [CodeKind.RETRIED_THEN_LEFT]


@pytest.mark.parametrize(
    "text",
    [
        "for n in range(9):\n    try:\n        get(n)\n    except OSError:\n        print('nej')\n",
        "while True:\n    try:\n        get()\n    except OSError:\n        print('nej')\n",
        "try:\n    get()\nexcept OSError:\n    print('nej')\n",
    ],
)
def test_loops_over_items_try_nothing_again(text):
    assert kinds(text) == []
