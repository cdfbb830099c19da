"""Servers and background commands that a Python file starts and does not end."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Module, is_constant, keyword
from diagnose.evidence.source.shell import left_running
from diagnose.evidence.source.threads import in_daemon_thread

_SERVING = frozenset({"serve_forever", "start_serving_forever"})
_SHELLS = frozenset(
    {
        "os.system",
        "os.popen",
        *(f"subprocess.{n}" for n in ("run", "call", "check_call", "check_output", "Popen")),
    }
)
_ENDINGS = frozenset({"terminate", "kill", "send_signal", "killpg"})
SERVERS = frozenset(
    {
        "tensorboard",
        "mlflow",
        "jupyter",
        "jupyter-lab",
        "jupyter-notebook",
        "uvicorn",
        "gunicorn",
        "hypercorn",
        "waitress-serve",
        "flask",
        "streamlit",
        "visdom",
        "aim",
        "redis-server",
        "nginx",
        "tritonserver",
        "torchserve",
        "tensorflow_model_server",
        "prometheus",
        "nvidia-smi",
        "dcgm-exporter",
    }
)
"""Programs that serve, or watch, until somebody ends them."""
_LASTING_MODULES = frozenset(
    {"http.server", "tensorboard.main", "visdom.server", "uvicorn", "gunicorn", "jupyter"}
)


def endless_servers(module: Module, project: Project) -> Iterator[CodeFinding]:
    """`serve_forever` outside of a daemon thread, in files of which none ever shuts a server down."""
    shuts = any(
        isinstance(node, ast.Attribute) and node.attr in ("shutdown", "server_close", "stop")
        for each in project.modules
        for node in each.nodes
    )
    for node in module.nodes:
        if not isinstance(node, ast.Attribute) or node.attr not in _SERVING or shuts:
            continue
        if not in_daemon_thread(module, node):
            detail = "serves until somebody shuts it down, and nothing does"
            yield found(module, node, CodeKind.SERVER_NOT_STOPPED, detail)


def serving_children(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Programs known to serve for ever that are started beside the work and ended by nobody."""
    handles = project.handles[module]
    for call in module.calls:
        if module.origin(call.func) != "subprocess.Popen" or not call.args:
            continue
        words = _words(call.args[0])
        made = handles.made(call)
        if server(words) and not handles.attributes(made) & _ENDINGS:
            detail = f"{server(words)} serves until somebody ends it, and nothing does"
            yield found(module, call, CodeKind.SERVER_NOT_STOPPED, detail)


def background_commands(module: Module, _project: Project) -> Iterator[CodeFinding]:
    """Shell commands in strings that leave something running in the background."""
    for call in module.calls:
        origin = module.origin(call.func)
        if origin not in _SHELLS or not call.args or not isinstance(call.args[0], ast.Constant):
            continue
        text = call.args[0].value
        if not isinstance(text, str) or not (
            origin.startswith("os.") or is_constant(keyword(call, "shell"), True)
        ):
            continue
        for command in left_running(text):
            detail = f"leaves `{command.call[:80]}` running in the background"
            yield found(module, call, CodeKind.SHELL_CHILD_NOT_WAITED, detail)


def server(words: list[str]) -> str | None:
    """The name of the server that a command starts; None where it is not known to be one."""
    names = [word.rpartition("/")[2] for word in words]
    if "-m" in words[:-1] and words[words.index("-m") + 1] in _LASTING_MODULES | SERVERS:
        return words[words.index("-m") + 1]
    name = names[0] if names else ""
    if name == "mlflow":
        return name if {"ui", "server"} & set(words) else None
    if name == "nvidia-smi":
        return (
            name
            if any(word in ("dmon", "pmon") or word.startswith(("-l", "--loop")) for word in words)
            else None
        )
    return name if name in SERVERS else None


def _words(command: ast.expr) -> list[str]:
    """The words of a command that are written down: what is computed is an empty word."""
    if isinstance(command, ast.Constant) and isinstance(command.value, str):
        return command.value.split()
    parts = command.elts if isinstance(command, ast.List | ast.Tuple) else []
    return [
        part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "" for part in parts
    ]
