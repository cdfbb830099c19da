"""The runs that a scan looks at, from a workspace or from a folder of bundles, as errands; open runs come first."""

import json
import logging
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Self, cast

from diagnose.collect.azureml.finding import Finding, Sought, find
from diagnose.collect.azureml.patience import Patience
from diagnose.collect.azureml.workspace import Json
from diagnose.errors import DiagnoseError, UsageError
from diagnose.evidence import fields
from diagnose.evidence.run import Phase, phase_of
from diagnose.messages import NOTICE, passing
from diagnose.redact.redactor import Redactor
from diagnose.scanning.asked import CLOSED, phases_of
from diagnose.scanning.errand import Errand, Post
from diagnose.scanning.journal import report_name
from diagnose.scanning.plan import Plan
from diagnose.scanning.worker import desk_at

log = logging.getLogger("diagnose")

LISTING_S = 3600.0
"""What the listing of one workspace may take."""
CHILD = "looked at with its parent"
_EVIDENCE = (".zip", ".tar", ".tgz", ".tar.gz")


@dataclass
class Found:
    """What was found in one place: how, how much of it, and what is passed over for which reason."""

    workspace_id: str
    name: str
    way: str | None = None
    why: str = ""
    listed: int = 0
    candidates: int = 0
    trouble: str | None = None
    passed: Counter[str] = field(default_factory=Counter)
    now: datetime | None = None
    """The service's clock."""


