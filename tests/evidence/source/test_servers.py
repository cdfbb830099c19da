import pytest
from building import fact

from diagnose.evidence.code import Code, CodeKind
from diagnose.evidence.source.servers import server

HEADER = "import os, subprocess, sys, threading\nfrom http.server import HTTPServer\n"


def found(text, kind=CodeKind.SERVER_NOT_STOPPED):
    return fact(Code, code={"train.py": HEADER + text}).of(kind)


@pytest.mark.parametrize(
    "text",
    [
        "HTTPServer(('', 80), Handler).serve_forever()",
        "server = HTTPServer(('', 80), Handler)\nthreading.Thread(target=server.serve_forever).start()",
        "subprocess.Popen(['tensorboard', '--logdir', logs])",
        "board = subprocess.Popen('tensorboard --logdir runs', shell=True)",
        "subprocess.Popen([sys.executable, '-m', 'http.server', '0'])",
        "subprocess.Popen(['nvidia-smi', 'dmon'])",
    ],
)
def test_a_server_that_nothing_ends(text):
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "server = HTTPServer(('', 80), Handler)\nthreading.Thread(target=server.serve_forever, daemon=True).start()",
        "server = HTTPServer(('', 80), Handler)\nthreading.Thread(target=server.serve_forever).start()\nserver.shutdown()",
        "board = subprocess.Popen(['tensorboard', '--logdir', logs])\nboard.terminate()",
        "subprocess.Popen(['python', 'convert.py'])",
        "subprocess.Popen(['mlflow', 'artifacts', 'download'])",
        "subprocess.Popen(['nvidia-smi'])",
    ],
)
def test_a_server_that_is_ended_and_a_program_that_is_none(text):
    assert not found(text)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("tensorboard --logdir x", "tensorboard"),
        ("/opt/conda/bin/tensorboard", "tensorboard"),
        ("python -m http.server 80", "http.server"),
        ("mlflow ui", "mlflow"),
        ("mlflow run .", None),
        ("python train.py tensorboard", None),
        ("", None),
    ],
)
def test_servers_are_known_by_their_commands(words, name):
    assert server(words.split()) == name


def test_a_shell_string_may_leave_something_in_the_background():
    kind = CodeKind.SHELL_CHILD_NOT_WAITED
    assert found("os.system('python watch.py &')", kind)
    assert found("subprocess.run('python watch.py & sleep 1', shell=True)", kind)
    assert not found("os.system('python a.py && python b.py 2>&1')", kind)
    assert not found("subprocess.run(['echo', 'a &'])", kind)
