"""One source file as a syntax tree, with what its imported names stand for."""

import ast
import builtins
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

Function = ast.FunctionDef | ast.AsyncFunctionDef
Loop = ast.For | ast.AsyncFor | ast.While
_BUILTINS = frozenset(dir(builtins))
# Packages that hand out another one's classes under their own name.
_SAME_AS = {
    "torch.multiprocessing": "multiprocessing",
    "multiprocess": "multiprocessing",
    "multiprocessing.pool": "multiprocessing",
    "multiprocessing.context": "multiprocessing",
    "multiprocessing.queues": "multiprocessing",
    "concurrent.futures.thread": "concurrent.futures",
    "concurrent.futures.process": "concurrent.futures",
    "pyarrow.parquet.core": "pyarrow.parquet",
}
# Calls whose result is known by what it offers: the classes of a module, or the methods of a logger.
_MODULE_LIKE = {
    "multiprocessing.get_context": "multiprocessing",
    "multiprocessing.Manager": "multiprocessing",
    "logging.getLogger": "logging.Logger",
    "structlog.get_logger": "logging.Logger",
}
_LINE_END = re.compile(rb"\r\n|\r|\n")


class UnreadableSourceError(Exception):
    """A file that is no Python this interpreter can parse; the message says why."""


@dataclass(frozen=True, eq=False)
class Module:
    """A parsed file. Nodes are in source order."""

    path: str
    """As in the snapshot, without the `code/` in front."""
    tree: ast.Module
    lines: tuple[str, ...]
    parents: Mapping[ast.AST, ast.AST]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node, in source order."""
        return tuple(preorder(self.tree))

    @cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        """Every call, in source order."""
        return tuple(node for node in self.nodes if isinstance(node, ast.Call))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function and method."""
        return tuple(node for node in self.nodes if is_function(node))

    @cached_property
    def functions_by_name(self) -> Mapping[str, tuple[Function, ...]]:
        """Every function and method, by its name."""
        named: defaultdict[str, list[Function]] = defaultdict(list)
        for function in self.functions:
            named[function.name].append(function)
        return {name: tuple(functions) for name, functions in named.items()}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """What imported names stand for, and names given to module-like objects."""
        names = dict(_imported(self.nodes))
        for node in self.nodes:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                made = _dotted(node.value.func, names)
                if made in _MODULE_LIKE:
                    names |= {
                        name.id: _MODULE_LIKE[made] for name in node.targets if isinstance(name, ast.Name)
                    }
        return names

    @cached_property
    def _defined(self) -> frozenset[str]:
        """Functions and classes of this file, which hide built-in ones."""
        return frozenset(
            node.name for node in self.nodes if is_function(node) or isinstance(node, ast.ClassDef)
        )

    def origin(self, node: ast.AST) -> str | None:
        """The dotted name that an expression stands for, such as `threading.Thread`; None when not known."""
        dotted = _dotted(node, self._names)
        if dotted is None and isinstance(node, ast.Name) and node.id in _BUILTINS - self._defined:
            return node.id
        return dotted

    def text(self, node: ast.stmt | ast.expr | ast.excepthandler) -> str:
        """The source line on which a node begins, stripped, at most 200 characters."""
        return self.lines[node.lineno - 1].strip()[:200] if node.lineno <= len(self.lines) else ""

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node lies in, from the inside out."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The statement that an expression belongs to."""
        found = node
        while not isinstance(found, ast.stmt):
            found = self.parents[found]
        return found

    def enclosing(self, node: ast.AST) -> Function | None:
        """The innermost function around a node."""
        return next((found for found in self.ancestors(node) if is_function(found)), None)


def parse(path: str, data: bytes) -> Module:
    """Parse one file. Raises UnreadableSourceError."""
    try:
        with warnings.catch_warnings():
            # The user's stray backslashes are not ours to warn about.
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
        parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    except SyntaxError as error:
        raise UnreadableSourceError(f"line {error.lineno or 1}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnreadableSourceError(f"cannot be parsed: {type(error).__name__} {error}") from error
    lines = tuple(line.decode("utf-8", "replace") for line in _LINE_END.split(data))
    return Module(path, tree, lines, parents)


def preorder(root: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, in source order."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(ast.iter_child_nodes(node))))


def within(root: ast.AST) -> Iterator[ast.AST]:
    """A node and what runs when it runs: not the bodies of functions and classes defined in it."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if node is root or not (is_function(node) or isinstance(node, ast.ClassDef | ast.Lambda)):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))


def last_name(node: ast.AST | None) -> str:
    """The last part of a dotted name: `put` of `jobs.put`; empty for what is no name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_function(node: ast.AST) -> TypeGuard[Function]:
    """Whether a node defines a named function."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value given for a keyword; None when it is not given."""
    return next((given.value for given in call.keywords if given.arg == name), None)


def is_constant(node: ast.AST | None, *values: object) -> bool:
    """Whether an expression is one of these constants, of the same type."""
    return isinstance(node, ast.Constant) and any(
        type(node.value) is type(value) and node.value == value for value in values
    )


def _imported(nodes: tuple[ast.AST, ...]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for name in node.names:
                top = name.name.partition(".")[0]
                yield name.asname or top, _canonical(name.name) if name.asname else top
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                yield name.asname or name.name, _canonical(f"{node.module or ''}.{name.name}")


def _canonical(dotted: str) -> str:
    if dotted in _SAME_AS:
        return _SAME_AS[dotted]
    package, _, name = dotted.rpartition(".")
    return f"{_SAME_AS.get(package, package)}.{name}" if package else dotted


def _dotted(node: ast.AST, names: Mapping[str, str]) -> str | None:
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in names:
        return None
    dotted = names[node.id]
    for attribute in reversed(attributes):
        dotted = _canonical(f"{dotted}.{attribute}")
    return dotted
