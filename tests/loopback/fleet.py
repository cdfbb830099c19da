"""A workspace full of runs out of the sample runs: some stuck or lying, most of them fine, all seen at one moment.

A run that ended long ago or left nothing is made up, since nobody reads its evidence; all others are sample runs, moved in
time and renamed. The runs of one sample and of its mended twin have an experiment of their own, as they would in real life:
what an earlier run of the same experiment left is evidence.
"""

import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count, cycle, islice, zip_longest
from pathlib import Path

from diagnose.evidence.bundle import open_bundle

from . import times
from .moving import moved
from .scenario import Run, runs_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""Noon, so that hardly any run is moved across midnight."""
SINCE = timedelta(days=7)
SAMPLES = Path(__file__).parents[2] / "sample_runs"
OWNERS = ("Ada Park", "Bo Lind", "Chi Nguyen", "Dana Weiss", "Emre Kaya", "Farah Aziz", "nightly-retraining")
COMPUTES = ("cpu-cluster", "gpu-a100", "gpu-v100", "spot-small", "research-cpu")
_BROKEN = ("stuck", "false-completion")
_ENDS = ("Completed",) * 17 + ("Failed",) * 2 + ("Canceled",)


@dataclass(frozen=True)
class Member:
    """One run of a fleet, children left out, and what is true of it.

    `kind`: `stuck` (open or a false completion), `alive` (open and at work), `mended` (completed in the time that is looked
    at, with its outputs), `idle` (ended in that time and left nothing), `old` (ended before it). `label`: as in `label.json`;
    None where nothing ever was the matter. `runs`: the run itself first, then all below it and the earlier ones it knows.
    """

    run_id: str
    kind: str
    sample: str | None
    label: dict | None
    runs: tuple

    @property
    def is_stuck(self):
        return self.kind == "stuck"

    @property
    def run(self):
        return self.runs[0]


def fleet(stuck=60, healthy=1940, *, now=NOW, experiments=30, alive=0.02, mended=0.1, idle=0.25):
    """So many runs; the shares are of the healthy ones, the rest of them is old."""
    families = _families(experiments)
    numbers, shares = count(1), {"alive": alive, "mended": mended, "idle": idle}
    made = [_sampled("stuck", name, next(numbers), now) for name in islice(cycle(families), stuck)]
    counts = {kind: round(healthy * share) for kind, share in shares.items()}
    working = _named(lambda label: label["outcome"] == "in-progress")
    made += [_sampled("alive", name, next(numbers), now) for name in islice(cycle(working), counts["alive"])]
    twins = [f"{name}__mended" for name in families if (SAMPLES / f"{name}__mended").is_dir()]
    made += [_sampled("mended", name, next(numbers), now) for name in islice(cycle(twins), counts["mended"])]
    homes = [_experiment(name) for name in families]
    for kind in ("idle", "old"):
        more = counts["idle"] if kind == "idle" else healthy - sum(counts.values())
        made += [_made_up(kind, home, next(numbers), now) for home in islice(cycle(homes), more)]
    return made


def serve(world, members, workspace="fleet"):
    """The workspace that has these runs, and no other."""
    origin = open_bundle(
        SAMPLES / next(iter(sorted(path.name for path in SAMPLES.iterdir())))
    ).manifest.origin
    return world.serve_runs([run for member in members for run in member.runs], origin, workspace)


@cache
def _labels():
    """What is true of each sample run, where the tool says the same."""
    told = {}
    for path in sorted(SAMPLES.glob("*/label.json")):
        label = json.loads(path.read_text())
        expected = json.loads((path.parent / "expected.json").read_text())
        if (label["outcome"], label["cause"]) == (expected["outcome"], expected["cause"]):
            told[path.parent.name] = label
    return told


def _named(wanted):
    return [name for name, label in _labels().items() if wanted(label)]


@cache
def _families(most):
    """The samples that are stuck or lying, at most so many: every outcome and cause comes before any comes again."""
    groups = {}
    for name in _named(lambda label: label["outcome"] in _BROKEN):
        label = _labels()[name]
        groups.setdefault((label["outcome"], label["cause"]), []).append(name)
    turns = zip_longest(*(groups[key] for key in sorted(groups)))
    return [name for turn in turns for name in turn if name][:most]


def _experiment(name):
    return name.removesuffix("__mended").replace("_", "-")


@cache
def _sample(name):
    return open_bundle(SAMPLES / name)


def _sampled(kind, name, number, now):
    bundle = _sample(name)
    names = {run.id: _renamed(run.id, number) for run in runs_of(bundle)}
    row = bundle.document("run.json")
    changes = {
        "experiment": _experiment(name),
        "created_by": OWNERS[number % len(OWNERS)],
        "compute": {"target": COMPUTES[number % len(COMPUTES)]},
        "tags": {**(row.get("tags") or {}), "team": OWNERS[number % len(OWNERS)].split()[0].lower()},
    }
    runs = runs_of(moved(bundle, _seen_at(kind, bundle, row, now), names, changes))
    return Member(runs[0].id, kind, name, _labels()[name], tuple(runs))


def _seen_at(kind, bundle, row, now):
    """A run that has been open for minutes only is nobody's trouble yet: it got stuck some time ago."""
    began = times.parsed(row.get("started_at") or row.get("created_at"))
    is_young = kind == "stuck" and began and bundle.manifest.captured_at - began < timedelta(hours=1)
    is_open = row.get("status") not in ("Completed", "Failed", "Canceled")
    return now - timedelta(hours=2) if is_young and is_open else now


def _renamed(run_id, number):
    """Another id of the same length, so that no log changes its size."""
    return f"{run_id[:-9]}{zlib.crc32(run_id.encode()) % 10_000:04}{number:05}"


def _made_up(kind, experiment, number, now):
    """A run that ended well and left nothing; a Spark job, so that no run of a sample has it for an earlier one of its own."""
    spread = timedelta(seconds=number * 7919 % 600_000)
    ended = now - spread if kind == "idle" else now - SINCE - timedelta(hours=1) - 50 * spread
    started = ended - timedelta(minutes=5 + number % 50)
    row = {
        "id": f"plain_{experiment[:12].replace('-', '_')}_{number:06}",
        "display_name": f"{experiment}-{number}",
        "experiment": experiment,
        "type": "spark",
        "status": _ENDS[number % len(_ENDS)],
        "created_at": (started - timedelta(minutes=2)).isoformat(),
        "started_at": started.isoformat(),
        "ended_at": ended.isoformat(),
        "created_by": OWNERS[number % len(OWNERS)],
        "compute": {"target": COMPUTES[number % len(COMPUTES)], "nodes": 1},
    }
    run = Run(row, _sample(_families(1)[0]), now, is_child=True, root_id=row["id"])
    return Member(run.id, kind, None, None, (run,))
