import base64

import pytest
from building import run_row
from judging import answer, blob, completed, every, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_process.child_log_breaks_off import child_log_breaks_off

SOURCE = "import subprocess\nsubprocess.Popen(['packe'], stdout=logg, start_new_session=True)\narbeid()\n"
LOG = every(range(30), "runde {n}")


def text(content, name="outputs/packe.txt", minute=60):
    data = content.encode()
    return blob(name, len(data), minute, "artifacts", head=base64.b64encode(data).decode())


COUNT = "".join(f"{n}/30 pakket\n" for n in range(1, 12))


def given(content=COUNT, source=SOURCE, **more):
    return {"outputs": [text(content, **more)], "code": {"arbeid.py": source}, "logs": LOG}


def test_a_count_in_a_log_of_its_own_that_stops_with_the_run_is_a_child_cut_off():
    found = verdict(completed(), **given())
    assert found == ("lingering-child-process", "detached-child", "supported")


def test_the_start_of_the_child_is_quoted():
    pieces = finding(child_log_breaks_off, completed(), **given()).evidence
    assert [piece.source.line for piece in pieces if piece.kind == "code"] == [2]


@pytest.mark.parametrize(
    ("what", "content"),
    [
        ("it came to its end", COUNT + "".join(f"{n}/30 pakket\n" for n in range(12, 31))),
        ("it is told every so often", "10/45 pakket\n20/45 pakket\n30/45 pakket\n40/45 pakket\n"),
        ("it counts from zero", "".join(f"{n}/30 pakket\n" for n in range(0, 30, 5))),
        ("words stand behind it", COUNT + "ferdig\n"),
        ("epochs end early", COUNT.replace("pakket", "epoch")),
        ("attempts", COUNT.replace("pakket", "retry")),
        ("two lines", "1/30 pakket\n2/30 pakket\n"),
        ("a table", "a,b\n" + "".join(f"{n}/30,pakket\n" for n in range(1, 12))),
        ("it does not rise", "3/30 pakket\n" * 9),
    ],
)
def test_a_text_that_ends_as_it_should_accuses_nobody(what, content):
    name = "outputs/packe.csv" if what == "a table" else "outputs/packe.txt"
    assert answer(child_log_breaks_off, completed(), **given(content, name=name)) == "clear", what


@pytest.mark.parametrize(
    "source",
    [
        SOURCE.replace("subprocess.Popen", "barn = subprocess.Popen") + "barn.wait()\n",
        SOURCE.replace("Popen", "run"),
        SOURCE.replace("subprocess.Popen(", "with subprocess.Popen(").replace(
            "=True)", "=True) as barn: pass"
        ),
        "arbeid()\n",
    ],
)
def test_a_source_that_waits_cuts_nobody_off(source):
    assert answer(child_log_breaks_off, completed(), **given(source=source)) == "clear"


def test_a_child_that_had_ended_long_before_was_not_cut_off():
    assert answer(child_log_breaks_off, completed(), **given(minute=5)) == "clear"


def test_an_open_run_may_still_be_counting():
    assert answer(child_log_breaks_off, run_row(), **given()) == "clear"


def test_without_the_source_it_is_a_suspicion():
    found = finding(child_log_breaks_off, completed(), outputs=[text(COUNT)], logs=LOG)
    assert found.certainty is Certainty.SUSPECTED
