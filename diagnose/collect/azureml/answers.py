"""Questions that are asked once and at the same time, each answered by a value or by the reason why there is none."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.threads import start
from diagnose.errors import DiagnoseError
from diagnose.evidence.bundle import PartState


def _contained(name: str, question: Callable[[], Any]) -> Any:
    """What the question gives; a fault of ours in it, or of a library, is a gap and costs nobody else's answer."""
    try:
        return question()
    except (GapError, DiagnoseError, OSError):
        raise
    except Exception as error:
        raise GapError(
            Gap(f"the {name}", PartState.FAILED, f"asking for it broke ({type(error).__name__})")
        ) from error


class Answers:
    """The answers by name. Who needs one waits for it; a gap is no reason to wait longer, nor to fail."""

    def __init__(self) -> None:
        self._asked: dict[str, Future[Any]] = {}

    def ask(self, name: str, question: Callable[[], Any]) -> None:
        """Ask in a thread of its own; the name is known before the next question is asked."""
        self._asked[name] = start(lambda: _contained(name, question))

    def given(self, name: str, value: Any) -> None:
        """What need not be asked; a `Gap` where it was asked before and not got."""
        self._asked[name] = known = Future[Any]()
        if isinstance(value, Gap):
            known.set_exception(GapError(value))
        else:
            known.set_result(value)

    def get(self, name: str, otherwise: Any) -> Any:
        """The answer, or `otherwise` when there is a gap in its place; raises what is no gap."""
        try:
            return self.require(name)
        except GapError:
            return otherwise

    def require(self, name: str) -> Any:
        """The answer; raises GapError."""
        return self._asked[name].result()

    def now(self, name: str, otherwise: Any) -> Any:
        """The answer if it has come already, else `otherwise`."""
        asked = self._asked[name]
        return self.get(name, otherwise) if asked.done() else otherwise

    def missing(self) -> dict[str, Gap]:
        """The gaps by name; waits for all answers."""
        found = {}
        for name, asked in self._asked.items():
            error = asked.exception()
            if isinstance(error, GapError):
                found[name] = error.gap
        return found

    def gaps(self) -> list[Gap]:
        """The gaps in the order of the questions; waits for all answers."""
        return list(self.missing().values())