class Candidates:
    """The errands of a scan, kept on the disk until they are sent out: a context manager, and an iterator of errands."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._stack = ExitStack()
        self.places: list[Found] = []
        self._kept: list[tuple[Found, Post, tuple[IO[str], IO[str]], frozenset[str]]] = []
        self._paths: list[Path] = []
        # A scan that runs as a job is an open run of the workspace, and no news to anybody.
        self._own = {os.environ.get(name) for name in ("AZUREML_RUN_ID", "AZUREML_ROOT_RUN_ID")} - {None}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def gather(self) -> None:
        """Look in every place. A workspace that cannot be asked is told of, and stops no other."""
        if self._plan.bundles:
            self._gather_bundles(self._plan.bundles)
        for post in self._plan.posts:
            self._gather_workspace(post)

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(place.candidates for place in self.places)

    def __iter__(self) -> Iterator[Errand]:
        number = 0
        for which in (0, 1):  # the open ones of all workspaces, then the closed ones
            for place, post, files, parents in self._kept:
                files[which].seek(0)
                for line in files[which]:
                    number += 1
                    yield self._errand(number, place, post, json.loads(line), parents)
        for path in self._paths:
            number += 1
            yield self._local(number, path)

    def _gather_workspace(self, post: Post) -> None:
        where = post.where
        place = Found(_scope(post), where.workspace.value)
        self.places.append(place)
        passing(f"listing the runs of {place.name}")
        try:
            station = desk_at(post).station
            station.open()
            place.now = station.service.wire.clock.now or datetime.now(UTC)
            service = station.again()
            service.patience = _patient(service.patience)
            finding = find(service, self._sought(place.now), analytics=self._plan.analytics)
            self._keep(place, post, finding)
        except DiagnoseError as error:
            place.trouble = str(error)
            log.log(NOTICE, "%s: %s", place.name, place.trouble)
        finally:
            passing("")

    def _sought(self, now: datetime) -> Sought:
        asked = self._plan.asked
        statuses = frozenset(asked.statuses) if asked.statuses else None
        phases = phases_of(statuses) if statuses else frozenset(Phase)
        return Sought(
            open=bool(phases - CLOSED),
            closed=phases & CLOSED,
            statuses=statuses,
            since=asked.since_at(now),
            experiment=asked.experiment,
            tags=asked.tags,
            compute=asked.compute,
            user=asked.user,
        )

    def _keep(self, place: Found, post: Post, finding: Finding) -> None:
        """The rows, on the disk: a workspace may have more of them than memory should hold."""
        files = (self._spooled(), self._spooled())
        ids, parents, children = set[str](), set[str](), list[tuple[str, str]]()
        clean = Redactor()  # rows wait on the disk, where no secret goes
        for found in finding:
            row = cast("Json", clean.value("run.json", found))
            run_id, parent = fields.text(row, "runId"), fields.text(row, "parentRunId")
            if run_id is None or run_id in self._own:
                continue
            is_open = phase_of(fields.text(row, "status")) not in CLOSED
            ids.add(run_id)
            if parent:
                children.append((run_id, parent))
                parents |= {parent} if is_open else set()
            files[0 if is_open else 1].write(json.dumps(row) + "\n")
        place.way, place.why, place.listed = finding.way, finding.why, finding.listed
        if finding.trouble:
            place.trouble = f"The list of its runs broke off: {finding.trouble.sentence}."
        # A child is told of by its parent, where that is looked at too.
        led = {child for child, parent in children if parent in ids}
        place.passed[CHILD] += len(led)
        place.candidates = len(ids) - len(led)
        opened, closed = (_without(each, led, self._spooled()) for each in files)
        self._kept.append((place, post, (opened, closed), frozenset(parents)))

    def _spooled(self) -> IO[str]:
        return self._stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", prefix="diagnose-"))

    def _errand(self, number: int, place: Found, post: Post, row: Json, parents: frozenset[str]) -> Errand:
        run_id = str(row["runId"])
        several = len(self._plan.posts) > 1
        return Errand(
            number,
            place.workspace_id,
            place.name,
            run_id,
            _mark(row),
            now=place.now,
            post=post,
            run=row,
            has_open_child=run_id in parents,
            silent_for=self._plan.asked.silent_for,
            is_named=self._plan.asked.statuses is not None,
            rules=self._plan.rules,
            report=report_name(place.name, run_id, several=several),
        )

    def _gather_bundles(self, folder: Path) -> None:
        try:
            self._paths = sorted(each for each in folder.iterdir() if _may_be_evidence(each))
        except OSError as error:
            raise UsageError(
                f"{folder}, which --bundles names, cannot be read ({error.strerror or error}); name a folder of bundles."
            ) from error
        why = f"every folder and archive in {folder}"
        count = len(self._paths)
        self.places.append(Found("", folder.name, "bundles", why, count, count, now=datetime.now(UTC)))

    def _local(self, number: int, path: Path) -> Errand:
        return Errand(
            number,
            "",
            "",
            path.name,
            _mark_of(path),
            path=path,
            rules=self._plan.rules,
            report=report_name("", path.name, several=False),
        )


def _patient(one: Patience) -> Patience:
    patience = Patience(run_s=LISTING_S)
    patience.forget_token, patience.pace = one.forget_token, one.pace
    return patience


def _without(lines: IO[str], led: set[str], target: IO[str]) -> IO[str]:
    lines.seek(0)
    for line in lines:
        if json.loads(line)["runId"] not in led:
            target.write(line)
    lines.close()
    return target


def _scope(post: Post) -> str:
    where = post.where
    return (
        f"/subscriptions/{where.subscription.value}/resourceGroups/{where.resource_group.value}"
        f"/providers/Microsoft.MachineLearningServices/workspaces/{where.workspace.value}"
    )


def _mark(row: Mapping[str, object]) -> str:
    """What changes when the service changes its mind on a run."""
    names = ("status", "revision", "statusRevision", "endTimeUtc", "lastModifiedUtc")
    return "|".join(fields.text(row, name) or "" for name in names)


def _mark_of(path: Path) -> str:
    beside = path / "bundle.json"
    try:
        told = (beside if beside.is_file() else path).stat()
    except OSError:
        return ""
    return f"{told.st_mtime_ns}|{told.st_size}"


def _may_be_evidence(path: Path) -> bool:
    return not path.name.startswith(".") and (path.is_dir() or path.name.lower().endswith(_EVIDENCE))
