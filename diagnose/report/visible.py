"""Text from outside, made safe to look at: nothing invisible, nothing that commands, nothing endless."""

import re

MARK = "⟦{}⟧"
"""What is put in place of something that was not shown as it stood."""

_ROOM_FOR_BOTH_ENDS = 60

# Terminal sequences: CSI, then strings (titles, hyperlinks, clipboard) that end as they must, then two-byte
# ones. A string that never ends is not taken out, since it would take the rest of the line with it.
_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]{0,2048}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{0,4}[0-Z\\^-~]"
)
# Control, format, bidi, zero-width, filler and tag characters, line and paragraph separators, lone
# surrogates and non-characters: what a reader cannot see and XML mostly forbids.
_INVISIBLE = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
)
_RUN_OF_INVISIBLE = re.compile(f"([{_INVISIBLE}])\\1*")
# The selector after a symbol only asks for its coloured form; it is in every second log with a ⚠ or ✔.
_PRESENTATION = re.compile("(?<=[\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff])[\ufe0e\ufe0f]")
# Azure Pipelines obeys `##vso[` anywhere in a line, other systems `##name[`, GitHub `::name` at its start.
_COMMAND = re.compile(r"##(?=[A-Za-z-]{0,40}\[)|(?m:(?<=^)|(?<=\s))::(?=[A-Za-z])")


def line(text: str, limit: int = 300) -> str:
    """`text` as one visible line of about `limit` characters; a longer one loses its middle, and says so.

    Escape sequences are gone, tabs are spaces, every other invisible character reads `⟦U+202E⟧`.
    """
    if len(text) <= limit:
        return _clip(_show(text), limit * 2 if limit >= _ROOM_FOR_BOTH_ENDS else limit + 8)
    if limit < _ROOM_FOR_BOTH_ENDS:
        return _clip(_show(text[: limit + 1]), limit)
    tail = limit // 3
    head = limit - tail
    left_out = MARK.format(f"… {len(text) - limit:,} characters …")
    return f"{_clip(_show(text[:head]), head)} {left_out} {_clip(_show(text[-tail:]), tail)}"


def prose(text: str, limit: int = 1200) -> str:
    """A sentence or paragraph as one visible line: like `line`, with runs of white space made one space."""
    cut = text[: limit * 2]
    return line(" ".join(cut.split()) + ("…" if len(text) > len(cut) else ""), limit)


def block(text: str, lines: int = 30, limit: int = 240) -> str:
    """Text of several lines (a command, a piece of code), each visible and bounded, and their number too."""
    kept = text[: lines * limit * 2].splitlines()
    shown = [line(each, limit).rstrip() for each in kept[:lines]]
    if len(kept) > lines or len(text) > lines * limit * 2:
        shown.append("⟦… more lines …⟧")
    return "\n".join(shown).strip("\n")


def obeyed_by_none(text: str) -> str:
    """`text`, in which no build pipeline finds a command to obey; of several lines or one, and idempotent."""
    return _COMMAND.sub(lambda found: MARK.format(found[0]), text)


def _show(text: str) -> str:
    plain = _PRESENTATION.sub("", _SEQUENCES.sub("", text)).replace("\t", "    ")
    return _RUN_OF_INVISIBLE.sub(_name, plain)


def _name(found: re.Match[str]) -> str:
    times = len(found[0])
    return MARK.format(f"U+{ord(found[1]):04X}" + (f" times {times:,}" if times > 1 else ""))


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"
