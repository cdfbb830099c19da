import pytest
from building import line, moment, run_row
from judging import answer, every, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_process.tracker_still_syncing import tracker_still_syncing

WORK = every(range(9), "epok {n} klar")
WAITS = [
    "wandb: Waiting for W&B process to finish... (success).\n",
    "wandb: Waiting for W&B process to finish... (success).\nwandb: \\ 0.018 MB of 0.018 MB uploaded (0.000 MB deduped)\n",
    "wandb: ⢿ uploading requirements.txt 0B/1.2KB (15.0m)\n",
    "Waiting for the remaining 21 operations to synchronize with Neptune. Do not kill this process.\n",
    "COMET INFO: Uploading metrics, params, and assets to Comet before program termination (may take several seconds)\n",
    "2026-11-20 08:10:00,102 - clearml.Task - INFO - Waiting to finish uploads\n",
]


@pytest.mark.parametrize("waits", WAITS)
def test_a_trackers_own_word_that_it_waits_at_the_end_of_a_silent_log(waits):
    found = verdict(run_row(), logs=WORK + waits)
    assert found[:2] == ("lingering-child-process", "tracker-still-syncing")


def test_it_may_still_be_sending_and_so_is_never_established():
    assert tracker_still_syncing.inferred
    assert finding(tracker_still_syncing, run_row(), logs=WORK + WAITS[0]).certainty < Certainty.ESTABLISHED


@pytest.mark.parametrize("waits", WAITS)
def test_a_tracker_that_has_come_to_its_end_waits_for_nothing(waits):
    log = WORK + waits + "wandb: Synced 5 W&B file(s)\nAll 21 operations synced, thanks for waiting!\n"
    assert answer(tracker_still_syncing, run_row(), logs=log) == "clear"


def test_within_a_quarter_of_an_hour_it_is_a_sync_like_any_other():
    given = {"logs": WORK + WAITS[3], "captured_at": moment(15)}
    assert answer(tracker_still_syncing, run_row(), **given) == "clear"


def test_a_failure_of_the_network_after_it_makes_it_a_wait_for_the_service():
    log = (
        WORK
        + WAITS[0]
        + line(10, "ConnectionError: HTTPSConnectionPool: Max retries exceeded with url: /graphql")
    )
    assert answer(tracker_still_syncing, run_row(), logs=log) == "clear"


def test_the_word_uploading_by_itself_is_nobodys_tracker():
    assert answer(tracker_still_syncing, run_row(), logs=WORK + "uploading the last files\n") == "clear"


def test_a_run_that_the_service_has_closed_waits_for_nothing():
    assert answer(tracker_still_syncing, run_row("Completed"), logs=WORK + WAITS[0]) == "clear"


def test_without_logs_nobody_looked():
    assert answer(tracker_still_syncing, run_row()) == "not checked"
