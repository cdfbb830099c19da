"""One setting: its value, checked so that it can never change the path of a URL, and where it came from."""

import re
from dataclasses import dataclass

from diagnose.errors import UsageError
from diagnose.evidence.members import quoted

SUBSCRIPTION, RESOURCE_GROUP, WORKSPACE, CLOUD = "subscription", "resource group", "workspace", "cloud"
CLOUDS = ("AzureCloud", "AzureUSGovernment", "AzureChinaCloud")

_HEX = "[0-9A-Fa-f]"
_SHAPES = {
    SUBSCRIPTION: (re.compile(f"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"), "a GUID"),
    RESOURCE_GROUP: (
        # Azure allows the letters and digits of all languages here, and no full stop at the end.
        re.compile(r"[\w().-]{0,89}[\w()-]"),
        "up to 90 letters, digits and _-.() with no full stop at the end",
    ),
    WORKSPACE: (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}"),
        "letters, digits, hyphens and underscores that start with a letter or digit",
    ),
    CLOUD: (re.compile("|".join(CLOUDS), re.IGNORECASE), f"one of {', '.join(CLOUDS)}"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and its source as a person would name it: an option, a variable, a file, what was typed."""

    value: str
    source: str


def checked(field: str, value: object, source: str) -> Setting:
    """The setting, without white space around it; raises `UsageError` for what can be no such name."""
    text = value.strip() if isinstance(value, str) else repr(value)
    pattern, shape = _SHAPES[field]
    if not isinstance(value, str) or not pattern.fullmatch(text):
        raise UsageError(f"The {field} {quoted(text)} from {source} is not {shape}; correct it there.")
    if field == CLOUD:
        text = next(cloud for cloud in CLOUDS if cloud.lower() == text.lower())
    return Setting(text, source)
