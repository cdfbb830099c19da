import pytest
from building import iso, run_row
from judging import answer, cause, points, verdict

from diagnose.rules.lingering_child_process.orphaned_process import orphaned_process


def process(pid, parent, name, start, **fields):
    return {
        "pid": pid,
        "parent_pid": parent,
        "name": name,
        "command": name,
        "started_at": iso(start),
        "seen_at": iso(300),
        **fields,
    }


MAIN = process(11, 1, "python", 1, ended_at=iso(20), exit_code=0)
CHILD = process(12, 11, "indexeerder", 3)
EMPTY_LOG = {"logs": "begonnen\n"}


def test_a_child_that_lives_after_the_script_has_ended_holds_the_run():
    assert verdict(run_row(), processes=[MAIN, CHILD], **EMPTY_LOG) == (
        "lingering-child-process",
        "child-process",
        "established",
    )


@pytest.mark.parametrize("fields", [{"state": "Z"}, {"ended_at": iso(19)}, {"exit_code": 0}])
def test_a_child_that_has_ended_holds_nothing(fields):
    rows = [MAIN, {**CHILD, **fields}]
    assert answer(orphaned_process, run_row(), processes=rows, **EMPTY_LOG) == "clear"


def test_a_child_is_no_finding_while_its_parent_works():
    rows = [process(11, 1, "python", 1), CHILD]
    assert answer(orphaned_process, run_row(), processes=rows, **EMPTY_LOG) == "clear"


def test_a_process_that_began_before_the_script_is_not_its_child():
    rows = [process(11, 1, "python", 5, ended_at=iso(20), exit_code=0), process(9, 1, "sshd", 0)]
    assert answer(orphaned_process, run_row(), processes=rows, **EMPTY_LOG) == "clear"


def test_a_launcher_that_left_the_work_to_its_child_is_no_finding_while_metrics_come():
    given = {"processes": [MAIN, CHILD], "metrics": points(range(0, 361, 5)), **EMPTY_LOG}
    assert answer(orphaned_process, run_row(), **given) == "clear"
    assert cause(run_row(), **given) == "still-working"


def test_a_failed_run_is_not_explained_by_a_child():
    assert answer(orphaned_process, run_row("Failed"), processes=[MAIN, CHILD], **EMPTY_LOG) == "clear"


def test_without_a_process_table_nobody_looked():
    assert answer(orphaned_process, run_row(), **EMPTY_LOG) == "not checked"
