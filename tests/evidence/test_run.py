import pytest
from building import fact, iso, missing, moment, run_row

from diagnose.evidence.run import ExpectedOutput, Phase, RunError, RunRecord, StatusChange, phase_of


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("NotStarted", Phase.BEFORE_START),
        ("Queued", Phase.BEFORE_START),
        ("Running", Phase.OPEN),
        ("Finalizing", Phase.OPEN),
        ("CancelRequested", Phase.OPEN),
        ("not responding", Phase.OPEN),
        ("COMPLETED", Phase.COMPLETED),
        ("Canceled", Phase.CANCELED),
        ("Cancelled", Phase.CANCELED),
    ],
)
def test_a_status_word_has_its_meaning_in_any_spelling(word, phase):
    assert phase_of(word) is phase


@pytest.mark.parametrize("word", [None, "", "Hibernating", "完了", "5"])
def test_a_status_word_never_seen_is_unknown(word):
    assert phase_of(word) is Phase.UNKNOWN


def test_a_run_of_unknown_status_is_not_final():
    assert not fact(RunRecord, run_row("Hibernating")).is_final


def test_no_run_json_is_a_missing_run():
    assert missing(RunRecord, logs="hello") == "run.json is not in the bundle"


def test_a_denied_run_says_why():
    assert missing(RunRecord, parts={"run": "denied"}) == "run.json is not in the bundle"


def test_a_broken_run_json_says_where():
    assert "line 2" in missing(RunRecord, members={"run.json": b'{"id": "x",\n oops}'})


@pytest.mark.parametrize("text", [b"[]", b"null", b'"run"', b"", b'{"status": NaN}', b"\xff\xfe{"])
def test_a_run_json_that_is_no_object_is_a_missing_run(text):
    assert missing(RunRecord, members={"run.json": text}).startswith("run.json")


def test_unknown_fields_are_ignored():
    assert fact(RunRecord, run_row(future={"deep": [1]})) == fact(RunRecord, run_row())


@pytest.mark.parametrize("wrong", [5, "x", [], [1, None], {"a": []}, True])
def test_a_field_of_the_wrong_type_is_no_reason_to_fail(wrong):
    names = (
        "compute",
        "distribution",
        "cancel",
        "error",
        "warnings",
        "status_history",
        "tags",
        "expected_outputs",
    )
    run = fact(RunRecord, run_row(**dict.fromkeys(names, wrong)))
    assert (run.compute_target, run.error, run.warnings, run.expected_outputs) == (None, None, (), ())


def test_an_exit_code_in_quotes_is_unknown():
    assert fact(RunRecord, run_row(exit_code="0")).exit_code is None


def test_an_end_before_the_start_is_kept_as_it_was_told():
    run = fact(RunRecord, run_row("Completed", started_at=iso(10), ended_at=iso(5)))
    assert (run.started_at, run.ended_at) == (moment(10), moment(5))


def test_the_history_is_in_the_order_of_time_whatever_the_order_of_its_entries():
    history = [
        {"status": "Running", "at": iso(3)},
        {"status": "Odd"},
        {"status": "Queued", "at": iso(1)},
        {"at": iso(2)},
    ]
    assert fact(RunRecord, run_row(status_history=history)).status_history == (
        StatusChange("Queued", moment(1)),
        StatusChange("Running", moment(3)),
        StatusChange("Odd", None),
    )


def test_a_completed_run_may_carry_an_error():
    run = fact(RunRecord, run_row("Completed", error={"code": "UserError", "message": "late"}))
    assert (run.phase, run.error) == (Phase.COMPLETED, RunError("UserError", "late", None))


def test_an_error_without_words_is_none():
    assert fact(RunRecord, run_row(error={"component": "CommonRuntime"})).error is None


def test_an_expected_output_has_a_name_at_least():
    run = fact(RunRecord, run_row(expected_outputs=[{"mode": "mount"}, {"name": "model", "mode": "upload"}]))
    assert run.expected_outputs == (ExpectedOutput("model", None, "upload", None),)


@pytest.mark.parametrize(
    ("kind", "parent"), [("pipeline", True), ("Sweep", True), ("command", False), (None, False)]
)
def test_a_parent_only_waits_for_its_children(kind, parent):
    assert fact(RunRecord, run_row(type=kind)).is_parent_type is parent
