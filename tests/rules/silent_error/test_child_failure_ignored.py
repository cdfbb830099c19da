import pytest
from building import iso, line
from judging import answer, blob, completed, every, failed, verdict

from diagnose.rules.silent_error.child_failure_ignored import child_failure_ignored

WORK = every(range(1, 20), "pas {n} gata")
LATER = every(range(21, 30), "pas {n} gata")
TRACE = (
    'Traceback (most recent call last):\n  File "convertor.py", line 3, in <module>\n    incarca()\n'
    "FileNotFoundError: lipsesc greutatile\n"
)
UNCHECKED = {"main.py": "import subprocess\nsubprocess.run(['python', 'convertor.py'])\nprint('gata')\n"}
CHECKED = {"main.py": "import subprocess\nsubprocess.run(['python', 'convertor.py'], check=True)\n"}
READ = {
    "main.py": "import subprocess\np = subprocess.run(['x'])\nif p.returncode:\n    raise SystemExit(1)\n"
}


def processes(**child):
    main = {"pid": 5, "parent_pid": 1, "name": "bash", "started_at": iso(1), "exit_code": 0}
    return [main, {"pid": 6, "parent_pid": 5, "name": "convertor", "started_at": iso(2), **child}]


def test_a_child_that_failed_under_a_parent_that_left_with_zero_is_direct():
    found = verdict(completed(), logs=WORK, processes=processes(exit_code=3))
    assert found == ("silent-error", "exit-code-ignored", "established")


@pytest.mark.parametrize(
    "child", [{"exit_code": -15}, {"exit_code": 143}, {"name": "grep", "exit_code": 1}, {}]
)
def test_a_killed_child_and_a_code_that_is_an_answer_are_none(child):
    assert answer(child_failure_ignored, completed(), logs=WORK, processes=processes(**child)) == "clear"


@pytest.mark.parametrize(
    "text",
    [
        "convertorul exited with code 3",
        "convertor: exit code: 2",
        "ffmpeg returned non-zero exit status 1",
        "returncode=1",
        "subprocess.CalledProcessError: Command '['x']' returned non-zero exit status 1.",
        "Rückgabewert: 4",
        "code de sortie : 2",
        "código de salida: 1",
        "退出码: 1",
    ],
)
def test_an_exit_code_in_the_log_after_which_the_program_goes_on_is_suspected(text):
    log = WORK + line(20, text) + LATER
    found = verdict(completed(), logs=log, outputs=[blob("rezultat.bin")])
    assert found == ("silent-error", "exit-code-ignored", "suspected")


def test_a_child_that_nobody_checks_supports_it():
    log = WORK + line(20, "convertorul exited with code 3") + LATER
    found = verdict(completed(), logs=log, code=UNCHECKED)
    assert found == ("silent-error", "exit-code-ignored", "supported")


def test_a_whole_program_that_died_in_the_middle_is_the_child_that_the_source_starts():
    found = verdict(completed(), logs=WORK + TRACE + LATER, code=UNCHECKED)
    assert found == ("silent-error", "exit-code-ignored", "supported")


@pytest.mark.parametrize("code", [CHECKED, READ])
def test_a_source_that_checks_is_no_witness(code):
    assert answer(child_failure_ignored, completed(), logs=WORK + TRACE + LATER, code=code) == "clear"


@pytest.mark.parametrize(
    "text",
    [
        "convertorul exited with code 0",
        "exit code: 0",
        "grep returned exit code 1",
        "GET /stare returned code 200",
        "exited with code 143",
        "exited with code 1, as intended",
        "exited with code 3\nrestarting it, attempt 2",
        "error code 12 in 300 rows",
        "status: 1",
        "zip code: 30114",
    ],
)
def test_codes_of_success_answers_and_second_attempts_are_none(text):
    log = WORK + line(20, text) + LATER
    assert answer(child_failure_ignored, completed(), logs=log, code=UNCHECKED) == "clear"


def test_the_source_alone_is_no_finding():
    assert answer(child_failure_ignored, completed(), logs=WORK, code=UNCHECKED) == "clear"


def test_a_failed_run_told_its_exit_code():
    log = WORK + "convertorul exited with code 3\n"
    assert answer(child_failure_ignored, failed(exit_code=1), logs=log) == "clear"


def test_without_the_run_nobody_looked():
    assert answer(child_failure_ignored, None, logs=WORK) == "not checked"


@pytest.mark.parametrize(
    "child",
    [
        {"name": "nvidia-smi", "command": "nvidia-smi -L", "exit_code": 9},
        {"name": "git", "command": "git rev-parse HEAD", "exit_code": 128},
        {"name": "sh", "command": "sh -c command -v pigz", "exit_code": 127},
        {"name": "sh", "command": "/bin/sh -c '/sbin/ldconfig -p 2>/dev/null'", "exit_code": 1},
    ],
)
def test_a_probe_of_the_machine_is_none(child):
    assert answer(child_failure_ignored, completed(), logs=WORK, processes=processes(**child)) == "clear"


def test_a_program_in_a_shell_is_no_probe():
    rows = processes(name="sh", command="sh -c python convertor.py", exit_code=1)
    assert answer(child_failure_ignored, completed(), logs=WORK, processes=rows) == "found"


def test_a_child_that_was_run_again_and_ended_well_is_none():
    rows = processes(command="convertor a.csv", exit_code=1, ended_at=iso(3))
    again = {**rows[1], "pid": 7, "started_at": iso(4), "exit_code": 0, "ended_at": iso(9)}
    assert answer(child_failure_ignored, completed(), logs=WORK, processes=[*rows, again]) == "clear"
    other = {**again, "command": "convertor b.csv"}
    assert answer(child_failure_ignored, completed(), logs=WORK, processes=[*rows, other]) == "found"
