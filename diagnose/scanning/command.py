"""`diagnose scan`: what was typed becomes a plan, and what came of it pages, a summary and an exit code."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from diagnose.commands import FAIL_ON, SOME_UNREAD, causes_of
from diagnose.deliver.stdout import put_out
from diagnose.errors import DiagnoseError, Interruption, UsageError
from diagnose.messages import NOTICE, say
from diagnose.remote import Remote
from diagnose.report import record
from diagnose.roster import row_of
from diagnose.scanning import workspaces
from diagnose.scanning.asked import asked_for
from diagnose.scanning.errand import Post
from diagnose.scanning.journal import INDEX, RESULTS, Journal, lines_of
from diagnose.scanning.pages import FILES, Told, told, write_file_of, write_pages
from diagnose.scanning.plan import Plan
from diagnose.scanning.scan import Scan, Scanned
from diagnose.scanning.ticketing import ticket_post
from diagnose.settings import Options, Where, scan_settings

log = logging.getLogger("diagnose")

_TO_A_JOB = (
    "AZUREML_ARM_SUBSCRIPTION",
    "AZUREML_ARM_RESOURCEGROUP",
    "AZUREML_ARM_WORKSPACE_NAME",
    "AZUREML_SERVICE_ENDPOINT",
)
"""All of the environment that a worker on another machine is told: where it runs; it has an identity of its own."""
_CONNECTIONS_EACH = 4


@dataclass(frozen=True, slots=True)
class Ended:
    """A scan that has ended: what is told of it, and how the command ends."""

    told: Told
    scanned: Scanned
    code: int


def scan(chosen: Mapping[str, Any]) -> int:
    """Scan as asked and print what came of it; returns the exit code of `spec/verdict.md`."""
    formats = tuple(dict.fromkeys(chosen["formats"]))
    wanted = chosen.get("attach_new")
    post = ticket_post(wanted, os.environ) if wanted else None  # wrong usage is said before the work begins
    plan = plan_of(chosen)
    ended = scanned(plan, causes_of(chosen["fail_on"]), formats)
    _print(ended, plan, formats, in_folder=chosen["output"] is not None, color=chosen["color"])
    index = plan.folder / INDEX
    if chosen["open_report"] and click.launch(str(index.absolute())):
        say(f"{index} could not be opened; no browser was found.", NOTICE)
    if post:
        post(ended.told, index)
    return ended.code


def plan_of(chosen: Mapping[str, Any]) -> Plan:
    """What the options mean, all together; raises UsageError where they do not fit together."""
    asked = asked_for(**{name: chosen[name] for name in _FILTERS})
    bundles, places = chosen["bundles"], (chosen["workspace_names"], chosen["all_workspaces"])
    if bundles is not None and any(places):
        raise UsageError(
            "--bundles scans a folder instead of a workspace; leave out -w and --all-workspaces."
        )
    if chosen["cluster"] and chosen["engine"] != "dask":
        raise UsageError("--cluster names a Dask cluster; add --engine dask.")
    settings = scan_settings(os.environ, Path.cwd())
    for trouble in settings.passed_over:
        log.log(NOTICE, "%s.", trouble)
    wheres = () if bundles is not None else tuple(_wheres(chosen))
    posts = tuple(_post(where, chosen) for where in wheres)
    return Plan(
        folder=_folder(chosen["output"], wheres),
        asked=asked,
        posts=posts,
        bundles=None if bundles is None else _bundles(bundles),
        engine=chosen["engine"],
        workers=chosen["workers"],
        cluster=chosen["cluster"],
        fresh=chosen["fresh"],
        rules=chosen["rules"],
        analytics=settings.log_analytics,
        prices=settings.prices,
    )


_FILTERS = ("since", "silent_for", "statuses", "experiment", "tags", "compute", "user", "limit")


def scanned(plan: Plan, causes: frozenset[str] = frozenset(), formats: Sequence[str] = ()) -> Ended:
    """Do what was planned, and leave the pages; also after an interruption, of what there is by then."""
    with Journal(plan.folder, fresh=plan.fresh) as journal:
        work = Scan(plan, journal)
        try:
            found = work.run()
        except KeyboardInterrupt as error:
            found = work.scanned()
            _leave(journal, found, formats)
            raise Interruption(
                f"Interrupted; {len(found.keys):,} verdicts are kept in {plan.folder}. Start it again with the same -o to go on."
            ) from error
        _refuse_nothing(found)
        story = _leave(journal, found, formats)
        return Ended(story, found, _code(found, {row.cause for row in story.rows}, causes))


def _leave(journal: Journal, found: Scanned, formats: Sequence[str]) -> Told:
    story = told(journal, found)
    write_pages(journal, story)
    for form in formats:
        if form in FILES:
            write_file_of(form, journal, story)
    return story


def _refuse_nothing(found: Scanned) -> None:
    """Where not one workspace could be asked, nothing was scanned."""
    places = [each for each in _places(found) if each.get("trouble")]
    if (
        places
        and len(places) == len(_places(found))
        and not found.keys
        and not any(p.get("listed") for p in places)
    ):
        raise DiagnoseError(str(places[0]["trouble"]))


def _places(found: Scanned) -> list[Mapping[str, Any]]:
    places = found.facts.get("workspaces")
    return places if isinstance(places, list) else []


def _code(found: Scanned, seen: set[str], causes: frozenset[str]) -> int:
    if seen & causes:
        return FAIL_ON
    incomplete = found.unread or found.stopped or any(each.get("trouble") for each in _places(found))
    return SOME_UNREAD if incomplete else 0


def _print(ended: Ended, plan: Plan, formats: Sequence[str], *, in_folder: bool, color: bool) -> None:
    """Results on standard output: the summary, or the formats that were asked for unless a folder was named for them."""
    index = plan.folder / INDEX
    if not formats:
        put_out(f"{ended.told.view('text', color=color)}\n{index}\n")
        return
    for form in formats:
        if form == "json" and not in_folder:
            for line in _lines(plan, ended.scanned):
                put_out(line)
        elif form in ("markdown", "junit", "text") and not in_folder:
            put_out(ended.told.view(form, color=color))
        else:
            name = {"html": INDEX, "json": RESULTS}.get(form) or FILES[form]
            say(f"wrote {plan.folder / name}", NOTICE)


def _lines(plan: Plan, found: Scanned) -> Iterator[str]:
    last = {row_of(line).key: number for number, line in enumerate(lines_of(plan.folder / RESULTS))}
    for number, line in enumerate(lines_of(plan.folder / RESULTS)):
        key = row_of(line).key
        if key in found.keys and last[key] == number:
            yield record.render(line)


def _wheres(chosen: Mapping[str, Any]) -> Iterator[Where]:
    """The workspaces that are meant, each once."""
    names = tuple(dict.fromkeys(chosen["workspace_names"])) or (None,)
    if chosen["all_workspaces"]:
        if names != (None,):
            raise UsageError("--all-workspaces means every one; leave out -w.")
        yield from workspaces.all_of(chosen["subscription"], chosen["resource_group"])
        return
    for name in names:
        remote = Remote(Options(chosen["subscription"], chosen["resource_group"], name))
        yield remote.where(None)


def _post(where: Where, chosen: Mapping[str, Any]) -> Post:
    environ = {name: value for name in _TO_A_JOB if (value := os.environ.get(name))}
    return Post(
        where,
        environ,
        siblings=chosen["siblings"],
        connections=max(16, _CONNECTIONS_EACH * chosen["workers"]),
    )


def _folder(typed: str | None, wheres: Sequence[Where]) -> Path:
    if typed is None:
        names = [where.workspace.value for where in wheres]
        return Path(f"diagnose-scan-{names[0]}" if len(names) == 1 else "diagnose-scan")
    if not typed.strip() or typed == "-":
        raise UsageError("-o names the folder of the scan, which is not standard output; give a folder.")
    return Path(typed)


def _bundles(typed: str) -> Path:
    path = Path(typed)
    if not typed.strip() or not path.is_dir():
        raise UsageError(
            f"{typed or 'An empty name'}, which --bundles names, is not a folder; name a folder of bundles."
        )
    if (path / "bundle.json").is_file():
        raise UsageError(
            f"{path} is one bundle; diagnose {path} says all of it, or name the folder above it."
        )
    return path
