"""Which runs are worth their evidence."""

from datetime import UTC, datetime, timedelta

import pytest

from diagnose.evidence.instants import format_instant
from diagnose.scanning.triage import ALIVE, NO_OUTPUTS, REUSED, WAITING, YOUNG, Look, Sieve, Sorted

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SIEVE = Sieve(NOW, timedelta(minutes=30))


def run(status="Running", *, minutes=120, kind="azureml.scriptrun", **more):
    began = format_instant(NOW - timedelta(minutes=minutes))
    return {
        "runId": "r",
        "status": status,
        "runType": kind,
        "createdUtc": began,
        "startTimeUtc": began,
    } | more


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


def test_an_open_run_is_asked_for_its_last_sign_of_life():
    assert SIEVE.sort(run()) == Sorted(Look.ACTIVITY)


@pytest.mark.parametrize("status", ["Running", "Finalizing", "CancelRequested", "NotResponding"])
def test_an_open_run_that_is_younger_than_the_silence_asked_for_cannot_have_been_silent_so_long(status):
    assert SIEVE.sort(run(status, minutes=20)) == Sorted(Look.LEAVE, YOUNG)


@pytest.mark.parametrize("status", ["Queued", "Preparing", "NotStarted"])
def test_a_run_that_has_not_started_is_looked_at_once_it_has_waited_long(status):
    assert SIEVE.sort(run(status, minutes=29, startTimeUtc=None)) == Sorted(Look.LEAVE, WAITING)
    assert SIEVE.sort(run(status, minutes=31, startTimeUtc=None)) == Sorted(Look.DIAGNOSE)


def test_an_open_parent_has_no_logs_that_could_tell_and_is_looked_at():
    assert SIEVE.sort(run(kind="azureml.PipelineRun")).look is Look.DIAGNOSE


def test_a_status_that_nobody_knows_is_looked_at():
    assert SIEVE.sort(run("Hibernating")).look is Look.DIAGNOSE


def test_a_run_that_talks_for_many_hours_is_looked_at_since_it_may_go_round_in_a_circle():
    assert SIEVE.sort(run(minutes=181)).look is Look.DIAGNOSE


def test_a_run_of_which_nobody_knows_when_it_began_is_looked_at():
    assert SIEVE.sort(run(createdUtc=None, startTimeUtc=None)).look is Look.DIAGNOSE


def test_a_recent_log_line_or_metric_is_a_sign_of_life():
    assert SIEVE.by_activity(ago(5), None) == Sorted(Look.LEAVE, ALIVE)
    assert SIEVE.by_activity(ago(5), ago(10)) == Sorted(Look.LEAVE, ALIVE)


def test_silence_in_a_channel_that_spoke_before_is_looked_into_though_another_goes_on():
    assert SIEVE.by_activity(ago(5), ago(45)).look is Look.DIAGNOSE
    assert SIEVE.by_activity(ago(45), ago(5)).look is Look.DIAGNOSE


def test_a_run_that_never_said_anything_is_looked_at():
    assert SIEVE.by_activity(None, None).look is Look.DIAGNOSE


def test_exactly_the_silence_asked_for_is_silence():
    assert SIEVE.by_activity(ago(30), None).look is Look.DIAGNOSE


@pytest.mark.parametrize("status", ["Completed", "Failed", "Canceled"])
def test_a_closed_run_that_names_an_output_is_looked_at(status):
    named = run(status, outputs={"default": {}, "model": {"assetId": "x"}})
    assert SIEVE.sort(named).look is Look.DIAGNOSE


def test_a_closed_run_that_names_none_is_asked_whether_it_left_any():
    assert SIEVE.sort(run("Completed", outputs={"default": {}})).look is Look.OUTPUTS
    assert SIEVE.sort(run("Canceled", startTimeUtc=None)) == Sorted(Look.LEAVE, NO_OUTPUTS)


def test_a_closed_parent_of_an_open_child_is_looked_at_whatever_it_left():
    assert SIEVE.sort(run("Completed"), has_open_child=True).look is Look.DIAGNOSE


def test_a_reused_step_did_nothing_itself():
    reused = run("Completed", properties={"azureml.isreused": "true"}, outputs={"model": {}})
    assert SIEVE.sort(reused) == Sorted(Look.LEAVE, REUSED)


def test_closed_runs_of_a_status_that_was_named_are_looked_at_whatever_they_left():
    named = Sieve(NOW, timedelta(minutes=30), is_named=True)
    assert named.sort(run("Failed", startTimeUtc=None)).look is Look.DIAGNOSE
