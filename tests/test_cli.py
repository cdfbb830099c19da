import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from calling import Caller, sample

from diagnose import cli, commands
from diagnose.collect.azureml.earlier import COUNT

ROOT = Path(__file__).parents[1]
COMMANDS = {"": cli.diagnose, **cli.diagnose.commands}


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Caller(capsys)


def spawn(*typed, before="", **given):
    """`diagnose` in a process of its own; `before` is run there first."""
    program = f"import sys; from diagnose.cli import main; {before}\nmain({[str(word) for word in typed]!r})"
    return subprocess.run(
        [sys.executable, "-c", program], check=False, **({"capture_output": True, "timeout": 120} | given)
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help_text(name):
    command = COMMANDS[name]
    assert command.help
    for option in command.params:
        assert isinstance(option, click.Argument) or option.help


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_a_screen_says_its_purpose_in_a_sentence_and_shows_examples(name, call):
    answer = call(*([name] if name else []), "--help")
    assert (answer.code, answer.err) == (0, "")
    # The contract gives a scan thirty options; they fill two. A ticket has eight forms, each of which is shown.
    assert len(answer.out.splitlines()) <= {"": 28, "scan": 56, "attach": 40}.get(name, 30)
    assert COMMANDS[name].help.split("\n\n")[0].count(". ") == 0
    assert "Examples:\n" in answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_the_help_can_be_typed(name):
    for example in re.findall(r"(?m)^  (diagnose(?: \S+)*)", COMMANDS[name].epilog):
        args = example.split()[1:]
        context = cli.diagnose.make_context("diagnose", [*args], resilient_parsing=False)
        command_name, command, rest = cli.diagnose.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        assert command.make_context(command_name, rest, parent=context)


def test_help_that_the_readme_quotes_is_what_help_says(call):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    quoted = re.findall(r"```\w*\n(Usage: diagnose(?: (\w+))? .*?)```", readme, re.DOTALL)
    for said, name in quoted:
        assert said.strip() == call(*filter(None, [name]), "--help").out.strip()


def test_without_a_word_the_help_is_said_and_the_usage_is_wrong(call):
    answer = call()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("Usage: diagnose [OPTIONS] RUN... | COMMAND")


def test_a_run_alone_is_diagnosed(call):
    assert call(sample()).out == call("run", sample()).out


def test_options_stand_before_and_after_the_run(call):
    answers = [
        call("-f", "text", sample()),
        call(sample(), "-f", "text"),
        call("--color", "never", sample(), "-ftext"),
    ]
    assert {each.out for each in answers} == {answers[0].out}
    assert {each.code for each in answers} == {0}


@pytest.mark.parametrize("command", ["run", "capture"])
def test_how_many_earlier_runs_are_looked_at_can_be_said(command, call):
    assert f"{COUNT} unless given" in call(command, "--help").out
    for number in ("21", "-1", "many"):
        answer = call(command, sample(), "-o", "x", "--siblings", number)
        assert (answer.code, answer.out) == (2, "")
        assert "--siblings" in answer.err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("scna", "scan"),
        ("dmeo", "demo"),
        ("rnu", "run"),
        ("Demo", "demo"),
        ("rule", "rules"),
        ("help", "--help"),
    ],
)
def test_a_mistyped_command_is_an_error_with_a_hint(typed, meant, call):
    answer = call(typed)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"diagnose: There is no command {typed}. Did you mean {meant}? "
        f"To diagnose a run of that name: diagnose run {typed}\n"
    )


def test_a_folder_with_nearly_the_name_of_a_command_is_a_run(call, tmp_path):
    (tmp_path / "scans").mkdir()
    assert call("scans").err == (
        "diagnose: scans is empty; give a bundle, a download of a run, or a folder of logs.\n"
    )


def test_a_run_with_the_name_of_a_command_can_be_spelled_out(call):
    assert call("run", "scna").err.startswith("diagnose: scna is not on disk")
    assert call("run", "doctor").err.startswith("diagnose: doctor is not on disk")


def test_a_command_after_options_is_not_taken_for_a_run(call):
    assert call("-f", "json", "demo").err.startswith(
        "diagnose: A command comes before its options: diagnose demo"
    )
    assert call("-q", "attach").err.startswith(
        "diagnose: A command comes before its options: diagnose attach"
    )
    assert call("-f", "json", "--", "demo").code == 3


