import pytest
from building import STD_LOG, fact, missing, run_row

from diagnose.evidence.troubles import Sequel, TroubleKind, Troubles

TRACEBACK = 'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\n    save()\nOSError: [Errno 5] I/O error\n'
WENT_ON = "".join(f"still working on part {n}\n" for n in range(50))


def troubles(text, **given):
    return fact(Troubles, run_row(), logs=text, **given).all


def kinds(text):
    return [trouble.kind.value for trouble in troubles(f"hello\n{text}\n{WENT_ON}")]


def one(text):
    [found] = troubles(text)
    return found


def test_a_traceback_is_told_by_the_exception_that_ends_it():
    found = one(f"start\n{TRACEBACK}{WENT_ON}")
    assert (found.kind, found.exception, found.message) == (
        TroubleKind.TRACEBACK,
        "OSError",
        "OSError: [Errno 5] I/O error",
    )
    assert (found.match.line, found.last_line, found.sequel) == (2, 5, Sequel.CARRIED_ON)


def test_a_traceback_at_the_end_is_the_last_word():
    assert one(f"start\n{TRACEBACK}").sequel is Sequel.LAST_WORD


def test_a_chained_traceback_is_one_trouble_told_by_its_last():
    chain = "\nDuring handling of the above exception, another exception occurred:\n\n"
    last = 'Traceback (most recent call last):\n  File "a.py", line 9, in f\n    x()\nmlflow.MlflowException: no answer\n'
    assert one(f"{TRACEBACK}{chain}{last}{WENT_ON}").exception == "mlflow.MlflowException"


@pytest.mark.parametrize("prefix", ["[rank1]: ", "[stderr]", "(worker 3) "])
def test_a_prefix_before_each_line_of_a_traceback_is_undone(prefix):
    text = "".join(f"{prefix}{each}\n" for each in TRACEBACK.splitlines())
    assert one(f"{text}{WENT_ON}").exception == "OSError"


def test_a_traceback_in_one_line_of_json_is_undone():
    line = (
        '{"level": "ERROR", "exc": "Traceback (most recent call last):\\n  File x\\nValueError: bad row"}\n'
    )
    assert (one(line + WENT_ON).exception, one(line + WENT_ON).kind) == ("ValueError", TroubleKind.TRACEBACK)


def test_colours_hide_nothing():
    assert kinds("\x1b[31mERROR\x1b[0m could not write the model") == ["level"]


def test_an_error_line_and_its_traceback_are_one_trouble():
    assert one(f"ERROR saving the model failed\n{TRACEBACK}{WENT_ON}").kind is TroubleKind.TRACEBACK


@pytest.mark.parametrize(
    "first", ["--- Logging error ---", "Exception ignored in: <function Pool.__del__ at 0x7f>"]
)
def test_what_python_only_complains_of_is_no_trouble(first):
    assert troubles(f"start\n{first}\n{TRACEBACK}{WENT_ON}") == ()


def test_the_exception_below_a_mere_complaint_is_part_of_it():
    text = '--- Logging error ---\nTraceback (most recent call last):\n  File "a.py", line 1, in f\nTypeError: not all arguments\n'
    assert troubles(text + WENT_ON) == ()


def test_a_traceback_that_a_warning_carries_is_no_trouble():
    assert troubles(f"2026-11-20 08:00:00 WARNING the cache could not be read\n{TRACEBACK}{WENT_ON}") == ()


def test_a_record_of_progress_before_a_traceback_excuses_nothing():
    assert one(f"2026-11-20 08:00:00 INFO epoch 3 of 9\n{TRACEBACK}{WENT_ON}").exception == "OSError"


def test_noise_right_before_a_traceback_does_not_excuse_it():
    noise = "/bin/bash: libtinfo.so.6: no version information available (required by /bin/bash)\n"
    assert [t.exception for t in troubles(noise + TRACEBACK)] == ["OSError"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20 08:00:00,123 ERROR trainer: the checkpoint was not written",
        '{"level": "error", "msg": "the checkpoint was not written"}',
        "level=error msg=disk",
        "[CRITICAL] the disk has no room left",
        "E1120 08:00:00.123456 77 saver.cc:12] lost the disk",
    ],
)
def test_a_level_of_error_is_firm(text):
    assert kinds(text) == ["level"]


