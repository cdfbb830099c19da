import pytest
from building import STD_LOG, WRAPPER, moment, run_row
from judging import answer, blob, every, execution_ended, exited, finding, spawned, verdict

from diagnose.rule import Certainty
from diagnose.rules.service_side.finalisation_stuck import finalisation_stuck

DECLARED = [{"name": "bobot", "type": "uri_folder", "mode": "mount"}]
RUN = run_row("Finalizing", expected_outputs=DECLARED)
LOGS = {STD_LOG: every(range(1, 10), "iterasi {n}"), WRAPPER: spawned() + exited(10) + execution_ended(10)}
WHOLE = [blob("w.bin", minute=9, output="bobot")]


def test_with_whole_outputs_it_is_the_service_that_does_not_end():
    found = verdict(RUN, logs=LOGS, outputs=WHOLE)
    assert found == ("service-side", "finalisation-stuck", "supported")


@pytest.mark.parametrize("declared", [[], [{**DECLARED[0], "mode": "upload"}]])
def test_where_more_may_be_to_come_it_is_a_suspicion(declared):
    run = run_row("Finalizing", expected_outputs=declared)
    found = finding(finalisation_stuck, run, logs=LOGS, outputs=WHOLE)
    assert found.certainty is Certainty.SUSPECTED


@pytest.mark.parametrize(
    "outputs",
    [
        [],
        [blob("w.bin", minute=9, output="other")],
        [*WHOLE, blob("v.bin", minute=9, output="bobot", committed=False)],
        [*WHOLE, blob("v.bin", size=0, minute=9, output="bobot")],
    ],
)
def test_what_is_missing_or_not_whole_is_still_being_collected(outputs):
    assert answer(finalisation_stuck, RUN, logs=LOGS, outputs=outputs) == "clear"


def test_without_a_listing_nothing_is_known_to_be_there():
    assert answer(finalisation_stuck, RUN, logs=LOGS) == "clear"


def test_outputs_that_grow_are_being_collected():
    written = [blob(f"w{n}.bin", minute=n, output="bobot") for n in range(10, 360, 10)]
    assert answer(finalisation_stuck, RUN, logs=LOGS, outputs=written) == "clear"


@pytest.mark.parametrize("minutes", [11, 20, 39])
def test_within_half_an_hour_of_the_exit_it_may_still_end(minutes):
    given = {"logs": LOGS, "outputs": WHOLE, "captured_at": moment(minutes)}
    assert answer(finalisation_stuck, RUN, **given) == "clear"


def test_without_a_recorded_exit_a_process_lingers():
    logs = {**LOGS, WRAPPER: spawned()}
    assert answer(finalisation_stuck, RUN, logs=logs, outputs=WHOLE) == "clear"


@pytest.mark.parametrize("status", ["Running", "Completed", "CancelRequested"])
def test_only_finalizing_is_a_finalisation(status):
    run = run_row(status, expected_outputs=DECLARED)
    assert answer(finalisation_stuck, run, logs=LOGS, outputs=WHOLE) == "clear"


def test_without_logs_nobody_looked():
    assert answer(finalisation_stuck, RUN, outputs=WHOLE) == "not checked"
