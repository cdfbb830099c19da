import threading

import pytest

from diagnose.collect.azureml.answers import Answers
from diagnose.collect.azureml.gaps import CollectError, Gap, GapError
from diagnose.evidence.bundle import PartState

RUN, CHILDREN = Gap("the run", PartState.DENIED, "403"), Gap("the child runs", PartState.FAILED, "503")


def refused(gap):
    raise GapError(gap)


def asked(**questions):
    answers = Answers()
    for name, question in questions.items():
        answers.ask(name, question)
    return answers


def test_an_answer_is_waited_for():
    come = threading.Event()
    answers = asked(run=lambda: come.wait(5) and "here")
    assert answers.now("run", "not yet") == "not yet"
    come.set()
    assert answers.get("run", "nothing") == "here"
    assert answers.now("run", "not yet") == "here"


def test_a_gap_has_something_else_in_its_place():
    answers = asked(run=lambda: refused(RUN))
    assert answers.get("run", {}) == {}


def test_who_cannot_do_without_is_told_of_the_gap():
    with pytest.raises(GapError) as caught:
        asked(run=lambda: refused(RUN)).require("run")
    assert caught.value.gap is RUN


def test_a_fault_of_ours_in_one_question_is_a_gap():
    answers = asked(run=lambda: 1 // 0, children=lambda: 7)
    assert (answers.get("run", {}), answers.get("children", 0)) == ({}, 7)
    assert answers.missing()["run"].reason == "asking for it broke (ZeroDivisionError)"


@pytest.mark.parametrize("trouble", [OSError("no space"), CollectError("nobody is signed in")])
def test_what_ends_everything_is_not_hidden(trouble):
    def question():
        raise trouble

    with pytest.raises(type(trouble)):
        asked(run=question).get("run", {})


def test_the_gaps_come_in_the_order_of_the_questions():
    answers = asked(children=lambda: refused(CHILDREN), fine=lambda: 1, run=lambda: refused(RUN))
    assert answers.gaps() == [CHILDREN, RUN]
    assert answers.missing() == {"children": CHILDREN, "run": RUN}


def test_questions_are_asked_at_the_same_time():
    together = threading.Barrier(3, timeout=5)
    answers = asked(a=together.wait, b=together.wait, c=together.wait)
    assert sorted(answers.require(name) for name in "abc") == [0, 1, 2]
