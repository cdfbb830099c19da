"""All sample runs are served as they are, and the workspace can be started by hand."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from building import bundle_of, iso, run_row
from loopback import available
from samples import FOLDER, NAMES

from diagnose.evidence.bundle import open_bundle

pytest.importorskip("requests")
storage = pytest.importorskip("azure.storage.blob")
ROOT = Path(__file__).parents[2]


def listed(served):
    """What is in storage: place to size and time."""
    from loopback.azurite import account_key  # noqa: PLC0415

    found = {}
    with storage.BlobServiceClient(served.blob_url, credential=account_key(served.account)) as client:
        for container in list(client.list_containers()):
            blobs = client.get_container_client(container.name).list_blobs(include=["uncommittedblobs"])
            found |= {blob.name: (blob.size, blob.last_modified) for blob in blobs}
    return found


def expected(bundle, run_id):
    """What the bundle says is there."""
    for row in bundle.rows("outputs"):
        below = (
            f"ExperimentRun/dcid.{run_id}"
            if row["output"] == "artifacts"
            else f"azureml/{run_id}/{row['output']}"
        )
        yield f"{below}/{row['path']}", row["size"], row["modified_at"]
    for row in bundle.rows("logs"):
        yield (
            f"ExperimentRun/dcid.{run_id}/{row['path']}",
            bundle.store.size(f"logs/{row['path']}"),
            row["modified_at"],
        )


def test_all_sample_runs_are_in_storage_as_they_were_captured(world):
    served = {name: world.serve(FOLDER / name) for name in NAMES}
    assert len({where.workspace for where in served.values()}) == len(NAMES)
    assert world.seed() > 1500
    for name in ("bars_without_a_time", "denied_but_status"):  # whose storage may not be listed
        del served[name]
    for name, where in served.items():
        found, bundle = listed(where), open_bundle(FOLDER / name)
        for place, size, at in expected(bundle, where.run_id):
            told = (found[place][0], found[place][1] and f"{found[place][1]:%Y-%m-%dT%H:%M:%S}")
            assert told == (size, at and at[:19]), (name, place)


def test_what_a_child_left_is_there(world, client_of):
    child = {"id": "step-1", "status": "Running", "last_log_at": iso(7), "last_metric_at": iso(6)}
    client = client_of(world.serve(bundle_of(run_row(type="pipeline"), children=[child])))
    [address] = client.data("history/v1.0", "/runs/step-1/details").json()["logFiles"].values()
    assert client.session.head(address).headers["Last-Modified"] == "Fri, 20 Nov 2026 08:07:00 GMT"
    [series] = client.data("metric/v2.0", "/runs/step-1/lastvalues", method="POST").json()["value"]
    assert series["value"][0]["createdUtc"] == "2026-11-20T08:06:00.000+00:00"


def test_it_starts_by_hand_and_ends_on_interrupt():
    if not (found := available()):
        pytest.skip(found.reason)
    command = [
        sys.executable,
        "-m",
        "tests.loopback",
        NAMES[0],
        "--latency",
        "0.01",
        "--fault",
        "children=forbidden",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("diagnose "):
                break
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    run_id = json.loads((FOLDER / NAMES[0] / "run.json").read_text())["id"]
    assert any(line.startswith("export HTTPS_PROXY='http://127.0.0.1:") for line in lines)
    assert lines[-1].startswith(f"diagnose {run_id} --subscription ")
    assert rest == "\n0 requests; refused: none\n"
    assert process.returncode == 0


def test_what_cannot_be_served_is_said():
    wrong = (["no-such-sample"], ["--fault", "run=no-such-fault"], ["--fault", "no-such-resource=hang"])
    if not available():
        pytest.skip(available().reason)
    for given in wrong:
        command = [sys.executable, "-m", "tests.loopback", *given]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "no such" in done.stderr
