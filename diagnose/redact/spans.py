"""Where in a text a secret stands, and how overlapping finds become one."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A secret in a text: what is taken out, its kind, and its value as it was before any escaping."""

    start: int
    end: int
    kind: str
    value: str
    sure: bool = True
    """Whether the value is one wherever it stands: such values are looked for elsewhere too."""


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, none over another; of two that overlap the wider wins, and grows over both."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if result and span.start < result[-1].end:
            result[-1] = _joined(result[-1], span)
        else:
            result.append(span)
    return result


def _joined(first: Span, second: Span) -> Span:
    if second.end <= first.end:
        return first
    wide = max(first, second, key=lambda each: each.end - each.start)
    return Span(first.start, second.end, wide.kind, wide.value, wide.sure)
