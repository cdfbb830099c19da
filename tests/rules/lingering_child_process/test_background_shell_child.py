import pytest
from building import STD_LOG, WRAPPER, iso, moment, run_row
from judging import answer, blob, every, exited, finding, spawned, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_process.background_shell_child import background_shell_child

WORK = every(range(1, 10), "lote {n} convertido")
HELD = {STD_LOG: WORK, WRAPPER: spawned() + exited(10)}
SCRIPT = "#!/bin/bash\npython vigia.py --porta 8080 &\npython converter.py\n{after}"


def script(after=""):
    return {"correr.sh": SCRIPT.format(after=after)}


def process(pid, parent, command, **fields):
    return {
        "pid": pid,
        "parent_pid": parent,
        "name": command.split()[0],
        "command": command,
        "started_at": iso(1),
        "seen_at": iso(300),
        **fields,
    }


def test_a_background_command_that_is_not_waited_for_is_named_where_the_execution_is_held():
    found = verdict(run_row(command="bash correr.sh"), logs=HELD, code=script())
    assert found == ("lingering-child-process", "background-shell-child", "supported")


def test_it_may_stand_in_the_runs_own_command():
    run = run_row(command="python vigia.py & python converter.py")
    assert verdict(run, logs=HELD, code={}) == (
        "lingering-child-process",
        "background-shell-child",
        "supported",
    )


def test_it_may_stand_in_a_shell_string():
    code = {"tudo.py": "import os\nos.system('python vigia.py &')\n"}
    assert answer(background_shell_child, run_row(), logs=HELD, code=code) == "found"


def test_the_process_table_establishes_it():
    rows = [
        process(11, 1, "bash correr.sh", ended_at=iso(10), exit_code=0),
        process(12, 11, "/opt/conda/bin/python vigia.py --porta 8080"),
    ]
    told = finding(background_shell_child, run_row(), logs=WORK, code=script(), processes=rows)
    assert told.certainty is Certainty.ESTABLISHED


@pytest.mark.parametrize("after", ["wait", "kill %1", "trap 'kill $!' EXIT", "pkill -f vigia.py"])
def test_a_command_that_is_waited_for_or_ended_is_not_blamed(after):
    assert answer(background_shell_child, run_row(), logs=HELD, code=script(after)) == "clear"


@pytest.mark.parametrize(
    "text",
    [
        "python vigia.py >vigia.log 2>&1 &\npython converter.py",
        "python vigia.py &>/dev/null &\npython converter.py",
        "python converter.py 2>&1 && echo pronto",
        "# python vigia.py &\necho 'a & b'",
    ],
)
def test_what_holds_no_output_or_is_in_the_foreground_is_not_blamed(text):
    assert answer(background_shell_child, run_row(), logs=HELD, code={"correr.sh": text}) == "clear"


def test_a_background_command_that_is_the_work_and_still_produces_holds_nothing():
    rows = [
        process(11, 1, "bash correr.sh", ended_at=iso(10), exit_code=0),
        process(12, 11, "python vigia.py --porta 8080"),
    ]
    written = [blob(f"parte-{n}.bin", minute=n) for n in range(0, 360, 10)]
    given = {"logs": WORK, "code": script(), "processes": rows, "outputs": written}
    assert answer(background_shell_child, run_row(), **given) == "clear"


def test_a_command_of_which_only_the_interpreter_is_known_is_not_known_again():
    rows = [
        process(11, 1, "bash correr.sh", ended_at=iso(10), exit_code=0),
        process(12, 11, "python outro.py"),
    ]
    code = {"correr.sh": "python $PROGRAMA &\n"}
    assert answer(background_shell_child, run_row(), logs=WORK, code=code, processes=rows) == "clear"


def test_minutes_after_the_exit_was_collected_nothing_is_held():
    given = {"logs": HELD, "code": script(), "captured_at": moment(15)}
    assert answer(background_shell_child, run_row(), **given) == "clear"


def test_a_script_alone_makes_no_verdict():
    assert answer(background_shell_child, run_row(), logs=WORK, code=script()) == "clear"
    assert answer(background_shell_child, run_row("Completed"), logs=HELD, code=script()) == "clear"


def test_without_logs_nobody_looked():
    assert answer(background_shell_child, run_row(), code=script()) == "not checked"
