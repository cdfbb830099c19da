"""The names of the files that the source writes in a loop over values that are written in it, too."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from diagnose.evidence.source.module import Function, Module, is_function, last_name, within

Values = tuple[int | str, ...]
_WRITES = frozenset(
    {"write_text", "write_bytes", "to_csv", "to_parquet", "to_json", "to_pickle", "savez", "savez_compressed"}
)
_MAPS = frozenset({"map", "imap", "imap_unordered", "submit", "apply_async", "gather", "Process", "Thread"})
_REMOVES = frozenset({"remove", "unlink", "rename", "replace", "move", "rmtree", "make_archive", "ZipFile"})
MOST = 5000
FEWEST = 3


@dataclass(frozen=True, slots=True)
class WrittenNames:
    """One place that writes a file for every value."""

    path: str
    line: int
    text: str
    """The source line, stripped, at most 200 characters."""
    names: tuple[str, ...]
    """In the order of the values, without folders."""


def written_names(modules: Iterable[Module]) -> Iterator[WrittenNames]:
    """Every such place on a straight path; none where the source removes, renames or packs files anywhere."""
    modules = tuple(modules)
    if any(last_name(call.func) in _REMOVES and _is_of_files(m, call) for m in modules for call in m.calls):
        return
    for module in modules:
        known = _known(module)
        for node in module.nodes:
            if isinstance(node, ast.JoinedStr) and _is_written_to(module, node):
                variable = _variable(node)
                values = _values_of(module, node, variable, known) if variable else None
                if values and FEWEST <= len(set(values)) <= MOST:
                    names = tuple(dict.fromkeys(_name(node, value) for value in values))
                    statement = module.statement(node)
                    yield WrittenNames(module.path, statement.lineno, module.text(statement), names)


def _is_of_files(module: Module, call: ast.Call) -> bool:
    """Whether it is one of the library's, or of a path: texts have a `replace`, lists a `remove`."""
    origin = module.origin(call.func) or ""
    return origin.startswith(("os.", "shutil.", "zipfile.", "pathlib.")) or last_name(call.func) in (
        "unlink",
        "rename",
    )


def _known(module: Module) -> Mapping[str, Values | int]:
    """What the top level of the module calls by a name: a number, or a row of values."""
    found: dict[str, Values | int] = {}
    for step in module.tree.body:
        if isinstance(step, ast.Assign) and len(step.targets) == 1 and isinstance(step.targets[0], ast.Name):
            value = step.value
            name = step.targets[0].id
            number = _number(value, found)
            row = _row(value, found)
            if number is not None:
                found[name] = number
            elif row is not None:
                found[name] = row
    return found


def _number(node: ast.AST, known: Mapping[str, Values | int]) -> int | None:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return value
        case ast.Name(id=name) if isinstance(known.get(name), int):
            return known[name]  # type: ignore[return-value]
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            a, b = _number(left, known), _number(right, known)
            return None if a is None or b is None else a + b if isinstance(op, ast.Add) else a - b
    return None


def _row(node: ast.AST, known: Mapping[str, Values | int]) -> Values | None:
    match node:
        case ast.Call(func=ast.Name(id="range"), args=arguments):
            numbers = [_number(argument, known) for argument in arguments]
            if None in numbers or not 1 <= len(numbers) <= 3:
                return None
            row = range(*numbers)  # type: ignore[arg-type]
            return tuple(row) if 0 < len(row) <= MOST and (len(numbers) < 3 or numbers[2]) else None
        case ast.List(elts=items) | ast.Tuple(elts=items):
            values = [
                i.value for i in items if isinstance(i, ast.Constant) and isinstance(i.value, int | str)
            ]
            return tuple(values) if values and len(values) == len(items) else None
        case ast.Name(id=name):
            row_of = known.get(name)
            return row_of if isinstance(row_of, tuple) else None
        case ast.ListComp(
            elt=ast.JoinedStr() as text,
            generators=[ast.comprehension(target=ast.Name(id=each), iter=source, ifs=[])],
        ):
            values_in = _row(source, known)
            return (
                tuple(_text(text, value) for value in values_in)
                if values_in and _variable(text) == each
                else None
            )
    return None


def _variable(node: ast.JoinedStr) -> str | None:
    """The one name whose value goes into a text."""
    holes = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
    names = {hole.id for hole in holes if isinstance(hole, ast.Name)}
    return names.pop() if len(holes) == len(names) == 1 else None


