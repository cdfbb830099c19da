import pytest
from building import iso, moment, run_row
from judging import answer, record, verdict

from diagnose.rules.service_side.waits_before_start import waits_before_start


def waiting(status="Queued", **fields):
    return run_row(status, started_at=None, **fields)


@pytest.mark.parametrize("status", ["NotStarted", "Queued", "Preparing", "Provisioning", "Starting"])
def test_a_status_before_the_start_for_hours_is_a_wait_for_the_service(status):
    assert verdict(waiting(status)) == ("service-side", status.lower(), "supported")


def test_the_run_never_started():
    assert record(waiting())["outcome"] == "never-started"


def test_it_counts_from_the_last_change_of_the_status():
    history = [{"status": "Preparing", "at": iso(1)}, {"status": "Queued", "at": iso(350)}]
    assert answer(waits_before_start, waiting(status_history=history)) == "clear"


def test_a_run_that_was_created_minutes_ago_has_not_waited_long():
    assert answer(waits_before_start, waiting(), captured_at=moment(10)) == "clear"


@pytest.mark.parametrize("status", ["Running", "Finalizing", "Completed", "Failed"])
def test_a_run_that_has_started_does_not_wait_to_be(status):
    assert answer(waits_before_start, run_row(status)) == "clear"


def test_of_a_status_that_nobody_knows_nothing_is_ruled_out():
    assert answer(waits_before_start, run_row("Hibernating")) == "not checked"


def test_without_a_capture_time_nobody_knows_how_long():
    assert answer(waits_before_start, waiting(), captured_at=None) == "clear"


def test_without_the_run_nobody_looked():
    assert answer(waits_before_start, None, logs="x\n") == "not checked"


def test_without_a_time_of_its_making_nobody_knows_since_when():
    assert answer(waits_before_start, waiting(created_at=None)) == "clear"
