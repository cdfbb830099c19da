"""The commands of a simple shell script, and which of them are left running in the background. Read, never run."""

import re
from dataclasses import dataclass

_MAX_TEXT = 64 << 10
_MAX_COMMANDS = 2_000
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_BOTH = re.compile(r"&>>?\s*\S|(?:^|\s)>&\s*[^\s\d]")
_OUT = re.compile(r"(?:^|[^\d&>2]|\b1)>>?\s*[^\s&>]")
_ERROR = re.compile(r"2>(?:>?\s*[^\s&]|&1)")
_WAITING = re.compile(r"(?:wait|fg)\b")
_ENDING = re.compile(r"(?:kill|pkill|killall)\b|trap\b.*\b(?:kill|pkill|killall|wait)\b")
_PREFIXES = frozenset({"nohup", "setsid", "exec", "sudo", "time", "then", "do", "else", "{", "("})


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command or pipeline of a script."""

    line: int
    text: str
    background: bool

    @property
    def keeps_output(self) -> bool:
        """Whether it writes to the script's own output, or to its own errors: not both are sent elsewhere."""
        if _BOTH.search(self.text):
            return False
        return not (_OUT.search(self.text) and _ERROR.search(self.text))

    @property
    def words(self) -> list[str]:
        """Its words, without what merely starts it or sets a variable for it."""
        words = self.text.split()
        while words and (words[0] in _PREFIXES or re.match(r"\w+=", words[0])):
            words.pop(0)
        return words

    @property
    def call(self) -> str:
        """The command itself."""
        return " ".join(self.words)


def left_running(text: str) -> list[Command]:
    """The commands that are started in the background, keep the output, and are neither waited for nor ended."""
    return [command for command in never_awaited(text) if command.keeps_output]


def never_awaited(text: str) -> list[Command]:
    """The commands that are started in the background, and neither waited for nor ended, wherever they write to."""
    listed = commands(text)
    if any(_ENDING.match(command.call) for command in listed):
        return []
    return [
        command
        for number, command in enumerate(listed)
        if command.background and not any(_WAITING.match(later.call) for later in listed[number + 1 :])
    ]


def commands(text: str) -> list[Command]:
    """The commands in order; quotes, comments and here-documents are left alone. At most the first 2,000."""
    found: list[Command] = []
    for number, line in _logical_lines(text[:_MAX_TEXT]):
        for words, ends in _split(line):
            if words.strip() and len(found) < _MAX_COMMANDS:
                found.append(Command(number, words.strip(), ends == "&"))
    return found


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines with their continuations, without the bodies of here-documents."""
    lines: list[tuple[int, str]] = []
    begun, held, until = 0, "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if until:
            until = "" if line.strip() == until else until
            continue
        begun = begun if held else number
        held += line
        if held.endswith("\\"):
            held = held[:-1]
            continue
        heredoc = _HEREDOC.search(held)
        until = heredoc[2] if heredoc else ""
        lines.append((begun, held))
        held = ""
    return [*lines, (begun, held)] if held else lines


def _split(line: str) -> list[tuple[str, str]]:
    """The commands of a line, each with the operator that ends it: `&`, `;` or what joins it to the next."""
    parts: list[tuple[str, str]] = []
    current, quote, at = "", "", 0
    while at < len(line):
        char, pair = line[at], line[at : at + 2]
        if quote:
            quote = "" if char == quote else quote
        elif char == "\\":
            current, at = current + pair, at + 2
            continue
        elif char in "'\"`":
            quote = char
        elif char == "#" and (not current or current[-1].isspace()):
            break
        elif pair in ("&&", "||") or (char in ";&" and not _redirects(line, at)):
            parts.append((current, pair if pair in ("&&", "||") else char))
            current, at = "", at + (2 if pair in ("&&", "||") else 1)
            continue
        current, at = current + char, at + 1
    return [*parts, (current, "")]


def _redirects(line: str, at: int) -> bool:
    """Whether an `&` belongs to `>&`, `<&` or `&>`."""
    return line[at] == "&" and (line[at - 1 : at] in (">", "<") or line[at + 1 : at + 2] == ">")
