"""What a handler guards: whether it was something to be written that it passes over."""

import ast

from diagnose.evidence.source.module import Module, within

_WRITES = frozenset(
    {
        "to_csv",
        "to_parquet",
        "to_json",
        "to_pickle",
        "dump",
        "save",
        "savez",
        "write",
        "writelines",
        "writerow",
        "writerows",
    }
    | {
        "write_text",
        "write_bytes",
        "upload",
        "upload_file",
        "upload_folder",
        "upload_blob",
        "copy",
        "copyfile",
        "copytree",
        "move",
    }
)


def tries_to_write(module: Module, line: int) -> bool:
    """Whether what the handler at that line guards is the writing of something."""
    guarded = (
        inner
        for node in module.nodes
        if isinstance(node, ast.Try | ast.TryStar) and any(each.lineno == line for each in node.handlers)
        for step in node.body
        for inner in within(step)
    )
    return any(isinstance(node, ast.Call) and _writes(node) for node in guarded)


def _writes(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name) and call.func.id == "open":
        mode = next(
            (a for a in (*call.args[1:2], *(k.value for k in call.keywords if k.arg == "mode"))), None
        )
        return isinstance(mode, ast.Constant) and any(letter in str(mode.value) for letter in "wax")
    return isinstance(call.func, ast.Attribute) and call.func.attr in _WRITES