def _text(node: ast.JoinedStr, value: int | str) -> str:
    pieces = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            pieces.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            spec = (
                part.format_spec.values[0]
                if isinstance(part.format_spec, ast.JoinedStr) and part.format_spec.values
                else None
            )
            pieces.append(_formatted(value, str(spec.value) if isinstance(spec, ast.Constant) else ""))
    return "".join(pieces)


def _formatted(value: int | str, spec: str) -> str:
    try:
        return format(value, spec) if len(spec) <= 6 else str(value)
    except ValueError:
        return str(value)


def _name(node: ast.JoinedStr, value: int | str) -> str:
    return _text(node, value).rsplit("/", 1)[-1]


def _is_written_to(module: Module, node: ast.JoinedStr) -> bool:
    """Whether the text names a file that the nearest call around it, or that is made on it, writes."""
    last = node.values[-1] if node.values else None
    if not (isinstance(last, ast.Constant) and "." in str(last.value) and "/" not in str(last.value)):
        return False
    for around in module.ancestors(node):
        if isinstance(around, ast.stmt):
            return False
        if isinstance(around, ast.Call) and _writes(around):
            return True
    return False


def _writes(call: ast.Call) -> bool:
    name = last_name(call.func)
    if name != "open":
        return name in _WRITES
    modes = [
        *call.args[isinstance(call.func, ast.Name) :][:1],
        *(k.value for k in call.keywords if k.arg == "mode"),
    ]
    return any(isinstance(m, ast.Constant) and str(m.value)[:1] in ("w", "x") for m in modes)


def _values_of(module: Module, node: ast.AST, name: str, known: Mapping[str, Values | int]) -> Values | None:
    """The values that a name takes there, where nothing on the way may leave one out."""
    for around in module.ancestors(node):
        if isinstance(around, ast.For) and isinstance(around.target, ast.Name) and around.target.id == name:
            return None if _leaves_out(around) else _row(around.iter, known)
        if is_function(around):
            first = next((a.arg for a in around.args.args if a.arg not in ("self", "cls")), None)
            given = first == name and not _leaves_out(around)
            return _values_given(module, around, known) if given else None
        if isinstance(
            around, ast.If | ast.While | ast.For | ast.Try | ast.TryStar | ast.ExceptHandler | ast.IfExp
        ):
            return None
    return None


def _leaves_out(around: ast.For | Function) -> bool:
    leaving = (
        (ast.Continue, ast.Break, ast.Return, ast.Yield) if isinstance(around, ast.For) else (ast.Yield,)
    )
    early = any(
        isinstance(inner, ast.Return)
        for node in within(around)
        if isinstance(node, ast.If | ast.Try | ast.ExceptHandler)
        for inner in within(node)
    )
    return early or any(isinstance(node, leaving) for step in around.body for node in within(step))


def _values_given(module: Module, function: Function, known: Mapping[str, Values | int]) -> Values | None:
    """The values that a function is called or mapped with, where it is used in one place alone."""
    uses = [
        n
        for n in module.nodes
        if isinstance(n, ast.Name) and n.id == function.name and isinstance(n.ctx, ast.Load)
    ]
    if len(uses) != 1:
        return None
    use = uses[0]
    call = next((a for a in module.ancestors(use) if isinstance(a, ast.Call)), None)
    if call is None:
        return None
    if last_name(call.func) in _MAPS and len(call.args) > 1 and call.args[0] is use:
        row = _row(call.args[1], known)
        if row is not None:
            return row
    handed = [n for n in ast.walk(call) if isinstance(n, ast.Name) and n is not use]
    for around in module.ancestors(call):
        target, source = None, None
        if isinstance(around, ast.For):
            target, source = around.target, around.iter
        elif (
            isinstance(around, ast.ListComp | ast.GeneratorExp)
            and len(around.generators) == 1
            and not around.generators[0].ifs
        ):
            target, source = around.generators[0].target, around.generators[0].iter
        if isinstance(target, ast.Name) and source is not None:
            used = any(n.id == target.id for n in handed)
            return (
                _row(source, known)
                if used and not (isinstance(around, ast.For) and _leaves_out(around))
                else None
            )
        if isinstance(around, ast.If | ast.While | ast.Try) or is_function(around):
            return None
    return None
