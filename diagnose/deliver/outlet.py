"""Hands verdicts over as they arrive: printed or written at once, so that an interruption loses none."""

from pathlib import Path

import click

from diagnose.deliver.file import write_file
from diagnose.deliver.stdout import put_out
from diagnose.deliver.wanted import Wanted, file_name
from diagnose.errors import DiagnoseError
from diagnose.messages import NOTICE, say
from diagnose.recording import Record
from diagnose.redact.gate import SecretFoundError, check

# What becomes of a character that standard output cannot hold; JSON is ASCII in any case.
_UNPRINTABLE = {"markdown": "xmlcharrefreplace", "junit": "xmlcharrefreplace"}


class UndeliveredError(DiagnoseError):
    """The verdict came out, but not everywhere it was wanted."""

    exit_code = 5


class Outlet:
    """Where the verdicts of one call go. `close` writes what only comes out when all are there."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._waiting: list[Record] = []
        self._taken: set[str] = set()
        self._printed: set[str] = set()
        self._may_open = wanted.open_report

    def give(self, record: Record, name: str) -> None:
        """Hand over the verdict on the run `name`, after which its files are called.

        Raises `DiagnoseError` when it could not be written.
        """
        if not self._wanted.formats:
            self._report_and_text(record, name)
            return
        for form in self._wanted.formats:
            if form == "html" or self._wanted.folder:
                self._write(form, self._path(form, name), [record])
            elif not self._waits(form):
                self._print(form, view(form, [record], color=self._wanted.color))
        if any(map(self._waits, self._wanted.formats)):
            self._waiting.append(record)

    def close(self) -> None:
        """Write the files and suites that hold all verdicts; nothing when there is none."""
        for form in filter(self._waits, self._wanted.formats if self._waiting else ()):
            if self._wanted.file:
                self._write(form, self._wanted.file, self._waiting)
            else:
                self._print(form, view(form, self._waiting))
        self._waiting = []

    def _waits(self, form: str) -> bool:
        """Whether one text holds all runs: a file that was named, or a suite of tests."""
        return form != "html" and not self._wanted.folder and (bool(self._wanted.file) or form == "junit")

    def _report_and_text(self, record: Record, name: str) -> None:
        path, troubles = self._path("html", name), list[DiagnoseError]()
        try:
            self._write("html", path, [record])
        except SecretFoundError:
            raise  # nothing of it leaves by another way either
        except DiagnoseError as error:
            troubles.append(error)
        story = view("text", [record], color=self._wanted.color)
        try:
            self._print("text", story if troubles else f"{story}\n{path}\n")
        except BrokenPipeError:
            pass  # who reads only the first lines still wants the report
        except SecretFoundError:
            raise
        except DiagnoseError as error:
            troubles.append(error)
        if len(troubles) == 1:
            raise UndeliveredError(str(troubles[0])) from troubles[0]
        for trouble in troubles:
            raise trouble

    def _path(self, form: str, name: str) -> Path:
        if self._wanted.file:
            return self._wanted.file
        return (self._wanted.folder or Path()) / file_name(name, form, self._taken)

    def _write(self, form: str, path: Path, records: list[Record]) -> None:
        # A link that somebody else may have put where our own names go is not followed.
        write_file(path, view(form, records), through_link=path == self._wanted.file)
        if self._wanted.formats:
            say(f"wrote {path}", NOTICE)
        if form == "html" and self._may_open:
            self._may_open = False  # of many reports the first: a browser is no place for a thousand
            if click.launch(str(path.absolute())):
                say(f"{path} could not be opened; no browser was found.", NOTICE)

    def _print(self, form: str, text: str) -> None:
        check(text, f"The {form} view")
        between = "\n" if form in self._printed and form in {"text", "markdown"} else ""
        put_out(between + text, _UNPRINTABLE.get(form, "replace"))
        self._printed.add(form)


def view(form: str, records: list[Record], *, color: bool = False) -> str:
    """One text of all `records`, the same for a file and for standard output; HTML of one record only."""
    from diagnose.report import html, junit, markdown, record, text  # noqa: PLC0415  (what is wanted, when it is)

    match form:
        case "html":
            [only] = records
            return html.render(only)
        case "json":
            return "".join(map(record.render, records))
        case "junit":
            return junit.render(records)
        case "markdown":
            return "\n".join(map(markdown.render, records))
        case _:
            return "\n".join(text.render(each, color=color) for each in records)
