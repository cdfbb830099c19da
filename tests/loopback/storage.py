"""When blobs are put in place: those of a run when somebody first asks for something of that run."""

import threading
from collections import defaultdict

from .seeding import Seeder

_STEPS = 2
"""The first steps of a path tell whose it is: `ExperimentRun/dcid.x`, `azureml/x`, `LocalUpload/abc`."""


class Storage:
    """The accounts of all workspaces of a world."""

    def __init__(self, world):
        self._world = world
        self._lock = threading.RLock()
        self._seeders = {}
        self._accounts = defaultdict(_Account)

    def add(self, workspace, runs):
        """These runs have blobs, which are not in place yet."""
        with self._lock:
            self._accounts[workspace.account].add(workspace, runs)

    def seeder(self, workspace):
        """Who puts blobs into an account, whose containers are there by then."""
        with self._lock:
            if workspace.account not in self._seeders:
                self._world.azurite.wait()
                made = Seeder(self._world.front, workspace)
                made.containers()
                self._seeders[workspace.account] = made
            return self._seeders[workspace.account]

    def seed(self, workspace):
        """All that is not in place yet; returns how many blobs."""
        return self._put(workspace, None)

    def seed_for(self, request):
        """All that a request may be about."""
        _, _, path = request.path.strip("/").partition("/")
        steps = (path or request.query.get("prefix", "")).split("/")
        self._put(request.workspace, tuple(steps[:_STEPS]) if len(steps) > _STEPS else None)

    def _put(self, workspace, steps):
        """Runs that somebody else is putting in place are waited for, and no others."""
        seeder, account = self.seeder(workspace), self._accounts[workspace.account]
        with self._lock:
            mine, others = account.claim(steps)
        count = 0
        try:
            count = seeder.seed([waiting.run for waiting in mine]) if mine else 0
        finally:
            for waiting in mine:
                waiting.done.set()
        for waiting in others:
            waiting.done.wait()
        return count


class _Waiting:
    """A run whose blobs may be in place."""

    def __init__(self, run):
        self.run = run
        self.is_claimed = False
        self.done = threading.Event()


class _Account:
    """The runs of one account by the first steps of the paths of their blobs."""

    def __init__(self):
        self._open = {}
        self._by_steps = defaultdict(list)

    def add(self, workspace, runs):
        for run in filter(_has_blobs, runs):
            waiting = self._open[run.id] = _Waiting(run)
            for steps in _steps_of(workspace, run):
                self._by_steps[steps].append(waiting)

    def claim(self, steps):
        """The runs that nobody is putting in place yet, and those that somebody is."""
        if steps is None:
            self._open = {key: waiting for key, waiting in self._open.items() if not waiting.done.is_set()}
            asked = list(self._open.values())
        else:
            asked = [*self._by_steps.get(steps, ()), *self._by_steps.get(steps[:1], ())]
        others = [waiting for waiting in asked if waiting.is_claimed and not waiting.done.is_set()]
        mine = [waiting for waiting in asked if not waiting.is_claimed]
        for waiting in mine:
            waiting.is_claimed = True
        return mine, others


def _has_blobs(run):
    return not run.is_child or bool(run.row.get("left") or run.row.get("last_log_at"))


def _steps_of(workspace, run):
    """Where blobs of a run may be, whatever it has."""
    names = {output["name"] for output in run.row.get("expected_outputs") or ()}
    prefixes = [run.artifact_prefix, f"azureml/{run.id}/", f"dataset/{run.id}/"]
    prefixes += [workspace.place(run, name)[1] for name in names]
    if not run.is_child:
        prefixes.append(workspace.code_prefix(run) + "/")
    return {tuple(prefix.rstrip("/").split("/")[:_STEPS]) for prefix in prefixes}
