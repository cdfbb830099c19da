import pytest

from diagnose.evidence.source.shell import commands, left_running


def left(text):
    return [command.call for command in left_running(text)]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("python a.py &\npython b.py", ["python a.py"]),
        ("python a.py & python b.py", ["python a.py"]),
        ("nohup python a.py &", ["python a.py"]),
        ("PORT=1 python a.py &", ["python a.py"]),
        ("python a.py >/dev/null &", ["python a.py >/dev/null"]),
        ("python a.py 2>&1 | tee log &", ["python a.py 2>&1 | tee log"]),
        ("python a.py \\\n  --port 1 &", ["python a.py --port 1"]),
        ("if true; then python a.py & fi", ["python a.py"]),
        ("a & b & c", ["a", "b"]),
        ("wait\npython a.py &", ["python a.py"]),
    ],
)
def test_what_is_left_running(text, calls):
    assert left(text) == calls


@pytest.mark.parametrize(
    "text",
    [
        "",
        "python a.py && python b.py || true",
        "python a.py 2>&1",
        "python a.py >a.log 2>&1 &",
        "python a.py 1>>a.log 2>>b.log &",
        "python a.py &>a.log &",
        "python a.py &\nwait",
        "python a.py &\nwait $!",
        "python a.py &\nkill %1",
        "trap 'kill 0' EXIT\npython a.py &",
        "# python a.py &",
        "echo 'a & b' \"c & d\" e\\&f",
        "cat <<END\npython a.py &\nEND",
    ],
)
def test_what_is_not(text):
    assert left(text) == []


def test_lines_are_told_from_one():
    assert [(c.line, c.background) for c in commands("a\n\nb &\n")] == [(1, False), (3, True)]


def test_a_script_of_any_size_is_read_in_part_only():
    assert len(commands("a &\n" * 100_000)) == 2_000
    assert len(commands("a" * 1_000_000)) == 1
