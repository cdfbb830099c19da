"""The command line, called as the entry point calls it, and what came of it."""

from dataclasses import dataclass

import pytest

from diagnose import samples
from diagnose.cli import main


@dataclass(frozen=True)
class Answer:
    """Exit code, standard output, standard error."""

    code: int
    out: str
    err: str


class Caller:
    """Calls `diagnose` in this process: `call("demo", "--list")`."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *typed: object) -> Answer:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in typed])
        said = self._capsys.readouterr()
        return Answer(left.value.code or 0, said.out, said.err)


def sample(name: str = "healthy_with_scary_lines") -> str:
    """The path of a sample run."""
    return str(samples.path_of(name))
