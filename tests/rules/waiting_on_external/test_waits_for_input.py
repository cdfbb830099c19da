import pytest
from building import iso, line, moment, run_row
from judging import answer, completed, every, verdict

from diagnose.rules.waiting_on_external.waits_for_input import waits_for_input

WORK = every(range(1, 10), "étape {n} finie")


@pytest.mark.parametrize(
    "prompt",
    [
        "Mot de passe du registre : ",
        "Proceed (y/N)? ",
        "Écraser le modèle ? [o/n]",
        "Enter passphrase for key '/root/.ssh/id_ed25519': ",
        "Username for 'https://git.example.org': ",
        "Press any key to continue",
    ],
)
def test_a_question_that_nobody_answers_is_a_wait(prompt):
    assert verdict(run_row(), logs=WORK + prompt)[:2] == ("waiting-on-external", "waits-for-input")


def test_a_login_by_code_is_one_although_its_line_has_an_end():
    text = "To sign in, use a web browser to open https://microsoft.com/devicelogin and enter the code ABC\n"
    assert verdict(run_row(), logs=WORK + text)[1] == "waits-for-input"


def test_a_login_that_went_through_is_none():
    text = "open https://login.example/device and enter the code ABC\n"
    assert answer(waits_for_input, run_row(), logs=text + WORK) == "clear"


@pytest.mark.parametrize("text", ["Que vaut l'ensemble de test ?\n", "signed in at https://login.example/\n"])
def test_a_question_that_ends_its_line_is_a_heading(text):
    assert answer(waits_for_input, run_row(), logs=WORK + text) == "clear"


def test_a_prompt_of_moments_ago_may_still_be_answered():
    given = {"logs": WORK + "Proceed (y/N)? ", "captured_at": moment(12)}
    assert answer(waits_for_input, run_row(), **given) == "clear"


def test_a_log_whose_end_was_not_captured_shows_no_last_line():
    given = {"logs": WORK + "Proceed (y/N)? ", "log_rows": {"user_logs/std_log.txt": {"captured": "head"}}}
    assert answer(waits_for_input, run_row(), **given) == "clear"


def test_a_run_that_has_ended_waits_for_nobody():
    assert answer(waits_for_input, completed(), logs=WORK + "Proceed (y/N)? ") == "clear"


def test_a_run_whose_outputs_still_come_does_not_wait():
    rows = [{"path": f"p{n}.bin", "output": "m", "size": 9, "modified_at": iso(n)} for n in range(0, 361, 10)]
    assert answer(waits_for_input, run_row(), logs=WORK + "Proceed (y/N)? ", outputs=rows) == "clear"


def test_without_logs_nobody_looked():
    assert answer(waits_for_input, run_row()) == "not checked"


LOGIN = "To sign in, use a web browser to open https://login.example/device and enter the code ABC\n"


@pytest.mark.parametrize("prompt", [LOGIN, "Mot de passe du registre :\n"])
def test_a_login_above_one_thing_said_again_and_again_is_one(prompt):
    log = WORK + prompt + every([10 + n for n in range(1, 20)], "WARNING jeton refusé")
    assert verdict(run_row(), logs=log, captured_at=moment(360))[:2] == (
        "waiting-on-external",
        "waits-for-input",
    )


def test_an_instruction_that_is_itself_said_again_is_one_in_a_log_that_moves():
    log = WORK + "".join(line(10 + n / 2, LOGIN.strip()) for n in range(690))
    assert answer(waits_for_input, run_row(), logs=log) == "found"


def test_repeats_of_a_minute_are_none_yet():
    log = WORK + LOGIN + every([10 + n / 20 for n in range(1, 20)], "WARNING jeton refusé")
    assert answer(waits_for_input, run_row(), logs=log, captured_at=moment(11.2)) == "clear"


def test_a_question_of_the_text_above_repeats_is_a_heading():
    log = WORK + "Que vaut l'ensemble de test ?\n" + every([10 + n for n in range(1, 20)], "lot noté")
    assert answer(waits_for_input, run_row(), logs=log) == "clear"
