"""A command that is interrupted, killed or out of room: it leaves no half of anything behind."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from loopback import Forbidden, Hang, Loopback, ResetMidBody, available
from samples import FOLDER, bundle_of, members_of

from diagnose.evidence.bundle import open_bundle, write_bundle

pytestmark = [
    pytest.mark.skipif(not available(), reason=str(available().reason)),
    pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX"),
]

SAMPLE, OLDER = "monitor_thread_outlives_training", "queued_never_started"
ROOT = Path(__file__).parents[1]
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.argv[1:] = sys.argv[2:]
from diagnose.cli import main
main()
"""
"""`diagnose` on a disk on which no file may be larger than so many bytes."""


@pytest.fixture(scope="module")
def world():
    with Loopback() as world:
        yield world


@pytest.fixture(scope="module")
def run(world):
    served = world.serve(FOLDER / SAMPLE)
    world.seed()
    return served


@pytest.fixture
def place(tmp_path):
    """Where a command works, with a folder for what it needs only for a while."""
    for name in ("temporary", "here"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def begin(world, run, place):
    """Starts `diagnose` and comes back while it works; the word RUN stands for the run."""
    world.clear()
    started = []

    def start(*typed, program=("-m", "diagnose")):
        told = {k: v for k, v in os.environ.items() if not k.startswith(("DIAGNOSE_", "AZUREML_"))}
        told |= world.process_environment() | {"HOME": str(place), "PYTHONPATH": str(ROOT)}
        told |= {"TMPDIR": str(place / "temporary"), "PYTHONDONTWRITEBYTECODE": "1"}
        where = ["--subscription", run.subscription_id, "-g", run.resource_group, "-w", run.workspace]
        process = subprocess.Popen(
            [sys.executable, *program, *(run.run_id if word == "RUN" else word for word in typed), *where],
            env=told,
            cwd=place / "here",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def waits_at(world, resource, process):
    """Comes back when the command is waiting for the answer of a resource."""
    until = time.monotonic() + 60
    while not any(asked.resource == resource for asked in list(world.requests)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, f"{resource} was never asked for"
        time.sleep(0.02)


def ended(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def left(place):
    """Everything that lies where the command worked."""
    return {
        path.relative_to(place).as_posix()
        for folder in ("temporary", "here")
        for path in (place / folder).rglob("*")
    }


def older_bundle(place, name):
    """An older bundle at a place that is about to be written to, and what is in it."""
    path = place / "here" / name
    write_bundle(bundle_of(members_of(OLDER)), path)
    return path, contents(path)


def contents(path):
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    return {str(each): each.read_bytes() for each in files}


COMMANDS = {
    "capture to an archive": ("capture", "RUN", "-o", "x.zip"),
    "capture to a folder": ("capture", "RUN", "-o", "x"),
    "verdict": ("run", "RUN", "-f", "json", "--keep-bundle", "x.zip"),
}


# --- well, or nearly --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "kept"), [("capture to an archive", "x.zip"), ("verdict", "x.zip")])
def test_a_command_leaves_what_was_asked_for_and_nothing_else(command, kept, begin, place):
    code, _, err = ended(begin(*COMMANDS[command]))
    assert code == 0, err
    assert left(place) == {f"here/{kept}"}


@pytest.mark.parametrize(
    ("resource", "code"), [("run", 0), ("blob-read", 0), ("blob-list", 0), ("workspace", 3)]
)
def test_an_error_in_the_middle_leaves_nothing_else_either(resource, code, world, begin, place):
    world.faults.add(resource, Forbidden())
    world.faults.add("code", ResetMidBody())
    assert ended(begin(*COMMANDS["capture to an archive"]))[0] == code
    assert left(place) == ({"here/x.zip"} if code == 0 else set())


# --- Ctrl-C ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "resource"),
    [
        *(("capture to an archive", each) for each in ("token", "workspace", "run", "details", "blob-list")),
        ("capture to a folder", "blob-read"),
        ("verdict", "metric-history"),
    ],
)
def test_an_interrupted_command_leaves_nothing_behind(resource, command, world, begin, place):
    world.faults.add(resource, Hang())
    process = begin(*COMMANDS[command])
    waits_at(world, resource, process)
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert (code, out) == (130, "")
    assert re.fullmatch(r"\n?diagnose: Interrupted; [^\n]+\.\n", err)
    assert left(place) == set()


@pytest.mark.parametrize(
    ("name", "how"), [("x.zip", signal.SIGINT), ("x", signal.SIGINT), ("x.zip", signal.SIGTERM)]
)
def test_an_interrupted_capture_leaves_the_older_bundle(name, how, world, begin, place):
    path, before = older_bundle(place, name)
    world.faults.add("blob-read", Hang())
    process = begin("capture", "RUN", "-o", name)
    waits_at(world, "blob-read", process)
    process.send_signal(how)
    assert ended(process)[0] == 130
    assert contents(path) == before
    assert open_bundle(path).manifest.parts
    assert {each.partition("/")[2].partition("/")[0] for each in left(place)} == {name}


def test_an_interrupted_look_at_the_permissions_ends_at_once(world, begin, place):
    world.faults.add("workspace", Hang())
    process = begin("doctor")
    waits_at(world, "workspace", process)
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert (code, out, err.strip().count("\n")) == (130, "", 0)
    assert left(place) == set()


def test_a_machine_that_reads_standard_error_can_read_of_the_interruption(world, begin):
    world.faults.add("workspace", Hang())
    process = begin("capture", "RUN", "-o", "x.zip", "--log-format", "json")
    waits_at(world, "workspace", process)
    process.send_signal(signal.SIGINT)
    [told] = [json.loads(line) for line in ended(process)[2].splitlines()]
    assert told["level"] == "error"


def test_a_slow_service_can_be_interrupted(world, begin, place):
    world.latency = 2.0
    process = begin(*COMMANDS["verdict"])
    waits_at(world, "details", process)
    process.send_signal(signal.SIGINT)
    assert ended(process)[0] == 130
    assert left(place) == set()


def test_of_several_runs_the_verdicts_before_the_interruption_are_kept(world, begin, place):
    world.faults.add("details", Hang())
    process = begin("run", str(FOLDER / OLDER), "RUN", "-f", "json")
    waits_at(world, "details", process)
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert (code, err.strip().count("\n")) == (130, 0)
    assert json.loads(out)["run"]["status"] == "Queued"
    assert left(place) == set()


# --- killed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x.zip", "x"])
def test_a_killed_capture_leaves_nothing_where_its_bundle_belongs(name, world, begin, place):
    world.faults.add("blob-read", Hang())
    process = begin("capture", "RUN", "-o", name)
    waits_at(world, "blob-read", process)
    process.kill()
    assert ended(process)[0] == -signal.SIGKILL
    assert list((place / "here").iterdir()) == []
    [abandoned] = (place / "temporary").iterdir()
    assert abandoned.stat().st_mode & 0o777 == 0o700
    world.faults.clear()
    assert ended(begin("capture", "RUN", "-o", name))[0] == 0
    assert open_bundle(place / "here" / name).manifest.parts["logs"].state == "complete"


def test_a_killed_capture_leaves_the_older_bundle(world, begin, place):
    path, before = older_bundle(place, "x.zip")
    world.faults.add("blob-read", Hang())
    process = begin("capture", "RUN", "-o", "x.zip")
    waits_at(world, "blob-read", process)
    process.kill()
    ended(process)
    assert contents(path) == before


# --- a full disk -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "largest"),
    [("capture to an archive", 0), ("capture to a folder", 100), ("verdict", 100), ("verdict", 4_000)],
)
def test_a_full_disk_is_said_and_nothing_half_made_is_left(largest, command, begin, place):
    process = begin(*COMMANDS[command], program=("-c", LIMITED, str(largest)))
    code, out, err = ended(process)
    assert (code, out) == (3, "")
    assert err.startswith("diagnose: The evidence of ")
    assert (err.count("\n"), err[-2:]) == (1, ".\n")
    assert left(place) == set()


@pytest.mark.parametrize("command", ["capture to an archive", "verdict"])
def test_a_disk_that_is_full_when_the_bundle_is_written_keeps_the_older_one(command, begin, place):
    path, before = older_bundle(place, "x.zip")
    # Each file of the run fits, and the archive of all of them does not.
    code, out, err = ended(begin(*COMMANDS[command], program=("-c", LIMITED, "11000")))
    assert (code, out) == (3, "")
    assert err.startswith("diagnose: The bundle could not be written to x.zip: ")
    assert (err.count("\n"), err[-2:]) == (1, ".\n")
    assert contents(path) == before
    assert left(place) == {"here/x.zip"}
