"""How long a live command job takes at 100 ms a call, against its serial hops: `python -m tests.benchmarks.bench_live`.

The interpreter and the imports are paid before the clock starts; sign-in, every request and the judgement are in the time.
The floor is the bare sum of the serial hops: requests that need an answer before they can be asked, at the same latency.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime

import requests

from diagnose.collect.azureml import live
from diagnose.evidence.bundle import bundle_in
from diagnose.evidence.store import OverlayStore
from diagnose.pipeline import judge
from diagnose.settings import Setting, Where
from tests.loopback import UNSET, Loopback, available
from tests.samples import members_of

ROUNDS = 5
LATENCY = 0.1
METRICS = ("loss", "accuracy", "rows", "lr", "seconds")
SAMPLE = "monitor_thread_outlives_training"


def main() -> None:
    """Print calls, hops, times and the ratio."""
    if not (found := available()):
        sys.exit(f"no loopback workspace: {found.reason}")
    import azure.ai.ml  # noqa: F401, PLC0415  (paid before the clock starts)

    for name in UNSET:
        os.environ.pop(name, None)
    with Loopback() as world:
        os.environ.update(world.environment())
        served = world.serve(with_metrics_and_siblings())
        world.seed()
        _diagnosed(served)  # compiles the patterns, opens no connection that the next one could use
        world.latency = LATENCY
        rounds = [_diagnosed(served) for _ in range(ROUNDS)]
        hops = _floor(world)
    seconds, calls, blobs, tokens, kinds = sorted(rounds)[ROUNDS // 2]
    _say(
        f"{calls} REST calls ({', '.join(kinds)}), {blobs} blob requests, {tokens} tokens, at {LATENCY * 1000:.0f} ms each"
    )
    _say(f"median of {ROUNDS}: {seconds:.2f} s wall, fastest {min(rounds)[0]:.2f} s")
    _say(
        f"bare sum of the serial hops (2 of sign-in, 4 of evidence): {hops:.2f} s; ratio {seconds / hops:.2f}"
    )


def with_metrics_and_siblings():
    """A sample run with five metrics (its own first series under five names) and three earlier runs."""
    members = members_of(SAMPLE)
    rows = [json.loads(line) for line in members["metrics.jsonl"].splitlines()]
    first = [row for row in rows if row["name"] == rows[0]["name"]]
    lines = [json.dumps(row | {"name": name, "step": row["step"] or 1}) for name in METRICS for row in first]
    members["metrics.jsonl"] = "".join(f"{line}\n" for line in lines).encode()
    members["siblings.jsonl"] = "".join(f"{json.dumps(_sibling(day))}\n" for day in (3, 2, 1)).encode()
    manifest = json.loads(members["bundle.json"])
    manifest["parts"]["metrics"]["items"] = len(lines)
    members["bundle.json"] = json.dumps(manifest).encode()
    return bundle_in(OverlayStore(None, members, {}, SAMPLE))


def _sibling(day):
    times = {"started_at": f"2026-01-0{day}T08:00:00Z", "ended_at": f"2026-01-0{day}T09:00:00Z"}
    files = [{"output": "model", "path": f"part-{number}.bin", "size": 100} for number in range(20)]
    return {"id": f"earlier-{day}", "status": "Completed", "outputs": files, **times}


def _diagnosed(served):
    values = (served.subscription_id, served.resource_group, served.workspace, "AzureCloud")
    how = live.How()
    begun = time.perf_counter()
    service = live.connect(Where(*(Setting(value, "here") for value in values)), os.environ, how)
    with live.captured(service, served.run_id, how) as bundle:
        judge(bundle, datetime.now(UTC))
        seconds = time.perf_counter() - begun
    rest = [call for call in service.wire.calls if ".blob." not in call.host]
    kinds = sorted({call.path.rsplit("/", 1)[-1][:16] for call in rest})
    return seconds, len(rest), len(service.wire.calls) - len(rest), service.tokens.fetched, kinds


def _floor(world) -> float:
    """Six requests one after the other, with nothing around them."""
    with requests.Session() as session:
        begun = time.perf_counter()
        for _ in range(6):
            session.get("https://westeurope.api.azureml.ms/discovery", timeout=5)
        return time.perf_counter() - begun


def _say(line: str) -> None:
    print(line)  # noqa: T201  (this is its result)


if __name__ == "__main__":
    main()
