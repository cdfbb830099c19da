import base64

import pytest
from judging import answer, blob, completed, every, failed, finding

from diagnose.rule import Certainty
from diagnose.rules.silent_error.fallback_everywhere import fallback_everywhere

CAUGHT = "def skor(x):\n    try:\n        return model[x]\n    except KeyError:\n        return 0.35\n"
ASKED = "def skor(x):\n    if model is None:\n        return 0.35\n    return model(x)\n"
WORK = every(range(30), "bagian {n} selesai")
TOLD = WORK + "WARN FileNotFoundError: [Errno 2] No such file or directory: 'model.bin', memakai bawaan\n"


def table(name, value="0.35", rows=60, key="{n}"):
    lines = [f"{key.format(n=n)},{value.format(n=n)},tetap" for n in range(rows)]
    if name.endswith(".jsonl"):
        data = "".join(f'{{"id": "{n}", "skor": {value.format(n=n)}}}\n' for n in range(rows)).encode()
    else:
        data = ("id,skor,jenis\n" + "\n".join(lines) + "\n").encode()
    ends = [base64.b64encode(part).decode() for part in (data[:4096], data[-4096:])]
    return blob(name, len(data), head=ends[0], tail=ends[1])


def given(source=CAUGHT, outputs=None, log=WORK):
    return {"code": {"skor.py": source}, "outputs": outputs or [table("hasil.csv")], "logs": log}


def test_a_value_that_a_handler_answers_with_in_every_row_is_suspected():
    found = finding(fallback_everywhere, completed(), **given())
    assert (found.mechanism, found.certainty) == ("fallback-everywhere", Certainty.SUSPECTED)


@pytest.mark.parametrize("source", [CAUGHT, ASKED, ASKED.replace("model is None", "not model")])
def test_an_exception_in_the_log_supports_it(source):
    found = finding(fallback_everywhere, completed(), **given(source, log=TOLD))
    assert found.certainty is Certainty.SUPPORTED


def test_several_files_are_one():
    parts = [table(f"hasil-{n}.jsonl", rows=30, key=f"{n}-{{n}}") for n in range(1)]
    assert answer(fallback_everywhere, completed(), **given(outputs=parts)) == "clear"
    parts = [table("hasil-0.jsonl", rows=90)]
    assert answer(fallback_everywhere, completed(), **given(outputs=parts)) == "found"


@pytest.mark.parametrize(
    ("what", "changed"),
    [
        ("values that differ", {"outputs": [table("hasil.csv", "0.3{n}")]}),
        ("another value", {"outputs": [table("hasil.csv", "0.36")]}),
        ("rows that do not differ", {"outputs": [table("hasil.csv", key="sama")]}),
        ("a few rows", {"outputs": [table("hasil.csv", rows=20)]}),
        ("a value that is always given", {"source": "def skor(x):\n    return 0.35\n"}),
        ("a value that is set", {"source": "AMBANG = 0.35\n"}),
        ("asked for, and nothing failed", {"source": ASKED}),
        ("a whole number, and nothing failed", {"source": CAUGHT.replace("0.35", "1"), "outputs": [table("hasil.csv", "1")]}),
    ],
)  # fmt: skip
def test_a_column_that_may_be_right_accuses_nobody(what, changed):
    assert answer(fallback_everywhere, completed(), **given(**changed)) == "clear", what


def test_a_whole_number_that_a_handler_answers_with_needs_an_exception_in_the_log():
    source, outputs = CAUGHT.replace("0.35", "-1"), [table("hasil.csv", "-1")]
    assert answer(fallback_everywhere, completed(), **given(source, outputs, TOLD)) == "found"


def test_a_run_that_failed_says_so_itself():
    assert answer(fallback_everywhere, failed(), **given(log=TOLD)) == "clear"
