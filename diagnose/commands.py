"""What each command does, once it is known what was asked for."""

import logging
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import click

from diagnose import samples
from diagnose.collect.imported import open_evidence
from diagnose.deliver.file import write_file
from diagnose.errors import DiagnoseError, UsageError
from diagnose.evidence.bundle import Bundle, write_bundle
from diagnose.pipeline import judge
from diagnose.recording import Record
from diagnose.rule import Cause

ENDINGS = {"html": ".html", "json": ".json", "markdown": ".md", "text": ".txt", "junit": ".xml"}
FAIL_ON_EXIT = 10
UNDISTURBED = (Cause.NONE, Cause.STILL_WORKING)
"""What `--fail-on any` lets pass."""


@dataclass(frozen=True)
class Wanted:
    """What is to come out: the formats, where to, and when to fail."""

    formats: tuple[str, ...]
    output: str | None
    fail_on: frozenset[str]
    color: bool
    open_report: bool
    quiet: bool

    @classmethod
    def of(cls, **chosen: Any) -> Self:
        """From the options as they were typed. Raises `UsageError` for a cause that is none."""
        _set_up_logging(0 if chosen["quiet"] else 1 + chosen["verbose"], chosen["log_format"])
        return cls(
            formats=tuple(dict.fromkeys(chosen["formats"])),
            output=chosen["output"],
            fail_on=_causes(chosen["fail_on"]),
            color=_colored(chosen["color"]),
            open_report=chosen["open_report"],
            quiet=chosen["quiet"],
        )


def run(runs: Sequence[str], wanted: Wanted, keep: Path | None) -> None:
    """Diagnose each, hand the results over, and leave with the exit code that they call for."""
    if keep and len(runs) > 1:
        raise UsageError("--keep-bundle takes one run; name a single RUN with it.")
    records, unread = [], []
    for name in runs:
        try:
            records.append(_diagnosed(name, keep))
        except DiagnoseError as error:
            if len(runs) == 1:
                raise
            unread.append(error)
            say(str(error))
    _hand_over(records, wanted)
    if unread:
        sys.exit(unread[0].exit_code)
    if any(record["cause"] in wanted.fail_on for record in records):
        sys.exit(FAIL_ON_EXIT)


def demo(name: str | None, wanted: Wanted) -> None:
    """Diagnose a sample run."""
    path = samples.path_of(name)
    record = judge(open_evidence(path), _now())
    _hand_over([record], wanted, named=path.name)
    if record["cause"] in wanted.fail_on:
        sys.exit(FAIL_ON_EXIT)


def list_samples() -> None:
    """The sample runs, one a line."""
    for name in samples.names():
        click.echo(name)


def rules(name: str | None) -> None:
    """The catalogue, or one rule's page."""
    from diagnose import catalogue  # noqa: PLC0415  (only here)

    click.echo(catalogue.page(name) if name else catalogue.listing())


def say(sentence: str) -> None:
    """One visible line for the person at the terminal."""
    from diagnose.report.visible import line, obeyed_by_none  # noqa: PLC0415  (rarely needed)

    click.echo(f"diagnose: {obeyed_by_none(line(sentence, 1000))}", err=True)


def _diagnosed(name: str, keep: Path | None) -> Record:
    bundle = _evidence(name)
    if keep:
        write_bundle(bundle, keep)
    return judge(bundle, _now())


AZURE_NAME = re.compile(r"https://.+|/subscriptions/.+|[A-Za-z0-9][A-Za-z0-9_-]{0,254}")
"""A studio URL, an ARM resource id, or the name of a run."""


def _evidence(name: str) -> Bundle:
    """What exists on disk is read from disk; everything else would be asked of Azure."""
    if os.path.lexists(name):
        return open_evidence(Path(name))
    if AZURE_NAME.fullmatch(name):
        raise DiagnoseError(
            f"{name!r} is not on disk, and this version cannot ask Azure for a run yet. Fetch it with "
            "az ml job download --all --name RUN and diagnose the folder, or give a bundle."
        )
    return open_evidence(Path(name))


