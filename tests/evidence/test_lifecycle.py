from pathlib import Path

import pytest
from building import DRIVER, LIFECYCLER, WRAPPER, fact, line, missing, moment, run_row

from diagnose.collect.imported import import_evidence
from diagnose.engine import watched_by
from diagnose.evidence.lifecycle import Lifecycle, RuntimePhase, UserProcess
from diagnose.rules import all_rules

REAL = Path(__file__).parents[2].parent / "shared" / "azure" / "logs"
STEP = "logs/azureml/executionlogs.txt"


def rust(minute, text, level=" INFO"):
    return f"{moment(minute):%Y-%m-%dT%H:%M:%S.%fZ} {level} {text}\n"


def spawned(minute=1, pid=15):
    return rust(minute, f"execution_wrapper::execution: execution process spawned pid={pid}")


def exited(minute=5, code=0):
    return rust(
        minute, f"execution_wrapper: Gathered execution result for rank 0 process_rank=0 exit_code={code}"
    )


def lifecycle(*lines, path=WRAPPER, **more):
    return fact(Lifecycle, run_row(), logs={path: "".join(lines)}, **more)


def real(name):
    if not (REAL / name).is_dir():
        pytest.skip(f"the real logs are not at {REAL}")
    bundle = import_evidence(REAL / name)
    bundle.watch(watched_by(all_rules()))
    return bundle.get(Lifecycle)


def test_a_real_run_that_failed_tells_its_exit():
    found = real("v2_2026-02_pipelinestep_failed_exit1")
    assert (found.runtime, found.process, found.pid, found.exit_code) == ("v2", UserProcess.EXITED, 15, 1)
    assert f"{found.started_at:%H:%M:%S.%f} {found.ended_at:%H:%M:%S.%f}" == "19:54:08.524603 19:54:17.327384"
    assert [phase.name for phase in found.phases] == [
        "Preparing",
        "Queued",
        "Running",
        "Finalizing",
        "User process",
    ]


def test_a_real_run_that_completed_tells_its_exit():
    found = real("v2_2023-08_command_completed_computeinstance")
    assert (found.runtime, found.process, found.exit_code) == ("v2", UserProcess.EXITED, 0)
    assert f"{found.started_at:%H:%M:%S} {found.ended_at:%H:%M:%S}" == "14:02:42 14:02:46"
    assert found.execution_ended


def test_without_logs_it_is_missing_with_their_reason():
    assert missing(Lifecycle, run_row()) == "the runtime's logs: they are not collected"


def test_a_process_that_was_started_and_not_seen_to_end_runs():
    found = lifecycle(spawned())
    assert (found.process, found.pid, found.started_at, found.ended_at) == (
        UserProcess.RUNNING,
        15,
        moment(1),
        None,
    )


def test_an_exit_code_of_zero_is_known_and_not_missing():
    found = lifecycle(spawned(), exited())
    assert (found.process, found.exit_code, found.ended_at) == (UserProcess.EXITED, 0, moment(5))


def test_the_first_failure_counts_more_than_a_later_success():
    assert lifecycle(spawned(), exited(5, 137), exited(6, 0)).exit_code == 137


def test_a_process_killed_by_a_signal_has_a_negative_code():
    assert lifecycle(spawned(), exited(5, -9)).exit_code == -9


def test_an_exit_that_was_collected_without_a_code_is_an_exit():
    seen = rust(5, "Successfully collected the exit status of user process pid=15 process_name=python")
    found = lifecycle(spawned(), seen)
    assert (found.process, found.exit_code) == (UserProcess.EXITED, None)


def test_a_whole_runtime_log_without_a_start_says_that_there_was_none():
    assert lifecycle(rust(1, "starting")).process is UserProcess.NOT_SPAWNED


@pytest.mark.parametrize("row", [{"captured": "tail"}, {"captured": "head"}, {"captured": "none"}])
def test_a_runtime_log_that_is_not_whole_says_nothing_by_its_silence(row):
    found = lifecycle(rust(1, "starting"), log_rows={WRAPPER: row})
    assert found.process is UserProcess.UNKNOWN


def test_a_partial_list_of_logs_says_nothing_by_its_silence():
    assert lifecycle(rust(1, "starting"), parts={"logs": "partial"}).process is UserProcess.UNKNOWN


def test_a_user_log_alone_names_no_runtime():
    found = fact(Lifecycle, run_row(), logs="execution process spawned pid=99\n")
    assert (found.runtime, found.process, found.pid) == (None, UserProcess.UNKNOWN, None)


