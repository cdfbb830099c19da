"""What a program prints: the calls that write a log line, and their texts with holes where values go."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from string import Formatter

from diagnose.evidence.source.module import Module, is_constant, keyword, last_name

Template = tuple[str | None, ...]
"""Literal text in order; None stands for whatever value was put there."""

_LEVELS = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log", "success", "trace"}
)
_LOGGER = re.compile(r"log(ger|ging)?_?\d?\Z|\A_?log", re.IGNORECASE)
_WRITES = frozenset(
    {
        "print",
        "sys.stdout.write",
        "sys.stderr.write",
        "sys.__stdout__.write",
        "tqdm.write",
        "tqdm.tqdm.write",
        "click.echo",
        "rich.print",
        "tqdm.auto.tqdm.write",
        "typer.echo",
    }
)
_PERCENT = re.compile(r"%(?:\(\w{1,80}\))?[#0\- +]{0,5}(?:\*|\d{1,9})?(?:\.(?:\*|\d{1,9}))?([a-zA-Z%])")


def is_print(module: Module, call: ast.Call) -> bool:
    """Whether a call prints or logs a line."""
    if module.origin(call.func) in _WRITES:
        return True
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _LEVELS:
        return False
    holder = call.func.value
    if isinstance(holder, ast.Call):
        return (module.origin(holder.func) or "").rpartition(".")[2] in ("getLogger", "get_logger")
    name = last_name(holder)
    return bool(_LOGGER.search(name)) or (module.origin(holder) or "").startswith(
        ("logging", "loguru", "absl.logging")
    )


def printers(modules: Iterable[Module]) -> Mapping[str, frozenset[int]]:
    """The run's own functions that print arguments: name, and which arguments, not counting `self`."""
    found: defaultdict[str, frozenset[int]] = defaultdict(frozenset)
    for module in modules:
        for call in module.calls:
            function = module.enclosing(call) if is_print(module, call) else None
            if function is None:
                continue
            names = [each.arg for each in function.args.args if each.arg not in ("self", "cls")]
            printed = {
                node.id for given in call.args for node in ast.walk(given) if isinstance(node, ast.Name)
            }
            found[function.name] |= {number for number, name in enumerate(names) if name in printed}
    return found


def handed_on(
    call: ast.Call, printers: Mapping[str, frozenset[int]], constants: Mapping[str, str]
) -> Iterator[Template]:
    """The lines of the longest text that a call hands to a function that prints it, among whatever else."""
    func = call.func
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    places = printers.get(name, frozenset())
    texts = [template(given, constants) for number, given in enumerate(call.args) if number in places]
    longest = max(texts, key=lambda text: sum(len(part or "") for part in text), default=())
    yield from _lines((None, *longest, None))


def templates(module: Module, call: ast.Call, constants: Mapping[str, str]) -> Iterator[Template]:
    """The texts that a printing call may write, one for each of their lines."""
    origin = module.origin(call.func)
    if origin in ("print", "rich.print"):
        whole = _joined(call, constants)
    else:
        arguments = call.args[1:] if getattr(call.func, "attr", "") == "log" else call.args
        whole = _message(arguments, constants) if arguments else ()
    yield from _lines(whole)


def constants(module: Module) -> Mapping[str, str]:
    """The texts that a module gives a name once, at its top level."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for step in module.tree.body:
        match step:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str() as text)):
                if name in found:
                    twice.add(name)
                found[name] = text
    return {name: text for name, text in found.items() if name not in twice}


def _joined(call: ast.Call, constants: Mapping[str, str]) -> Template:
    separator = keyword(call, "sep")
    between: Template = (None,)
    if separator is None or is_constant(separator, None):
        between = (" ",)
    elif isinstance(separator, ast.Constant) and isinstance(separator.value, str):
        between = (separator.value,)
    parts: list[str | None] = []
    for number, argument in enumerate(call.args):
        parts.extend(between if number else ())
        parts.extend(template(argument, constants))
    return tuple(parts)


def _message(arguments: list[ast.expr], constants: Mapping[str, str]) -> Template:
    """A logger's message: its text is a format only when values follow it."""
    text = _constant(arguments[0], constants)
    if text is None or len(arguments) == 1:
        return template(arguments[0], constants)
    # loguru and absl put values into braces.
    return _percent(text) if _PERCENT.search(text) else _braces(text)


def _constant(node: ast.expr, constants: Mapping[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return constants.get(node.id) if isinstance(node, ast.Name) else None


def template(node: ast.expr, constants: Mapping[str, str]) -> Template:  # noqa: PLR0911  # one a shape
    """The text that an expression stands for, as far as it is written there."""
    text = _constant(node, constants)
    if text is not None:
        return (text,)
    match node:
        case ast.Constant(value=int() | float() as value):
            return (str(value)[:100],) if not isinstance(value, int) or abs(value) < 10**18 else (None,)
        case ast.JoinedStr(values=values):
            return tuple(part for value in values for part in template(value, constants))
        case ast.BinOp(left=left, op=ast.Mod()):
            text = _constant(left, constants)
            return (None,) if text is None else _percent(text)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return (*template(left, constants), *template(right, constants))
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            text = _constant(value, constants)
            return (None,) if text is None else _braces(text)
    return (None,)


def _percent(text: str) -> Template:
    parts: list[str | None] = []
    at = 0
    for hole in _PERCENT.finditer(text):
        parts.extend([text[at : hole.start()], "%" if hole[1] == "%" else None])
        at = hole.end()
    return (*parts, text[at:])


def _braces(text: str) -> Template:
    parts: list[str | None] = []
    try:
        for literal, name, _, _ in Formatter().parse(text):
            parts.extend([literal] if name is None else [literal, None])
    except ValueError:
        return (text,)
    return tuple(parts)


def _lines(parts: Template) -> Iterator[Template]:
    """Cut a text at its line ends, and join literals that stand side by side."""
    line: list[str | None] = []
    for part in parts:
        if part is None:
            line.append(None)
            continue
        first, *rest = part.split("\n")
        _extend(line, first)
        for text in rest:
            yield tuple(line)
            line = []
            _extend(line, text)
    yield tuple(line)


def _extend(line: list[str | None], text: str) -> None:
    if line and line[-1] is not None:
        line[-1] += text
    elif text:
        line.append(text)