def _hand_over(records: Sequence[Record], wanted: Wanted, named: str | None = None) -> None:
    if not records:
        return
    if wanted.formats:
        for form in wanted.formats:
            _write(form, records, wanted, named)
        return
    for record in records:
        path = _place("html", record, wanted, named, alone=len(records) == 1)
        _write_html(record, path, wanted)
        click.echo(_view("text", [record], wanted).rstrip("\n") + f"\n\n{path}", color=wanted.color or None)


def _write(form: str, records: Sequence[Record], wanted: Wanted, named: str | None) -> None:
    """One format of all records: HTML a file a run; the others to standard output, or where `-o` says."""
    alone = len(records) == 1 and len(wanted.formats) == 1
    if form == "html":
        for record in records:
            _write_html(record, _place(form, record, wanted, named, alone=alone), wanted)
    elif wanted.output in (None, "-"):
        click.echo(_view(form, records, wanted), nl=False, color=wanted.color or None)
    elif alone or (form in ("json", "junit") and len(wanted.formats) == 1 and not _is_folder(wanted.output)):
        write_file(
            _place(form, records[0], wanted, named, alone=True), _view(form, records, wanted, plain=True)
        )
    else:
        for record in records:
            write_file(
                _place(form, record, wanted, named, alone=False), _view(form, [record], wanted, plain=True)
            )


def _write_html(record: Record, path: Path, wanted: Wanted) -> None:
    from diagnose.report import html  # noqa: PLC0415  (the template engine, for this format only)

    write_file(path, html.render(record))
    if wanted.formats and not wanted.quiet:
        say(f"wrote {path}")
    if wanted.open_report:
        click.launch(str(path))


def _view(form: str, records: Sequence[Record], wanted: Wanted, *, plain: bool = False) -> str:
    from diagnose.report import junit, markdown, record, text  # noqa: PLC0415

    match form:
        case "json":
            return "".join(record.render(each) for each in records)
        case "junit":
            return junit.render(records)
        case "markdown":
            return "\n".join(markdown.render(each) for each in records)
        case _:
            return "\n".join(text.render(each, color=wanted.color and not plain) for each in records)


def _place(form: str, record: Record, wanted: Wanted, named: str | None, *, alone: bool) -> Path:
    """Where a view of a run goes: the file that `-o` names, else `diagnose-RUN` in its folder or here."""
    output = None if wanted.output == "-" else wanted.output
    if output and alone and not _is_folder(output):
        return Path(output)
    if output and not _is_folder(output):
        raise UsageError(f"Several files come out, and -o {output} names one; give a folder that exists.")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", named or record["run"]["id"] or "run").strip(".-")[:120] or "run"
    return Path(output or ".") / f"diagnose-{name}{ENDINGS[form]}"


def _is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or Path(output).is_dir()


def _causes(typed: str | None) -> frozenset[str]:
    if typed is None:
        return frozenset()
    if typed == "any":
        return frozenset(cause.value for cause in Cause if cause not in UNDISTURBED)
    named = [word.strip() for word in typed.split(",")]
    unknown = [word for word in named if word not in {cause.value for cause in Cause}]
    if unknown:
        raise UsageError(
            f"--fail-on {unknown[0]!r} is no cause. The causes are {', '.join(c.value for c in Cause)}."
        )
    return frozenset(named)


def _colored(choice: str) -> bool:
    """The option decides; else NO_COLOR, whatever it says, and whether a terminal is there."""
    if choice != "auto":
        return choice == "always"
    return not os.environ.get("NO_COLOR") and sys.stdout.isatty()


LEVELS = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG)


def _set_up_logging(level: int, log_format: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _JsonLines() if log_format == "json" else logging.Formatter("%(levelname)s %(name)s: %(message)s")
    )
    logging.basicConfig(level=LEVELS[min(level, 3)], handlers=[handler], force=True)


class _JsonLines(logging.Formatter):
    """One JSON object a line, for machines that read standard error."""

    def format(self, record: logging.LogRecord) -> str:
        import json  # noqa: PLC0415  (for this format only)

        at = datetime.fromtimestamp(record.created, UTC).isoformat()
        fields = {"at": at, "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        return json.dumps(fields)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
