"""A file that is put in its place whole or not at all, readable by its owner only."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file beside `path` to write bytes to, moved there when the block ends well, and gone when it does not.

    A link at `path` is replaced. Raises OSError; what was there before is still there then.
    """
    if path.exists() and not os.access(path, os.W_OK):
        # A move would do it all the same; but who took the right to write away meant something by it.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".diagnose-", suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105  (one call that either happens or does not)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
