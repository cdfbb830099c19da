"""What was typed as RUN: a run id, or an address that also says which workspace the run is in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from diagnose.errors import UsageError
from diagnose.evidence.members import quoted
from diagnose.settings.values import RESOURCE_GROUP, SUBSCRIPTION, WORKSPACE, checked

_STUDIOS = {
    "ml.azure.com": "AzureCloud",
    "ai.azure.com": "AzureCloud",
    "ml.azure.us": "AzureUSGovernment",
    "ml.azure.cn": "AzureChinaCloud",
}
"""The studio of each cloud; `studio.ml.azure.cn` and its like are below one of these."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://")
RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}")
_LONGEST = 8192
"""Characters of the longest address that is looked at; the studio's own stay below 2000."""
_ABOVE = ["subscriptions", "resourcegroups"]
_PROVIDER = ["providers", "microsoft.machinelearningservices"]
_HOW = "give a run id, or copy the address of the run's page from Azure ML studio"


@dataclass(frozen=True, slots=True)
class Asked:
    """The run that is meant, and of its workspace what the typed text itself says; None where it does not."""

    run_id: str
    subscription: str | None = None
    resource_group: str | None = None
    workspace: str | None = None
    cloud: str | None = None
    source: str = "the run id"
    """What the text is, as the source of a setting."""


def asked(typed: str) -> Asked:
    """The run that `typed` names: its id, its studio URL, its ARM resource id or an `azureml://` address.

    Raises `UsageError` where no run is named, or the address tells of something that is no workspace.
    """
    text = typed.strip().removeprefix("<").removesuffix(">")  # as mail programs and Markdown wrap a link
    if not text:
        raise UsageError(f"An empty name is no run; {_HOW}.")
    if len(text) > _LONGEST or not text.isprintable():
        trouble = "is too long for a run" if len(text) > _LONGEST else "holds unprintable characters"
        raise UsageError(f"{quoted(text)} {trouble}; {_HOW}.")
    plain = text.lower()
    if plain.startswith("azureml://"):
        return _in_azureml_address(text)
    if _SCHEME.match(text):
        return _in_studio_url(text, text)
    if plain.startswith(tuple(f"{host}/" for host in _STUDIOS)):
        return _in_studio_url(f"https://{text}", text)
    if plain.startswith(("/subscriptions/", "subscriptions/")):
        return _in_arm_id(text)
    if not RUN_ID.fullmatch(text):
        raise UsageError(f"{quoted(text)} is no run id, studio URL or ARM resource id; {_HOW}.")
    return Asked(text)


def _in_studio_url(url: str, text: str) -> Asked:
    parts = _split(url, text)
    cloud = _cloud_of(parts.hostname or "")
    if parts.scheme not in ("https", "http") or cloud is None:
        raise UsageError(f"{quoted(text)} is no address of Azure ML studio; {_HOW}.")
    run_id = _run_in(_segments(parts.path), text)
    given = {name.lower(): values[0] for name, values in parse_qs(parts.query).items()}
    if "wsid" not in given:
        return Asked(run_id, cloud=cloud, source="the studio URL")
    place, _ = workspace_in([part for part in given["wsid"].split("/") if part], text, "the studio URL")
    return Asked(run_id, *place, cloud, "the studio URL")


def _in_arm_id(text: str) -> Asked:
    place, rest = workspace_in(_segments(re.split(r"[?#]", text)[0]), text, "the ARM resource id")
    return Asked(_run_in(rest, text), *place, None, "the ARM resource id")


def _in_azureml_address(text: str) -> Asked:
    source = "the azureml:// address"
    segments = _segments(re.split(r"[?#]", text[len("azureml://") :])[0])
    folded = [segment.lower() for segment in segments]
    cloud = _cloud_of(folded[0]) if folded else None
    if "subscriptions" not in folded:
        return Asked(_run_in(segments, text), cloud=cloud, source=source)
    place, rest = workspace_in(segments[folded.index("subscriptions") :], text, source)
    return Asked(_run_in(rest, text), *place, cloud, source)


def _split(url: str, text: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise UsageError(f"{quoted(text)} is no address; {_HOW}.") from error


def _cloud_of(host: str) -> str | None:
    found = (cloud for studio, cloud in _STUDIOS.items() if host == studio or host.endswith(f".{studio}"))
    return next(found, None)


def _segments(path: str) -> list[str]:
    """What stands between the slashes; an encoded slash parts nothing and makes its segment invalid."""
    return [unquote(segment) for segment in path.split("/") if segment]


def _run_in(segments: Sequence[str], text: str) -> str:
    """What follows the last `runs` or `jobs`: an experiment may have such a name, a tab of a run's page not."""
    for before, run_id in reversed(list(pairwise(segments))):
        if before.lower() not in ("runs", "jobs"):
            continue
        if not RUN_ID.fullmatch(run_id):
            raise UsageError(f"{quoted(run_id)} in {quoted(text)} is no run id; {_HOW}.")
        return run_id
    raise UsageError(f"{quoted(text)} names no run, as /runs/ID or /jobs/ID would; {_HOW}.")


def workspace_in(
    segments: Sequence[str], text: str, source: str
) -> tuple[tuple[str, str, str], Sequence[str]]:
    """Subscription, resource group and workspace, and the segments after them; raises `UsageError`."""
    match segments:
        case [first, subscription, second, group, *rest] if _are([first, second], _ABOVE):
            rest = rest[2:] if _are(rest[:2], _PROVIDER) else rest
            if len(rest) > 1 and _are(rest[:1], ["workspaces"]):
                place = (
                    checked(SUBSCRIPTION, subscription, source).value,
                    checked(RESOURCE_GROUP, group, source).value,
                    checked(WORKSPACE, rest[1], source).value,
                )
                return place, rest[2:]
    raise UsageError(f"{quoted(text)} does not say which Azure ML workspace the run is in; {_HOW}.")


def _are(segments: Sequence[str], words: Sequence[str]) -> bool:
    return [segment.lower() for segment in segments] == words
