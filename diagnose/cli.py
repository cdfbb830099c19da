"""What was typed becomes a call of a command, and what comes of it becomes an exit code.

Nothing heavy is imported here: each command imports what it needs, so that `--help` and a mistyped name answer at once.
"""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

import click

from diagnose import __version__
from diagnose.errors import DiagnoseError, Interruption, UsageError

FORMATS = ("html", "json", "markdown", "text", "junit")
EPILOG = """\b
Examples:
  diagnose demo                      a sample run, no Azure account needed
  diagnose amber_amber_pd5ya5ts61    a run of the workspace of config.json
  diagnose bundle.zip -f json        one JSON object, for a program
  diagnose scan -o scans/tonight     every stuck run of the workspace

\b
Exit codes: 0 a verdict was written, 2 wrong usage, 3 nothing could be read,
4 some runs could not, 5 a report could not be written, 10 see --fail-on, 130 interrupted."""

RUN_EPILOG = """\b
Examples:
  diagnose amber_amber_pd5ya5ts61 -g my-group -w my-workspace
  diagnose bundle.zip -f json -f html --fail-on lingering-child-process,silent-error"""

DEMO_EPILOG = """\b
Examples:
  diagnose demo --open
  diagnose demo v1_exit_loses_metrics -f markdown"""

RULES_EPILOG = """\b
Examples:
  diagnose rules
  diagnose rules non_daemon_thread
  diagnose rules test team-rules/

\b
Exit codes of test: 0 all examples hold, 3 some do not, 2 a rule file is not right."""


SCAN_EPILOG = """\b
Examples:
  diagnose scan -o scans/2026-11-22
  diagnose scan -w training -w scoring --since 36h --fail-on any -o nightly
  diagnose scan --bundles evidence/ -o scan

\b
Killed and started again with the same -o, it goes on where it was.
Exit codes: 0 all runs were looked at, 4 some could not be diagnosed, 10 see --fail-on."""

CAPTURE_EPILOG = """\b
Examples:
  diagnose capture amber_amber_pd5ya5ts61 -o evidence.zip
  diagnose evidence.zip"""

ATTACH_EPILOG = """\b
Examples:
  diagnose attach jira:OPS-1234 amber_amber_pd5ya5ts61
  diagnose attach azure-devops:contoso/training/4711 bundle.zip
  diagnose attach email:oncall@example.com verdict.json --dry-run

\b
TICKET: azure-devops:ORG/PROJECT/ID, jira:KEY, servicenow:NUMBER, redmine:ID,
github:OWNER/REPO#N, email:ADDRESS, file:DIR, apprise:NAME.
Site and credential: DIAGNOSE_JIRA_URL, DIAGNOSE_JIRA_USER, DIAGNOSE_JIRA_TOKEN and so on.
Exit code 5: the ticket did not take it; the report is kept as a file."""

DOCTOR_EPILOG = """\b
Examples:
  diagnose doctor
  diagnose doctor -w another-workspace"""


class DefaultsToRun(click.Group):
    """A group in which `diagnose X` means `diagnose run X`, and a mistyped command is an error with a hint."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click calls it so)
        """The commands in the order of use."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was named, else `run`; a word that is nearly a command is refused."""
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        self._refuse_command(args[0])
        return super().resolve_command(ctx, ["run", *args])

    def invoke(self, ctx: click.Context) -> Any:
        """What the command returns; nothing is wrong when the reader of standard output leaves early."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return 0
        except KeyboardInterrupt as error:  # click would write an empty line of its own first
            raise Interruption("Interrupted; what was done so far is kept.") from error

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Options before the run are options of `run`: `diagnose --format json X`."""
        if args and args[0].startswith("-") and args[0] not in ("--help", "-h", "--version"):
            self._refuse_late_command(args, ctx)
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def _refuse_command(self, name: str) -> None:
        meant = _nearest(name, (*self.commands, "--help", "--version"))
        if meant and not os.path.lexists(name):
            raise UsageError(
                f"There is no command {name}. Did you mean {meant}? "
                f"To diagnose a run of that name: diagnose run {name}"
            )

    def _refuse_late_command(self, args: list[str], ctx: click.Context) -> None:
        """In `diagnose -f json demo` the word is a command, and comes too late to be one."""
        command = self.commands["run"]
        inner = click.Context(command, parent=ctx, info_name="run", resilient_parsing=True)
        given, _, _ = command.make_parser(inner).parse_args(list(args))
        names = given.get("runs") or ("",)
        if "--" in args or os.path.lexists(names[0]):
            return
        if names[0] in self.commands:
            raise UsageError(
                f"A command comes before its options: diagnose {names[0]} ... "
                f"To diagnose a run of that name: diagnose run {names[0]}"
            )
        self._refuse_command(names[0])


