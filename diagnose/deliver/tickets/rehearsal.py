"""A rehearsal (`--dry-run`): every call that would be made, as it would be made, and none of them made."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from diagnose.deliver.tickets.calls import Reply, Request
from diagnose.deliver.tickets.site import Site
from diagnose.report.visible import line, obeyed_by_none

Answers = Sequence[tuple[str, str, Any]]
"""What a system would say to a method and a path that holds a pattern; the first that fits."""
_TEXT = 20_000


class Rehearsal:
    """Stands where `Wire` does: shows a call, and answers as the system would for an empty ticket."""

    def __init__(
        self,
        site: Site,
        answers: Answers,
        show: Callable[[str], None],
    ) -> None:
        self._site, self._answers, self._show = site, answers, show

    def __call__(self, request: Request, allow: Sequence[int] = ()) -> Reply:  # noqa: ARG002  (nothing is refused here)
        self._show(shown(f"{request.method} {self._site.url}{request.target}"))
        for name, value in request.headers.items():
            self._show(shown(f"    {name}: {value}"))
        for said in _body(request):
            self._show(shown(f"    {said}"))
        for method, pattern, answer in self._answers:
            if method == request.method and re.search(pattern, request.path):
                return Reply(200, answer)
        return Reply(200, {})


def shown(text: str) -> str:
    """One line for standard output that neither a terminal nor a pipeline obeys."""
    return obeyed_by_none(line(text, _TEXT))


def _body(request: Request) -> Sequence[str]:
    if request.body is None:
        return ()
    if "json" in request.headers.get("Content-Type", ""):
        return json.dumps(json.loads(request.body), indent=1, ensure_ascii=True).splitlines()
    return (f"({len(request.body):,} bytes)",)
