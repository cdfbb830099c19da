"""Output that may not arrive: writers never closed, flushes in a loop, sources removed behind an upload."""

import ast
from collections.abc import Iterator

from diagnose.evidence.source.finding import CodeFinding, CodeKind, Project, found
from diagnose.evidence.source.module import Function, Loop, Module, is_function, keyword, within

# Where the mode stands among the arguments, for what can be opened to read as well.
_OPENERS = {
    "open": 1,
    "io.open": 1,
    "codecs.open": 1,
    "gzip.open": 1,
    "gzip.GzipFile": 1,
    "bz2.open": 1,
    "bz2.BZ2File": 1,
    "lzma.open": 1,
    "lzma.LZMAFile": 1,
    "zipfile.ZipFile": 1,
    "tarfile.open": 1,
    "h5py.File": 1,
}
_WRITERS = frozenset(
    {
        "pyarrow.parquet.ParquetWriter",
        "pyarrow.RecordBatchFileWriter",
        "pyarrow.RecordBatchStreamWriter",
        "pyarrow.ipc.new_file",
        "pyarrow.ipc.new_stream",
        "pyarrow.ipc.RecordBatchFileWriter",
        "pyarrow.ipc.RecordBatchStreamWriter",
        "pyarrow.orc.ORCWriter",
        "pyarrow.csv.CSVWriter",
        "pandas.ExcelWriter",
        "pandas.HDFStore",
        "tensorflow.io.TFRecordWriter",
        "torch.utils.tensorboard.SummaryWriter",
        "tensorboardX.SummaryWriter",
        "cv2.VideoWriter",
    }
)
# Library functions that write to a file that they are given, and leave its closing to the giver.
_BORROWERS = ("csv.", "json.", "pickle.", "numpy.", "yaml.", "torch.", "joblib.", "cloudpickle.", "pyarrow.")
_UPLOADS = frozenset(
    {
        "upload_file",
        "upload_files",
        "upload_folder",
        "upload_blob",
        "upload_from_path",
        "log_artifact",
        "log_artifacts",
        "upload",
        "upload_directory",
        "upload_data",
        "upload_fileobj",
        "put_file",
        "create_or_update",
    }
)
_REMOVERS = frozenset({"os.remove", "os.unlink", "os.rmdir", "shutil.rmtree"})


def unclosed_writers(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Files opened for writing that are held by a name and never closed."""
    handles = project.handles[module]
    for call in module.calls:
        if not writes(module, call):
            continue
        made = handles.made(call)
        # What no name holds is closed as soon as the statement is done.
        if not made.keys or handles.is_managed(made) or _is_standard_stream(module, call):
            continue
        used = handles.attributes(made).union(
            *(project.attribute_uses.get(name, frozenset()) for name in handles.held_as(made))
        )
        if not used & {"close", "release", "__exit__"} and not _is_handed_on(module, project, call):
            yield found(module, call, CodeKind.WRITER_NOT_CLOSED, "opened for writing and closed nowhere")


def writes(module: Module, call: ast.Call) -> bool:
    """Whether a call opens something to write to it."""
    origin = module.origin(call.func)
    if origin in _WRITERS:
        return True
    if origin in _OPENERS:
        return _mode_writes(call, _OPENERS[origin])
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "open"
        and origin is None
        and _mode_writes(call, 0)
    )


def _mode_writes(call: ast.Call, place: int) -> bool:
    mode = keyword(call, "mode") or (call.args[place] if len(call.args) > place else None)
    return (
        isinstance(mode, ast.Constant)
        and isinstance(mode.value, str)
        and len(mode.value) <= 5
        and bool(set(mode.value) & set("wax+"))
    )


def _is_standard_stream(module: Module, call: ast.Call) -> bool:
    step = module.statement(call)
    return isinstance(step, ast.Assign) and any(
        isinstance(target, ast.Attribute) and target.attr in ("stdout", "stderr") for target in step.targets
    )


def _is_handed_on(module: Module, project: Project, made_by: ast.Call) -> bool:
    """Whether somebody else may close it: it is returned, or given to a function that is no mere borrower."""
    handles = project.handles[module]
    made = handles.made(made_by)
    if not handles.escapes(made):
        return False
    for node in module.nodes:
        if (
            isinstance(node, ast.Return | ast.Yield)
            and node.value is not None
            and handles.same(node.value, made.keys)
        ):
            return True
        if isinstance(node, ast.Call) and not _borrows(module, node):
            given = (*node.args, *(each.value for each in node.keywords))
            if any(
                isinstance(arg, ast.Name | ast.Attribute) and handles.same(arg, made.keys) for arg in given
            ):
                return True
    return False


def _borrows(module: Module, call: ast.Call) -> bool:
    origin = module.origin(call.func) or ""
    if origin.startswith(_BORROWERS) or origin in ("print", "len", "shutil.copyfileobj"):
        return True
    return isinstance(call.func, ast.Attribute) and call.func.attr.startswith(
        ("to_", "write", "save", "dump")
    )


def flushes_in_loops(module: Module, project: Project) -> Iterator[CodeFinding]:
    """Flushes that are done again and again. Those of files cost little and save much."""
    handles = project.handles[module]
    files = [key for call in module.calls if writes(module, call) for key in handles.made(call).keys]
    for call in module.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "flush":
            continue
        if (module.origin(call.func.value) or "").startswith("sys."):
            continue
        if handles.same(call.func.value, files):
            continue
        around = _loop_around(module, call)
        if around is not None:
            detail = "flushed in a loop, on a condition" if around else "flushed in every turn of a loop"
            yield found(module, call, CodeKind.FLUSH_IN_LOOP, detail)


def _loop_around(module: Module, node: ast.AST) -> bool | None:
    """Whether a condition stands between a node and the loop it runs in; None when it runs in none."""
    conditional = False
    for around in module.ancestors(node):
        if is_function(around) or isinstance(around, ast.Lambda):
            return None
        if isinstance(around, Loop):
            return conditional
        conditional |= isinstance(around, ast.If | ast.IfExp | ast.ExceptHandler)
    return None


def removed_after_upload(module: Module, _project: Project) -> Iterator[CodeFinding]:
    """Files that are removed in the same function that has just uploaded them."""
    scopes: tuple[Function | ast.Module, ...] = (module.tree, *module.functions)
    for scope in scopes:
        uploaded: dict[str, int] = {}
        for node in within(scope):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Attribute) and node.func.attr in _UPLOADS:
                uploaded |= dict.fromkeys(_paths(node), node.lineno)
            for path in _removed(module, node):
                if path in uploaded:
                    detail = f"removes {path[:80]}, uploaded in line {uploaded[path]}"
                    yield found(module, node, CodeKind.SOURCE_REMOVED_AFTER_UPLOAD, detail)


def _paths(upload: ast.Call) -> Iterator[str]:
    """The names and texts that an upload is given, also as `open(path)` or `str(path)`."""
    for given in (*upload.args, *(each.value for each in upload.keywords)):
        yield ast.unparse(given)
        if isinstance(given, ast.Call) and given.args:
            yield ast.unparse(given.args[0])


def _removed(module: Module, call: ast.Call) -> Iterator[str]:
    if module.origin(call.func) in _REMOVERS and call.args:
        yield ast.unparse(call.args[0])
    elif (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "unlink"
        and module.origin(call.func) is None
    ):
        yield ast.unparse(call.func.value)