def _nearest(name: str, words: Sequence[str]) -> str | None:
    """The word that `name` is a slip of the fingers away from."""
    import difflib  # noqa: PLC0415  (not needed for --help)

    typed = name.lower()[:40]
    swapped = [word for word in words if sorted(word) == sorted(typed)]
    return next(iter(swapped or difflib.get_close_matches(typed, words, n=1, cutoff=0.7)), None)


@click.group(
    cls=DefaultsToRun,
    epilog=EPILOG,
    subcommand_metavar="RUN... | COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="diagnose")
def diagnose() -> None:
    """Say why an Azure Machine Learning run never completed: what happened, how sure that is, what to do.

    diagnose RUN is short for diagnose run RUN.
    """


def output_options(command: Any) -> Any:
    """The options that say what comes out and where; the same for every command that makes a verdict."""
    choice = click.Choice
    options = (
        click.option(
            "-f",
            "--format",
            "formats",
            metavar="FORMAT",
            multiple=True,
            type=choice(FORMATS),
            help="html, json, markdown, text or junit; repeatable.",
        ),
        click.option("-o", "--output", metavar="FILE|DIR|-", help="Where to; - is standard output."),
        click.option(
            "--fail-on", metavar="CAUSE[,...]|any", help="Exit 10 when a run has one of these causes."
        ),
        click.option("--open", "open_report", is_flag=True, help="Open the HTML report in the browser."),
        click.option(
            "--color",
            metavar="WHEN",
            type=choice(("auto", "always", "never")),
            default="auto",
            help="auto, always or never.",
        ),
    )
    command = message_options(command)
    for option in reversed(options):
        command = option(command)
    return command


def rule_options(command: Any) -> Any:
    """The options that say which rules are asked beside the project's own."""
    options = (
        click.option(
            "--rules",
            "rule_paths",
            metavar="PATH",
            multiple=True,
            help="Add signatures: a file or a folder; repeatable.",
        ),
        click.option("--no-plugins", is_flag=True, help="Leave out the rules of installed packages."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def workspace_options(command: Any) -> Any:
    """The options that say which workspace is asked, as in `az ml`."""
    options = (
        click.option("--subscription", metavar="ID", help="The subscription of the workspace."),
        click.option("-g", "--resource-group", metavar="NAME", help="Its resource group."),
        click.option("-w", "--workspace-name", metavar="NAME", help="The workspace."),
        click.option(
            "--use-datastore-secrets",
            is_flag=True,
            help="Read a datastore's key where nothing else serves.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def siblings_option(command: Any) -> Any:
    """How many earlier runs are compared; for the commands that capture a run."""
    option = click.option(
        "--siblings",
        metavar="N",
        type=click.IntRange(0, 20),
        help="Earlier runs to compare with: 3 unless given.",
    )
    return option(command)


def redact_options(command: Any) -> Any:
    """The options that say what of the evidence may stay as it is; secrets go unless somebody insists."""
    options = (
        click.option(
            "--no-redact",
            is_flag=True,
            expose_value=False,
            callback=_no_redact,
            help="Leave secrets in what comes out.",
        ),
        click.option(
            "--redact-personal",
            is_flag=True,
            expose_value=False,
            envvar="DIAGNOSE_REDACT_PERSONAL",
            callback=_redact_personal,
            help="Remove e-mail, IP addresses, users too.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _no_redact(_: Any, __: Any, is_given: bool) -> None:
    _choose(secrets=not is_given)


def _redact_personal(_: Any, __: Any, is_given: bool) -> None:
    _choose(personal=is_given)


def _choose(**changed: bool) -> None:
    from dataclasses import replace  # noqa: PLC0415  (only where somebody asks for it)

    from diagnose.redact import policy  # noqa: PLC0415

    policy.choose(replace(policy.current(), **changed))


def message_options(command: Any) -> Any:
    """The options that say how much is told on standard error."""
    options = (
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors on standard error."),
        click.option("-v", "--verbose", count=True, help="Say more on standard error; -vv everything."),
        click.option(
            "--log-format",
            metavar="FORM",
            type=click.Choice(("text", "json")),
            default="text",
            help="Standard error as text or json.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@diagnose.command(epilog=RUN_EPILOG, short_help="Diagnose each RUN (the default command).")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
@output_options
@redact_options
@workspace_options
@siblings_option
@rule_options
@click.option("--keep-bundle", metavar="PATH", help="Save the evidence: a folder, or a .zip.")
def run(runs: tuple[str, ...], fail_on: str | None, keep_bundle: str | None, **chosen: Any) -> int:
    """Diagnose each RUN: a run id, studio URL, bundle or folder of logs."""
    wanted, remote, asked = _wanted(**chosen), _remote(**chosen), _rules(**chosen)
    from diagnose import commands  # noqa: PLC0415  (its imports are worth a verdict, not a --help)

    return commands.run(runs, wanted, fail_on, keep_bundle, remote, asked)


@diagnose.command(epilog=CAPTURE_EPILOG, short_help="Save the evidence of RUN, without a verdict.")
@click.argument("run_name", metavar="RUN")
@click.option("-o", "--output", metavar="PATH", required=True, help="A folder, or .zip by its ending.")
@redact_options
@workspace_options
@siblings_option
@message_options
def capture(run_name: str, output: str, **chosen: Any) -> int:
    """Save the evidence of RUN as a bundle that can be diagnosed later, elsewhere, without Azure."""
    _set_up_messages(**chosen)
    remote = _remote(**chosen)
    from diagnose import commands  # noqa: PLC0415

    return commands.capture(run_name, output, remote)


@diagnose.command(epilog=SCAN_EPILOG, short_help="Find the stuck runs of a workspace and diagnose them all.")
@click.option(
    "--status",
    "statuses",
    metavar="S,...",
    multiple=True,
    help="Runs of these statuses only; else all open ones, and closed ones that left outputs.",
)
@click.option(
    "--since",
    metavar="T",
    default="7d",
    show_default=True,
    help="Closed runs that ended since: 7d, 36h, 2026-11-01.",
)
@click.option(
    "--silent-for",
    metavar="T",
    default="30m",
    show_default=True,
    help="Open runs without a sign of life for so long.",
)
@click.option("--experiment", metavar="NAME", help="Runs of this experiment only.")
@click.option("--tag", "tags", metavar="K=V", multiple=True, help="Runs with this tag only; repeatable.")
@click.option("--compute", metavar="NAME", help="Runs on this compute only.")
@click.option("--user", metavar="NAME", help="Runs of this user only.")
@click.option("--limit", metavar="N", type=click.IntRange(1), help="Look at no more than N runs.")
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1, 256),
    default=8,
    show_default=True,
    help="Runs at a time.",
)
@click.option(
    "--engine",
    metavar="NAME",
    type=click.Choice(("threads", "dask")),
    default="threads",
    show_default=True,
    help="threads, or dask with --cluster.",
)
@click.option("--cluster", metavar="ADDRESS", help="A Dask cluster: tcp://HOST:8786.")
@click.option("--bundles", metavar="DIR", help="Scan a folder of bundles instead of a workspace.")
@click.option(
    "--attach-new", metavar="TICKET", help="Attach the newly stuck runs to a ticket, as diagnose attach does."
)
@click.option("--fresh", is_flag=True, help="Start over: forget what the folder holds of earlier scans.")
@click.option(
    "-o", "--output", metavar="DIR", help="The folder of the scan; diagnose-scan-WORKSPACE unless given."
)
@click.option(
    "-f",
    "--format",
    "formats",
    metavar="FORMAT",
    multiple=True,
    type=click.Choice((*FORMATS, "csv", "parquet")),
    help="html, json, markdown, text, junit, csv or parquet; repeatable.",
)
@click.option("--fail-on", metavar="CAUSE[,...]|any", help="Exit 10 when a run has one of these causes.")
@click.option("--open", "open_report", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--color",
    metavar="WHEN",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    help="auto, always or never.",
)
@click.option("--subscription", metavar="ID", help="The subscription of the workspaces.")
@click.option("-g", "--resource-group", metavar="NAME", help="Their resource group.")
@click.option(
    "-w",
    "--workspace-name",
    "workspace_names",
    metavar="NAME",
    multiple=True,
    help="The workspace; repeatable.",
)
@click.option("--all-workspaces", is_flag=True, help="All workspaces of the subscription, or of -g.")
@click.option(
    "--siblings",
    metavar="N",
    type=click.IntRange(0, 20),
    default=0,
    show_default=True,
    help="Earlier runs to compare each run with.",
)
@rule_options
@redact_options
@message_options
def scan(**chosen: Any) -> int:
    """Find the runs of a workspace that are open and going nowhere, or closed and lying, and diagnose each."""
    _set_up_messages(**chosen)
    from diagnose.scanning import command  # noqa: PLC0415  (its imports are worth a scan, not a --help)

    return command.scan(chosen | {"color": _colored(chosen["color"]), "rules": _rules(**chosen)})


@diagnose.command(epilog=ATTACH_EPILOG, short_help="Attach the report of RUN to an incident ticket.")
@click.argument("ticket", metavar="TICKET")
@click.argument("run_name", metavar="RUN")
@click.option("--dry-run", is_flag=True, help="Print what would be sent; send nothing.")
@workspace_options
@siblings_option
@rule_options
@message_options
def attach(ticket: str, run_name: str, dry_run: bool, **chosen: Any) -> int:
    """Attach the report of RUN, or of a verdict.json made earlier, to an incident ticket, with a comment."""
    _set_up_messages(**chosen)
    remote, asked = _remote(**chosen), _rules(**chosen)
    from diagnose import attaching  # noqa: PLC0415

    return attaching.attach_run(ticket, run_name, remote, asked, dry_run=dry_run)


@diagnose.command(epilog=DOCTOR_EPILOG, short_help="Check sign-in, workspace and permissions.")
@workspace_options
@message_options
def doctor(**chosen: Any) -> int:
    """Check sign-in, workspace and permissions, and say where each setting came from."""
    _set_up_messages(**chosen)
    remote = _remote(**chosen)
    from diagnose import commands  # noqa: PLC0415

    return commands.doctor(remote)


@diagnose.command(epilog=DEMO_EPILOG, short_help="A report of a sample run, without any Azure account.")
@click.argument("name", required=False)
@output_options
@redact_options
@rule_options
@click.option("--list", "list_samples", is_flag=True, help="Name the sample runs.")
def demo(name: str | None, fail_on: str | None, list_samples: bool, **chosen: Any) -> int:
    """Diagnose a sample run: NAME, or one that a thread holds open; no Azure account is needed."""
    wanted = _wanted(**chosen)
    from diagnose import commands  # noqa: PLC0415

    return commands.list_samples() if list_samples else commands.demo(name, wanted, fail_on, _rules(**chosen))


@diagnose.command(epilog=RULES_EPILOG, short_help="The rule catalogue; one rule explained; your own tested.")
@click.argument("words", metavar="[NAME | test [PATH]...]", nargs=-1)
@rule_options
def rules(words: tuple[str, ...], rule_paths: tuple[str, ...], no_plugins: bool) -> int:
    """List the rules by cause, or explain the rule NAME: its mechanism, signs, limits and remedy.

    test: run the examples of your own signatures, those of PATH and of --rules.
    """
    from diagnose import commands  # noqa: PLC0415

    if words[:1] == ("test",):
        return commands.test_rules(_rules((*rule_paths, *words[1:]), no_plugins))
    if len(words) > 1:
        raise UsageError("diagnose rules explains one rule at a time; name a single one.")
    return commands.rules(next(iter(words), None), _rules(rule_paths, no_plugins))


def _set_up_messages(**chosen: Any) -> None:
    import logging  # noqa: PLC0415

    from diagnose import messages  # noqa: PLC0415
    from diagnose.redact import policy  # noqa: PLC0415

    messages.set_up(0 if chosen["quiet"] else 1 + chosen["verbose"], chosen["log_format"])
    if not policy.current().secrets:
        messages.say(
            "--no-redact: secrets stay in everything that comes out; keep it to yourself.", logging.WARNING
        )


def _rules(rule_paths: tuple[str, ...], no_plugins: bool, **_: Any) -> Any:
    from pathlib import Path  # noqa: PLC0415

    from diagnose.settings import rules_asked  # noqa: PLC0415

    return rules_asked(rule_paths, os.environ, Path.cwd(), no_plugins=no_plugins)


def _remote(**chosen: Any) -> Any:
    from diagnose.remote import Remote  # noqa: PLC0415
    from diagnose.settings import Options  # noqa: PLC0415

    options = Options(chosen["subscription"], chosen["resource_group"], chosen["workspace_name"])
    return Remote(options, use_secrets=chosen["use_datastore_secrets"], siblings=chosen.get("siblings"))


def _wanted(**chosen: Any) -> Any:
    from diagnose.deliver.wanted import Wanted  # noqa: PLC0415

    _set_up_messages(**chosen)
    formats = tuple(dict.fromkeys(chosen["formats"]))
    return Wanted(formats, chosen["output"], _colored(chosen["color"]), chosen["open_report"])


def _colored(choice: str) -> bool:
    """The option decides; else NO_COLOR, whatever it says, and whether a terminal is there."""
    if choice != "auto":
        return choice == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not plain and bool(sys.stdout) and sys.stdout.isatty()


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with the exit code of `spec/verdict.md`."""
    sys.excepthook = _crashed
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an old code page is no reason to fail
    _end_in_order()
    try:
        code = diagnose.main(args=args, prog_name="diagnose", standalone_mode=False)
    except SystemExit:
        code = 0  # click's answer to a reader who left before the end of --help
    except (click.Abort, KeyboardInterrupt):
        code = _told("Interrupted; what was done so far is kept.", 130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = 2
    except click.ClickException as error:
        said, context = error.format_message(), getattr(error, "ctx", None)
        more = f" {context.command_path} --help says more." if context else ""
        code = _told(f"{said}{'' if said.endswith(('.', '?')) else '.'}{more}", 2)
    except DiagnoseError as error:
        code = _told(str(error), error.exit_code)
    sys.exit(code)


def _crashed(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """Our own fault is told as Python tells it, but for the secrets that an error may quote."""
    import traceback  # noqa: PLC0415  (only when something went wrong)

    from diagnose.redact.saying import said  # noqa: PLC0415

    sys.stderr.write(said("".join(traceback.format_exception(kind, error, trace))))


def _end_in_order() -> None:
    """A pipeline that cancels, or a terminal that closes, ends the program as Ctrl-C does: nothing is left behind."""
    import signal  # noqa: PLC0415  (cheap, and only here)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is signal.SIG_DFL:
            signal.signal(getattr(signal, name), _interrupted)


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def _told(sentence: str, code: int) -> int:
    from diagnose.messages import say  # noqa: PLC0415  (only when something went wrong)

    say(sentence)
    return code
