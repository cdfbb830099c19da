"""A report as a file: beside its place first, moved there when whole, readable by its owner only."""

import contextlib
import os
import tempfile
from pathlib import Path

from diagnose.errors import DiagnoseError


def write_file(path: Path, text: str) -> None:
    """Put `text` at `path`, whole or not at all.

    Raises `DiagnoseError` when it cannot be written; what was there before is still there then.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".diagnose-", suffix=".partial")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105  (one call that either happens or does not)
    except OSError as error:
        why = error.strerror or str(error)
        raise DiagnoseError(
            f"The report could not be written to {path}: {why}. Name another place with -o."
        ) from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
