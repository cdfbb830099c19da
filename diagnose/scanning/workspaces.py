"""All workspaces of a subscription, or of one of its resource groups, as far as this sign-in may see them."""

import os
from collections.abc import Iterator
from pathlib import Path

from diagnose.collect.azureml import live
from diagnose.collect.azureml.gaps import CollectError, GapError
from diagnose.collect.azureml.workspace import ARM_VERSION, rows_of
from diagnose.errors import UsageError
from diagnose.evidence import fields
from diagnose.settings import Options, Where, where
from diagnose.settings.typed import workspace_in
from diagnose.settings.values import Setting

_ANY = "any"
"""Stands where a name is needed and none is looked at."""
_SOURCE = "the list of workspaces"


def all_of(subscription: str | None, group: str | None) -> Iterator[Where]:
    """Every workspace, by name; raises UsageError without a subscription, CollectError where they cannot be listed."""
    # Of the settings only the subscription and the cloud count: a workspace that a file names is not the one that is meant.
    told = where(None, Options(subscription, group or _ANY, _ANY), os.environ, Path.cwd(), Path.home())
    service = live.connect(told, os.environ, live.How())
    try:
        below = f"/resourceGroups/{group}" if group else ""
        url = (
            f"https://{service.cloud.arm}/subscriptions/{told.subscription.value}{below}"
            f"/providers/Microsoft.MachineLearningServices/workspaces?api-version={ARM_VERSION}"
        )
        found = sorted(
            scope
            for page in service.pages("the workspaces", url, "$skipToken")
            for row in rows_of(page)
            if (scope := fields.text(row, "id"))
        )
    except GapError as error:
        raise CollectError(
            f"The workspaces of the subscription cannot be listed: {error.gap.reason}."
        ) from error
    finally:
        service.wire.close()
    if not found:
        raise UsageError(
            "There is no workspace there that this sign-in can see; check --subscription and -g."
        )
    for scope in found:
        names, _ = workspace_in(scope.strip("/").split("/"), scope, _SOURCE)
        named = [Setting(name, _SOURCE) for name in names]
        yield Where(named[0], named[1], named[2], told.cloud)
