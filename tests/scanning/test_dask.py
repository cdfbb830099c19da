"""The same scan on a Dask cluster of two worker processes, one of which is killed in the middle."""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from samples import BROKEN, FOLDER

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="distributed is not installed"
)

ROOT = Path(__file__).parents[2]
RUNS = BROKEN[::6]


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler with two workers, and the workers."""
    address = f"tcp://127.0.0.1:{_free_port()}"
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_TEMPORARY_DIRECTORY": str(tmp_path)}

    def begin(module, *typed):
        command = [sys.executable, "-m", f"distributed.cli.{module}", *typed, "--no-dashboard"]
        return subprocess.Popen(
            command, env=environ, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    scheduler = begin("dask_scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2])
    workers = [begin("dask_worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


@pytest.fixture
def bundles(tmp_path):
    folder = tmp_path / "bundles"
    for name in RUNS:
        shutil.copytree(FOLDER / name, folder / name)
    return folder


def test_a_cluster_finds_the_same_though_a_worker_is_lost(cluster, bundles, tmp_path):
    address, workers = cluster
    assert _ended(_begun(bundles, tmp_path / "threads")) == 0
    scan = _begun(bundles, tmp_path / "dask", "--engine", "dask", "--cluster", address)
    while _count(tmp_path / "dask") < 3 and scan.poll() is None:
        time.sleep(0.05)
    workers[0].kill()
    assert _ended(scan) == 0
    assert _verdicts(tmp_path / "dask") == _verdicts(tmp_path / "threads")
    assert _count(tmp_path / "dask") == len(RUNS)


def test_a_cluster_that_is_not_there_is_told(bundles, tmp_path):
    address = f"tcp://127.0.0.1:{_free_port()}"
    environ = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s"}
    scan = _begun(bundles, tmp_path / "s", "--engine", "dask", "--cluster", address, **environ)
    _, err = scan.communicate(timeout=120)
    assert scan.returncode == 3
    assert address in err.decode()
    assert "check --cluster" in err.decode()


def _begun(bundles, folder, *typed, **environ):
    command = [
        sys.executable,
        "-m",
        "diagnose",
        "scan",
        "--bundles",
        str(bundles),
        "-o",
        str(folder),
        "-q",
        *typed,
    ]
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _ended(scan):
    _, err = scan.communicate(timeout=240)
    assert not err, err.decode()
    return scan.returncode


def _lines(folder):
    path = folder / "results.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _count(folder):
    path = folder / "results.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _verdicts(folder):
    return {
        row["run"]["id"]: (row["outcome"], row["cause"], row["certainty"], row["headline"])
        for row in _lines(folder)
    }


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
