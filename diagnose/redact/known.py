"""Secrets that this process has met, in whatever bundle: no message of ours and no file may hold one."""

from diagnose.redact.literals import Literals

KNOWN = Literals()
