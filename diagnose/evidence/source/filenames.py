"""The names of the files that a piece of code writes, as patterns: `f"spec_{n:03d}.bin"` is any `spec_….bin`."""

import ast
import re
from collections.abc import Iterable, Iterator

from diagnose.evidence.source.module import Module, last_name, preorder
from diagnose.evidence.source.writing import writes

_SAVES = frozenset(
    {
        "write_text",
        "write_bytes",
        "to_csv",
        "to_parquet",
        "to_json",
        "to_pickle",
        "to_feather",
        "to_netcdf",
        "tofile",
        "save",
        "savez",
        "savetxt",
        "savez_compressed",
        "savefig",
        "imwrite",
        "write_table",
        "save_file",
        "copy",
        "copyfile",
        "move",
    }
)
_ANY = "\0"
_HOLES = re.compile(r"%(?:\(\w{1,40}\))?[#0\- +]{0,3}\d{0,4}(?:\.\d{1,4})?[a-z]|\{[^{}]{0,40}\}")
_DEPTH = 3
"""How far names are followed to what was assigned to them."""
FEWEST_LETTERS = 3
"""A name of fewer letters that are written down may be anybody's."""


def written_by(module: Module, nodes: Iterable[ast.AST]) -> Iterator[re.Pattern[str]]:
    """The last parts of the paths that these nodes open to write, or save to."""
    for node in nodes:
        if isinstance(node, ast.Call) and (writes(module, node) or last_name(node.func) in _SAVES):
            holder = node.func.value if isinstance(node.func, ast.Attribute) else None
            given = (holder, *node.args, *(each.value for each in node.keywords))
            for part in given:
                yield from named_in(module, part)


def named_in(module: Module, expression: ast.AST | None) -> Iterator[re.Pattern[str]]:
    """The file names that an expression spells, with a hole for every value that is put in."""
    for text in texts_in(module, expression):
        name = _HOLES.sub(_ANY, text).rstrip("/").rpartition("/")[2]
        stem, dot, _ = name.partition(".")
        if dot and len(re.findall(r"[^\W_]", stem)) >= FEWEST_LETTERS:
            yield re.compile(".{1,100}".join(map(re.escape, name.split(_ANY))))


def texts_in(module: Module, expression: ast.AST | None, depth: int = _DEPTH) -> Iterator[str]:
    """Every text that an expression holds, also by the names in it."""
    if expression is None:
        return
    inside_text: set[ast.AST] = set()
    for node in preorder(expression):
        if node in inside_text:
            continue
        if isinstance(node, ast.JoinedStr):
            inside_text.update(inner for inner in ast.walk(node) if inner is not node)
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else _ANY for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Name) and depth:
            for value in _assigned(module, node.id):
                yield from texts_in(module, value, depth - 1)


def _assigned(module: Module, name: str) -> Iterator[ast.expr]:
    for node in module.nodes:
        if isinstance(node, ast.Assign) and any(last_name(target) == name for target in node.targets):
            yield node.value
