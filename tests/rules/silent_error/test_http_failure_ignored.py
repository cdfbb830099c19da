import pytest
from building import line
from judging import answer, cause, completed, every, failed, verdict

from diagnose.rules.silent_error.http_failure_ignored import http_failure_ignored

WORK = every(range(1, 50), "krok {n} hotov")
REFUSED = line(0.5, "odesílám výsledky: PUT https://sklad.example/skore -> 507")
CODE = {"posli.py": 'import requests\n\nodpoved = requests.put("https://sklad.example/skore", json={})\n'}


@pytest.mark.parametrize(
    "text",
    [
        "PUT https://sklad.example/skore -> 500",
        "odpověď: HTTP 403",
        '"POST /skore HTTP/1.1" 502 -',
        "<Response [404]>",
        "status_code=429 od skladu",
    ],
)
def test_an_answer_that_says_no_and_is_left_at_that_is_suspected(text):
    found = verdict(completed(), logs=line(0.5, text) + WORK)
    assert found == ("silent-error", "http-failure-ignored", "suspected")


def test_with_a_request_that_nobody_checks_it_is_supported():
    found = verdict(completed(), logs=REFUSED + WORK, code=CODE)
    assert found == ("silent-error", "http-failure-ignored", "supported")


@pytest.mark.parametrize(
    "sequel",
    ["retrying, attempt 2", "GET /k -> 404 (miss), computing", "falling back to the mirror"],
)
def test_an_answer_that_was_mended_or_expected_is_none(sequel):
    log = line(0.4, "GET https://sklad.example/k -> 404") + line(0.6, sequel) + WORK
    assert answer(http_failure_ignored, completed(), logs=log) == "clear"


@pytest.mark.parametrize(
    "text",
    [
        "dotaz vrátil 400 rows",
        "got 431 images",
        "GET /polozky took 405 ms",
        "answered 500 questions",
        "stav 450 ze 900",
        "HTTP 404 share: 1.2 %",
        "HTTP/1.1 200 OK, 512 bytes",
    ],
)
def test_numbers_that_only_look_like_a_status_are_none(text):
    assert answer(http_failure_ignored, completed(), logs=line(0.5, text) + WORK) == "clear"


def test_the_text_of_a_models_answer_is_data():
    text = "answer: 'the server returned HTTP 503 Service Unavailable to me'"
    assert answer(http_failure_ignored, completed(), logs=line(0.5, text) + WORK) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    assert answer(http_failure_ignored, failed(), logs=REFUSED + WORK) == "clear"


def test_an_unchecked_request_without_a_refusal_is_none():
    assert cause(completed(), logs=WORK, code=CODE, outputs=[]) == "none"


def test_without_logs_nobody_looked():
    assert answer(http_failure_ignored, completed(), code=CODE) == "not checked"


@pytest.mark.parametrize(
    "text",
    [
        "{'error': {'code': 'NedostatekPrav', 'message': 'klient nema opravneni'}}",
        "odeslani skore: 503 Service Unavailable",
    ],
)
def test_the_body_and_the_reason_phrase_of_an_answer_are_enough(text):
    assert answer(http_failure_ignored, completed(), logs=line(0.5, text) + WORK) == "found"


def test_an_answer_whose_error_is_empty_is_none():
    text = "{'error': None, 'ulozeno': True}"
    assert answer(http_failure_ignored, completed(), logs=line(0.5, text) + WORK) == "clear"


def test_a_question_whether_something_is_there_accuses_nobody_alone():
    asked = line(0.5, "GET https://sklad.example/verze/latest -> 404") + WORK
    assert cause(completed(), logs=asked, outputs=[]) == "inconclusive"
    assert cause(completed(), logs=asked.replace("GET", "PUT"), outputs=[]) == "silent-error"


def test_an_answer_that_the_program_waits_out_is_no_failure():
    log = "indice occupato (HTTP 409): attendo 4 minuti\nindice scritto\ntutto scritto\nfine\n"
    assert answer(http_failure_ignored, completed(), logs=log) == "clear"
