"""A report as a file: beside its place first, moved there when whole, readable by its owner only."""

import os
import stat
from pathlib import Path

from diagnose.errors import DiagnoseError
from diagnose.redact.gate import check
from diagnose.whole import whole_file


def write_file(path: Path, text: str, *, through_link: bool = False) -> None:
    """Put `text` at `path`, whole or not at all; a link there is replaced, or followed when that is asked for.

    A device or a pipe is written to as it is. Raises `DiagnoseError` when it cannot be written or holds a
    secret; what was there before is still there then.
    """
    check(text, str(path))
    try:
        if _is_stream(path):
            path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        else:
            _move_there(Path(os.path.realpath(path)) if through_link else path, text)
    except OSError as error:
        why = error.strerror or str(error)
        raise DiagnoseError(
            f"The report could not be written to {path}: {why}. Name another place with -o."
        ) from error


def _move_there(path: Path, text: str) -> None:
    with whole_file(path) as file:
        file.write(text.encode("utf-8", errors="replace"))


def _is_stream(path: Path) -> bool:
    """Whether something lies there that must not be replaced by a file: `/dev/null`, a named pipe."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
