import pytest
from building import iso, run_row
from judging import answer, canceled, completed, failed, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_run.orphaned_child import orphaned_child

CLOSED = completed(type="pipeline")


def step(name, start, end=None, **fields):
    status = "Completed" if end else "Running"
    ended = iso(end) if end else None
    return {"id": name, "status": status, "started_at": iso(start), "ended_at": ended, **fields}


DONE = [step("charger", 1, 9), step("découper", 9, 20)]
LEFT = step("ajuster", 20, last_log_at=iso(25))


def test_a_child_that_a_completed_parent_left_open_is_established():
    assert verdict(CLOSED, children=[*DONE, LEFT]) == ("lingering-child-run", "orphaned-child", "established")


def test_within_minutes_of_the_end_records_may_lag():
    run = completed(type="pipeline", ended_at=iso(358))
    found = finding(orphaned_child, run, children=[*DONE, LEFT])
    assert (found.certainty, len(found.missing)) == (Certainty.SUSPECTED, 1)


def test_a_child_that_a_cancellation_never_reached_is_suspected():
    found = verdict(canceled(type="pipeline"), children=[*DONE, LEFT])
    assert found == ("lingering-child-run", "child-outlived-cancel", "suspected")


def test_a_child_that_was_canceled_with_its_parent_is_none():
    gone = {**LEFT, "status": "Canceled", "ended_at": iso(60)}
    assert answer(orphaned_child, canceled(type="pipeline"), children=[*DONE, gone]) == "clear"


def test_a_cancellation_takes_its_time():
    run = canceled(type="pipeline", ended_at=iso(350))
    rows = [*DONE, {**LEFT, "status": "CancelRequested"}]
    assert answer(orphaned_child, run, children=rows) == "clear"


@pytest.mark.parametrize("status", ["Completed", "Canceled", "Failed"])
def test_children_that_have_ended_are_left_by_nobody(status):
    rows = [*DONE, {**step("ajuster", 20, 50), "status": status}]
    assert answer(orphaned_child, CLOSED, children=rows) == "clear"


def test_a_child_that_began_after_its_parents_end_is_somebody_elses():
    assert answer(orphaned_child, CLOSED, children=[*DONE, step("réajuster", 200)]) == "clear"


def test_a_parent_that_failed_or_is_open_is_another_matter():
    assert answer(orphaned_child, failed(type="pipeline"), children=[LEFT]) == "clear"
    assert answer(orphaned_child, run_row(type="pipeline"), children=[LEFT]) == "clear"


def test_without_a_list_of_children_nobody_looked():
    assert answer(orphaned_child, CLOSED, parts={"children": "denied"}) == "not checked"
