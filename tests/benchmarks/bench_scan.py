"""What a scan finds and costs: a fleet of 2,000 runs, 60 of them in trouble, at 50 ms a call and under ARM's own limit.

    python tests/benchmarks/bench_scan.py [RUNS] [LATENCY]

Needs Azurite (`python3 tests/loopback/azurite.py`). Prints what was found and missed, the calls by service, for a run that was
diagnosed and for one that was passed over, the share of the time that was spent waiting for budgets, the wall time against
what the budgets and the latency alone would take with as many workers, and the memory against a tenth of the runs.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from loopback import Loopback, fleet  # noqa: E402

WORKERS = 16
ARM = (250, 25)
"""Reads at once, and a second, that ARM gives a subscription."""
HARMLESS = ("none", "still-working")


def scanned(world, members, latency, folder):
    """One scan in a process of its own: its seconds, its peak memory in MB, its verdicts and its facts."""
    workspace = fleet.serve(world, members, f"fleet-{len(members)}")
    world.requests.clear()
    world.latency, world.arm_bucket = latency, ARM
    where = [
        "--subscription",
        workspace.subscription_id,
        "-g",
        workspace.resource_group,
        "-w",
        workspace.name,
    ]
    command = [
        sys.executable,
        "-m",
        "diagnose",
        "scan",
        *where,
        "-o",
        str(folder),
        "-q",
        "--workers",
        str(WORKERS),
    ]
    environ = world.process_environment() | {"PYTHONPATH": str(ROOT)}
    began = time.monotonic()
    measured = "import resource,subprocess,sys; c=subprocess.run(sys.argv[1:]).returncode; u=resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_maxrss//1024, u.ru_utime+u.ru_stime); sys.exit(c)"
    done = subprocess.run(
        [sys.executable, "-c", measured, *command],
        env=environ,
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seconds = time.monotonic() - began
    megabytes, cpu = done.stdout.split()[-2:]
    verdicts = {
        row["run"]["id"]: row for row in map(json.loads, (folder / "results.jsonl").read_text().splitlines())
    }
    return (
        seconds,
        int(megabytes),
        float(cpu),
        verdicts,
        json.loads((folder / "scan.json").read_text())["workspaces"][0],
    )


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    latency = float(sys.argv[2]) if len(sys.argv) > 2 else 0.05
    stuck = 60 * runs // 2000
    with Loopback() as world, tempfile.TemporaryDirectory() as folder:
        few = fleet.fleet(stuck=max(1, stuck // 10), healthy=(runs - stuck) // 10)
        _, small, _, _, _ = scanned(world, few, 0.0, Path(folder) / "few")
        members = fleet.fleet(stuck=stuck, healthy=runs - stuck)
        seconds, megabytes, cpu, verdicts, place = scanned(world, members, latency, Path(folder) / "all")
        shown(members, verdicts, place, world)
        cost(place, (seconds, cpu), latency, world, len(members))
        _say(
            f"memory: {megabytes} MB at {len(members):,} runs, {small} MB at {len(few):,}: {megabytes / small:.2f} times"
        )


def shown(members, verdicts, place, world):
    """What was found, missed, and wrongly named."""
    troubled = {run for run, row in verdicts.items() if row["cause"] not in HARMLESS}
    named = {run for run in troubled if verdicts[run]["cause"] != "inconclusive"}
    broken = {member.run_id for member in members if member.is_stuck}
    right = sum(
        verdicts[member.run_id]["cause"] in (member.label["cause"], *(member.label.get("acceptable") or ()))
        for member in members
        if member.is_stuck and member.run_id in verdicts
    )
    _say(
        f"{len(members):,} runs, {dict(Counter(member.kind for member in members))}; way: {place['way']}, {place['why']}"
    )
    _say(f"in trouble: {len(broken & troubled)} of {len(broken)} found, the cause right in {right}")
    _say(f"healthy: {len(named - broken)} accused, {len(troubled - broken - named)} undecided")
    _say(f"passed over: {place['passed']}")
    assert not world.errors, world.errors[0]


def cost(place, times, latency, world, runs):
    """Calls and time, against what the budgets and the latency alone would take."""
    seconds, cpu = times
    calls, looked, passed = place["calls"], place["diagnosed"], place["passed"]
    refused = sum(asked.status == 429 for asked in world.requests)
    lists = Counter(asked.resource for asked in world.requests)
    listing = sum(lists[name] for name in ("experiments", "runs-query", "runs-search", "rundata", "jobs"))
    looks = passed.get("left no outputs", 0) + 2 * passed.get("a sign of life", 0)
    per_run = (sum(calls.values()) - listing - looks) / max(1, looked)
    _say(
        f"calls: {calls}; {listing} for finding ({listing / runs:.3f} a run), about {looks} for looks at runs that were passed "
        f"over, {per_run:.1f} for a run that was diagnosed"
    )
    _say(
        f"ARM: {calls.get('arm', 0) / runs:.4f} a run; refused for asking too often: {refused} of {len(world.requests):,}"
    )
    arm = max(0.0, (calls.get("arm", 0) - ARM[0]) / ARM[1])
    on_the_way = len(world.requests) * latency / WORKERS
    floor = max(arm, on_the_way)
    _say(
        f"wall: {seconds:.1f} s, {cpu:.1f} s of it CPU; floor {floor:.1f} s (ARM's limit {arm:.1f} s, latency over {WORKERS} workers {on_the_way:.1f} s): {seconds / floor:.2f} times"
    )
    _say(
        f"waited for budgets: {place['waited_s']} s, {place['waited_s'] / seconds / WORKERS:.1%} of the workers' time"
    )


def _say(text):
    print(text)  # noqa: T201  (this is its result)


if __name__ == "__main__":
    main()
