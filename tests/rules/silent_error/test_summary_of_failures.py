import pytest
from judging import answer, blob, completed, every, failed, verdict

from diagnose.rules.silent_error.summary_of_failures import summary_of_failures

WORK = every(range(1, 20), "etapp {n} klaar")


@pytest.mark.parametrize(
    "text",
    [
        "Done. PASS=10 WARN=0 ERROR=2 SKIP=1 TOTAL=13",
        "Number of errored trials: 3",
        "Number of trials: 8/8 (3 ERROR, 5 TERMINATED)",
        "=========== 2 failed, 10 passed in 3.21s ===========",
        "1 failed in 0.12s",
        "FAILED (failures=1, errors=2)",
        "host1 : ok=5 changed=2 unreachable=0 failed=1 skipped=0",
        "Tests run: 12, Failures: 0, Errors: 1, Skipped: 0",
        "Number of File Transfers Failed: 4",
        "CommandException: 3 files/objects could not be transferred.",
        "Failed      : 2",
    ],
)
def test_a_tools_summary_with_failures_is_supported_by_the_status(text):
    found = verdict(completed(), logs=f"{WORK}{text}\nklart\n", outputs=[blob("svar.bin")])
    assert found == ("silent-error", "summary-of-failures", "supported")


@pytest.mark.parametrize(
    "text",
    [
        "completed with 3 errors",
        "Lauf mit Fehlern beendet",
        "traitement terminé avec des erreurs",
        "proceso terminado con errores",
        "processo concluído com falhas",
        "completato con 2 errori",
        "завершено с ошибками",
    ],
)
def test_the_programs_own_words_of_an_end_with_errors_are_suspected(text):
    found = verdict(completed(), logs=f"{WORK}{text}\nklart\n", outputs=[blob("svar.bin")])
    assert found == ("silent-error", "summary-of-failures", "suspected")


@pytest.mark.parametrize(
    "text",
    [
        "Done. PASS=13 WARN=0 ERROR=0 SKIP=0 TOTAL=13",
        "=== 4 passed, 1 skipped, 1 xfailed in 4.21s ===",
        "12 passed in 0.5s",
        "host1 : ok=5 changed=2 unreachable=0 failed=0",
        "Tests run: 12, Failures: 0, Errors: 0, Skipped: 2",
        "Number of File Transfers Failed: 0",
        "Number of trials: 8/8 (8 TERMINATED)",
        "completed with 0 errors",
        "completed without errors",
        "what if it completed with errors?",
        "quoted: 'the job completed with 3 errors today'",
    ],
)
def test_summaries_without_failures_and_quotations_are_none(text):
    assert answer(summary_of_failures, completed(), logs=f"{WORK}{text}\nklart\n") == "clear"


def test_a_second_pass_that_ends_well_makes_up_for_the_first():
    log = f"{WORK}Done. PASS=10 WARN=0 ERROR=2 SKIP=1\nretrying\nDone. PASS=3 WARN=0 ERROR=0 SKIP=0\n"
    assert answer(summary_of_failures, completed(), logs=log) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    log = f"{WORK}Number of errored trials: 3\n"
    assert answer(summary_of_failures, failed(), logs=log) == "clear"


def test_without_logs_nobody_looked():
    assert answer(summary_of_failures, completed(), outputs=[]) == "not checked"


@pytest.mark.parametrize(
    "text",
    [
        "Completed with 1 error and 0 warnings:\nDone. PASS=13 WARN=0 ERROR=1 SKIP=0 TOTAL=14\nDone. PASS=1 WARN=0 ERROR=0 SKIP=0 TOTAL=1",
        "NOTE: Process `ALIGN (2)` terminated with an error -- Execution is retried (1)\nSucceeded   : 6\nFailed      : 1",
    ],
)
def test_what_a_second_pass_or_a_repeated_process_mended_is_none(text):
    assert answer(summary_of_failures, completed(), logs=f"{WORK}{text}\nklart\n") == "clear"


def test_words_of_an_end_with_errors_after_a_good_summary_stand():
    log = f"{WORK}Done. PASS=1 WARN=0 ERROR=0 SKIP=0 TOTAL=1\nupload completed with errors\n"
    assert answer(summary_of_failures, completed(), logs=log) == "found"
