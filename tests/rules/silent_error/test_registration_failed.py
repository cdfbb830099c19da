import pytest
from building import line
from judging import answer, blob, completed, every, failed, verdict

from diagnose.rules.silent_error.registration_failed import registration_failed

WORK = every(range(1, 20), "lépés {n} kész")
LATER = every(range(21, 30), "lépés {n} kész")
CODE = {
    "tanit.py": "import mlflow\n\ndef main():\n    print('indul a tanítás')\n    try:\n        mlflow.register_model(uri, 'ar')\n"
    "    except Exception as hiba:\n        print('a közzététel elmaradt:', hiba)\n    print('a mentés elmaradt:', 1)\n\nmain()\n"
}


@pytest.mark.parametrize(
    "text",
    [
        "ERROR POST https://h/modelmanagement/v1.0/models elutasítva: ConnectionError: halott",
        "HTTP 403: /api/2.0/mlflow/model-versions/create",
        "ERROR model registration nem sikerült, kód 12",
        "RestException: nem: Microsoft.MachineLearningServices/workspaces/models/write",
        "ERROR 模型注册被拒绝了，没有权限",
    ],
)
def test_a_registration_that_was_refused_and_left_at_that_is_suspected(text):
    log = WORK + line(20, text) + LATER
    found = verdict(completed(), logs=log, outputs=[blob("modell.bin")])
    assert found == ("silent-error", "registration-failed", "suspected")


def test_the_source_that_registers_there_supports_it_whatever_the_words():
    log = WORK + line(20, "a közzététel elmaradt: could not reach the host") + LATER
    found = verdict(completed(), logs=log, code=CODE)
    assert found == ("silent-error", "registration-failed", "supported")


def test_another_statement_of_the_same_function_is_no_registration():
    log = WORK + line(20, "a mentés elmaradt: could not reach the host") + LATER
    assert answer(registration_failed, completed(), logs=log, code=CODE) == "clear"


def test_attempts_that_ran_out_are_direct():
    told = "".join(line(20 + n, f"ERROR registration attempt {n} of 3: HTTP 503") for n in (1, 2, 3))
    found = verdict(completed(), logs=WORK + told + LATER, outputs=[blob("modell.bin")])
    assert found == ("silent-error", "registration-failed", "established")


@pytest.mark.parametrize(
    "text",
    [
        "ERROR registration attempt 1 of 4: HTTP 503\nretrying, attempt 2",
        "registration failed",
        "WARNING could not register the plugin",
        "Unable to register cuDNN factory: Attempting to register factory for plugin cuDNN",
        "ERROR registration refused, falling back to the file store",
        "registered model 'ar', version 3, 0 errors",
    ],
)
def test_what_was_mended_prose_alone_and_plugins_are_none(text):
    log = WORK + line(20, text) + LATER
    assert answer(registration_failed, completed(), logs=log) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    log = WORK + line(20, "ERROR model registration nem sikerült, kód 12")
    assert answer(registration_failed, failed(), logs=log) == "clear"


def test_without_logs_nobody_looked():
    assert answer(registration_failed, completed(), code=CODE) == "not checked"
