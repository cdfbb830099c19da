import pytest
from building import line
from judging import answer, blob, cause, completed, every, failed, verdict

from diagnose.rules.silent_error.retries_exhausted import retries_exhausted

WORK = every(range(10, 50), "runda {n} gotowa")
TRIES = every(range(1, 4), "ERROR attempt {n} of 3: ConnectionError: rejestr milczy")
GAVE_UP = line(4, "gave up after 3 attempts: the registry failed")


def test_attempts_that_ran_out_before_the_program_went_on_are_a_silent_error():
    found = verdict(completed(), logs=TRIES + GAVE_UP + WORK)
    assert found == ("silent-error", "retries-exhausted", "established")


def test_attempts_that_count_up_to_their_total_need_no_words():
    assert answer(retries_exhausted, completed(), logs=TRIES + WORK) == "found"


def test_prose_alone_is_never_direct():
    log = line(1, "upload failed, giving up") + WORK
    assert verdict(completed(), logs=log)[2] != "established"


def test_an_attempt_that_failed_and_was_repeated_with_success_is_none():
    log = (
        line(1, "ERROR attempt 1 of 5: ConnectionError: rejestr milczy")
        + line(2, "attempt 2 of 5: ok")
        + WORK
    )
    assert answer(retries_exhausted, completed(), logs=log) == "clear"


def test_a_fall_back_that_is_named_is_none():
    log = TRIES + line(4, "falling back to the local registry") + WORK
    assert answer(retries_exhausted, completed(), logs=log) == "clear"


@pytest.mark.parametrize(
    "text",
    [
        "search space exhausted after 12 of 12 candidates",
        "data iterator exhausted, restarting epoch",
        "patience exhausted at epoch 12, restoring best weights",
        "cart-abandonment model; abandoned: 3412",
        "connected after 3 attempts",
    ],
)
def test_words_of_exhaustion_without_a_failure_are_none(text):
    assert answer(retries_exhausted, completed(), logs=line(1, text) + WORK) == "clear"


def test_the_phrase_for_a_single_attempt_is_judged_by_what_follows():
    log = line(1, "WARNING Max retries exceeded with url: /m, retrying") + line(2, "zarejestrowano") + WORK
    assert answer(retries_exhausted, completed(), logs=log) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    assert answer(retries_exhausted, failed(), logs=TRIES + GAVE_UP) == "clear"


def test_without_logs_nobody_looked():
    assert answer(retries_exhausted, completed()) == "not checked"


@pytest.mark.parametrize("text", ["white gave up in a lost game", "the fox gave up on the grapes"])
def test_one_line_of_prose_that_counts_no_attempt_accuses_nobody(text):
    assert cause(completed(), logs=f"{text}\n{WORK}", outputs=[blob("x.bin")]) == "inconclusive"


RAN_OUT = "HTTPConnectionPool(host='svc', port=443): Max retries exceeded with url: /a/9 (Caused by ResponseError('too many 503 error responses'))"


def test_attempts_of_a_library_that_ran_out_are_suspected_even_where_they_are_only_warned_of():
    log = f"WARNING kapitola 9: {RAN_OUT}\nINFO kapitola 9 hotova\n{WORK}"
    found = verdict(completed(), logs=log, outputs=[blob("x.bin")])
    assert found == ("silent-error", "retries-exhausted", "suspected")


@pytest.mark.parametrize(
    "log",
    [
        f"WARNING kapitola 9: {RAN_OUT}, falling back to the copy of yesterday\n",
        f"WARNING kapitola 9: {RAN_OUT}\nINFO using the default instead, harmless\n",
        RAN_OUT.replace(
            "ResponseError('too many 503 error responses')", "NewConnectionError('refused')"
        ).join(["WARNING ", "\n"]),
    ],
)
def test_a_warning_of_a_single_attempt_or_with_another_way_is_none(log):
    assert answer(retries_exhausted, completed(), logs=log + WORK) == "clear"
