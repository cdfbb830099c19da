"""What the run's command and the shell scripts of its snapshot leave running in the background. Read, never run."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing, PartState
from diagnose.evidence.run import RunRecord
from diagnose.evidence.source.shell import Command, left_running

MAX_FILES = 50
MAX_BYTES = 64 << 10
SUFFIXES = (".sh", ".bash")
COMMAND = "run.json"
"""Where the run's own command stands."""


@dataclass(frozen=True, slots=True)
class Background:
    """A command that is started with `&`, keeps the script's output, and is neither waited for nor ended."""

    path: str
    """`run.json` for the run's own command."""
    command: Command


@dataclass(frozen=True, slots=True)
class ShellScripts:
    """The background commands of the run's command, and of the shell scripts under `code/` that it may call."""

    derived_from: ClassVar[tuple[type, ...]] = (RunRecord,)

    backgrounds: tuple[Background, ...]

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        run, part = bundle.get(RunRecord), bundle.part("code")
        command = None if isinstance(run, Missing) else run.command
        names = sorted(
            name for name in bundle.store.names() if name.startswith("code/") and name.endswith(SUFFIXES)
        )
        if not names and command is None and part.state is not PartState.COMPLETE:
            return Missing("shell scripts", part.reason or f"the source snapshot is {part.state}")
        return cls((*_of(COMMAND, command or ""), *_in_files(bundle, names[:MAX_FILES])))


def _in_files(bundle: Bundle, names: list[str]) -> Iterator[Background]:
    for name in names:
        try:
            with bundle.store.open(name) as stream:
                text = stream.read(MAX_BYTES + 1)
        except (KeyError, OSError):
            continue
        # What was cut might wait for the child, or end it.
        if len(text) <= MAX_BYTES:
            yield from _of(name.removeprefix("code/"), text.decode("utf-8", "replace"))


def _of(path: str, text: str) -> Iterator[Background]:
    for command in left_running(text):
        yield Background(path, command)
