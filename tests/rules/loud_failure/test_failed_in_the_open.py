import pytest
from building import STD_LOG, WRAPPER, line, run_row
from judging import answer, blob, completed, every, exited, failed, finding, record, spawned, verdict

from diagnose.rule import Certainty
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


DIED = "Traceback (most recent call last):\n  File \"nauka.py\", line 7, in <module>\n    krok()\nKeyError: 'waga'\n"
STEPS = every(range(1, 40), "krok {n}/90")


def test_where_nobody_says_how_it_ended_an_uncaught_exception_as_the_last_word_does():
    found = finding(failed_in_the_open, run_row(None), logs=STEPS + DIED)
    assert found.certainty is Certainty.SUSPECTED
    assert "KeyError" in found.headline


@pytest.mark.parametrize(
    "log",
    [
        DIED + STEPS,
        STEPS + line(41, "ERROR zapis nieudany") + DIED,
        STEPS + DIED.removesuffix("KeyError: 'waga'\n"),
        STEPS + "Exception in thread Thread-3:\n" + DIED,
    ],
    ids=["work after it", "logged", "cut off", "a thread's"],
)
def test_of_a_run_of_unknown_end_nothing_less_tells(log):
    assert answer(failed_in_the_open, run_row(None), logs=log) == "not checked"


@pytest.mark.parametrize("code", [137, -9, 143])
def test_an_exit_code_of_a_signal_leaves_a_doubt(code):
    found = finding(failed_in_the_open, failed(exit_code=code), logs=STEPS + DIED)
    assert found.certainty is Certainty.SUSPECTED


def test_a_last_word_of_a_kill_leaves_a_doubt():
    found = finding(failed_in_the_open, failed(exit_code=1), logs=STEPS + "Killed\n")
    assert found.certainty is Certainty.SUSPECTED


def test_a_process_that_ended_with_0_did_not_fail_in_the_open():
    run = failed(exit_code=0, error={"code": "ServiceError", "message": "the result could not be reported"})
    assert answer(failed_in_the_open, run, logs="valmis\n") == "clear"
