"""`diagnose doctor` against a live workspace: each kind of evidence is tried, and one that is refused costs no other."""

import json
import os
from datetime import UTC, datetime

import pytest
from building import bundle_of, run_row
from calling import Caller
from loopback import Forbidden, Hang, Loopback, NotFound, ResetBefore, ServerError, available
from loopback.sign_in import CLIENT_SECRET
from samples import FOLDER

from diagnose.collect.azureml import permissions
from diagnose.evidence.instants import parse_instant

pytestmark = pytest.mark.skipif(not available(), reason=str(available().reason))

SAMPLE = "executor_task_blocks_exit"
CHECKS = ["sign-in", "workspace", "jobs", "datastores", "run history", "metrics", "logs", "outputs", "clock"]
READER = "Reader (or AzureML Data Scientist) on the workspace"
BLOB_READER = "Storage Blob Data Reader on the storage account"


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
def call(world, run, capsys, monkeypatch, tmp_path):
    """Calls `diagnose doctor` at a moment at which this machine and the service have the same time."""
    world.clear()
    world.apply(monkeypatch)
    for name in [name for name in os.environ if name.startswith(("DIAGNOSE_", "AZUREML_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(permissions, "SKEW_SAID_S", 60.0)  # the clock of the loopback stands still
    world.clock_skew = (datetime.now(UTC) - parse_instant(run.captured_at)).total_seconds()
    caller = Caller(capsys)
    yield lambda *typed: caller("doctor", *(typed or options(run)))
    assert world.errors == []
    assert world.proxy.refused == []


def options(run, **other):
    names = {"subscription": run.subscription_id, "resource-group": run.resource_group}
    names |= {"workspace-name": other.get("workspace", run.workspace)}
    return [word for name, value in names.items() for word in (f"--{name}", value)]


def checks(answer):
    """The word before each check, and what was told of it."""
    lines = [line for line in answer.out.splitlines() if line.startswith(("ok  ", "NO  ", "--  "))]
    return {line[4:18].strip(): (line[:2], line[18:]) for line in lines}


def refused(answer):
    return {name: told for name, (word, told) in checks(answer).items() if word == "NO"}


def test_where_everything_may_be_read_all_is_well(call, run):
    answer = call()
    assert (answer.code, answer.err) == (0, "")
    found = checks(answer)
    assert list(found) == CHECKS
    assert refused(answer) == {}
    assert run.run_id in found["jobs"][1]
    assert found["run history"][1] == f"{run.run_id} is Running"
    assert found["outputs"][1] == f"{run.account}.blob.core.windows.net may be listed"
    assert "The least that is needed" not in answer.out


def test_it_only_reads(call, world):
    call()
    asked = {(each.method, each.resource) for each in world.requests}
    assert {resource for method, resource in asked if method == "POST"} == {"token", "metric-names"}
    assert {method for method, _ in asked} == {"GET", "POST"}
    assert len([each for each in world.requests if each.resource == "token"]) == 2


REFUSED = {
    "jobs": ("jobs", READER),
    "datastores": ("datastores", READER),
    "run": ("run history", READER),
    "metric-names": ("metrics", READER),
    "details": ("logs", READER),
    "blob-read": ("logs", "Storage Blob Data Reader"),
    "blob-list": ("outputs", BLOB_READER),
}


@pytest.mark.parametrize("resource", REFUSED)
def test_one_refusal_is_one_line_with_the_missing_role_and_costs_no_other(resource, call, world):
    name, role = REFUSED[resource]
    world.faults.add(resource, Forbidden())
    answer = call()
    assert answer.code == 0
    told = refused(answer)
    assert list(told) == [name]
    assert role in told[name]
    assert answer.out.endswith(f"The least that is needed to read all of it: {READER}; {BLOB_READER}.\n")


def test_what_could_not_be_tried_is_not_called_well(call, world):
    """Jobs that may not be listed are no sign that there are none."""
    world.faults.add("jobs", Forbidden())
    found = checks(call())
    for name in ("run history", "metrics", "logs", "outputs"):
        assert found[name] == ("--", "not tried, as no job is known to try it on")
    assert found["datastores"][0] == "ok"


@pytest.mark.parametrize("fault", [ResetBefore(), ServerError(500), NotFound(), Forbidden("network")])
@pytest.mark.parametrize("resource", ["jobs", "metric-names", "blob-list"])
def test_trouble_of_any_kind_is_told_on_its_line(resource, fault, call, world):
    name, _ = REFUSED[resource]
    world.faults.add(resource, fault)
    answer = call()
    assert (answer.code, answer.err) == (0, "")
    assert name in refused(answer)
    assert list(checks(answer)) == CHECKS


def test_a_workspace_that_may_not_be_read_ends_it(call, world):
    world.faults.add("workspace", Forbidden())
    answer = call()
    assert answer.code == 3
    assert list(checks(answer)) == ["sign-in", "workspace"]
    assert READER in refused(answer)["workspace"]


def test_a_workspace_that_is_not_there_ends_it(call, run):
    answer = call(*options(run, workspace="nowhere"))
    assert answer.code == 3
    assert "no workspace nowhere" in refused(answer)["workspace"]


@pytest.mark.parametrize("how", ["nobody", "a wrong secret"])
def test_without_a_sign_in_nothing_else_is_tried(how, call, world, monkeypatch):
    if how == "nobody":
        for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"):
            monkeypatch.delenv(name)
    else:
        monkeypatch.setenv("AZURE_CLIENT_SECRET", "stale-and-long-since-replaced-secret")
    answer = call()
    assert answer.code == 3
    assert list(checks(answer)) == list(refused(answer)) == ["sign-in"]
    assert "replaced-secret" not in answer.out + answer.err
    assert {each.resource for each in world.requests} <= {"token", "sign-in"}


def test_a_sign_in_that_makes_no_sense_is_one_sentence(call, monkeypatch):
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "carrier pigeon")
    answer = call()
    assert answer.code == 3
    assert "makes no sense" in answer.out + answer.err


def test_each_setting_is_told_with_its_source(call, run, tmp_path, monkeypatch):
    (tmp_path / "config.json").write_text(
        json.dumps(
            {
                "subscription_id": run.subscription_id,
                "resource_group": run.resource_group,
                "workspace_name": "another",
            }
        )
    )
    monkeypatch.setenv("DIAGNOSE_RESOURCE_GROUP", run.resource_group)
    answer = call("-w", run.workspace)
    assert answer.code == 0
    told = dict(line.split(maxsplit=1) for line in answer.out.partition("\n\n")[0].splitlines())
    assert told["subscription"].startswith(run.subscription_id)
    assert told["subscription"].endswith("config.json)")
    assert told["group"] == f"{run.resource_group}  (from DIAGNOSE_RESOURCE_GROUP)"
    assert told["workspace"] == f"{run.workspace}  (from --workspace-name)"
    assert told["cloud"] == "AzureCloud  (from the default)"


def test_settings_of_several_files_are_told_to_be_mixed(call, run, tmp_path):
    (tmp_path / "diagnose.toml").write_text(f'workspace = "{run.workspace}"\n')
    (tmp_path / "config.json").write_text(
        json.dumps(
            {
                "subscription_id": run.subscription_id,
                "resource_group": run.resource_group,
                "workspace_name": "another",
            }
        )
    )
    assert "careful       these come from several files: " in call("--quiet").out


def test_no_workspace_at_all_is_wrong_usage(call):
    answer = call("--quiet")
    assert (answer.code, answer.out) == (2, "")
    assert "workspace" in answer.err


def test_no_secret_is_told(call, world):
    world.faults.add("blob-read", Forbidden("signature"))
    answer = call(*options_of(world), "-vv")
    for secret in ("sig=", "Bearer", "eyJ", CLIENT_SECRET, *world.tokens._good):
        assert secret not in answer.out + answer.err


def options_of(world):
    [known] = [known for known in world.workspaces.values() if known.name.startswith("ws-island")]
    return ["--subscription", known.subscription_id, "-g", known.resource_group, "-w", known.name]


def test_a_workspace_without_jobs_is_as_well_as_can_be_told(call, world):
    served = world.serve(bundle_of(run_row(id="old", type="script")))
    world.clock_skew = (datetime.now(UTC) - parse_instant(served.captured_at)).total_seconds()
    answer = call(*options(served))
    assert (answer.code, refused(answer)) == (0, {})
    found = checks(answer)
    assert found["jobs"] == ("ok", "there are none yet")
    assert found["metrics"] == ("--", "not tried, as no job is known to try it on")
    assert "The least that is needed" not in answer.out


def test_a_clock_that_is_off_is_told_and_asks_for_no_role(call, world):
    world.clock_skew += 300
    answer = call()
    assert answer.code == 0
    assert list(refused(answer)) == ["clock"]
    assert "behind the service" in refused(answer)["clock"]
    assert "The least that is needed" not in answer.out


def test_a_listing_that_hangs_ends_by_itself(call, world, monkeypatch):
    monkeypatch.setattr("diagnose.collect.azureml.wire.TimeOuts.__init__.__defaults__", (1.0, 0.5, 1.0))
    world.faults.add("blob-list", Hang())
    answer = call()
    assert answer.code == 0
    assert "did not answer in time" in refused(answer)["outputs"]
