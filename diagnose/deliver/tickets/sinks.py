"""From a ticket to the system that has it. Only the file of that system is loaded.

A package adds a kind by an entry point of the group `diagnose.sinks`: its name is the kind (`roundup:NAME`), and it names a
function that takes the ticket and the environment and returns a `Sink`.
"""

from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from diagnose.deliver.tickets.calls import Caller
from diagnose.deliver.tickets.ledger import Ledger
from diagnose.deliver.tickets.rehearsal import Answers, Rehearsal
from diagnose.deliver.tickets.sink import Sink
from diagnose.deliver.tickets.site import Site, site_of
from diagnose.deliver.tickets.ticket import Ticket
from diagnose.errors import UsageError

GROUP = "diagnose.sinks"
Show = Callable[[str], None]


def more_kinds() -> tuple[str, ...]:
    """The kinds of ticket that installed packages add."""
    return tuple(sorted({each.name for each in entry_points(group=GROUP)}))


def sink_for(ticket: Ticket, environ: Mapping[str, str], show: Show | None = None) -> Sink:
    """The ticket, ready to be attached to. With `show` it is a rehearsal, which sends nothing. Raises `UsageError`."""
    match ticket.kind:
        case "azure-devops":
            from diagnose.deliver.tickets import azure_devops  # noqa: PLC0415

            call = _call(ticket, environ, show, azure_devops.sign_in, azure_devops.REHEARSED)
            return azure_devops.AzureDevOps(ticket, call)
        case "jira":
            from diagnose.deliver.tickets import jira  # noqa: PLC0415

            return jira.Jira(ticket, _call(ticket, environ, show, jira.sign_in, jira.REHEARSED))
        case "servicenow":
            from diagnose.deliver.tickets import servicenow  # noqa: PLC0415

            call = _call(ticket, environ, show, servicenow.sign_in, servicenow.REHEARSED)
            return servicenow.ServiceNow(ticket, call)
        case "redmine":
            from diagnose.deliver.tickets import redmine  # noqa: PLC0415

            return redmine.Redmine(ticket, _call(ticket, environ, show, redmine.sign_in, redmine.REHEARSED))
        case "github":
            from diagnose.deliver.tickets import github  # noqa: PLC0415

            return github.GitHub(ticket, _call(ticket, environ, show, github.sign_in, github.REHEARSED))
        case _:
            return _unasked(ticket, environ, show)


def _unasked(ticket: Ticket, environ: Mapping[str, str], show: Show | None) -> Sink:
    """The kinds that are no site to be asked over HTTP."""
    match ticket.kind:
        case "email":
            from diagnose.deliver.tickets import email  # noqa: PLC0415

            site = email.site_of_email(environ, rehearsal=show is not None)
            return email.Email(ticket, site, Ledger(str(ticket), environ), show)
        case "file":
            from diagnose.deliver.tickets.folder import Folder  # noqa: PLC0415

            return Folder(ticket, show)
        case "apprise":
            from diagnose.deliver.tickets.notified import Notified  # noqa: PLC0415

            return Notified(ticket, environ, Ledger(str(ticket), environ), show)
        case _:
            return _added(ticket, environ, show)


def _call(
    ticket: Ticket,
    environ: Mapping[str, str],
    show: Show | None,
    sign_in: Callable[[Site], tuple[str, str]],
    rehearsed: Answers,
) -> Caller:
    site = site_of(ticket.kind, environ, rehearsal=show is not None)
    if show:
        return Rehearsal(site, rehearsed, show)
    from diagnose.deliver.tickets.wire import Wire  # noqa: PLC0415  (the HTTP client, for who needs it)

    return Wire(site, sign_in(site))


def _added(ticket: Ticket, environ: Mapping[str, str], show: Show | None) -> Sink:
    found: list[EntryPoint] = [each for each in entry_points(group=GROUP) if each.name == ticket.kind]
    if not found:
        raise UsageError(f"No installed package knows {ticket.kind} tickets.")
    if show:
        raise UsageError(f"A rehearsal is not possible for {ticket.kind}, which a package adds.")
    return cast("Callable[[Ticket, Mapping[str, str]], Sink]", found[0].load())(ticket, environ)
