import pytest
from building import WRAPPER, run_row
from judging import answer, blob, completed, exited, finding, runtime, spawned

from diagnose.rule import Certainty
from diagnose.rules.unflushed_output.mount_held_open import mount_held_open

RSLEX = "system_logs/data_capability/rslex.log.2026-11-20-08"
WD = "/mnt/azureml/cr/j/0a1b/cap/data-capability/wd"


def destroyed(handles, name="resultaat"):
    return runtime(
        59,
        f"x: [rslex-fuse::DirectVolumeOptions::destroy()] destroying filesystem handler=AmlDatastore pid=14 opened_file_handles={handles} mount_point={WD}/{name}",
    )


def attempt(number, word="Attempt"):
    return runtime(
        59, f"x: [rslex-fuse::FuseMount::unmount_with_retries] {word} {number}/6 mount_point={WD}/resultaat"
    )


def holder(words):
    return runtime(59, f"x: [rslex-fuse::find_blocking_processes] {words}")


NONE_HOLD = holder(f"Finding processes using path {WD}/resultaat") + holder(
    f"Completed finding processes using path {WD}/resultaat"
)
LOOSE = blob("index.bin", 0, committed=False, uncommitted_bytes=900)


def told(log, outputs=(), run=None):
    logs = {RSLEX: log, WRAPPER: spawned() + exited(58)}
    return answer(mount_held_open, run or completed(), logs=logs, outputs=list(outputs))


@pytest.mark.parametrize("log", [destroyed(2), holder("pid=812 name=rsync"), attempt(1) + destroyed(1)])
def test_open_handles_and_holders_are_suspected(log):
    assert told(log, [blob("model.bin")]) == "found"
    found = finding(mount_held_open, completed(), logs={RSLEX: log}, outputs=[blob("model.bin")])
    assert found.certainty is Certainty.SUSPECTED


def test_an_unfinished_output_is_another_witness():
    found = finding(mount_held_open, completed(), logs={RSLEX: destroyed(1)}, outputs=[LOOSE])
    assert found.certainty is Certainty.SUPPORTED
    assert "resultaat" in found.subjects


def test_a_second_attempt_counts_where_an_output_is_unfinished():
    assert told(attempt(1) + attempt(2), [LOOSE]) == "found"
    assert told(attempt(1) + attempt(2) + attempt(2, "SUCCESS on attempt"), [blob("model.bin")]) == "clear"


def test_a_run_that_is_still_open_after_its_process_ended():
    assert told(destroyed(1), run=run_row("Finalizing")) == "found"
    assert answer(mount_held_open, run_row(), logs={RSLEX: destroyed(1), WRAPPER: spawned()}) == "clear"


@pytest.mark.parametrize(
    "log",
    [destroyed(0), destroyed(3, "INPUT_data"), NONE_HOLD, attempt(1) + attempt(1, "SUCCESS on attempt"), ""],
)
def test_what_healthy_runs_log_is_none(log):
    assert told(log, [LOOSE]) == "clear"
