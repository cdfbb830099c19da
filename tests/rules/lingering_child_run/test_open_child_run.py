import pytest
from building import iso, run_row
from judging import answer, cause, completed, failed, verdict

from diagnose.rules.lingering_child_run.open_child_run import open_child_run

PARENT = run_row(type="pipeline")
CLOSED = completed(type="pipeline")


def step(name, start, end=None, **fields):
    status = "Completed" if end else "Running"
    ended = iso(end) if end else None
    return {"id": name, "status": status, "started_at": iso(start), "ended_at": ended, **fields}


DONE = [step("preparar", 1, 9), step("dividir", 9, 20)]


def test_a_child_that_is_silent_for_longer_than_its_siblings_lived_is_suspected():
    rows = [*DONE, step("entrenar", 20, last_log_at=iso(25))]
    assert verdict(PARENT, children=rows) == ("lingering-child-run", "open-child-run", "suspected")


def test_a_child_that_a_completed_parent_left_open_is_established():
    rows = [*DONE, step("entrenar", 20, last_log_at=iso(25))]
    assert verdict(CLOSED, children=rows) == ("lingering-child-run", "orphaned-child-run", "established")


@pytest.mark.parametrize("sign", ["last_log_at", "last_metric_at"])
def test_a_child_that_still_speaks_is_no_finding(sign):
    assert (
        answer(open_child_run, PARENT, children=[*DONE, step("entrenar", 20, **{sign: iso(355)})]) == "clear"
    )


def test_a_child_that_is_silent_for_less_than_half_an_hour_may_be_loading():
    rows = [step("entrenar", 330, last_log_at=iso(335))]
    assert answer(open_child_run, PARENT, children=rows) == "clear"


def test_a_child_that_is_silent_for_less_than_its_siblings_lived_is_no_finding():
    rows = [step("ajustar", 1, 320), step("entrenar", 20, last_log_at=iso(120))]
    assert answer(open_child_run, PARENT, children=rows) == "clear"


def test_a_changed_record_is_no_sign_of_life():
    rows = [*DONE, step("entrenar", 20, last_log_at=iso(25), last_changed_at=iso(359))]
    assert answer(open_child_run, PARENT, children=rows) == "found"


def test_the_runtimes_heartbeat_is_not_the_childs_own_life():
    rows = [*DONE, step("entrenar", 20, last_log_at=iso(25), heartbeat_at=iso(359))]
    assert answer(open_child_run, PARENT, children=rows) == "found"


@pytest.mark.parametrize("status", ["Completed", "Canceled", "Failed"])
def test_children_that_have_ended_hold_nothing(status):
    rows = [*DONE, {**step("entrenar", 20, 50), "status": status}]
    assert answer(open_child_run, CLOSED, children=rows) == "clear"


def test_a_child_that_began_after_its_parents_end_is_somebody_elses():
    assert answer(open_child_run, CLOSED, children=[*DONE, step("reentrenar", 200)]) == "clear"


def test_a_failed_parent_is_another_matter():
    assert answer(open_child_run, failed(type="pipeline"), children=[step("entrenar", 1)]) == "clear"


def test_without_a_list_of_children_nobody_looked():
    assert answer(open_child_run, PARENT, parts={"children": "denied"}) == "not checked"
    assert cause(PARENT, parts={"children": "denied"}) == "inconclusive"


def test_without_a_capture_time_nobody_knows_how_long_a_child_is_silent():
    rows = [*DONE, step("entrenar", 20, last_log_at=iso(25))]
    assert answer(open_child_run, PARENT, children=rows, captured_at=None) == "clear"


def test_a_child_whose_signs_nobody_could_read_is_not_called_silent():
    rows = [*DONE, step("entrenar", 20, signs_unread=True)]
    assert answer(open_child_run, PARENT, children=rows) == "clear"
    rows = [*DONE, step("entrenar", 20)]
    assert answer(open_child_run, PARENT, children=rows) == "found"