@pytest.mark.parametrize(
    "text",
    [
        "upload stopped: azure.core.exceptions.HttpResponseError: (AuthorizationFailure)",
        "stopped: OSError: [Errno 28] full",
    ],
)
def test_an_exception_named_in_a_line_is_firm(text):
    assert kinds(text) == ["exception"]


@pytest.mark.parametrize(
    "text",
    [
        "HTTP/1.1 503 while pushing",
        "status code: 500",
        "<Response [404]>",
        'POST /scores HTTP/1.1" 502 -',
        "PUT /m -> 403",
        "response=429",
    ],
)
def test_a_failed_http_status_is_firm(text):
    assert kinds(text) == ["http"]


@pytest.mark.parametrize(
    "text",
    [
        "loss 0.500",
        "batch 404",
        "port 443",
        "step 500 of 1000",
        "listening on http://0.0.0.0:443",
        "HTTP/1.1 200 OK in 450 ms",
        "GET /items/404 HTTP/1.1 200",
        "got 500 rows",
        "returned 412 images",
        "0 errors, 0 failures",
        "errors: 0",
        "no errors found",
        "without errors",
        "failed=0",
        "if it fails we try later",
        "mean error: 0.031",
        "val_error=0.12",
        "MeanSquaredError: 0.25",
        "INFO error handler installed",
        "WARNING: could not find the cache",
        "UserWarning: failed to load image extension",
        "DeprecationWarning: this will raise an error",
        "fail-safe mode is on",
        "PASSED test_error_handling",
        "\tInnerException: {",
        "\tInnerException None",
        '        "statusCode": 503',
        "Metrics Client: _execute_with_workspace_run_arguments failed , retrying it. Reason for failure ServiceException:",
    ],
)
def test_what_only_looks_like_failure_is_none(text):
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "das Modell konnte nicht gespeichert werden",
        "no se pudo guardar el modelo",
        "impossible d'écrire",
        "保存失败",
        "не удалось сохранить",
        "could not save it",
    ],
)
def test_words_of_failure_in_any_language_are_a_hint_only(text):
    found = fact(Troubles, run_row(), logs=f"{text}\n{WENT_ON}")
    assert ([t.kind for t in found.all], found.firm) == ([TroubleKind.WORDS], ())


def test_a_failure_that_a_retry_mended_has_recovered():
    found = one(f"ERROR upload refused by server\nretrying in 5 s\nuploaded the model\n{WENT_ON}")
    assert found.sequel is Sequel.RECOVERED


def test_attempts_that_ran_out_are_given_up():
    text = "".join(f"ERROR upload refused, attempt {n}/3\nretrying\n" for n in (1, 2))
    found = one(f"{text}ERROR upload refused, attempt 3/3\n{WENT_ON}")
    assert (found.sequel, found.attempts) == (Sequel.GAVE_UP, 3)


def test_giving_up_in_words_is_giving_up():
    assert one(f"ERROR upload refused by server, giving up\n{WENT_ON}").sequel is Sequel.GAVE_UP


def test_a_failure_with_another_way_is_excused():
    assert (
        one(f"ERROR no compiled kernel found\nfalling back to the slow path\n{WENT_ON}").sequel
        is Sequel.EXCUSED
    )


@pytest.mark.parametrize(
    "first", ["Exception in thread Thread-3 (save):", "Task exception was never retrieved"]
)
def test_an_exception_that_nobody_fetched_is_told_apart(first):
    assert one(f"{first}\n{TRACEBACK}{WENT_ON}").in_thread


def test_only_a_log_that_was_read_whole_says_that_nothing_went_wrong():
    rows = {STD_LOG: {"captured": "ends", "omitted_bytes": 10}}
    assert not fact(Troubles, run_row(), logs="fine\n", log_rows=rows).is_whole


def test_the_order_of_the_logs_decides_nothing():
    logs = {
        "user_logs/b.txt": f"{TRACEBACK}{WENT_ON}",
        "user_logs/a.txt": f"ERROR the disk is gone\n{WENT_ON}",
    }
    turned = dict(reversed(logs.items()))
    assert [t.match.path for t in troubles(logs)] == [t.match.path for t in troubles(turned)]


def test_the_runtimes_own_errors_are_not_the_users():
    assert troubles({"system_logs/lifecycler/lifecycler.log": "ERROR something in the service broke\n"}) == ()


def test_without_logs_it_is_missing():
    assert missing(Troubles, run_row()) == "they are not collected"


