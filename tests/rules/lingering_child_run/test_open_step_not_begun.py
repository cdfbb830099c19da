import pytest
from building import iso, run_row
from judging import answer, completed, verdict

from diagnose.rules.lingering_child_run.open_step_not_begun import open_step_not_begun

PARENT = run_row(type="pipeline")
DONE = {
    "id": "laden",
    "status": "Completed",
    "created_at": iso(1),
    "started_at": iso(4),
    "ended_at": iso(30),
}


def queued(minute, status="Queued", name="anpassen"):
    return {"id": name, "status": status, "created_at": iso(minute)}


@pytest.mark.parametrize("status", ["Queued", "NotStarted", "Preparing"])
def test_the_last_child_that_never_began_is_suspected(status):
    found = verdict(PARENT, children=[DONE, queued(31, status)])
    assert found == ("lingering-child-run", "open-step-not-begun", "suspected")


def test_a_child_that_was_only_just_made_is_none():
    assert answer(open_step_not_begun, PARENT, children=[DONE, queued(340)]) == "clear"


def test_a_child_whose_turn_may_not_have_come_is_none():
    running = {"id": "suchen", "status": "Running", "created_at": iso(1), "started_at": iso(4)}
    assert answer(open_step_not_begun, PARENT, children=[running, queued(31)]) == "clear"


def test_a_sibling_that_waited_as_long_makes_it_ordinary():
    slow = {**DONE, "started_at": iso(350), "ended_at": iso(355)}
    assert answer(open_step_not_begun, PARENT, children=[slow, queued(31)]) == "clear"


def test_a_closed_parent_is_another_matter():
    assert answer(open_step_not_begun, completed(type="pipeline"), children=[DONE, queued(31)]) == "clear"


def test_without_a_capture_time_or_children_nobody_knows():
    rows = [DONE, queued(31)]
    assert answer(open_step_not_begun, PARENT, children=rows, captured_at=None) == "clear"
    assert answer(open_step_not_begun, PARENT, parts={"children": "denied"}) == "not checked"
