"""A scan of a workspace, by the command line in processes of its own: what it finds, keeps and costs, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from calling import Answer
from loopback import Forbidden, Loopback, ServerError, available, fleet
from samples import FOLDER

pytestmark = pytest.mark.skipif(not available(), reason=str(available().reason))

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def world():
    with Loopback() as world:
        yield world


@pytest.fixture(scope="module")
def members(world):
    """Eight runs in trouble among forty."""
    made = fleet.fleet(stuck=8, healthy=32, experiments=8, alive=0.05, mended=0.1, idle=0.2)
    fleet.serve(world, made)
    return {member.run_id: member for member in made}


@pytest.fixture
def scan(world, members, tmp_path):
    """Calls `diagnose scan` on that workspace as a shell does."""
    world.clear()

    def called(*typed, wait=True, workspace=True, **environ):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DIAGNOSE_", "AZUREML_"))}
        kept |= world.process_environment() | {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)} | environ
        known = world.workspaces["fleet"]
        where = ["--subscription", known.subscription_id, "-g", known.resource_group]
        where += ["-w", known.name] if workspace else []
        process = subprocess.Popen(
            [sys.executable, "-m", "diagnose", "scan", *where, *map(str, typed)],
            env=kept,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if not wait:
            return process
        out, err = process.communicate(timeout=300)
        return Answer(process.returncode, out, err)

    yield called
    assert world.errors == []
    assert world.proxy.refused == []


def lines(folder):
    return [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]


def verdicts(folder):
    return {line["run"]["id"]: (line["outcome"], line["cause"], line["certainty"]) for line in lines(folder)}


def troubled(folder):
    return {run for run, (_, cause, _) in verdicts(folder).items() if cause not in ("none", "still-working")}


def facts(folder):
    return json.loads((folder / "scan.json").read_text())


@pytest.fixture(scope="module")
def whole(world, members, tmp_path_factory):
    """One scan of all of it, which most tests look at."""
    folder = tmp_path_factory.mktemp("scan") / "scan"
    known = world.workspaces["fleet"]
    world.clear()
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "diagnose",
                "scan",
                "-o",
                str(folder),
                "--subscription",
                known.subscription_id,
            ),
            *("-g", known.resource_group, "-w", known.name),
        ],
        env={
            k: v
            for k, v in world.process_environment().items()
            if not k.startswith(("DIAGNOSE_", "AZUREML_"))
        }
        | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    requests = list(world.requests)
    return folder, done.stdout, requests


def test_every_run_in_trouble_is_found_and_no_other_is_accused(whole, members):
    folder, _, _ = whole
    assert troubled(folder) == {run for run, member in members.items() if member.is_stuck}


def test_healthy_runs_cost_next_to_nothing_and_no_run_an_arm_call(whole, members):
    _, _, requests = whole
    assert Counter(asked.resource for asked in requests if asked.host == "management.azure.com") == {
        "workspace": 1,
        "datastores": 1,
    }
    old = {run for run, member in members.items() if member.kind == "old"}
    assert not [asked for asked in requests if any(run in asked.path for run in old)]
    lists = [
        asked
        for asked in requests
        if asked.resource in ("experiments", "runs-query", "runs-search", "rundata")
    ]
    assert len(lists) <= 40


def test_the_summary_on_standard_output_ends_with_the_page(whole):
    folder, out, _ = whole
    assert out.splitlines()[-1] == str(folder / "index.html")
    assert len(out.splitlines()) <= 28


def test_each_diagnosed_run_has_a_report_that_the_page_leads_to(whole):
    folder, _, _ = whole
    page = (folder / "index.html").read_text()
    for line in lines(folder):
        report = folder / line["scan"]["report"]
        assert line["run"]["id"] in report.read_text()
    for run in troubled(folder):
        assert f"runs/{run}" in page


def test_the_facts_say_how_it_was_found_and_what_it_cost(whole, members):
    folder, _, requests = whole
    [place] = facts(folder)["workspaces"]
    assert place["way"] in ("runs:query", "mlflow")
    assert place["passed"]["left no outputs"] >= sum(member.kind == "idle" for member in members.values())
    on_the_wire = Counter(
        "storage" if ".blob." in asked.host else "data"
        for asked in requests
        if ".microsoftonline." not in asked.host and asked.host != "management.azure.com"
    )
    assert place["calls"]["storage"] == on_the_wire["storage"]


def test_a_scan_that_is_killed_goes_on_where_it_was(whole, scan, world, tmp_path):
    expected, folder = verdicts(whole[0]), tmp_path / "killed"
    world.latency = 0.02
    for kills in range(2):
        process = scan("-o", folder, "--workers", 4, wait=False)
        began = time.monotonic()
        while time.monotonic() - began < 60 and process.poll() is None:
            done = (
                len((folder / "results.jsonl").read_bytes().splitlines())
                if (folder / "results.jsonl").exists()
                else 0
            )
            if done > 3 + 4 * kills:
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    world.latency = 0.0
    assert scan("-o", folder).code == 0
    assert verdicts(folder) == expected
    assert all(count == 1 for count in Counter(line["run"]["id"] for line in lines(folder)).values())


def test_ctrl_c_keeps_what_was_done_and_leaves_a_page_of_it(scan, world, tmp_path):
    folder = tmp_path / "stopped"
    world.latency = 0.05
    process = scan("-o", folder, "--workers", 2, wait=False)
    while not (folder / "results.jsonl").exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Start it again with the same -o" in err
    assert len(lines(folder)) >= 1
    assert (folder / "index.html").exists()
    assert facts(folder)["ended_at"] is None


def test_only_what_was_asked_for_is_looked_at(scan, members, tmp_path):
    open_ones = {run for run, m in members.items() if m.kind == "stuck" and m.label["outcome"] == "stuck"}
    assert scan("-o", tmp_path / "open", "--status", "Running,Finalizing,NotResponding,Queued").code == 0
    closed = set(members) - open_ones - {run for run, m in members.items() if m.kind == "alive"}
    assert set(verdicts(tmp_path / "open")) & open_ones
    assert not set(verdicts(tmp_path / "open")) & closed
    name = next(iter(sorted(open_ones)))
    experiment = members[name].run.experiment
    assert scan("-o", tmp_path / "one", "--experiment", experiment, "--limit", 1).code == 0
    assert len(verdicts(tmp_path / "one")) <= 1


def test_fail_on_ends_with_ten_when_a_run_has_the_cause(scan, tmp_path):
    answer = scan(
        "-o",
        tmp_path / "s",
        "--status",
        "Running",
        "--limit",
        2,
        "--fail-on",
        "any",
        "-f",
        "markdown",
        "-f",
        "junit",
    )
    assert answer.code == 10
    assert (tmp_path / "s/summary.md").read_text().startswith("#")
    assert "<testsuite" in (tmp_path / "s/scan.xml").read_text()


def test_formats_go_to_standard_output_where_no_folder_was_named(scan, tmp_path):
    answer = scan("--status", "Running", "--limit", 2, "-f", "json")
    printed = [json.loads(line) for line in answer.out.splitlines()]
    assert {row["schema"] for row in printed} == {"run-verdict"}
    assert (tmp_path / "diagnose-scan-fleet/index.html").exists()


def test_a_workspace_that_may_not_be_read_is_told_and_stops_no_other(scan, tmp_path):
    answer = scan("-o", tmp_path / "s", "-w", "nowhere", "--status", "Running", "--limit", 2)
    assert answer.code == 4
    troubles = {each["name"]: each["trouble"] for each in facts(tmp_path / "s")["workspaces"]}
    assert "There is no workspace nowhere" in troubles["nowhere"]
    assert troubles["fleet"] is None
    assert troubled(tmp_path / "s")


def test_all_workspaces_of_a_group_are_scanned_into_one_report(scan, world, tmp_path):
    world.serve(FOLDER / "executor_task_blocks_exit", workspace="another")
    world.page_sizes["workspaces"] = 1
    answer = scan("-o", tmp_path / "s", "--all-workspaces", "--status", "Running", workspace=False)
    assert answer.code == 0, answer.err
    assert {each["name"] for each in facts(tmp_path / "s")["workspaces"]} == {"fleet", "another"}
    assert {line["scan"]["workspace"] for line in lines(tmp_path / "s")} == {"fleet", "another"}
    assert all(
        line["scan"]["report"].startswith(f"runs/{line['scan']['workspace']}--")
        for line in lines(tmp_path / "s")
    )


def test_where_no_workspace_can_be_asked_nothing_was_scanned(scan, tmp_path):
    answer = scan("-o", tmp_path / "s", "-w", "nowhere", workspace=False)
    assert (answer.code, answer.out) == (3, "")
    assert "There is no workspace nowhere" in answer.err


def test_runs_whose_evidence_is_refused_are_rows_with_the_reason(scan, world, members, tmp_path):
    run = next(
        run
        for run, m in members.items()
        if m.kind == "stuck" and m.label["outcome"] == "stuck" and m.run.type == "command"
    )
    for resource in ("blob-list", "blob-read", "metric-names", "artifacts", "content-info"):
        world.faults.add(resource, Forbidden(), where=run)
    world.faults.add("blob-list", Forbidden())
    world.faults.add("artifacts", Forbidden())
    world.faults.add("metric-names", Forbidden())
    world.faults.add("blob-read", Forbidden())
    answer = scan("-o", tmp_path / "s", "--status", "Running", "--limit", 2)
    assert answer.code == 4
    unread = [json.loads(line) for line in (tmp_path / "s/unread.jsonl").read_text().splitlines()]
    assert unread
    assert all("403" in row["why"] for row in unread)


def test_a_service_that_is_away_for_a_moment_costs_no_verdict(whole, scan, world, tmp_path):
    world.faults.add("details", ServerError(503), times=6)
    answer = scan("-o", tmp_path / "s", "--status", "Running", "--limit", 3, "--workers", 2)
    assert answer.code == 0, answer.err
    before, now = verdicts(whole[0]), verdicts(tmp_path / "s")
    assert set(before) & set(now)
    assert {run: before[run] for run in now if run in before} == {
        run: now[run] for run in now if run in before
    }
