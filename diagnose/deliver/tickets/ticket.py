"""What was typed as TICKET: which system, and which ticket there. A site or a credential is never part of it."""

import re
from dataclasses import dataclass

from diagnose.errors import UsageError

_NAME = r"[^\s/\\?#%\x00-\x1f\x7f]{1,128}"
_FORMS = {
    "azure-devops": (rf"(?P<org>[A-Za-z0-9][A-Za-z0-9-]{{0,49}})/(?P<project>{_NAME}(?: {_NAME})*)/(?P<id>\d{{1,10}})", "ORG/PROJECT/ID"),
    "jira": (r"(?P<id>[A-Za-z][A-Za-z0-9_]{0,49}-\d{1,10})", "KEY"),
    "servicenow": (r"(?P<id>[A-Za-z]{2,12}\d{1,20})", "NUMBER"),
    "redmine": (r"#?(?P<id>\d{1,10})", "ID"),
    "github": (r"(?P<owner>[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}))/(?P<repo>(?!\.{1,2}#)[A-Za-z0-9._-]{1,100})#(?P<id>\d{1,10})", "OWNER/REPO#N"),
    "email": (r"(?P<id>[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)", "ADDRESS"),
    "file": (r"(?P<id>[^\x00]+)", "DIR"),
    "apprise": (r"(?P<id>[A-Za-z0-9_-]{1,40})", "NAME"),
}  # fmt: skip
_DOTS = re.compile(r"\.{1,2}")


@dataclass(frozen=True, slots=True)
class Ticket:
    """`kind`: the system; `text`: what followed the colon; `parts`: its named pieces, `id` always among them."""

    kind: str
    text: str
    parts: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        return dict(self.parts)[name]

    def __str__(self) -> str:
        return f"{self.kind}:{self.text}"


def ticket_of(typed: str, more_kinds: tuple[str, ...] = ()) -> Ticket:
    """The ticket that was typed; `more_kinds` are those of installed packages. Raises `UsageError`."""
    kind, colon, text = typed.strip().partition(":")
    if colon and kind in more_kinds and text:
        return Ticket(kind, text, (("id", text),))
    if not colon or kind not in _FORMS:
        raise UsageError(f"{_shown(typed)} is no ticket. A ticket is one of {', '.join(_forms(more_kinds))}.")
    shape, form = _FORMS[kind]
    found = re.fullmatch(shape, text)
    # A dot or two as a piece of a path would lead to another place of the site.
    if not found or (kind != "file" and any(_DOTS.fullmatch(part) for part in found.groups())):
        raise UsageError(f"{_shown(typed)} is no ticket; write {kind}:{form}.")
    return Ticket(kind, text, tuple(found.groupdict().items()))


def _forms(more_kinds: tuple[str, ...]) -> list[str]:
    return [
        *(f"{kind}:{form}" for kind, (_, form) in _FORMS.items()),
        *(f"{kind}:NAME" for kind in more_kinds),
    ]


def _shown(typed: str) -> str:
    """What was typed, unless it is an address, which may hold a password."""
    return "What was typed" if "://" in typed or not typed.strip() else repr(typed[:80])
