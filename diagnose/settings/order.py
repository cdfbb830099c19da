"""Which workspace is meant when several places say one: for each field, the first that says it wins."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from diagnose.errors import UsageError
from diagnose.settings.places import Told, az_config, az_folder, az_profile, config_json, settings_file
from diagnose.settings.typed import Asked
from diagnose.settings.values import CLOUD, CLOUDS, RESOURCE_GROUP, SUBSCRIPTION, WORKSPACE, Setting, checked

_OPTIONS = {SUBSCRIPTION: "--subscription", RESOURCE_GROUP: "--resource-group", WORKSPACE: "--workspace-name"}
_VARIABLES = (
    (SUBSCRIPTION, "DIAGNOSE_SUBSCRIPTION"),
    (RESOURCE_GROUP, "DIAGNOSE_RESOURCE_GROUP"),
    (WORKSPACE, "DIAGNOSE_WORKSPACE_NAME"),
    (SUBSCRIPTION, "AZUREML_ARM_SUBSCRIPTION"),
    (RESOURCE_GROUP, "AZUREML_ARM_RESOURCEGROUP"),
    (WORKSPACE, "AZUREML_ARM_WORKSPACE_NAME"),
)
_CLOUD_VARIABLES = ((CLOUD, "AZUREML_CURRENT_CLOUD"),)
_AZ_VARIABLES = ((RESOURCE_GROUP, "AZURE_DEFAULTS_GROUP"), (WORKSPACE, "AZURE_DEFAULTS_WORKSPACE"))
_Given = list[tuple[str, object, str]]
_Place = tuple[tuple[str, ...], str, Callable[[], Told]]
"""The fields that a place may tell, the name of its files, and how to look."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line said; None for an option that was not given."""

    subscription: str | None = None
    resource_group: str | None = None
    workspace_name: str | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """The workspace that is meant, the cloud it is in, and what told so."""

    subscription: Setting
    resource_group: Setting
    workspace: Setting
    cloud: Setting
    mixed: tuple[str, ...] = ()
    """The files that the first three came from, if they were put together from several; else nothing.

    A group from one file and a workspace from another may never have been meant together. What `az`
    keeps in its two files counts as one.
    """
    passed_over: tuple[str, ...] = ()
    """What was wrong with files that might have said something: each a sentence without its full stop."""


def where(asked: Asked | None, options: Options, environ: Mapping[str, str], cwd: Path, home: Path) -> Where:
    """The workspace for what was asked; without a run, the one that the settings name.

    Only files that may say something still open are read. Raises `UsageError` for what nobody says, and
    for a value that can be no such name.
    """
    found: dict[str, Setting] = {}
    files: dict[str, str] = {}
    troubles: list[tuple[str, Sequence[str]]] = []
    spoken = Told(_spoken(asked, options, environ))
    at_once: _Place = ((*_OPTIONS, CLOUD), "", lambda: spoken)
    for fields, name, look in (at_once, *_places(environ, cwd, home, found)):
        if all(field in found for field in fields):
            continue
        told = look()
        troubles += [(trouble, fields) for trouble in told.troubles]
        for field, value, source in told.given:
            if field not in found and not _empty(value):
                found[field] = checked(field, value, source)
                files[field] = name
    missing = [field for field in _OPTIONS if field not in found]
    if missing:
        raise _unknown(missing, asked, [text for text, fields in troubles if set(fields) & set(missing)])
    sources = {found[field].source: files[field] for field in _OPTIONS if files[field]}
    return Where(
        found[SUBSCRIPTION],
        found[RESOURCE_GROUP],
        found[WORKSPACE],
        found.get(CLOUD, Setting(CLOUDS[0], "the default")),
        mixed=tuple(sources) if len(set(sources.values())) > 1 else (),
        passed_over=tuple(text for text, _ in troubles),
    )


def _spoken(asked: Asked | None, options: Options, environ: Mapping[str, str]) -> _Given:
    """What was typed or set for this call, first things first; no file is needed for it."""
    given: _Given = []
    if asked is not None:
        values = (asked.subscription, asked.resource_group, asked.workspace, asked.cloud)
        fields = (*_OPTIONS, CLOUD)
        given += [(field, value, asked.source) for field, value in zip(fields, values, strict=True)]
    named = (options.subscription, options.resource_group, options.workspace_name)
    for (field, option), value in zip(_OPTIONS.items(), named, strict=True):
        if value is not None and not value.strip():
            # Mostly a shell variable that is not set; another workspace is not to be taken for it.
            raise UsageError(f"{option} was given an empty name; give the {field}, or leave the option out.")
        given.append((field, value, option))
    return given + _of_variables((*_VARIABLES, *_CLOUD_VARIABLES), environ)


def _places(
    environ: Mapping[str, str], cwd: Path, home: Path, found: Mapping[str, Setting]
) -> tuple[_Place, ...]:
    """Where to look after that, in the order of `spec/cli.md`."""
    az = az_folder(environ, cwd, home)
    return (
        ((*_OPTIONS, CLOUD), "settings", lambda: settings_file(cwd)),
        (tuple(_OPTIONS), "config.json", lambda: config_json(cwd)),
        ((RESOURCE_GROUP, WORKSPACE), "", lambda: Told(_of_variables(_AZ_VARIABLES, environ))),
        ((SUBSCRIPTION, CLOUD), "az", lambda: az_profile(az, home, found.get(SUBSCRIPTION))),
        ((RESOURCE_GROUP, WORKSPACE, CLOUD), "az", lambda: az_config(az, home)),
    )


def _of_variables(variables: Iterable[tuple[str, str]], environ: Mapping[str, str]) -> _Given:
    return [(field, environ.get(name), name) for field, name in variables]


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _unknown(missing: list[str], asked: Asked | None, troubles: list[str]) -> UsageError:
    meant = "is meant" if len(missing) == 1 else "are meant"
    run = f"the run {asked.run_id} is in" if asked else meant
    what = _in_words(missing)
    url = "type the run's studio URL" if asked else "set the DIAGNOSE_ variables"
    options = _in_words([_OPTIONS[field] for field in missing])
    but = "".join(f"; {trouble}" for trouble in dict.fromkeys(troubles[:3]))
    return UsageError(
        f"Nothing says which {what} {run}: {url}, or give {options}, or put the workspace's config.json "
        f"(the studio's Download config file) into this folder{but}."
    )


def _in_words(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
