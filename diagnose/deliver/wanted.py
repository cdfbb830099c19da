"""What is to come out, and where to: the options as they were typed, checked before any work begins."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from diagnose.errors import UsageError

ENDINGS = {"html": ".html", "json": ".json", "markdown": ".md", "text": ".txt", "junit": ".xml"}
_NAME_MAX = 120


@dataclass(frozen=True, slots=True)
class Wanted:
    """The formats (none: the HTML report, and the text view on standard output) and their place."""

    formats: tuple[str, ...] = ()
    output: str | None = None
    color: bool = False
    open_report: bool = False

    def check(self, runs: int) -> None:
        """Raises `UsageError` when `runs` runs cannot come out as asked."""
        if self.open_report and self.formats and "html" not in self.formats:
            raise UsageError("--open opens the HTML report, which was not asked for; add -f html.")
        if self.output is None or self.output == "-":
            return
        if not self.output:
            raise UsageError("-o was given an empty name; give a file, a folder or -.")
        folder = Path(self.output) if self.is_folder else Path(self.output).parent
        if not folder.is_dir():
            raise UsageError(f"{folder}, which -o names, is not a folder; make it first.")
        files = runs if self.formats in {(), ("html",)} else len(self.formats)
        if files > 1 and not self.is_folder:
            raise UsageError(f"-o {self.output} names one file, and several come out; give a folder.")

    @property
    def is_folder(self) -> bool:
        """Whether `-o` names a folder, there or not."""
        named = self.output or ""
        return named.endswith(("/", os.sep)) or os.path.isdir(named)  # noqa: PTH112  (a name may hold anything)

    @property
    def file(self) -> Path | None:
        """The one file that `-o` names."""
        return None if self.output is None or self.output == "-" or self.is_folder else Path(self.output)

    @property
    def folder(self) -> Path | None:
        """The folder that `-o` names."""
        return Path(self.output) if self.output and self.is_folder else None


def file_name(run: str, form: str, taken: set[str]) -> str:
    """`diagnose-RUN` with the ending of the format: a name that every system can hold, once per `taken`."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", run[:_NAME_MAX]).strip(".-") or "run"
    candidate, number = f"diagnose-{name}{ENDINGS[form]}", 1
    while candidate.lower() in taken:
        number += 1
        candidate = f"diagnose-{name}-{number}{ENDINGS[form]}"
    taken.add(candidate.lower())
    return candidate
