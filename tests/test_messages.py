import json
import logging

import pytest

from diagnose import messages


@pytest.fixture(autouse=True)
def _as_it_was():
    yield
    messages.set_up(1, "text")


@pytest.mark.parametrize(("verbosity", "said"), [(0, 1), (1, 3), (2, 4), (3, 5), (9, 5)])
def test_more_is_said_the_more_is_asked_for(verbosity, said, capsys):
    messages.set_up(verbosity, "text")
    for level in (logging.ERROR, logging.WARNING, messages.NOTICE, logging.INFO, logging.DEBUG):
        messages.say("something", level)
    assert capsys.readouterr().err == "diagnose: something\n" * said


def test_a_message_is_one_line_that_nothing_obeys(capsys):
    messages.say("a\nb\x1b[2J ##vso[task.complete]")
    assert capsys.readouterr().err == "diagnose: a⟦U+000A⟧b ⟦##⟧vso[task.complete]\n"


def test_what_a_module_logs_names_it(capsys):
    messages.set_up(3, "text")
    logging.getLogger("diagnose.engine").warning("odd: %r", "x\n")
    assert capsys.readouterr().err == "diagnose: warning: diagnose.engine: odd: 'x\\n'\n"


def test_json_is_one_object_a_line(capsys):
    messages.set_up(1, "json")
    messages.say("a\nb ##vso[x]")
    [line] = capsys.readouterr().err.splitlines()
    assert "##" not in line
    fields = json.loads(line)
    assert fields.pop("at").endswith("Z")
    assert fields == {"level": "error", "logger": "diagnose", "message": "a⟦U+000A⟧b ##vso[x]"}


def test_an_exception_is_in_the_json(capsys):
    messages.set_up(1, "json")
    try:
        1 / 0  # noqa: B018  (it raises)
    except ZeroDivisionError:
        logging.getLogger("diagnose.engine").exception("broke")
    assert "ZeroDivisionError" in json.loads(capsys.readouterr().err)["exception"]
