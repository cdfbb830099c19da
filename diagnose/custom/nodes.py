"""A YAML file as texts, lists and tables that know their lines: bounded, and nothing but what is written there.

PyYAML's events are read one by one, so that size, depth, aliases, anchors and tags are refused before anything is
built. No scalar becomes a number, a date or a truth value: `no` is the text "no".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from diagnose.errors import UsageError

LARGEST = 256 * 1024
DEEPEST = 8
MOST = 20_000
"""Texts, lists and tables in one file."""
# The parser in C gives the same events, and is not in every build of PyYAML.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the file and the line that it begins in."""

    line: int
    value: "str | tuple[Node, ...] | Mapping[str, Node]"


class NodeError(Exception):
    """What is wrong in the file, as a sentence without its full stop, and in which line."""

    def __init__(self, line: int, said: str) -> None:
        super().__init__(said)
        self.line = line


def refused(file: str, line: int, said: str) -> UsageError:
    """The error of a rule file: where, what, and what to do."""
    return UsageError(f"{file}, line {line}: {said}.")


def read_node(text: str) -> Node:
    """The one document of the file; raises `NodeError`."""
    events = _bounded(text)
    try:
        document = _document(events)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise NodeError(
                    _line(event), "a second document begins here; put all signatures into one list"
                )
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = f"this is no YAML ({error.problem or error.context}); mend it here or just before"
        raise NodeError(mark.line + 1 if mark else 1, said) from error
    except yaml.YAMLError as error:  # a character that no YAML file may hold
        position = getattr(error, "position", 0)
        said = "an unprintable character stands here; take it out"
        raise NodeError(text.count("\n", 0, position) + 1, said) from error
    return document


def _bounded(text: str) -> Iterator[Any]:
    """The events of the parser, until one is more than a rule file may hold."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        if count > MOST:
            raise NodeError(_line(event), "the file holds too many values; split it into several files")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise NodeError(_line(event), "anchors and aliases (& and *) are not allowed; write the text out")
        if getattr(event, "tag", None) not in (None, "!"):
            raise NodeError(_line(event), "tags (!) are not allowed; write plain text")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise NodeError(
                _line(event), "lists and tables are nested too deep; a signature needs three levels"
            )
        yield event


def _document(events: Iterator[Any]) -> Node:
    for event in events:
        if not isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.StreamEndEvent)):
            return _node(event, events)
    raise NodeError(1, "the file is empty; write a signature into it")


def _node(event: Any, events: Iterator[Any]) -> Node:
    if isinstance(event, yaml.ScalarEvent):
        return Node(_line(event), str(event.value))
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(_line(event), tuple(_items(events)))
    return Node(_line(event), _table(events))


def _items(events: Iterator[Any]) -> Iterator[Node]:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        yield _node(event, events)


def _table(events: Iterator[Any]) -> dict[str, Node]:
    table: dict[str, Node] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        key = _node(event, events)
        if not isinstance(key.value, str):
            raise NodeError(key.line, "a key is a word; quote what is meant as text")
        if key.value in table:
            raise NodeError(key.line, f"the key {key.value[:40]!r} is there twice; keep one of them")
        table[key.value] = _node(next(events), events)
    return table


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
