"""What may stand in a rule file, checked value by value; whatever is wrong is one sentence with its line."""

import difflib
from collections.abc import Collection, Mapping

from diagnose.custom.nodes import Node, NodeError


def table(
    node: Node, what: str, allowed: Collection[str], needed: Collection[str] = ()
) -> Mapping[str, Node]:
    """The keys of a table; an unknown or a missing one is refused."""
    if not isinstance(node.value, Mapping):
        raise NodeError(node.line, f"{what} is a table of {_listed(allowed)}; write it as key: value")
    for key, value in node.value.items():
        if key not in allowed:
            close = difflib.get_close_matches(key[:40], allowed, n=1)
            hint = f"did you mean {close[0]}" if close else f"its keys are {_listed(allowed)}"
            raise NodeError(value.line, f"{key[:40]!r} is no key of {what}; {hint}")
    missing = [key for key in needed if key not in node.value]
    if missing:
        raise NodeError(node.line, f"{what} has no {_listed(missing)}; add it")
    return node.value


def text(node: Node, what: str, limit: int) -> str:
    """A text that is not empty, without the white space around it."""
    if not isinstance(node.value, str):
        raise NodeError(node.line, f"{what} is a text; quote it if it begins with a bracket or a brace")
    said = node.value.strip()
    if not said or len(said) > limit:
        raise NodeError(
            node.line,
            f"{what} is empty; fill it in"
            if not said
            else f"{what} is longer than {limit} characters; shorten it",
        )
    return said


def sentence(node: Node, what: str, limit: int) -> str:
    """A text on one line in which nothing is invisible."""
    said = " ".join(text(node, what, limit).split())
    if not said.isprintable():
        raise NodeError(node.line, f"{what} holds an invisible character; take it out")
    return said


def block(node: Node, what: str, limit: int) -> str:
    """A text of several lines in which nothing is invisible: it is shown on a terminal as it is."""
    said = text(node, what, limit)
    if not all(letter.isprintable() or letter in "\n\t" for letter in said):
        raise NodeError(node.line, f"{what} holds an invisible character; take it out")
    return said


def items(node: Node, what: str, limit: int) -> tuple[Node, ...]:
    """The members of a list that is not empty; a single value is a list of one."""
    found = node.value if isinstance(node.value, tuple) else (node,)
    if not found or len(found) > limit:
        raise NodeError(node.line, f"{what} takes 1 to {limit} entries; write that many")
    return found


def texts(node: Node, what: str, count: int, limit: int) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(text(each, what, limit) for each in items(node, what, count))


def word(node: Node, what: str, known: Collection[str]) -> str:
    """One of the known words."""
    said = text(node, what, 100)
    if said not in known:
        close = difflib.get_close_matches(said, known, n=1)
        hint = f"did you mean {close[0]}" if close else f"it is one of {_listed(known)}"
        raise NodeError(node.line, f"{what} {said[:40]!r} is not known; {hint}")
    return said


def whole(node: Node, what: str, limit: int) -> int:
    """A whole number from 1 on."""
    said = text(node, what, 20)
    if not (said.isascii() and said.isdecimal() and 1 <= int(said) <= limit):
        raise NodeError(node.line, f"{what} is a whole number from 1 to {limit}; correct it")
    return int(said)


def _listed(words: Collection[str]) -> str:
    return ", ".join(words)
