"""The files that may say which workspace is meant, each read as far as it can be; what is wrong is told."""

import configparser
import json
import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from diagnose.evidence.members import quoted
from diagnose.settings.values import CLOUD, RESOURCE_GROUP, SUBSCRIPTION, WORKSPACE, Setting

T = TypeVar("T")

_LARGEST = 1 << 20
_TOML_KEYS = {
    "subscription": SUBSCRIPTION,
    "subscription_id": SUBSCRIPTION,
    "resource_group": RESOURCE_GROUP,
    "workspace_name": WORKSPACE,
    "workspace": WORKSPACE,
    "cloud": CLOUD,
}
_JSON_KEYS = {"subscription_id": SUBSCRIPTION, "resource_group": RESOURCE_GROUP, "workspace_name": WORKSPACE}
_SCOPE_PARTS = {2: SUBSCRIPTION, 4: RESOURCE_GROUP, 8: WORKSPACE}
_CONFIG_LEVELS = 21
"""Folders in which `MLClient.from_config` of azure-ai-ml 1.35.2 looks: this one and twenty above it."""


@dataclass(slots=True)
class Told:
    """What a place says, unchecked, as (field, value, source), and why some of its files said nothing."""

    given: list[tuple[str, object, str]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


class _UnusableError(Exception):
    """Why a file cannot be used, as the end of a sentence that starts with its path."""


def settings_file(cwd: Path) -> Told:
    """What the settings file says of the workspace."""
    told = Told()
    table, _, source = _settings(cwd, told)
    plain = {key.replace("-", "_"): value for key, value in table.items()}
    told.given = [(_TOML_KEYS[key], plain[key], source) for key in _TOML_KEYS if key in plain]
    return told


def settings_table(cwd: Path) -> tuple[dict[str, Any], Path, str, tuple[str, ...]]:
    """All that the settings file says, its folder, its name, and what was wrong with it."""
    told = Told()
    table, folder, source = _settings(cwd, told)
    return table, folder, source, tuple(told.troubles)


def _settings(cwd: Path, told: Told) -> tuple[dict[str, Any], Path, str]:
    """The nearest `diagnose.toml`, or `pyproject.toml` with a table `[tool.diagnose]`, upward from `cwd`."""
    for folder in _upward(cwd):
        try:
            table = _read(folder / "diagnose.toml", tomllib.loads, "TOML")
        except _UnusableError as error:
            # The nearest one was meant; what another folder says is not taken in its place.
            told.troubles.append(f"{shown(folder / 'diagnose.toml')} {error}")
            return {}, folder, ""
        source = shown(folder / "diagnose.toml")
        if table is None:
            table, source = _pyproject(folder / "pyproject.toml", told)
        if table is not None:
            return table, folder, source
    return {}, cwd, ""


def config_json(cwd: Path) -> Told:
    """The file that `MLClient.from_config` would find: any `.azureml` above comes before a plain one here."""
    told = Told()
    folders = list(_upward(cwd))[:_CONFIG_LEVELS]
    for inner, name in product((".azureml", "aml_config", ""), ("config.json", "project.json")):
        for folder in folders:
            path = folder / inner / name
            if os.path.isdir(path):  # noqa: PTH112  (pathlib's raises where it may not look)
                told.troubles.append(f"{shown(path)} is a folder")
            elif os.path.isfile(path):  # noqa: PTH113
                _workspace_file(path, told)
                return told
    return told


def az_profile(folder: Path, home: Path, subscription: Setting | None) -> Told:
    """The subscription that `az` uses, and the cloud of `subscription` if that is known, else of this one."""
    told = Told()
    source = f"az login in {shown(folder / 'azureProfile.json', home)}"
    profile = _tried(folder / "azureProfile.json", json.loads, "JSON", told)
    entries = [entry for entry in _listed(profile, "subscriptions") if not _only_a_tenant(entry)]
    default = next((entry for entry in entries if entry.get("isDefault") is True), {})
    known = subscription.value.lower() if subscription else None
    same = (entry for entry in entries if str(entry.get("id")).lower() == known)
    told.given = [
        (SUBSCRIPTION, default.get("id"), source),
        (CLOUD, next(same, default).get("environmentName"), source),
    ]
    return told


def az_config(folder: Path, home: Path) -> Told:
    """What `az configure --defaults` and `az cloud set` left."""
    told = Told()
    source = f"az defaults in {shown(folder / 'config', home)}"
    parser = _tried(folder / "config", _ini, "an INI file", told) or _ini("")
    for name, section, key in (
        (RESOURCE_GROUP, "defaults", "group"),
        (WORKSPACE, "defaults", "workspace"),
        (CLOUD, "cloud", "name"),
    ):
        told.given.append((name, parser.get(section, key, fallback=None), source))
    return told


def az_folder(environ: Mapping[str, str], cwd: Path, home: Path) -> Path:
    """Where `az` keeps its files."""
    named = environ.get("AZURE_CONFIG_DIR")
    if not named:
        return home / ".azure"
    return home / named[1:].lstrip("/\\") if named.startswith("~") else cwd / named


def shown(path: Path, home: Path | None = None) -> str:
    """A path as a message may show it, from `~` on if `home` is given and above it."""
    text = f"~/{path.relative_to(home).as_posix()}" if home and path.is_relative_to(home) else str(path)
    return text if text.isprintable() else quoted(text)


def _upward(cwd: Path) -> Iterator[Path]:
    yield cwd
    yield from Path(os.path.realpath(cwd)).parents


def _pyproject(path: Path, told: Told) -> tuple[dict[str, Any] | None, str]:
    project = _tried(path, _only_ours, "TOML", told)
    tool = project.get("tool") if project else None
    ours = tool.get("diagnose") if isinstance(tool, dict) else None
    return ours if isinstance(ours, dict) else None, f"[tool.diagnose] in {shown(path)}"


def _only_ours(text: str) -> dict[str, Any]:
    """What a `pyproject.toml` says, if it can say anything to us: many are not ours, and some are broken."""
    return tomllib.loads(text) if "diagnose" in text else {}


def _workspace_file(path: Path, told: Told) -> None:
    config, source = _tried(path, json.loads, "JSON", told), shown(path)
    if config is None:
        return
    if not isinstance(config, dict):
        told.troubles.append(f"{source} is no JSON object")
        return
    if scope := config.get("Scope"):
        parts = dict(enumerate(scope.split("/"))) if isinstance(scope, str) else {}
        told.given = [(name, parts.get(at), source) for at, name in _SCOPE_PARTS.items()]
        lacking = ["workspace in its Scope"] if len(parts) < 9 else []
    else:
        told.given = [(name, config.get(key), source) for key, name in _JSON_KEYS.items()]
        lacking = [key for key in _JSON_KEYS if not config.get(key)]
    if lacking:
        told.troubles.append(f"{source} has no {' and no '.join(lacking)}")


def _listed(value: object, key: str) -> Iterable[dict[str, Any]]:
    inner = value.get(key) if isinstance(value, dict) else None
    return [each for each in inner if isinstance(each, dict)] if isinstance(inner, list) else []


def _only_a_tenant(entry: dict[str, Any]) -> bool:
    """Who signs in without any subscription is listed as one, and its id is the tenant's."""
    return entry.get("id") == entry.get("tenantId")


def _ini(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    parser.read_string(text)
    return parser


def _tried(path: Path, parse: Callable[[str], T], form: str, told: Told) -> T | None:
    """What is in the file; None where there is none, or where it cannot be used, which is told."""
    try:
        return _read(path, parse, form)
    except _UnusableError as error:
        told.troubles.append(f"{shown(path)} {error}")
        return None


def _read(path: Path, parse: Callable[[str], T], form: str) -> T | None:
    """What is in the file, or None where there is no such file; raises `_UnusableError`."""
    try:
        return parse(_content(path).decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _UnusableError(f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise _UnusableError("is not UTF-8") from error
    except (ValueError, RecursionError, configparser.Error) as error:
        raise _UnusableError(f"is not {form}{_line_of(error)}") from error


def _content(path: Path) -> bytes:
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):  # also a pipe, which would be waited for
        raise _UnusableError("is a folder" if stat.S_ISDIR(mode) else "is not a plain file")
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise _UnusableError("is larger than 1 MiB")
    return data


def _line_of(error: Exception) -> str:
    """Where the parser stopped; only its own words, never the file's."""
    found = re.search(r"\bline:? +(\d{1,9})", str(error))
    return f" (line {found[1]})" if found else ""
