"""The command line against a live workspace, in processes of its own: what is printed, what is kept, how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from building import bundle_of, run_row
from calling import Answer
from loopback import Forbidden, Loopback, ResetMidBody, available
from loopback.sign_in import CLIENT_SECRET
from samples import AT, FOLDER, judgement

from diagnose.evidence.bundle import open_bundle
from diagnose.pipeline import judge

pytestmark = pytest.mark.skipif(not available(), reason=str(available().reason))

SAMPLE = "executor_task_blocks_exit"
ROOT = Path(__file__).parents[1]
NOT_SIGNED_IN = dict.fromkeys(("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"))


@pytest.fixture(scope="module")
def world():
    with Loopback() as world:
        yield world


@pytest.fixture(scope="module")
def run(world):
    """A run with logs, metrics, an output and source."""
    served = world.serve(FOLDER / SAMPLE)
    captured = open_bundle(FOLDER / SAMPLE).manifest.captured_at
    times = dict.fromkeys(("created_at", "started_at", "ended_at"), "2026-11-18T09:00:00Z")
    other = bundle_of({**run_row("Completed", id="another"), **times}, logs="done\n", captured_at=captured)
    world.serve(other, workspace=served.workspace)
    world.seed()
    return served


@pytest.fixture
def call(world, run, tmp_path):
    """Calls `diagnose` as a shell does; a variable that is None is not set."""
    world.clear()

    def at_a_shell(*typed, **environ):
        told = {k: v for k, v in os.environ.items() if not k.startswith(("DIAGNOSE_", "AZUREML_"))}
        told |= world.process_environment() | {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)} | environ
        done = subprocess.run(
            [sys.executable, "-m", "diagnose", *map(str, typed)],
            env={name: value for name, value in told.items() if value is not None},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    yield at_a_shell
    assert world.errors == []
    assert world.proxy.refused == []


def options(run, **other):
    names = {"subscription": run.subscription_id, "resource-group": run.resource_group}
    names |= {"workspace-name": run.workspace} | {
        name.replace("_", "-"): value for name, value in other.items()
    }
    return [word for name, value in names.items() for word in (f"--{name}", value)]


def studio(run, run_id):
    return f"https://ml.azure.com/runs/{run_id}?wsid={run.scope}&tid=00000000-0000-0000-0000-00000000000c"


def verdict(answer):
    """The record that was printed, without the moment at which it was."""
    assert answer.code == 0, answer.err
    record = json.loads(answer.out)
    return record | {"generated": {**record["generated"], "at": None}}


def judged(answer):
    """What was made of it; a headline counts the minutes, and blob storage keeps whole seconds."""
    return judgement(verdict(answer)) | {"headline": ""}


@pytest.fixture(scope="module")
def expected():
    return judgement(judge(open_bundle(FOLDER / SAMPLE), AT)) | {"headline": ""}


# --- which run ---------------------------------------------------------------------------------------------------


def test_a_run_is_found_by_its_id_with_options(call, run, expected):
    answer = call(run.run_id, "-f", "json", *options(run))
    assert judged(answer) == expected
    assert answer.err == ""


@pytest.mark.parametrize("how", ["studio URL", "ARM id"])
def test_an_address_alone_says_which_run_in_which_workspace(how, call, run, expected):
    typed = studio(run, run.run_id) if how == "studio URL" else f"{run.scope}/jobs/{run.run_id}"
    assert judged(call(typed, "-f", "json")) == expected


def test_a_config_json_above_the_current_folder_names_the_workspace(call, run, expected, tmp_path):
    (tmp_path / ".azureml").mkdir()
    told = {
        "subscription_id": run.subscription_id,
        "resource_group": run.resource_group,
        "workspace_name": run.workspace,
    }
    (tmp_path / ".azureml" / "config.json").write_text(json.dumps(told))
    assert judged(call(run.run_id, "-f", "json")) == expected


def test_inside_a_job_its_own_variables_name_the_workspace(call, run, expected):
    own = {
        "AZUREML_ARM_SUBSCRIPTION": run.subscription_id,
        "AZUREML_ARM_RESOURCEGROUP": run.resource_group,
        "AZUREML_ARM_WORKSPACE_NAME": run.workspace,
        "AZUREML_SERVICE_ENDPOINT": f"https://{run.host}",
    }
    assert judged(call(run.run_id, "-f", "json", **own)) == expected


def test_inside_a_job_that_may_not_read_its_workspace_run_history_is_still_asked(call, world, run):
    world.faults.add("workspace", Forbidden())
    own = {
        "AZUREML_ARM_SUBSCRIPTION": run.subscription_id,
        "AZUREML_ARM_RESOURCEGROUP": run.resource_group,
        "AZUREML_ARM_WORKSPACE_NAME": run.workspace,
        "AZUREML_SERVICE_ENDPOINT": f"https://{run.host}",
    }
    record = verdict(call(run.run_id, "-f", "json", **own))
    assert record["run"]["status"] == "Running"
    assert record["run"]["id"] == run.run_id


# --- what is kept ------------------------------------------------------------------------------------------------


def test_what_is_captured_gives_the_same_verdict_later(call, run, expected, tmp_path):
    captured = call("capture", run.run_id, "-o", "x.zip", *options(run))
    assert (captured.code, captured.out) == (0, "")
    assert captured.err.startswith(f"diagnose: kept the evidence of {run.run_id} in x.zip: ")
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]
    assert judged(call("x.zip", "-f", "json", HTTPS_PROXY="http://127.0.0.1:9")) == expected


@pytest.mark.parametrize("name", ["kept.zip", "kept"])
def test_a_kept_bundle_gives_the_very_record_that_was_printed(name, call, run):
    live = call(run.run_id, "-f", "json", "--keep-bundle", name, *options(run))
    assert verdict(live) == verdict(call(name, "-f", "json"))


def test_a_captured_folder_is_for_its_owner_only(call, run, tmp_path):
    assert call("capture", run.run_id, "-o", "kept", *options(run)).code == 0
    kept = [tmp_path / "kept", *(tmp_path / "kept").rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_file()} == {0o600}


# --- what ends it ------------------------------------------------------------------------------------------------

ENDS = {
    "no such run": (lambda run: ["nobody_knows_it", *options(run)], {}, "no run nobody_knows_it"),
    "no such workspace": (
        lambda run: [run.run_id, *options(run, workspace_name="nowhere")],
        {},
        "no workspace nowhere",
    ),
    "no such group": (
        lambda run: [run.run_id, *options(run, resource_group="nobodys")],
        {},
        "no resource group nobodys",
    ),
    "no such subscription": (
        lambda run: [run.run_id, *options(run, subscription="11111111-2222-3333-4444-555555555555")],
        {},
        "no subscription 11111111-2222-3333-4444-555555555555",
    ),
    "nobody signed in": (
        lambda run: [run.run_id, *options(run)],
        NOT_SIGNED_IN,
        "Nobody is signed in to Azure",
    ),
    "wrong secret": (
        lambda run: [run.run_id, *options(run)],
        {"AZURE_CLIENT_SECRET": "stale-and-long-since-replaced-secret"},
        "AADSTS7000215",
    ),
    "a proxy that is not there": (
        lambda run: [run.run_id, *options(run)],
        {"HTTPS_PROXY": "http://127.0.0.1:9"},
        "HTTPS_PROXY",
    ),
}


@pytest.mark.parametrize("command", ["run", "capture"])
@pytest.mark.parametrize("why", ENDS)
def test_where_nothing_can_be_read_one_sentence_says_what_to_check(why, command, call, run, tmp_path):
    typed, environ, words = ENDS[why]
    more = ["-f", "json"] if command == "run" else ["-o", "x.zip"]
    answer = call(command, *typed(run), *more, **environ)
    assert (answer.code, answer.out) == (3, "")
    assert words in answer.err
    assert_one_sentence(answer.err)
    assert "replaced-secret" not in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_that_may_not_be_read_names_the_missing_role(call, world, run):
    world.faults.add("workspace", Forbidden())
    answer = call(run.run_id, "-f", "json", *options(run))
    assert (answer.code, answer.out) == (3, "")
    assert "Reader (or AzureML Data Scientist) on the workspace" in answer.err
    assert_one_sentence(answer.err)


def test_a_run_that_may_not_be_read_names_the_missing_role(call, world, run):
    for resource in ("run", "details", "job"):
        world.faults.add(resource, Forbidden())
    answer = call(run.run_id, "-f", "json", *options(run))
    assert (answer.code, answer.out) == (3, "")
    assert "Reader (or AzureML Data Scientist) on the workspace" in answer.err
    assert_one_sentence(answer.err)


def assert_one_sentence(said):
    assert said.startswith("diagnose: ")
    assert said.endswith(".\n")
    assert said.count("\n") == 1
    assert ". " not in said


def test_a_run_id_without_a_workspace_says_how_to_name_one(call, run):
    answer = call(run.run_id, "-f", "json")
    assert (answer.code, answer.out) == (3, "")
    assert "--workspace-name" in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("typed", [("capture", "-o"), ("run", "-f", "json", "--keep-bundle")])
def test_a_place_that_cannot_be_written_to_is_said_before_anything_is_asked(typed, call, world, run):
    command, *how = typed
    answer = call(command, run.run_id, *how, "nowhere/x.zip", *options(run))
    assert (answer.code, answer.out) == (3, "")
    assert "nowhere is not a folder" in answer.err
    assert world.requests == []


# --- several runs ------------------------------------------------------------------------------------------------


def test_two_runs_of_one_command_share_their_tokens(call, world, run):
    answer = call(run.run_id, "another", "-f", "json", *options(run))
    assert answer.code == 0, answer.err
    assert [json.loads(line)["run"]["id"] for line in answer.out.splitlines()] == [run.run_id, "another"]
    scopes = [asked.body.decode().split("scope=")[1].split("&")[0] for asked in asked_of(world, "token")]
    assert len(scopes) == len(set(scopes)) == 2


def asked_of(world, resource):
    return [asked for asked in world.requests if asked.resource == resource]


def test_one_run_that_is_not_there_never_stops_the_rest(call, run):
    answer = call("nobody_knows_it", studio(run, "another"), FOLDER / SAMPLE, "-f", "json", *options(run))
    assert answer.code == 4
    assert len(answer.out.splitlines()) == 2
    assert_one_sentence(answer.err)


# --- standard error ----------------------------------------------------------------------------------------------


@pytest.fixture
def trouble(world):
    """Denials and broken connections, so that there is something to tell."""
    world.faults.add("blob-read", ResetMidBody(), times=2)
    world.faults.add("blob-read", Forbidden(), where="std_log")
    world.faults.add("metric-history", Forbidden())


def test_a_quiet_command_says_nothing(call, run, trouble):
    answer = call(run.run_id, "-q", "-f", "json", *options(run))
    assert (answer.code, answer.err) == (0, "")


def test_what_could_not_be_read_is_said_and_stands_in_the_verdict(call, run, trouble):
    answer = call(run.run_id, "-f", "json", *options(run))
    said = answer.err.splitlines()
    assert all(line.startswith("diagnose: not read: ") for line in said)
    assert any("metric" in line and "Reader" in line for line in said)
    assert any("std_log.txt" in line for line in said)
    assert {each["part"] for each in json.loads(answer.out)["not_examined"]} >= {"metrics"}


def test_a_talkative_command_tells_no_secret(call, world, run, trouble):
    answer = call(run.run_id, "-vv", "-f", "json", *options(run))
    assert f"GET {run.account}.blob.core.windows.net/" in answer.err
    for secret in ("sig=", "Bearer", "eyJ", CLIENT_SECRET, *world.tokens._good):
        assert secret not in answer.err + answer.out


def test_a_machine_reads_one_json_object_a_line(call, run, trouble):
    answer = call(run.run_id, "-vv", "--log-format", "json", "-f", "json", *options(run))
    lines = [json.loads(line) for line in answer.err.splitlines()]
    assert {"at", "level", "logger", "message"} <= set.intersection(*map(set, lines))
    assert any(line["message"].startswith("not read: ") for line in lines)
    json.loads(answer.out)


def test_steps_are_told_to_whoever_asks(call, run):
    answer = call(run.run_id, "-v", "-f", "json", *options(run))
    assert f"asking the workspace {run.workspace} for {run.run_id}" in answer.err
    assert "reading the output labels" in answer.err
    json.loads(answer.out)
