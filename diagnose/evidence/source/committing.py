"""Rows that are inserted into a SQLite database in a transaction that the source never commits."""

import ast
import re
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Module, keyword, last_name

_EXECUTES = frozenset({"execute", "executemany"})
_CHANGES = re.compile(r"(?i)\s*(?:INSERT|REPLACE|UPDATE)\b")
_OTHERWISE = frozenset({"executescript", "to_sql"})
"""Calls that commit by themselves, or by a way of their own."""


def never_committed(module: Module, project: Project) -> Iterator[CodeFinding]:
    """The first change, where no commit stands in any function but those that only make the tables."""
    del project
    changes = [call for call in module.calls if _changes(call)]
    if not changes or not _by_hand(module):
        return
    changing = {module.enclosing(call) for call in changes}
    making = {module.enclosing(call) for call in module.calls if _makes(call)} - changing
    commits = [call for call in module.calls if last_name(call.func) in ("commit", *_OTHERWISE)]
    if all(module.enclosing(call) in making and module.enclosing(call) is not None for call in commits):
        yield found(
            module, changes[0], CodeKind.NEVER_COMMITTED, "changes rows, and no commit follows anywhere"
        )


def _by_hand(module: Module) -> bool:
    """Whether the module opens SQLite the usual way, in which a change waits for its commit."""
    opened = [call for call in module.calls if module.origin(call.func) == "sqlite3.connect"]
    other = any(
        keyword(call, name) is not None for call in opened for name in ("isolation_level", "autocommit")
    )
    set_later = any(
        isinstance(n, ast.Attribute) and n.attr in ("isolation_level", "autocommit") for n in module.nodes
    )
    contexts = any(
        isinstance(item.context_expr, ast.Name | ast.Attribute) or item.context_expr in opened
        for node in module.nodes
        if isinstance(node, ast.With | ast.AsyncWith)
        for item in node.items
    )
    return bool(opened) and not (other or set_later or contexts or _commits_in_sql(module))


def _commits_in_sql(module: Module) -> bool:
    return any(_sql(call).strip().upper().startswith(("COMMIT", "END")) for call in module.calls)


def _changes(call: ast.Call) -> bool:
    return bool(_CHANGES.match(_sql(call)))


def _makes(call: ast.Call) -> bool:
    return _sql(call).strip().upper().startswith(("CREATE", "DROP", "PRAGMA", "DELETE"))


def _sql(call: ast.Call) -> str:
    """The statement, where it is written in the call."""
    if last_name(call.func) not in _EXECUTES or not call.args:
        return ""
    match call.args[0]:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=[ast.Constant(value=str() as text), *_]):
            return text
    return ""