@pytest.mark.parametrize(
    "typed",
    [
        ["--bogus", "x"],
        ["run"],
        ["x", "--format", "xml"],
        ["x", "-o"],
        ["-f"],
        ["x", "--color", "pink"],
        ["rules", "a", "b"],
        ["demo", "a", "b"],
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_2(typed, call):
    answer = call(*typed)
    assert (answer.code, answer.out) == (2, "")
    assert re.fullmatch(r"diagnose: .+[.?]\n", answer.err)


def test_messages_are_json_when_asked_for(call):
    [line] = call("nosuch.zip", "--log-format", "json").err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["message"]) == ("error", "nosuch.zip does not exist; check the path.")


def test_quiet_says_nothing_and_verbose_ever_more(call):
    lines = [call("-f", "html", *how, sample()).err.count("\n") for how in (["-q"], [], ["-v"], ["-vv"])]
    assert lines[0] == 0
    assert lines[1] == 1
    assert lines == sorted(set(lines))


def test_colour_goes_into_a_pipe_only_when_it_is_asked_for(call, monkeypatch):
    assert "\x1b" not in call("-f", "text", sample()).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" in call("-f", "text", sample(), "--color", "always").out


@pytest.mark.parametrize(
    ("environment", "colored"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_no_color_and_a_dumb_terminal_are_respected(environment, colored, monkeypatch):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert cli._colored("auto") is colored
    assert cli._colored("never") is False


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-16"])
def test_an_old_code_page_is_no_reason_to_fail(encoding, tmp_path):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    answer = spawn("demo", cwd=tmp_path, env=environment)
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert answer.stdout.decode(encoding).startswith("STUCK ")


def test_an_interruption_is_exit_130_and_nothing_is_half_written(tmp_path):
    before = (
        "from diagnose import commands; import os, signal; judge = commands.judge; seen = []\n"
        "def hit(*a):\n"
        "    seen.append(1)\n"
        f"    if len(seen) > 1: os.kill(os.getpid(), {signal.SIGINT:d})\n"
        "    return judge(*a)\n"
        "commands.judge = hit"
    )
    answer = spawn("-f", "json", "-o", "all.jsonl", *[sample()] * 3, before=before, cwd=tmp_path)
    assert answer.returncode == 130
    assert answer.stderr.decode().splitlines() == [
        "diagnose: wrote all.jsonl",
        "diagnose: Interrupted; what was done so far is kept.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["all.jsonl"]
    assert (tmp_path / "all.jsonl").read_bytes().count(b"\n") == 1


def test_a_reader_who_leaves_early_is_no_trouble(tmp_path):
    read, write = os.pipe()
    os.close(read)
    for typed in (["demo", "-f", "json"], ["demo"], ["rules"], ["--help"]):
        answer = spawn(*typed, cwd=tmp_path, capture_output=False, stdout=write, stderr=subprocess.PIPE)
        assert (answer.returncode, answer.stderr) == (0, b"")
    os.close(write)
    assert [path.name for path in tmp_path.iterdir()] == ["diagnose-monitor_thread_outlives_training.html"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_standard_output_is_one_sentence(tmp_path):
    with Path("/dev/full").open("wb") as full:
        answer = spawn(
            "demo", "-f", "text", cwd=tmp_path, capture_output=False, stdout=full, stderr=subprocess.PIPE
        )
    assert answer.returncode == 3
    assert answer.stderr == (
        b"diagnose: Standard output could not be written: No space left on device. Name a file with -o.\n"
    )


def test_python_m_diagnose_is_the_same_program():
    answer = subprocess.run(
        [sys.executable, "-m", "diagnose", "demo", "--list"], capture_output=True, check=True, cwd=ROOT
    )
    assert b"monitor_thread_outlives_training\n" in answer.stdout


def test_a_bug_flies_and_leaves_nothing_half_written(call, monkeypatch, tmp_path):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(commands, "judge", broken)
    with pytest.raises(ZeroDivisionError):
        cli.main([sample()])
    assert list(tmp_path.iterdir()) == []
