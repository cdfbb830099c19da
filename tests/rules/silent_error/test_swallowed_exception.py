import pytest
from building import line
from judging import answer, blob, cause, completed, every, failed, verdict

from diagnose.rules.silent_error.swallowed_exception import swallowed_exception

WORK = every(range(1, 50), "tahap {n} selesai")
TRACE = (
    'Traceback (most recent call last):\n  File "latih.py", line 6, in tulis\n    buka(lokasi)\n'
    "PermissionError: [Errno 13] Permission denied: 'hasil.csv'\n"
)
CODE = """import logging

def tulis(lokasi):
    try:
        buka(lokasi)
    except OSError as galat:
        logging.warning("hasil tak tersimpan: %s", galat)
        return False
    return True

tulis("hasil.csv")
print("beres")
"""


def test_a_logged_traceback_after_which_the_program_went_on_is_suspected():
    found = verdict(completed(), logs=TRACE + WORK)
    assert found == ("silent-error", "swallowed-exception", "suspected")


def test_a_handler_of_the_source_that_swallows_supports_it():
    log = line(0.5, "ERROR hasil tak tersimpan: [Errno 13] Permission denied: 'hasil.csv'") + WORK
    found = verdict(completed(), logs=log, code={"latih.py": CODE})
    assert found == ("silent-error", "swallowed-exception", "supported")


def test_prose_of_failure_about_an_output_that_is_empty_is_one():
    log = line(0.5, "hasil.parquet could not be written") + WORK
    assert cause(completed(), logs=log, outputs=[blob("hasil.parquet", 0)]) == "silent-error"


def test_prose_of_failure_alone_accuses_nobody():
    log = line(0.5, "the upload could not be finished") + WORK
    assert answer(swallowed_exception, completed(), logs=log) == "clear"


@pytest.mark.parametrize(
    "text",
    [
        "ERROR attempt 1: TimeoutError: sunyi\nretrying, attempt 2\n",
        "FileNotFoundError: belum ada checkpoint, training from scratch\n",
        "ModuleNotFoundError: No module named 'apex'\n",
        "0 errors, 0 failed\n",
        "Error rate: 3%\n",
        "galat rata-rata: Error: 0.12\n",
        "WARNING UserWarning: lr_scheduler.step() called early\n",
        "--- Logging error ---\n" + TRACE,
    ],
)
def test_what_was_mended_optional_counted_or_noise_is_none(text):
    assert answer(swallowed_exception, completed(), logs=WORK + text + WORK) == "clear"


@pytest.mark.parametrize(
    "text",
    [
        "ValueError: Length mismatch: Expected axis has 12 elements",
        "TypeError: pakai writebytes() instead",
        "ERROR model was not exported: workspace endpoint not available",
        "ERROR upload of hasil.parquet failed: key based authentication is disabled",
        "ERROR ohne Erfolg: Zugriff verweigert",
    ],
)
def test_a_word_of_excuse_in_the_errors_own_message_excuses_nothing(text):
    assert answer(swallowed_exception, completed(), logs=line(0.5, text) + WORK) == "found"


def test_a_line_that_numbers_its_own_attempt_announces_no_other():
    text = "ERROR attempt 1 to publish: AuthorizationFailed (no further attempt is made)"
    assert cause(completed(), logs=line(0.5, text) + WORK) == "silent-error"


def test_a_log_cut_right_after_a_failure_does_not_say_what_became_of_it():
    given = {
        "logs": WORK + "ERROR galat jaringan: sunyi\n",
        "log_rows": {"user_logs/std_log.txt": {"captured": "head"}},
    }
    assert answer(swallowed_exception, completed(), **given) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    assert answer(swallowed_exception, failed(exit_code=1), logs=TRACE + WORK) == "clear"


def test_without_logs_nobody_looked():
    assert answer(swallowed_exception, completed(), code={"latih.py": CODE}) == "not checked"


@pytest.mark.parametrize(
    "text",
    [
        "simpan: [Errno 13] Permission denied: 'hasil.csv'",
        "tak bisa: Permission denied (os error 13)",
        "{'ts': '2026-11-20', 'level': 'error', 'msg': 'hasil tak tersimpan sama sekali'}",
    ],
)
def test_the_systems_own_words_and_levels_need_no_name_of_an_exception(text):
    log = f"{text}\n{WORK}"
    assert verdict(completed(), logs=log)[::2] == ("silent-error", "suspected")


