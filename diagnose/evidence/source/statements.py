"""Which statement printed a line: the program's own texts, turned around."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from diagnose.evidence.source.flow import Flow
from diagnose.evidence.source.module import Module
from diagnose.evidence.source.printing import Template, constants, handed_on, is_print, printers, templates

_MAX_STATEMENTS = 20_000
_MAX_LITERAL = 2_000
_MAX_LINE = 8_192
_ENOUGH = 6
"""Letters and digits that a text must have of its own to be recognised by them."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One call that prints or logs."""

    path: str
    line: int
    text: str
    """The source line, stripped, at most 200 characters."""
    function: str | None
    """The function it stands in; None at the top of the module."""
    templates: tuple[Template, ...]
    """What it prints, a text for each line: literals in order, None for every value."""
    is_last_of_main: bool
    """No other printing statement follows in its module's main flow. False when that cannot be told."""

    def match(self, line: str) -> tuple[bool, int] | None:
        """How well a log line fits: whether its text ends the line, and how much is literal; else None."""
        fits = [fit for template in self.templates if (fit := _fit(template, line)) is not None]
        return max(fits, default=None)


def _fit(template: Template, line: str) -> tuple[bool, int] | None:
    """Literals found one after another, anything between them: linear, whatever the line holds."""
    literals = _literals(template)
    at = 0
    for literal in literals:
        place = line.find(literal, at)
        if place < 0:
            return None
        at = place + len(literal)
    ends = template[-1] is None or line.rstrip().endswith(literals[-1])
    return ends, sum(map(len, literals))


def _literals(template: Template) -> list[str]:
    """Its literal texts; the outermost without the blanks that logs do not keep."""
    texts = [part for part in template if part]
    if texts and template[0] is not None:
        texts[0] = texts[0].lstrip()
    if texts and template[-1] is not None:
        texts[-1] = texts[-1].rstrip()
    return texts


def _is_telling(template: Template) -> bool:
    literals = _literals(template)
    known = sum(char.isalnum() for text in literals for char in text)
    return known >= _ENOUGH and sum(map(len, literals)) <= _MAX_LITERAL


def log_statements(modules: Iterable[Module]) -> Iterator[Statement]:
    """Every printing statement with a text of its own, in order of file and line; at most 20,000."""
    modules = tuple(modules)
    flow = Flow(modules)
    own = printers(modules)
    count = 0
    for module in modules:
        texts = constants(module)
        for call in module.calls:
            printed = is_print(module, call)
            lines = templates(module, call, texts) if printed else handed_on(call, own, texts)
            telling = tuple(template for template in lines if _is_telling(template))
            if telling and count < _MAX_STATEMENTS:
                count += 1
                yield _statement(module, call, telling, last=flow.is_last(module, call))


def _statement(module: Module, call: ast.Call, telling: tuple[Template, ...], *, last: bool) -> Statement:
    function = module.enclosing(call)
    name = function.name if function is not None else None
    return Statement(module.path, call.lineno, module.text(call), name, telling, last)


def statements_of(statements: Iterable[Statement], text: str) -> tuple[Statement, ...]:
    """The statements that can have printed a log line, the most telling first, equals by place."""
    line = text[:_MAX_LINE]
    fits = [(fit, statement) for statement in statements if (fit := statement.match(line)) is not None]
    fits.sort(key=lambda pair: (not pair[0][0], -pair[0][1], pair[1].path, pair[1].line))
    return tuple(statement for _, statement in fits)
