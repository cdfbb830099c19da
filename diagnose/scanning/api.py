"""`diagnose.scan(...)`: a scan from Python, by the words of the command line."""

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from diagnose.notebook import Scan, load_scan
from diagnose.scanning.asked import SILENT_FOR, SINCE, WORKERS
from diagnose.scanning.command import plan_of, scanned
from diagnose.scanning.journal import Key
from diagnose.settings import RulesAsked


def scan(  # noqa: PLR0913  (the options of `diagnose scan`, each by its name)
    workspace: str | Sequence[str] = (),
    *,
    subscription: str | None = None,
    resource_group: str | None = None,
    all_workspaces: bool = False,
    bundles: str | os.PathLike[str] | None = None,
    output: str | os.PathLike[str] | None = None,
    since: str = SINCE,
    silent_for: str = SILENT_FOR,
    status: Iterable[str] = (),
    experiment: str | None = None,
    tags: Mapping[str, str] | None = None,
    compute: str | None = None,
    user: str | None = None,
    limit: int | None = None,
    workers: int = WORKERS,
    engine: str = "threads",
    cluster: str | None = None,
    siblings: int = 0,
    fresh: bool = False,
) -> Scan:
    """Find the runs of a workspace that are open and going nowhere, or closed and lying, and diagnose each.

    Without `workspace` the one that the settings name is meant, as for the command. `output`: the folder of the scan, one of
    its own unless given. Of the scan that comes back, `rows` are the runs that were found this time, and `to_frame()` is a
    pandas frame. Raises `DiagnoseError` where nothing could be scanned.
    """
    plan = plan_of(
        {
            "since": since,
            "silent_for": silent_for,
            "statuses": (status,) if isinstance(status, str) else tuple(status),
            "experiment": experiment,
            "tags": tuple(f"{name}={value}" for name, value in (tags or {}).items()),
            "compute": compute,
            "user": user,
            "limit": limit,
            "bundles": None if bundles is None else os.fspath(bundles),
            "workspace_names": (workspace,) if isinstance(workspace, str) else tuple(workspace),
            "all_workspaces": all_workspaces,
            "subscription": subscription,
            "resource_group": resource_group,
            "cluster": cluster,
            "engine": engine,
            "workers": workers,
            "fresh": fresh,
            "rules": RulesAsked(),
            "siblings": siblings,
            "output": os.fspath(output) if output is not None else tempfile.mkdtemp(prefix="diagnose-scan-"),
        }
    )
    ended = scanned(plan)
    return _of_this_time(load_scan(Path(plan.folder)), ended.scanned.keys)


def _of_this_time(found: Scan, keys: set[Key]) -> Scan:
    return Scan(found.folder, tuple(row for row in found.rows if row.key in keys), found.skipped)
