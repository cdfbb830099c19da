"""The expensive look at a text: all secrets in it, as it stands and as it reads without its escaping."""

from collections.abc import Iterator

from diagnose.redact.encoded import encoded
from diagnose.redact.keyed import keyed
from diagnose.redact.shapes import SHAPES
from diagnose.redact.spans import Span, merged
from diagnose.redact.structures import structures
from diagnose.redact.tokens import TOKEN
from diagnose.redact.views import views


def look(text: str) -> list[Span]:
    """All secrets in a text, in order, none over another."""
    found = [*plain(text), *encoded(text, _inside)]
    for view in views(text):
        found += map(view.back, (*plain(view.text), *encoded(view.text, _inside)))
    done = [match.span() for match in TOKEN.finditer(text)] if "⟦" in text else []
    if done:  # what was taken out before stays as it is
        found = [
            each for each in found if not any(each.start < end and start < each.end for start, end in done)
        ]
    return [span for span in (_whole(text, each) for each in merged(found)) if span.end > span.start]


def _inside(text: str) -> list[Span]:
    found = [*plain(text)]
    for view in views(text):
        found += map(view.back, plain(view.text))
    return merged(found)


def plain(text: str) -> Iterator[Span]:
    """All secrets in a text as it stands."""
    for shape in SHAPES:
        yield from shape.spans(text)
    yield from structures(text)
    yield from keyed(text)


def sure(text: str) -> Iterator[Span]:
    """The secrets that need no name before them: what the last gate looks for."""
    for shape in SHAPES:
        yield from shape.spans(text)
    yield from structures(text)


def _whole(text: str, span: Span) -> Span:
    r"""No half of an escape is taken out or left: `\n` before it, `\"` behind it."""
    start, end = span.start, span.end
    if start < end and _slashes(text, start) % 2 and text[start] in "nrt\"'\\/`bf":
        start += 1
    if end < len(text) and _slashes(text, end) % 2 and end > start:
        end -= 1
    return (
        span if (start, end) == (span.start, span.end) else Span(start, end, span.kind, span.value, span.sure)
    )


def _slashes(text: str, at: int) -> int:
    count = 0
    while at - count > 0 and text[at - count - 1] == "\\" and count < 64:
        count += 1
    return count