def test_the_order_of_the_listed_logs_decides_nothing():
    logs = {
        WRAPPER: spawned() + exited(),
        LIFECYCLER: rust(4, "a"),
        STEP: "[2026-11-20 08:00:30Z] Execution status: Queued.\n",
    }
    turned = dict(reversed(logs.items()))
    assert fact(Lifecycle, run_row(), logs=logs) == fact(Lifecycle, run_row(), logs=turned)


def test_the_runtime_lived_at_the_last_stamp_of_its_own_logs():
    found = fact(
        Lifecycle,
        run_row(),
        logs={WRAPPER: spawned(), LIFECYCLER: rust(44, "x"), "user_logs/a": line(99, "x")},
    )
    assert found.last_line_at == moment(44)


def test_retried_attempts_are_counted_by_their_folders():
    folder = "system_logs/lifecycler/retry_00{}/execution-wrapper.log"
    assert (
        fact(Lifecycle, run_row(), logs={folder.format(1): "", folder.format(2): "", WRAPPER: ""}).attempts
        == 3
    )


@pytest.mark.parametrize("first", [WRAPPER, "system_logs/lifecycler/retry_002/execution-wrapper.log"])
def test_how_an_earlier_attempt_ended_is_not_how_the_run_did(first):
    again = "system_logs/lifecycler/retry_001/execution-wrapper.log"
    found = fact(Lifecycle, run_row(), logs={first: spawned(1, 15) + exited(2, 1), again: spawned(9, 16)})
    assert (found.process, found.pid, found.exit_code) == (UserProcess.RUNNING, 16, None)


def test_a_repeated_status_is_one_phase():
    said = [(0, "Preparing"), (1, "Queued"), (2, "Queued"), (3, "Running")]
    text = "".join(
        f"[{moment(at):%Y-%m-%d %H:%M:%S}Z] Job is in progress. Execution status: {word}.\n"
        for at, word in said
    )
    assert lifecycle(text, path=STEP).phases == (
        RuntimePhase("Preparing", moment(0), moment(1)),
        RuntimePhase("Queued", moment(1), moment(3)),
        RuntimePhase("Running", moment(3), None),
    )


def test_phases_told_out_of_order_come_in_the_order_of_time():
    said = [(3, "Running"), (1, "Queued")]
    text = "".join(
        f"[{moment(at):%Y-%m-%d %H:%M:%S}Z] Job is running, job runstatus is {word}\n" for at, word in said
    )
    assert [phase.name for phase in lifecycle(text, path=STEP).phases] == ["Queued", "Running"]


def test_an_end_before_the_start_makes_no_phase_that_runs_backwards():
    [phase] = lifecycle(spawned(9), exited(5)).phases
    assert (phase.start, phase.end) == (moment(9), moment(9))


V1_START = (
    "2026/11/20 08:00:10 Attempt 1 of http call to http://10.0.0.5:16384/sendlogstoartifacts/info\n"
    "[2026-11-20T08:00:30.851539] Entering context manager injector.\n"
    "After variable expansion, calling script [train.py] with arguments:[]\n"
)
V1_CLEANUP = "Cleaning up all outstanding Run operations, waiting 900.0 seconds\n2 items cleaning up...\n"


def test_a_healthy_v1_driver_ends_with_its_exit_code():
    end = "[2026-11-20T08:05:00.1] The experiment completed successfully. Finalizing run...\nProcess Exiting with Code:  0\n"
    found = lifecycle(V1_START, end, V1_CLEANUP, path=DRIVER)
    assert (found.runtime, found.process, found.exit_code) == ("v1", UserProcess.EXITED, 0)


def test_a_v1_driver_that_cleaned_up_and_did_not_exit_still_runs():
    end = "[2026-11-20T08:05:00.1] The experiment completed successfully. Finalizing run...\n"
    found = lifecycle(V1_START, end, V1_CLEANUP, "Cleanup took 6.7995 seconds\n", path=DRIVER)
    assert (found.process, bool(found.script_ended), bool(found.cleanup_ended)) == (
        UserProcess.RUNNING,
        True,
        True,
    )


def test_a_failed_v1_experiment_has_ended_its_script():
    found = lifecycle(
        V1_START, "[2026-11-20T08:05:00] The experiment failed. Finalizing run...\n", path=DRIVER
    )
    assert found.script_ended.groups["how"] == "failed"


def test_an_empty_log_tells_of_no_phase():
    assert fact(Lifecycle, logs="").phases == ()
