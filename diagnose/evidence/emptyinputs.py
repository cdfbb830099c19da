"""What was brought in to be worked on and was empty, by the log's own figures and the source that printed them."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.code import Code
from diagnose.evidence.logs import LogLine, Logs
from diagnose.evidence.outputs import Output
from diagnose.evidence.source.lengths import PrintedLength, printed_lengths
from diagnose.evidence.tally.nothing import figures_in, is_unwanted

ENOUGH = 3
_DECIMAL = re.compile(r"(?<![\w.,:-])-?\d+[.,]\d+(?![\w.,:])")
_FIGURE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class EmptyInputs:
    """Lines that print a length of 0 of what the source then works on, and figures that stay 0.

    None where the log counts something: a search that finds nothing among some has an answer.
    """

    derived_from: ClassVar[tuple[type, ...]] = (Code, Logs)

    counted: tuple[tuple[LogLine, PrintedLength | None], ...]
    """Without the source, lines that end in a label and a 0, the only figure in them."""
    flat: tuple[LogLine, ...]
    """Of lines that differ in whole numbers alone, and whose decimals are 0 in all of them, the first and the last."""

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        code, logs = bundle.get(Code), bundle.get(Logs)
        if isinstance(logs, Missing):
            return Missing("the inputs by the source", logs.reason, logs.remedy)
        lines = {(f.path, line.number): line for f in logs.user_files for line in (*f.head, *f.tail)}
        lengths = None if isinstance(code, Missing) else tuple(printed_lengths(code.modules))
        counted = tuple(
            (line, length)
            for line in lines.values()
            for length in _lengths_in(line.text, lengths)
            if not is_unwanted(line.text)
        )
        if not counted or _counts_something(lines.values()):
            return cls((), ())
        return cls(counted, tuple(_flat(lines.values())))


_ONLY_ZERO = re.compile(r"[^\W\d_]{3,}[^\d=:：]{0,40}[:=：] ?0\s*$")


def _lengths_in(text: str, lengths: tuple[PrintedLength, ...] | None) -> Iterator[PrintedLength | None]:
    """The lengths of 0 that a line is known to print; without the source, whether it may be one."""
    if lengths is not None:
        yield from (length for length in lengths if length.is_zero_in(text))
    elif _ONLY_ZERO.search(text) and not re.search(r"[1-9]", text):
        yield None


_COUNTER = re.compile(r"(?<![\d/])\d{1,9} ?/ ?(\d{1,9})(?![\d/])")


def _counts_something(lines: Iterable[LogLine]) -> bool:
    """Whether the log counts something else than rounds: then what there was none of may be the answer."""
    lines = tuple(lines)
    rounds = {int(total) for line in lines for total in _COUNTER.findall(line.text)}
    return any(figures_in(_COUNTER.sub("", line.text)) - rounds for line in lines)


def _flat(lines: Iterable[LogLine]) -> Iterator[LogLine]:
    shapes: defaultdict[str, list[LogLine]] = defaultdict(list)
    for line in lines:
        if _DECIMAL.search(line.text):
            shapes[_FIGURE.sub("#", line.text)].append(line)
    for same in shapes.values():
        figures = [d for line in same for d in _DECIMAL.findall(line.text)]
        if len(same) >= ENOUGH and not any(re.search(r"[1-9]", figure) for figure in figures):
            yield from (same[0], same[-1])
            return


def is_all_zero(blob: Output) -> bool:
    """Whether a JSON document that was read whole holds numbers, and none but zeros."""
    if not blob.head or blob.size != len(blob.head) or not blob.name.lower().endswith(".json"):
        return False
    try:
        numbers = list(_numbers(json.loads(blob.head)))
    except (ValueError, RecursionError):
        return False
    return len(numbers) >= ENOUGH - 1 and not any(numbers)


def _numbers(value: object) -> Iterator[float]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _numbers(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)
