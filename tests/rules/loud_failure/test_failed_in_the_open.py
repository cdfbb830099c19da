import pytest
from building import STD_LOG, WRAPPER, line, run_row
from judging import answer, blob, completed, exited, failed, record, spawned, verdict

from diagnose.rules.loud_failure.failed_in_the_open import failed_in_the_open

LOG = line(1, "lees data") + (
    'Traceback (most recent call last):\n  File "leer.py", line 4, in <module>\n    meng()\n'
    "KeyError: 'kolom_gewicht'\n"
)


def test_an_exit_code_and_the_traceback_that_explains_it_are_a_loud_failure():
    found = verdict(failed(exit_code=1), logs=LOG)
    assert found == ("loud-failure", "exception", "established")


def test_the_error_that_the_log_ends_with_stands_in_the_headline():
    assert "KeyError: 'kolom_gewicht'" in record(failed(exit_code=1), logs=LOG)["headline"]


def test_an_exit_code_without_a_word_is_one_too():
    assert verdict(failed(exit_code=2), logs="start\n") == ("loud-failure", "exit-code", "established")


def test_an_import_that_does_not_know_the_status_has_the_runtimes_exit_code():
    logs = {STD_LOG: LOG, WRAPPER: spawned() + exited(3, 1)}
    assert verdict(run_row(None), logs=logs)[0] == "loud-failure"


def test_outputs_that_were_written_before_do_not_make_it_a_success():
    found = verdict(failed(exit_code=1), logs=LOG, outputs=[blob("model.onnx"), blob("half.bin", 0)])
    assert found[0] == "loud-failure"


@pytest.mark.parametrize("run", [completed(), run_row(), run_row("Canceled")])
def test_a_run_that_did_not_fail_is_none(run):
    assert answer(failed_in_the_open, run, logs=LOG) == "clear"


def test_a_completed_run_that_carries_an_error_did_not_fail_in_the_open():
    run = completed(error={"code": "UserError", "message": "earlier attempt: exit status 1"})
    assert answer(failed_in_the_open, run, logs="klaar\n") == "clear"


def test_what_was_recovered_from_long_before_is_not_the_reason():
    attempt = line(1, "ERROR poging 1 mislukt: ConnectionError: geen antwoord") + line(
        2, "retrying, attempt 2"
    )
    work = "".join(line(n, f"ronde {n} klaar") for n in range(3, 50))
    log = attempt + work + line(50, "Drempel niet gehaald: AUC 0.61 lager dan 0.70")
    assert "ConnectionError" not in record(failed(exit_code=1), logs=log)["headline"]


def test_it_speaks_without_a_log_too():
    assert answer(failed_in_the_open, failed(exit_code=1)) == "found"


def test_without_the_run_nobody_looked():
    assert answer(failed_in_the_open, None, logs=LOG) == "not checked"
