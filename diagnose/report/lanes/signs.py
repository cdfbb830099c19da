"""The lane of last signs of life: when each channel was heard of for the last time."""

from collections.abc import Iterator

from diagnose.report import fields, units, words
from diagnose.report.axis import Axis
from diagnose.report.fields import Node
from diagnose.report.shapes import Lane, Mark, Word, beside, percent

_ROW = 18


def lanes(signs: Node, axis: Axis) -> Iterator[Lane]:
    """One lane, or none when nothing was ever heard."""
    told = [(name, at) for key, name in words.CHANNELS.items() if (at := fields.when(signs, key))]
    if not told:
        return
    marks: list[Mark] = []
    texts: list[Word] = []
    for place, (name, at) in enumerate(told):
        x, y = axis.x(at.timestamp()), place * _ROW + 8
        said = f"{name} {units.clock(at)}"
        marks.append(Mark(percent(x), y, "sign", "ink", f"Last {said}"))
        texts.append(beside(x, y + 4, said, 9))
    yield Lane(
        "Last sign of life", "", "Last sign of life", len(told) * _ROW, marks=tuple(marks), words=tuple(texts)
    )
