import pytest
from judging import answer, completed, every, failed, finding, verdict

from diagnose.rules.silent_error.exit_code_swallowed import exit_code_swallowed, loses_codes

WORK = every(range(1, 20), "pas {n} gata")
TRACE = (
    'Traceback (most recent call last):\n  File "antrenare.py", line 3, in <module>\n    incarca()\n'
    "FileNotFoundError: lipsesc greutatile\n"
)
PIPE = completed(command="python antrenare.py | tee jurnal.txt")


def test_an_uncaught_error_under_a_completed_run_was_swallowed():
    found = verdict(PIPE, logs=WORK + TRACE)
    assert found == ("silent-error", "exit-code-swallowed", "supported")


def test_the_command_that_loses_the_code_is_quoted():
    pieces = finding(exit_code_swallowed, PIPE, logs=WORK + TRACE).evidence
    assert "python antrenare.py | tee jurnal.txt" in [p.source.text for p in pieces if p.source]


def test_a_traceback_after_which_the_program_goes_on_was_logged_by_a_handler():
    log = WORK + TRACE.replace("<module>", "antreneaza") + every(range(20, 50), "pas {n} gata")
    assert answer(exit_code_swallowed, PIPE, logs=log) == "clear"


def test_the_command_alone_is_no_finding():
    assert answer(exit_code_swallowed, completed(command="python a.py || true"), logs=WORK) == "clear"


def test_a_thread_that_died_last_is_not_the_program():
    log = f"{WORK}Exception in thread scriitor:\n{TRACE}"
    assert answer(exit_code_swallowed, PIPE, logs=log) == "clear"


def test_a_failed_run_told_its_exit_code():
    assert answer(exit_code_swallowed, failed(exit_code=1), logs=WORK + TRACE) == "clear"


@pytest.mark.parametrize("captured", ["head", "none"])
def test_a_log_whose_end_was_not_read_has_no_last_word(captured):
    given = {"logs": WORK + TRACE, "log_rows": {"user_logs/std_log.txt": {"captured": captured}}}
    assert answer(exit_code_swallowed, PIPE, **given) == "clear"


def test_without_the_run_nobody_looked():
    assert answer(exit_code_swallowed, None, logs=WORK + TRACE) == "not checked"


def test_a_line_at_error_level_that_comes_last_ends_no_program():
    log = WORK + "ERROR fisierul de raport nu a fost scris: OSError\n"
    assert answer(exit_code_swallowed, PIPE, logs=log) == "clear"


@pytest.mark.parametrize(
    "command",
    [
        "python a.py; echo gata",
        "python a.py | tee jurnal.txt",
        "python a.py || true",
        "python a.py & python b.py",
        "set -e; python a.py | tee jurnal.txt",
        "set +e; python a.py",
    ],
)
def test_a_command_line_that_loses_codes(command):
    assert loses_codes(command)


@pytest.mark.parametrize(
    "command",
    [
        "python a.py",
        "python a.py && python b.py",
        "set -euo pipefail; python a.py 2>&1 | tee jurnal.txt",
        "python a.py > jurnal.txt 2>&1",
        "python a.py &> jurnal.txt",
        "bash -ec 'python a.py; python b.py'",
    ],
)
def test_a_command_line_that_loses_none(command):
    assert not loses_codes(command)


def test_a_child_of_a_python_program_has_a_rule_of_its_own():
    code = {"antrenare.py": "import subprocess\nsubprocess.run(['python', 'convertor.py'])\n"}
    log = WORK + TRACE + every(range(20, 50), "pas {n} gata")
    assert answer(exit_code_swallowed, completed(), logs=log.replace("incarca()", "x"), code=code) == "clear"


def test_a_program_that_printed_several_of_its_own_tracebacks_lived_on():
    one = 'Traceback (most recent call last):\n  File "boor.py", line 9, in <module>\n    proef()\nProefFout: {n}\nproef {n} gedaan\n'
    log = "".join(one.format(n=n) for n in range(3))
    assert answer(exit_code_swallowed, completed(), logs=log) == "clear"


def test_talk_of_a_traceback_is_none():
    log = "klaar\nTraceback (most recent call last): KeyError: 167 keer\n"
    assert answer(exit_code_swallowed, completed(), logs=log) == "clear"
