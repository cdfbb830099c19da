import pytest
from building import run_row
from judging import answer, cause, completed, verdict

from diagnose.rules.none.children_all_well import children_all_well

PARENT = completed(type="sweep")
WELL = [{"id": "proef-1", "status": "Completed"}, {"id": "proef-2", "status": "Canceled"}]


def test_a_closed_parent_of_closed_children_is_well():
    assert verdict(PARENT, children=WELL) == ("none", "none", "supported")


@pytest.mark.parametrize("status", ["Failed", "Running", "Queued", "Hibernating"])
def test_one_child_that_did_not_end_well_is_enough_to_say_nothing(status):
    assert answer(children_all_well, PARENT, children=[*WELL, {"id": "proef-3", "status": status}]) == "clear"


@pytest.mark.parametrize("run", [run_row(type="sweep"), completed()])
def test_an_open_parent_and_a_run_that_is_none_have_another_judge(run):
    assert answer(children_all_well, run, children=WELL) == "clear"


def test_no_child_is_not_all_children():
    assert answer(children_all_well, PARENT, children=[]) == "clear"


def test_a_list_that_is_not_complete_says_nothing_of_the_rest():
    assert answer(children_all_well, PARENT, children=WELL, parts={"children": "partial"}) == "clear"


def test_a_denied_list_leaves_it_open():
    assert cause(PARENT, parts={"children": "denied"}) == "inconclusive"
