"""What the run's command and the shell scripts of its snapshot leave running in the background. Read, never run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing, PartState
from diagnose.evidence.code import Code
from diagnose.evidence.run import RunRecord
from diagnose.evidence.source.shell import Command, never_awaited

MAX_FILES = 50
MAX_BYTES = 64 << 10
SUFFIXES = (".sh", ".bash")
COMMAND = "run.json"
"""Where the run's own command stands."""


@dataclass(frozen=True, slots=True)
class Background:
    """A command that is started with `&`, and is neither waited for nor ended."""

    path: str
    """`run.json` for the run's own command."""
    command: Command


@dataclass(frozen=True, slots=True)
class ShellScripts:
    """The background commands of the run's command, and of the shell scripts under `code/` that it may call."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord, Code)

    unawaited: tuple[Background, ...]
    """Also those that have nothing of the script's output."""
    texts: Mapping[str, str]
    """The scripts themselves, by path."""

    @property
    def backgrounds(self) -> tuple[Background, ...]:
        """Those that keep the script's output, and with it the run open."""
        return tuple(each for each in self.unawaited if each.command.keeps_output)

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        run, part = bundle.get(RunRecord), bundle.part("code")
        command = None if isinstance(run, Missing) else run.command
        names = sorted(
            name for name in bundle.store.names() if name.startswith("code/") and name.endswith(SUFFIXES)
        )
        if not names and command is None and part.state is not PartState.COMPLETE:
            return Missing("shell scripts", part.reason or f"the source snapshot is {part.state}")
        scripts = _scripts(bundle, names[:MAX_FILES])
        called = _called(scripts, command, bundle.get(Code))
        left = (each for path in called for each in _of(path, scripts[path]))
        return cls((*_of(COMMAND, command or ""), *left), scripts)


def _scripts(bundle: Bundle, names: list[str]) -> dict[str, str]:
    """The texts of scripts, by path; of one that is cut nobody knows whether it ends what it starts."""
    texts: dict[str, str] = {}
    for name in names:
        try:
            with bundle.store.open(name) as stream:
                text = stream.read(MAX_BYTES + 1)
        except (KeyError, OSError):
            continue
        if len(text) <= MAX_BYTES:
            texts[name.removeprefix("code/")] = text.decode("utf-8", "replace")
    return texts


def _called(scripts: dict[str, str], command: str | None, code: Code | Missing) -> list[str]:
    """Those that the command, another script or the Python files name; all where the command is not known."""
    if command is None:
        return list(scripts)
    lines = () if isinstance(code, Missing) else (line for m in code.modules for line in m.lines)
    python = "\n".join(line for line in lines if any(suffix in line for suffix in SUFFIXES))
    return [
        path
        for path in scripts
        if any(
            path.rpartition("/")[2] in text
            for text in (command, python, *(t for other, t in scripts.items() if other != path))
        )
    ]


def _of(path: str, text: str) -> Iterator[Background]:
    for command in never_awaited(text):
        yield Background(path, command)
