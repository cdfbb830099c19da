import pytest
from building import fact, missing, run_row

from diagnose.evidence.shellscripts import ShellScripts

LEFT = "python watch.py &\npython train.py\n"


def left(run=None, **given):
    return [(b.path, b.command.line, b.command.call) for b in fact(ShellScripts, run, **given).backgrounds]


def test_scripts_of_the_snapshot_and_the_runs_own_command_are_read():
    run = run_row(command="python a.py & bash tools/run.sh")
    assert left(run, code={"tools/run.sh": LEFT, "train.py": LEFT}) == [
        ("run.json", 1, "python a.py"),
        ("tools/run.sh", 1, "python watch.py"),
    ]


@pytest.mark.parametrize("text", ["", "python train.py", LEFT + "wait\n", "\x00\xff"])
def test_scripts_that_leave_nothing(text):
    assert left(code={"run.sh": text}) == []


def test_a_script_that_is_too_long_might_end_its_child_further_down():
    assert left(code={"run.sh": LEFT + "#" * (1 << 17)}) == []


def test_without_a_snapshot_and_a_command_nothing_is_known():
    assert missing(ShellScripts, run_row(), parts={"code": "denied"}) == "the source snapshot is denied"


def test_a_complete_snapshot_without_scripts_leaves_nothing():
    assert left(run_row(), code={"train.py": ""}) == []


def test_a_script_that_nothing_names_was_not_run():
    code = {"tools/watch.sh": LEFT, "run.sh": "bash tools/prepare.sh\n", "tools/prepare.sh": LEFT}
    assert left(run_row(command="bash run.sh"), code=code) == [("tools/prepare.sh", 1, "python watch.py")]


def test_a_script_may_be_named_by_the_python_files():
    code = {"train.py": "import os\nos.system('bash watch.sh')\n", "watch.sh": LEFT}
    assert left(run_row(command="python train.py"), code=code) == [("watch.sh", 1, "python watch.py")]
