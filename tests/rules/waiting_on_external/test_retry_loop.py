import pytest
from building import line, moment, run_row
from judging import answer, canceled, cause, completed, every, finding, points, verdict

from diagnose.rule import Certainty
from diagnose.rules.waiting_on_external.retry_loop import retry_loop

WORK = every(range(1, 30), "etapa {n} lista")
TRIES = every(range(30, 360, 5), "ERROR ConnectionError: el registro no contesta, retrying ({n})")


def test_attempts_that_are_all_a_run_still_does_wait_for_something_outside():
    assert cause(run_row(), logs=WORK + TRIES) == "waiting-on-external"


def test_it_is_never_established():
    assert finding(retry_loop, run_row(), logs=WORK + TRIES).certainty < Certainty.ESTABLISHED


def test_one_line_of_waiting_again_and_again_is_one_too():
    log = WORK + every(range(30, 360, 5), "esperando el bloqueo de la tabla")
    assert cause(run_row(), logs=log) == "waiting-on-external"


def test_attempts_for_minutes_are_no_loop_yet():
    log = WORK + every([30, 30.5, 31, 31.5], "ERROR ConnectionError: no contesta, retrying")
    assert answer(retry_loop, run_row(), logs=log, captured_at=moment(32)) == "clear"


def test_attempts_before_success_are_none():
    log = TRIES + every(range(360, 390), "etapa {n} lista")
    assert answer(retry_loop, run_row(), logs=log, captured_at=moment(391)) == "clear"


def test_a_trial_that_is_called_attempt_is_no_failure():
    log = every(range(0, 360, 5), "attempt {n}: score 0.7{n}")
    assert answer(retry_loop, run_row(), logs=log) == "clear"


@pytest.mark.parametrize("text", ["повторная выборка {n} готова", "resample {n} done again"])
def test_a_number_that_rises_without_a_failure_is_work(text):
    assert cause(run_row(), logs=every(range(0, 360, 5), text)) in ("still-working", "inconclusive")


def test_a_run_that_still_produces_does_not_wait():
    given = {"logs": WORK + TRIES, "metrics": points(range(0, 361, 5))}
    assert answer(retry_loop, run_row(), **given) == "clear"


def test_a_run_that_gave_up_and_went_on_is_over_it():
    log = TRIES + line(356, "gave up after 60 attempts") + every(range(357, 390), "etapa {n} lista")
    assert answer(retry_loop, run_row(), logs=log, captured_at=moment(391)) == "clear"


@pytest.mark.parametrize("run", [completed(), run_row("Failed")])
def test_a_run_that_has_ended_waits_for_nothing(run):
    assert answer(retry_loop, run, logs=WORK + TRIES) == "clear"


def test_a_run_that_a_person_canceled_in_its_loop_was_not_well():
    log = WORK + every([n / 4 for n in range(120, 239)], "WARNING registro 503, retrying")
    assert cause(canceled(cancel={"by": "Inés"}), logs=log) != "none"


def test_without_logs_nobody_looked():
    assert answer(retry_loop, run_row()) == "not checked"


@pytest.mark.parametrize(
    "text", ["waiting for the lease of the table", "warte auf Freigabe: Sperre der Datenbank"]
)
def test_a_last_word_that_names_what_it_waits_for_is_one(text):
    assert cause(run_row(), logs=WORK + line(30, text), captured_at=moment(360)) == "waiting-on-external"


def test_a_wait_of_a_minute_is_none_yet():
    log = WORK + line(30, "waiting for the lease of the table")
    assert answer(retry_loop, run_row(), logs=log, captured_at=moment(31)) == "clear"


def test_waiting_for_a_thread_of_its_own_that_died_is_nothing_from_outside():
    death = (
        "Exception in thread Thread-1 (lade):\nTraceback (most recent call last):\n"
        "  File \"t.py\", line 7, in lade\n    lies()\nPermissionError: [Errno 13] Permission denied: '/mnt/x'\n"
    )
    log = line(1, "waiting for the loader") + death + every(range(2, 350), "waiting for the loader")
    assert answer(retry_loop, run_row(), logs=log) == "clear"


