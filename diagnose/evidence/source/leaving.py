"""A process that ends itself at once after it has put everything away: nothing is left that would have been flushed."""

import ast
from collections.abc import Iterator, Sequence

from diagnose.evidence.source.module import Module, last_name, within
from diagnose.evidence.source.writing import writes

WITH_A_TAIL = (
    "mlflow",
    "wandb",
    "azureml",
    "tensorboard",
    "tensorboardX",
    "torch",
    "comet_ml",
    "neptune",
    "aim",
    "clearml",
    "opentelemetry",
    "concurrent",
    "multiprocessing",
    "subprocess",
    "asyncio",
    "atexit",
)
"""Packages that may have something under way, or that send their last points only when the interpreter ends."""
ONLY_TALKS = frozenset({"time.sleep", "print", "sys.stderr.write", "sys.stdout.write", "sys.stdout.flush"})
"""What a thread that is cut off may do without any loss."""


def leaves_nothing_open(modules: Sequence[Module], path: str, line: int, shown: int | None = None) -> bool:
    """Whether the call of that line comes right after a flush, and all that the sources open to write is closed by then.

    `shown` is the line of that file that printed the log's last line: what stands there was flushed, and all before it.
    """
    flushed = any(
        each.lineno == line and _is_flushed_before(module, each, shown)
        for module in modules
        if module.path == path
        for each in module.calls
    )
    return flushed and all(_keeps_nothing_open(module) for module in modules)


def _keeps_nothing_open(module: Module) -> bool:
    if _imports(module, WITH_A_TAIL):
        return False
    opened = [each for each in module.calls if writes(module, each)]
    return all(_is_put_away(module, each) for each in opened) and all(
        module.origin(inner.func) in ONLY_TALKS for inner in _in_threads(module)
    )


def _is_flushed_before(module: Module, call: ast.Call, shown: int | None) -> bool:
    step = module.statement(call)
    block = next((block for block in _blocks(module.parents[step]) if step in block), [])
    before = block[max(0, block.index(step) - 3) : block.index(step)] if step in block else []
    if shown is not None and any(each.lineno <= shown <= (each.end_lineno or 0) for each in before):
        return True
    return any(_flushes(inner) or _own_flushes(module, inner) for each in before for inner in ast.walk(each))


def _own_flushes(module: Module, node: ast.AST) -> bool:
    """Whether it calls a function of this file whose last step is a flush."""
    functions = module.functions_by_name.get(last_name(node.func), ()) if isinstance(node, ast.Call) else ()
    return bool(functions) and all(
        any(_flushes(inner) for inner in ast.walk(function.body[-1])) for function in functions
    )


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _flushes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    told = any(each.arg == "flush" for each in node.keywords)
    return told or (isinstance(node.func, ast.Attribute) and node.func.attr in ("flush", "shutdown"))


def _imports(module: Module, packages: tuple[str, ...]) -> bool:
    names = [
        name
        for node in module.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    ]
    return any(name.partition(".")[0] in packages for name in names)


def _is_put_away(module: Module, opened: ast.Call) -> bool:
    """Opened by a `with`, or held by a plain name that is closed whatever happens between."""
    parent = module.parents.get(opened)
    if isinstance(parent, ast.withitem):
        return True
    step = module.statement(opened)
    if not (isinstance(step, ast.Assign) and step.value is opened and len(step.targets) == 1):
        return False
    held = step.targets[0]
    return isinstance(held, ast.Name) and any(_closes(module, each, held.id) for each in module.calls)


def _closes(module: Module, call: ast.Call, name: str) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=held), attr="close") if held == name:
            return not any(isinstance(node, ast.If | ast.ExceptHandler) for node in module.ancestors(call))
    return False


def _in_threads(module: Module) -> Iterator[ast.Call]:
    """The calls of every function that is handed to something as its target; of what is not known, that very call."""
    for call in module.calls:
        given = [each.value for each in call.keywords if each.arg in ("target", "function")]
        if module.origin(call.func) == "threading.Thread" and not given:
            yield call
        for target in given:
            functions = module.functions_by_name.get(last_name(target), ())
            if not functions:
                yield call
            for function in functions:
                yield from (inner for inner in within(function) if isinstance(inner, ast.Call))
    for node in module.nodes:
        if isinstance(node, ast.ClassDef) and any(module.origin(b) == "threading.Thread" for b in node.bases):
            yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))
