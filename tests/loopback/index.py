"""What a workspace knows of its runs at a glance: 100,000 of them are not looked through for every question."""

from collections import defaultdict
from functools import cached_property

from diagnose.evidence.bundle import PartState

_DENIABLE = ("children", "metrics", "code", "logs", "outputs")


class Index:
    """The runs of a workspace as they were when it was made; another is made when there are more."""

    def __init__(self, workspace):
        self.runs = workspace.runs
        self._workspace = workspace
        self._kept = {}

    def kept(self, name, make):
        """What is worth making once for all these runs."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    @cached_property
    def now(self):
        """The latest moment at which one of the runs was captured."""
        return max(run.captured_at for run in self.runs.values())

    @cached_property
    def children(self):
        """Parent to the runs directly below it."""
        return self._by(lambda run: run.parent_id)

    @cached_property
    def experiments(self):
        """The name of an experiment to its runs; a child is in the experiment of its root."""
        return self._by(lambda run: self.runs.get(run.root_id, run).experiment)

    @cached_property
    def experiment_names(self):
        """The id of an experiment to its name."""
        return {self._workspace.experiment_id(name): name for name in self.experiments}

    @cached_property
    def tops(self):
        """The runs that ARM lists, the newest first."""
        tops = [run for run in self.runs.values() if run.parent_id is None and not run.is_v1]
        return sorted(tops, key=lambda run: run.created_at, reverse=True)

    @cached_property
    def denied(self):
        """The runs of which a part was denied."""
        return [run for run in self.runs.values() if any(map(self._is_denied(run), _DENIABLE))]

    @cached_property
    def codes(self):
        """The name of a source snapshot to its run, which may have none."""
        return {self._workspace.code_name(run): run for run in self.runs.values() if not run.is_child}

    def _is_denied(self, run):
        return lambda part: run.bundle.part(part).state is PartState.DENIED

    def _by(self, key):
        found = defaultdict(list)
        for run in self.runs.values():
            found[key(run)].append(run)
        return found