def test_waiting_by_turns_with_figures_that_stand_is_one():
    turns = "".join(line(30 + n, "esperando el turno" if n % 2 else "0 de 51 pendientes") for n in range(330))
    assert cause(run_row(), logs=WORK + turns) == "waiting-on-external"


def test_turns_whose_figures_move_are_work():
    turns = "".join(line(30 + n, "esperando el turno" if n % 2 else f"{n} de 510 listos") for n in range(330))
    assert answer(retry_loop, run_row(), logs=WORK + turns) == "clear"


def test_a_count_that_is_said_again_and_again_does_not_count():
    log = WORK + every(range(30, 360), "paso 30/90: esperando la respuesta del nodo")
    assert cause(run_row(), logs=log) == "waiting-on-external"


def test_one_failure_with_a_number_that_grows_by_one_is_a_loop():
    rounds = "".join(
        line(30 + 5 * n, f"indice ocupado (HTTP 409), vuelta {n}: espero 5 minutos") for n in range(60)
    )
    assert verdict(run_row(), logs=WORK + rounds)[:2] == ("waiting-on-external", "retry-loop")


def test_lines_that_grow_by_one_and_tell_of_no_failure_are_work():
    log = "".join(line(n, f"lote {n} listo, espera 3 ms") for n in range(360))
    assert answer(retry_loop, run_row(), logs=log) == "clear"


TRACE = (
    "Traceback (most recent call last):\n"
    '  File "/wd/opslag.py", line 31, in send\n    conn.request("PUT", sti)\n'
    '  File "/lib/python3.11/http/client.py", line 1286, in request\n    self._send_request(method, url)\n'
    "ConnectionRefusedError: [Errno 111] Connection refused\n"
)


def test_one_traceback_again_and_again_is_a_loop_whatever_is_said_beside_it():
    rounds = "".join(line(30 + 5 * n, f"sending {n} mislykkedes") + TRACE for n in range(60))
    assert verdict(run_row(), logs=WORK + rounds)[:2] == ("waiting-on-external", "retry-loop")


def test_the_address_of_an_object_and_the_minutes_that_passed_are_no_progress():
    rounds = "".join(
        line(30 + 2.5 * n, f"<Conn object at 0x7f{n:06x}0>: [Errno 111], {2.5 * n // 1:.0f} perc telt el")
        for n in range(120)
    )
    assert verdict(run_row(), logs=WORK + rounds)[:2] == ("waiting-on-external", "retry-loop")


def test_failures_of_one_piece_after_another_are_work():
    rounds = "".join(line(30 + 5 * n, f"csempe {n * n % 91} kihagyva") + TRACE for n in range(60))
    assert answer(retry_loop, run_row(), logs=WORK + rounds) == "clear"


@pytest.mark.parametrize(
    "words",
    [
        "baza ne odgovara (connect ECONNREFUSED 10.0.0.4:5432), put {n}",
        "dial tcp 10.0.0.4:443: i/o timeout, {n}. kez",
        "poslužitelj: StatusCode.UNAVAILABLE ({n})",
        "api: 429 Too Many Requests, krug {n}",
        "sqlite: database is locked",
    ],
)
def test_what_systems_and_servers_say_is_known_in_whatever_sentence(words):
    log = WORK + "".join(line(30 + 5 * n, words.format(n=n)) for n in range(60))
    assert verdict(run_row(), logs=log)[:2] == ("waiting-on-external", "retry-loop")


def test_an_answer_that_fails_now_and_then_beside_work_is_none():
    log = WORK + "".join(
        line(30 + n, f"list {n}/400" if n % 7 else "api: 429 Too Many Requests") for n in range(330)
    )
    assert answer(retry_loop, run_row(), logs=log) == "clear"


def test_a_count_that_grows_by_one_in_rounds_with_a_failure_is_work():
    rounds = "".join(
        line(30 + 3 * n, f"list {n}/400") + line(31 + 3 * n, "predmemorija: Connection refused")
        for n in range(100)
    )
    assert answer(retry_loop, run_row(), logs=rounds) == "clear"