@pytest.mark.parametrize(
    "log",
    [
        "",
        "\n",
        "Traceback (most recent call last):",
        "Traceback (most recent call last):\n\n\n",
        b"\xff\xfe",
        "E" * 100_000,
    ],
)
def test_a_log_that_breaks_off_or_says_nothing_is_survived(log):
    assert all(trouble.exception is None for trouble in troubles(log))


def test_a_traceback_inside_a_json_record_is_told_by_its_exception():
    record = r'{"level": "error", "msg": "no report", "exc": "Traceback (most recent call last):\n  File \"a.py\", line 2, in f\n    g()\nFileNotFoundError: [Errno 2] a.csv"}'
    found = one(f"start\n{record}\n{WENT_ON}")
    assert (found.exception, found.message) == ("FileNotFoundError", "FileNotFoundError: [Errno 2] a.csv")


def test_a_json_record_is_told_by_its_message():
    found = one(f'start\n{{"level": "error", "msg": "the index could not be stored", "n": 3}}\n{WENT_ON}')
    assert found.message == "the index could not be stored"


def test_a_traceback_that_a_record_of_the_failure_carries_ended_no_program():
    uncaught = 'Traceback (most recent call last):\n  File "a.py", line 2, in <module>\n    g()\nOSError: [Errno 5] disco\n'
    assert one(f"inizio\n{uncaught}").ended_a_program
    assert not [t for t in troubles(f"inizio\nERROR passo 3 non riuscito\n{uncaught}") if t.ended_a_program]


FRAMES = 'Traceback (most recent call last):\n  File "/lib/queues.py", line 3, in _feed\n    dumps(obj)\n'


@pytest.mark.parametrize(
    "text",
    ["0 échoué, 12 traités", "failed checks ....... 0", "nieudane: 0", "628 gelesen, 0 fehlgeschlagen"],
)
def test_a_count_of_none_is_no_failure_in_whatever_language(text):
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "[W 2026-11-20 08:01:32,113] Trial 2 failed with value nan.",
        "W20261120 08:01:32 failed to pin memory",
        "ERROR: ld.so: object 'libx.so' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored.",
        "26/11/20 08:03:55 ERROR TransportClient: Failed to send RPC 7812 to /10.0.0.4:7079",
        "08:01:00 WARN  c.e.Feed - feed 14 unreachable\njava.net.SocketTimeoutException: Read timed out\n\tat c.e.Feed.pull(Feed.java:41)",
        '30 fits failed with the following error:\nTraceback (most recent call last):\n  File "/lib/a.py", line 3, in _fit\nValueError: no',
        "Final Job Status: CompletedWithSkipped",
    ],
)
def test_what_libraries_warn_of_and_tidy_up_is_no_failure(text):
    assert kinds(text) == []


@pytest.mark.parametrize("end", ["epoch 1 loss 0.91 of 2", "asyncio.exceptions.CancelledError"])
def test_a_traceback_that_names_no_exception_or_was_called_off_is_a_mere_hint(end):
    assert kinds(f"{FRAMES}{end}") == ["words"]


def test_a_record_that_carries_what_was_called_off_is_a_mere_hint_too():
    assert kinds(f"ERROR - while handling op\n{FRAMES}concurrent.futures._base.CancelledError") == ["words"]


def test_a_traceback_that_the_log_ends_with_or_whose_lines_have_times_stays_firm():
    assert one(f"start\n{FRAMES}").kind is TroubleKind.TRACEBACK
    stamped = '08:01:00 Traceback (most recent call last):\n08:01:01   File "a.py", line 3, in f\n08:01:01 OSError: no\n'
    assert one(stamped + WENT_ON).kind is TroubleKind.TRACEBACK


def test_attempts_that_are_left_announce_the_next_and_none_left_is_the_end():
    left = "ERROR GET /users/38 failed: HTTP Error 503, {} attempts left\n"
    assert one(left.format(7) + left.format(6) + WENT_ON).sequel is Sequel.RECOVERED
    assert one(left.format(1) + left.format(0) + WENT_ON).sequel is Sequel.GAVE_UP


@pytest.mark.parametrize("after", ["ok", "...ignoring", "PASSED"])
def test_a_failure_that_is_passed_on_the_next_line_was_meant(after):
    assert one(f"test_raises ... {TRACEBACK}{after}\n{WENT_ON}").sequel is Sequel.EXCUSED
