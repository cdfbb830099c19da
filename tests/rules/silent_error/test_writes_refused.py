import pytest
from judging import answer, completed, failed, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.silent_error.writes_refused import writes_refused


def log(template, codes, first=0):
    return "".join(template.format(n=n, code=code) + "\n" for n, code in enumerate(codes, first))


OK_THEN_NOT = [200] * 5 + [503] * 6
FORMS = [
    "INFO flis PUT /mapa/{n}.png -> {code} (2211 bytes)",
    'INFO:httpx:HTTP Request: POST http://skladka/v1/{n} "HTTP/1.1 {code} Unavailable"',
    'DEBUG:urllib3.connectionpool:http://skladka:80 "PUT /v1/{n} HTTP/1.1" {code} 0',
    "PATCH /v1/{n} {code} 12 ms",
    "[{n}/11] DELETE /stare/{n} => {code}",
    "POST https://skladka/v1/{n}: status={code}",
]


@pytest.mark.parametrize("form", FORMS)
def test_answers_that_turn_to_refusals_and_stay_so(form):
    assert verdict(completed(), logs=log(form, OK_THEN_NOT) + "hotovo\n", outputs=[])[:2] == (
        "silent-error",
        "writes-refused",
    )
    assert finding(writes_refused, completed(), logs=log(form, OK_THEN_NOT)).certainty == 2


def test_refusals_that_successes_follow_are_a_suspicion():
    found = finding(writes_refused, completed(), logs=log(FORMS[0], [200, 200, 503, 200, 200]))
    assert found.certainty is Certainty.SUSPECTED


PUT = FORMS[0]


@pytest.mark.parametrize(
    "text",
    [
        log(PUT, OK_THEN_NOT) + log(PUT, [200] * 11),
        log(PUT, [200, 200, 503]) + log("PUT http://zaloha:80/mapa/{n}.png -> {code}", [201], 2),
        log("POST /telemetrie -> {code}", [403] * 9),
        log("GET /mapa/{n}.png -> {code}", OK_THEN_NOT),
        log("PUT /mapa/{n} -> {code}", [200, 200, 409, 409, 409, 412]),
        log("POST /v1/{n} {code} rows", [200, 500, 400, 500]),
        log("PUT /v1/{n} -> {code}", [200] * 9),
        log("PUT /v1/{n} -> 200 in {code} ms", OK_THEN_NOT),
    ],
    ids=[
        "again",
        "another host",
        "never welcome",
        "questions",
        "there already",
        "figures",
        "all well",
        "times",
    ],
)
def test_lines_that_tell_of_no_lost_write(text):
    assert answer(writes_refused, completed(), logs=text) == "clear"


def test_a_failed_run_is_another_matter():
    assert answer(writes_refused, failed(), logs=log(PUT, OK_THEN_NOT)) == "clear"
