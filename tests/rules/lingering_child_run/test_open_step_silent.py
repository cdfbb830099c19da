import pytest
from building import iso, run_row
from judging import answer, cause, finding, verdict

from diagnose.rules.lingering_child_run.open_step_silent import open_step_silent

PARENT = run_row(type="pipeline")


def step(name, start, end=None, **fields):
    status = "Completed" if end else "Running"
    ended = iso(end) if end else None
    return {"id": name, "status": status, "started_at": iso(start), "ended_at": ended, **fields}


DONE = [step("preparar", 1, 9), step("dividir", 9, 20)]


def test_a_child_that_is_silent_for_longer_than_its_siblings_lived_is_suspected():
    rows = [*DONE, step("entrenar", 20, last_log_at=iso(25))]
    assert verdict(PARENT, children=rows) == ("lingering-child-run", "open-step-silent", "suspected")


def test_a_silent_trial_of_a_sweep_is_called_one():
    rows = [*DONE, step("ensayo_3", 20, last_log_at=iso(25))]
    assert finding(open_step_silent, run_row(type="sweep"), children=rows).mechanism == "open-trial-silent"


def test_reused_steps_say_nothing_of_a_usual_length_and_are_counted():
    reused = step("preparar", 1, 1.001)
    rows = [reused, step("entrenar", 300, last_log_at=iso(320))]
    found = finding(open_step_silent, PARENT, children=rows)
    assert found.evidence[-1].summary == "Of 2 child runs 1 has ended (1 reused)."


def test_a_child_that_has_not_begun_is_not_called_silent():
    rows = [*DONE, {"id": "entrenar", "status": "Queued", "created_at": iso(20)}]
    assert answer(open_step_silent, PARENT, children=rows) == "clear"


@pytest.mark.parametrize("sign", ["last_log_at", "last_metric_at"])
def test_a_child_that_still_speaks_is_no_finding(sign):
    assert (
        answer(open_step_silent, PARENT, children=[*DONE, step("entrenar", 20, **{sign: iso(355)})])
        == "clear"
    )


def test_a_child_that_is_silent_for_less_than_half_an_hour_may_be_loading():
    rows = [step("entrenar", 330, last_log_at=iso(335))]
    assert answer(open_step_silent, PARENT, children=rows) == "clear"


def test_a_child_that_is_silent_for_less_than_its_siblings_lived_is_no_finding():
    rows = [step("ajustar", 1, 320), step("entrenar", 20, last_log_at=iso(120))]
    assert answer(open_step_silent, PARENT, children=rows) == "clear"


def test_a_changed_record_is_no_sign_of_life():
    rows = [*DONE, step("entrenar", 20, last_log_at=iso(25), last_changed_at=iso(359))]
    assert answer(open_step_silent, PARENT, children=rows) == "found"


def test_the_runtimes_heartbeat_is_not_the_childs_own_life():
    rows = [*DONE, step("entrenar", 20, last_log_at=iso(25), heartbeat_at=iso(359))]
    assert answer(open_step_silent, PARENT, children=rows) == "found"


@pytest.mark.parametrize("status", ["Completed", "Canceled", "Failed"])
def test_children_that_have_ended_hold_nothing(status):
    rows = [*DONE, {**step("entrenar", 20, 50), "status": status}]
    assert answer(open_step_silent, PARENT, children=rows) == "clear"


def test_without_a_list_of_children_nobody_looked():
    assert answer(open_step_silent, PARENT, parts={"children": "denied"}) == "not checked"
    assert cause(PARENT, parts={"children": "denied"}) == "inconclusive"


def test_without_a_capture_time_nobody_knows_how_long_a_child_is_silent():
    rows = [*DONE, step("entrenar", 20, last_log_at=iso(25))]
    assert answer(open_step_silent, PARENT, children=rows, captured_at=None) == "clear"


def test_a_child_whose_signs_nobody_could_read_is_not_called_silent():
    rows = [*DONE, step("entrenar", 20, signs_unread=True)]
    assert answer(open_step_silent, PARENT, children=rows) == "clear"
    rows = [*DONE, step("entrenar", 20)]
    assert answer(open_step_silent, PARENT, children=rows) == "found"
