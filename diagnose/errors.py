"""Trouble that the user can fix: what happened, to what, and what to do about it."""


class DiagnoseError(Exception):
    """One clear sentence for the person at the terminal; nothing was diagnosed.

    The command line prints the message on stderr, without a traceback, and exits with `exit_code`.
    """

    exit_code = 3


class UsageError(DiagnoseError):
    """What was typed does not fit together."""

    exit_code = 2


class BundleError(DiagnoseError):
    """Evidence on disk that cannot be read: no such path, not a bundle, damaged, or not safe to open."""


class Interruption(DiagnoseError):  # noqa: N818  (no error of anybody's)
    """Somebody wanted no more of it: Ctrl-C, a pipeline that cancels, a terminal that closes."""

    exit_code = 130
