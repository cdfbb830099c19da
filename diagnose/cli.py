"""What was typed becomes a call of the pipeline, and its result becomes an exit code.

Nothing heavy is imported here: each command imports what it needs, so that `--help` and a mistyped name answer at once.
"""

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from diagnose import __version__
from diagnose.errors import DiagnoseError

FORMATS = ("html", "json", "markdown", "text", "junit")

EPILOG = """\b
Examples:
  diagnose demo                          a sample run, no Azure account needed
  diagnose ./downloaded-job              what az ml job download --all left
  diagnose capture.zip -f json -o -      one JSON object for a program

\b
Exit codes: 0 a verdict was written, 2 wrong usage, 3 nothing could be read,
10 with --fail-on: a run has one of the causes, 130 interrupted."""


class DefaultsToRun(click.Group):
    """A group in which `diagnose X` means `diagnose run X`, and a mistyped command is an error with a hint."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click calls it so)
        """The commands in the order of use."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was named, else `run`; a word that is nearly a command is refused."""
        name = args[0]
        if name in self.commands:
            return super().resolve_command(ctx, args)
        close = difflib.get_close_matches(name, self.commands, n=1, cutoff=0.7)
        if close and not Path(name).exists():
            raise click.UsageError(
                f"No such command {name!r}. Did you mean {close[0]}? "
                f"To diagnose a run of that name: diagnose run {name}",
                ctx,
            )
        return super().resolve_command(ctx, ["run", *args])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Options before the run are options of `run`: `diagnose --format json X`."""
        if args and args[0].startswith("-") and args[0] not in ("--help", "-h", "--version"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=DefaultsToRun,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="diagnose")
def diagnose() -> None:
    """Say why an Azure Machine Learning run never completed: what happened, how sure that is, and what to do.

    `diagnose RUN` is short for `diagnose run RUN`.
    """


def output_options(command: Any) -> Any:
    """The options that say what comes out and where; the same for every command that makes a verdict."""
    options = (
        click.option(
            "-f", "--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Repeatable."
        ),
        click.option("-o", "--output", metavar="FILE|DIR|-", help="Where to; - is standard output."),
        click.option(
            "--fail-on", metavar="CAUSE[,…]|any", help="Exit 10 when a run has one of these causes."
        ),
        click.option(
            "--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True
        ),
        click.option("--open", "open_report", is_flag=True, help="Open the HTML report in the browser."),
        click.option("-q", "--quiet", is_flag=True, help="No progress and no warnings on standard error."),
        click.option("-v", "--verbose", count=True, help="More on standard error; twice for everything."),
        click.option("--log-format", type=click.Choice(("text", "json")), default="text", show_default=True),
    )
    for option in reversed(options):
        command = option(command)
    return command


@diagnose.command(short_help="Diagnose each RUN (the default command).")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
@output_options
@click.option("--keep-bundle", metavar="PATH", help="Save the evidence too: a folder, or .zip by its ending.")
def run(runs: tuple[str, ...], keep_bundle: str | None, **chosen: Any) -> None:
    """Diagnose each RUN: a bundle (folder or .zip), a downloaded job, or any folder of log files."""
    from diagnose import commands  # noqa: PLC0415  (its imports are worth a verdict, not a --help)

    commands.run(runs, commands.Wanted.of(**chosen), Path(keep_bundle) if keep_bundle else None)


@diagnose.command(short_help="A report of a sample run, without any Azure account.")
@click.argument("name", required=False)
@output_options
@click.option("--list", "list_samples", is_flag=True, help="Name the sample runs.")
def demo(name: str | None, list_samples: bool, **chosen: Any) -> None:
    """Diagnose a sample run: NAME, or one in which a thread holds the run open. No Azure account is needed."""
    from diagnose import commands  # noqa: PLC0415

    if list_samples:
        commands.list_samples()
    else:
        commands.demo(name, commands.Wanted.of(**chosen))


@diagnose.command(short_help="The rule catalogue; one rule explained.")
@click.argument("name", required=False)
def rules(name: str | None) -> None:
    """List the rules by cause, or explain the rule NAME: its mechanism, signs, near misses, limits and remedy."""
    from diagnose import commands  # noqa: PLC0415

    commands.rules(name)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with the exit code of `spec/verdict.md`."""
    try:
        diagnose.main(args=args, prog_name="diagnose", standalone_mode=False)
    except click.Abort:
        _leave("Interrupted.", 130)
    except KeyboardInterrupt:
        _leave("Interrupted.", 130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except DiagnoseError as error:
        _leave(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader has gone (`| head`); there is nobody left to tell.
        sys.stderr.close()
        sys.exit(0)


def _leave(sentence: str, code: int) -> None:
    from diagnose.report.visible import line, obeyed_by_none  # noqa: PLC0415  (only when something went wrong)

    click.echo(f"diagnose: {obeyed_by_none(line(sentence, 1000))}", err=True)
    sys.exit(code)