@pytest.mark.parametrize(
    "text",
    [
        "pred=bagus true=rusak | java.net.ConnectException: refused: tak ada jalan",
        "A: Gunakan ini, ValueError: artinya nilainya salah",
        "except ValueError: print('gagal')",
        "kata terbanyak: ERROR 3.1, Exception 2.7, failed 2.2, timeout 1.7",
    ],
)
def test_data_code_and_figures_that_speak_of_failure_are_none(text):
    assert answer(swallowed_exception, completed(), logs=f"{text}\n{WORK}") == "clear"


WARNED = "WARNING hasil tak tersimpan: [Errno 13] Permission denied: 'hasil.csv'"


@pytest.mark.parametrize(
    ("guarded", "expected"),
    [("open(lokasi, 'w').write('x')", "silent-error"), ("data = open(lokasi).read()", "inconclusive")],
)
def test_a_warning_of_the_systems_refusal_accuses_only_where_something_was_to_be_written(guarded, expected):
    code = CODE.replace("buka(lokasi)", guarded)
    given = {"logs": f"{WARNED}\n{WORK}", "code": {"latih.py": code}, "outputs": [blob("model.bin")]}
    assert cause(completed(), **given) == expected


def test_a_warning_that_names_another_way_is_none():
    log = f"WARNING cache: [Errno 2] No such file or directory: 'c', falling back to the network\n{WORK}"
    assert cause(completed(), logs=log, outputs=[blob("model.bin")]) == "none"


RETRIES = (
    "import logging, time\n"
    "def hent(n):\n"
    "    k = 0\n"
    "    while True:\n"
    "        k += 1\n"
    "        try:\n"
    "            return get(n)\n"
    "        except OSError as e:\n"
    "            logging.exception('blad %d: forbindelsen brast: %s (omgang %d)', n, e, k)\n"
    "        if k > 40:\n"
    "            raise SystemExit('slut')\n"
    "        time.sleep(5)\n"
    "for n in range(50):\n"
    "    hent(n)\n"
    "    logging.info('blad %d er her', n)\n"
)
BROKEN_LINES = (
    "ERROR blad 7: forbindelsen brast: [Errno 104] Connection reset by peer (omgang 1)\n"
    "Traceback (most recent call last):\n"
    '  File "hent.py", line 7, in hent\n'
    "    return get(n)\n"
    "ConnectionResetError: [Errno 104] Connection reset by peer\n"
)
AFTER = "".join(f"INFO blad {n} er her\n" for n in range(7, 50))


def test_what_a_loop_of_the_source_tries_until_it_works_is_no_error():
    log = "INFO blad 6 er her\n" + BROKEN_LINES + AFTER
    assert verdict(completed(), logs=log, outputs=[], code={"hent.py": RETRIES})[0] == "none"


def test_the_same_lines_of_a_loop_that_gives_up_still_are():
    log = "INFO blad 6 er her\n" + BROKEN_LINES + AFTER
    code = RETRIES.replace("raise SystemExit('slut')", "return None")
    assert verdict(completed(), logs=log, outputs=[], code={"hent.py": code})[0] == "silent-error"


def test_and_so_they_are_where_somebody_else_catches_the_end():
    log = "INFO blad 6 er her\n" + BROKEN_LINES + AFTER
    code = RETRIES.replace(
        "    hent(n)\n", "    try:\n        hent(n)\n    except BaseException:\n        pass\n"
    )
    assert verdict(completed(), logs=log, outputs=[], code={"hent.py": code})[0] == "silent-error"


@pytest.mark.parametrize(
    "text",
    [
        "neue gruppe: ERROR the archive is locked by another",
        "40/900; letztes beispiel: FATAL the server closed the connection",
        "2026-11-20 08:05:00 пример из журнала: ERROR upload failed, giving up",
    ],
)
def test_a_level_behind_words_of_the_program_is_shown_and_not_told(text):
    assert cause(completed(), logs=f"{WORK}{text}\n{WORK}", outputs=[blob("malli.bin")]) == "inconclusive"


@pytest.mark.parametrize(
    "text",
    [
        "ERROR upload failed after 12 retries, giving up",
        "loader: ERROR upload failed after 12 retries, giving up",
        "Daten laden: ERROR upload failed after 12 retries, giving up",
        "[rank 0] neue gruppe: ERROR upload failed, giving up",
    ],
)
def test_a_level_behind_a_label_is_the_lines_own(text):
    assert cause(completed(), logs=f"{WORK}{text}\n{WORK}", outputs=[blob("malli.bin")]) == "silent-error"
