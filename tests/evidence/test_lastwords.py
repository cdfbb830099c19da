import pytest

from diagnose.evidence.lastwords import says_end


@pytest.mark.parametrize(
    "text",
    [
        "Training finished",
        "fertig",
        "¡Listo!",
        "训练完成",
        "terminé",
        "étape terminée",
        "con éxito",
        "готово",
        "done in 35 s",
        "all done, exit code 0",
        "exit 0, done",
        "upload complete (status 201)",
        "completed 300 files",
        "100% done",
        "3/3 done",
        "INFO debug build finished",
    ],
)
def test_words_of_an_end_in_many_languages_are_a_hint(text):
    assert says_end(text)


@pytest.mark.parametrize(
    "text",
    [
        "0.0 %, 0 Done, 0 Failed, 51 Pending",
        "5 completed, 3 to go",
        "45% done",
        "done: 0",
        "completed=0 of them",
        "DEBUG pacer: sleep reset on success",
        "[TRACE] success",
        '{"level": "debug", "msg": "done"}',
        "the import did not complete successfully",
        "not yet finished",
        "waits until done",
        "upload wasn't successful",
        "unsuccessful",
        "nicht abgeschlossen",
        "sin éxito",
        "尚未完成",
        "処理が完了していません",
        "command exiting with ret '1'",
        "exiting with code 3",
        "worker was terminated while calling it",
        "percussion loaded",
        "",
    ],
)
def test_a_word_that_is_denied_counted_said_aside_or_beside_a_failing_code_is_none(text):
    assert not says_end(text)
