"""What a script leaves at work when it ends, by its source, and the names of the files that each of them writes."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.code import Code, CodeFinding, CodeKind
from diagnose.evidence.shellscripts import Background, ShellScripts
from diagnose.evidence.source.filenames import named_in, texts_in, written_by
from diagnose.evidence.source.module import Module, keyword, last_name, within

PROGRAMS = (CodeKind.POPEN_NOT_WAITED, CodeKind.SHELL_CHILD_NOT_WAITED)
WORKERS = (CodeKind.DAEMON_THREAD, CodeKind.DAEMON_PROCESS)
_RUN_AS_MODULE = re.compile(r"(?:^|\s)-m\s+([\w.]+)")
_FILE = re.compile(r"[^\s'\"=;&|<>()]*[^\W_]{3}[^\s'\"=;&|<>()/]*\.\w{1,8}")


@dataclass(frozen=True, slots=True)
class Left:
    """One thing that goes on, or is cut off, when the script ends."""

    path: str
    line: int
    text: str
    what: str
    """As in "the script leaves …"."""
    names: tuple[re.Pattern[str], ...]
    """Of the files that it writes; empty where the source does not tell."""

    def writes(self, name: str) -> bool:
        """Whether a file of that name may be its work."""
        return any(each.fullmatch(name) for each in self.names)


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Background commands, programs, daemon threads and daemon processes that nobody waits for."""

    derived_from: ClassVar[tuple[type, ...]] = (Code, ShellScripts)

    all: tuple[Left, ...]

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        code, scripts = bundle.get(Code), bundle.get(ShellScripts)
        if isinstance(code, Missing) and isinstance(scripts, Missing):
            return Missing("the source", code.reason, code.remedy)
        modules = () if isinstance(code, Missing) else code.modules
        shell = () if isinstance(scripts, Missing) else scripts.unawaited
        texts = {} if isinstance(scripts, Missing) else dict(scripts.texts)
        left = [_of_shell(each, modules, texts) for each in shell]
        for finding in () if isinstance(code, Missing) else code.of(*PROGRAMS, *WORKERS):
            left += _of_python(finding, modules, texts)
        return cls(tuple(left))


def _of_shell(background: Background, modules: tuple[Module, ...], texts: dict[str, str]) -> Left:
    command = background.command
    names = tuple(_of_program(command.call, modules, texts))
    return Left(
        background.path, command.line, f"{command.call[:200]} &", "a command in the background", names
    )


def _of_python(finding: CodeFinding, modules: tuple[Module, ...], texts: dict[str, str]) -> Iterator[Left]:
    module = next(each for each in modules if each.path == finding.path)
    calls = [each for each in module.calls if each.lineno == finding.line]
    if finding.kind in PROGRAMS:
        given = (part for each in calls for part in each.args)
        words = " ".join(dict.fromkeys(text for part in given for text in texts_in(module, part)))
        names, what = tuple(_of_program(words, modules, texts)), "a program of its own"
    else:
        call = next((each for each in calls if any(_run_by(module, each))), calls[0])
        if not finding.detail.endswith(("not joined", "joined nowhere")) or _is_emptied(module, call):
            return
        names = (*named_in(module, keyword(call, "args")), *written_by(module, _run_by(module, call)))
        what = "a daemon process" if finding.kind is CodeKind.DAEMON_PROCESS else "a daemon thread"
    yield Left(finding.path, finding.line, finding.text, what, names)


def _of_program(
    command: str, modules: tuple[Module, ...], texts: dict[str, str]
) -> Iterator[re.Pattern[str]]:
    """The files that a command names, and those that the program of the snapshot writes that it calls."""
    for word in _FILE.findall(command):
        yield re.compile(re.escape(word.rpartition("/")[2]))
    words = {word.strip("'\"").rpartition("/")[2] for word in command.split()}
    words |= {f"{name.rpartition('.')[2]}.py" for name in _RUN_AS_MODULE.findall(command)}
    for module in modules:
        if module.path.rpartition("/")[2] in words:
            yield from written_by(module, module.nodes)
    for path, text in texts.items():
        if path.rpartition("/")[2] in words:
            for word in _FILE.findall(text):
                yield re.compile(re.escape(word.rpartition("/")[2]))


def _run_by(module: Module, call: ast.Call) -> Iterator[ast.AST]:
    """What runs in a thread or process: its target, or the `run` of its class, and the functions that these call."""
    pending, seen = [last_name(keyword(call, "target")) or last_name(call.func)], set[str]()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        for function in (*module.functions_by_name.get(name, ()), *_runs_of(module, name)):
            for node in within(function):
                yield node
                if isinstance(node, ast.Call):
                    pending.append(last_name(node.func))


def _runs_of(module: Module, name: str) -> Iterator[ast.FunctionDef]:
    for node in module.nodes:
        if isinstance(node, ast.ClassDef) and node.name == name:
            yield from (
                step for step in node.body if isinstance(step, ast.FunctionDef) and step.name == "run"
            )


def _is_emptied(module: Module, call: ast.Call) -> bool:
    """Whether somebody else waits until the queue is empty that the thread takes from."""
    own = list(_run_by(module, call))
    taken = {_receiver(node) for node in own if last_name(getattr(node, "func", None)) == "get"} - {""}
    return any(
        last_name(each.func) in ("join", "empty", "qsize") and not each.args and _receiver(each) in taken
        for each in module.calls
        if each not in own
    )


def _receiver(node: ast.AST) -> str:
    """What a method is called on, as it is written; empty for what is no such call."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return ast.unparse(node.func.value)
    return ""
