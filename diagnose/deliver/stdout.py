"""Results on standard output, whatever it is: a terminal, a pipe that closes, a full disk, an old code page."""

import contextlib
import os
import sys
from io import TextIOWrapper

from diagnose.errors import DiagnoseError


def put_out(text: str, errors: str = "replace") -> None:
    """Write `text` to standard output now; `errors` says what becomes of characters that it cannot hold.

    Raises `BrokenPipeError` when the reader has gone, and `DiagnoseError` when it cannot be written.
    """
    stream = sys.stdout
    if not stream or stream.closed:
        raise DiagnoseError("Standard output is closed, so the result was lost. Name a file with -o.")
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors=errors)
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        forget_stdout()
        raise
    except OSError as error:
        forget_stdout()
        why = error.strerror or str(error)
        raise DiagnoseError(f"Standard output could not be written: {why}. Name a file with -o.") from error


def forget_stdout() -> None:
    """Let nothing more reach standard output, so that Python does not complain of it when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
