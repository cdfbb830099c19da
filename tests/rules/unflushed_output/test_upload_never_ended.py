import pytest
from building import STD_LOG, WRAPPER, moment, run_row
from judging import answer, blob, every, execution_ended, exited, finding, runtime, spawned, verdict

from diagnose.rule import Certainty
from diagnose.rules.unflushed_output.upload_never_ended import upload_never_ended

RUN = run_row("Finalizing")
LOGS = {STD_LOG: every(range(1, 10), "iterasi {n}"), WRAPPER: spawned() + exited(10) + execution_ended(10)}


DECLARED = run_row("Finalizing", expected_outputs=[{"name": "bobot", "type": "uri_folder", "mode": "mount"}])


def test_a_collection_that_takes_hours_never_ended():
    found = verdict(DECLARED, logs=LOGS, outputs=[])
    assert found == ("unflushed-output", "upload-never-ended", "supported")


def test_a_blob_that_is_not_committed_is_still_to_come():
    open_blob = blob("w.bin", minute=9, output="bobot", committed=False)
    found = finding(upload_never_ended, DECLARED, logs=LOGS, outputs=[open_blob])
    assert (found.subjects, found.certainty) == ({"w.bin"}, Certainty.SUPPORTED)


def test_where_nobody_knows_what_is_there_nothing_is_decided():
    assert verdict(RUN, logs=LOGS) == ("inconclusive", None, "none")


def test_with_all_that_was_declared_there_nothing_is_to_be_collected():
    whole = [blob("w.bin", minute=9, output="bobot")]
    assert answer(upload_never_ended, DECLARED, logs=LOGS, outputs=whole) == "clear"


def test_a_declared_output_that_has_nothing_yet_is_named():
    run = run_row("Finalizing", expected_outputs=[{"name": "bobot", "type": "uri_folder", "mode": "upload"}])
    found = finding(upload_never_ended, run, logs=LOGS, outputs=[])
    assert found.subjects == {"bobot"}


DATA = "system_logs/data_capability/data-capability.log"
ENTERED = "INFO 2026-11-20 08:10:18,340 data_services.py:70 [14] - [DataCapabilityService][End] entered\n"


def channels(**logs):
    found = finding(upload_never_ended, RUN, logs={**LOGS, **logs})
    return {piece.channel for piece in found.evidence}


def test_the_capabilitys_end_that_began_and_was_not_done_counts_where_the_runtime_logged_on():
    on = {WRAPPER: LOGS[WRAPPER] + runtime(200, "health_status=1")}
    assert "capability" in channels(**on, **{DATA: ENTERED})
    assert "capability" not in channels(**{DATA: ENTERED})
    done = (
        ENTERED
        + "INFO 2026-11-20 08:11:18,340 data_services.py:90 [14] - [DataCapabilityService][End] succeeded\n"
    )
    assert "capability" not in channels(**on, **{DATA: done})


@pytest.mark.parametrize("minutes", [11, 20, 39])
def test_within_half_an_hour_of_the_exit_it_may_still_end(minutes):
    assert answer(upload_never_ended, RUN, logs=LOGS, captured_at=moment(minutes)) == "clear"


def test_outputs_that_grow_are_being_collected():
    written = [blob(f"bobot{n}.bin", minute=n) for n in range(10, 360, 10)]
    assert answer(upload_never_ended, RUN, logs=LOGS, outputs=written) == "clear"


def test_without_a_recorded_exit_a_process_lingers():
    logs = {**LOGS, WRAPPER: spawned()}
    assert answer(upload_never_ended, RUN, logs=logs) == "clear"


@pytest.mark.parametrize("status", ["Running", "Completed", "CancelRequested"])
def test_only_finalizing_is_a_collection(status):
    assert answer(upload_never_ended, run_row(status), logs=LOGS) == "clear"


def test_without_logs_nobody_looked():
    assert answer(upload_never_ended, RUN) == "not checked"
