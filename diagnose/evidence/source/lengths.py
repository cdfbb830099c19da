"""Statements that print the length of what the program then works on, without ever asking whether there is any."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from diagnose.evidence.source.module import Loop, Module, is_function, last_name, within
from diagnose.evidence.source.printing import constants, is_print, templates


@dataclass(frozen=True, slots=True)
class PrintedLength:
    """One `len(...)` in a printed text."""

    path: str
    line: int
    text: str
    """The source line, stripped, at most 200 characters."""
    name: str
    """What is counted."""
    expression: re.Pattern[str]
    """Finds the text in a log line; its one group is the number."""

    def is_zero_in(self, line: str) -> bool:
        """Whether a log line is this text, with a length of 0."""
        found = self.expression.search(line[:8192])
        return found is not None and found[1].strip() == "0"


def printed_lengths(modules: Iterable[Module]) -> Iterator[PrintedLength]:
    """Every length that is printed of something that was brought in, is worked on afterwards, and is never asked for."""
    for module in modules:
        texts = constants(module)
        for call in module.calls:
            if is_print(module, call):
                yield from _lengths(module, call, texts)


def _lengths(module: Module, call: ast.Call, texts: Mapping[str, str]) -> Iterator[PrintedLength]:
    lines = list(templates(module, call, texts))
    values = _values(module, call)
    if len(lines) != 1 or lines[0].count(None) != len(values) or not any(lines[0]):
        return
    for number, value in enumerate(values):
        name = _counted(value)
        if name and _is_worked_on_unasked(module, call, name):
            yield PrintedLength(
                module.path, call.lineno, module.text(call), name, _expression(lines[0], number)
            )


def _expression(template: tuple[str | None, ...], hole: int) -> re.Pattern[str]:
    """The literals in order, with a group for one of the holes."""
    pieces, holes = [], 0
    for part in template:
        if part is not None:
            pieces.append(re.escape(part.strip("\n")))
            continue
        pieces.append(r"(\s*-?\d+)" if holes == hole else ".*?")
        holes += 1
    return re.compile("".join(pieces) + r"\s*$")


def _values(module: Module, call: ast.Call) -> list[ast.expr]:
    """The expressions whose values go into the text, in order."""
    if module.origin(call.func) in ("print", "rich.print"):
        return [value for argument in call.args for value in _of(argument)]
    arguments = call.args[1:] if last_name(call.func) == "log" else call.args
    return list(arguments[1:]) if len(arguments) > 1 else [v for a in arguments for v in _of(a)]


def _of(argument: ast.expr) -> list[ast.expr]:
    match argument:
        case ast.Constant():
            return []
        case ast.JoinedStr(values=values):
            return [value.value for value in values if isinstance(value, ast.FormattedValue)]
    return [argument]


def _counted(value: ast.expr) -> str | None:
    match value:
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            return name
    return None


def _is_worked_on_unasked(module: Module, call: ast.Call, name: str) -> bool:
    """Whether it was brought in by a call, is used after it was counted, and no condition asks for it."""
    scope: ast.AST = module.enclosing(call) or module.tree
    nodes = list(within(scope)) if is_function(scope) else list(within(module.tree))
    brought = [n.value for n in nodes if isinstance(n, ast.Assign) and any(_is(t, name) for t in n.targets)]
    asked = (n.test for n in nodes if isinstance(n, ast.If | ast.IfExp | ast.While | ast.Assert))
    if not brought or not all(_brings(value) for value in brought):
        return False
    if any(_is(inner, name) for test in asked for inner in ast.walk(test)):
        return False
    later = [n for n in nodes if getattr(n, "lineno", 0) > (call.end_lineno or call.lineno)]
    return any(_works_on(module, node, name) for node in later)


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _brings(value: ast.expr) -> bool:
    """Whether a value comes from elsewhere: a call, or all of what another thing holds. An empty list is filled later."""
    if isinstance(value, ast.ListComp):
        return not any(part.ifs for part in value.generators)
    return isinstance(value, ast.Call) and (
        bool(value.args)
        or not isinstance(value.func, ast.Name)
        or value.func.id not in ("list", "dict", "set")
    )


def _works_on(module: Module, node: ast.AST, name: str) -> bool:
    if isinstance(node, Loop) and not isinstance(node, ast.While):
        return _is(node.iter, name)
    given = isinstance(node, ast.Call) and any(_is(argument, name) for argument in node.args)
    return (
        given and isinstance(node, ast.Call) and last_name(node.func) != "len" and not is_print(module, node)
    )
