import logging

import pytest
from building import bundle_of, iso, run_row
from loopback import Forbidden, Loopback, ServerError, available

from diagnose.errors import DiagnoseError, UsageError
from diagnose.remote import Remote, is_elsewhere
from diagnose.settings import Options

needs_loopback = pytest.mark.skipif(not available(), reason=str(available().reason))
IDS = (f"00000000-0000-0000-0000-{'0' * 12}", "group", "space")


@pytest.mark.parametrize(
    "typed",
    [
        "amber_mango_1x2y3z",
        "HD_11111111-2222-3333-4444-555555555555_0",
        "run.1",
        "2026",
        "https://ml.azure.com/runs/a?wsid=/subscriptions/s/resourcegroups/g/workspaces/w",
        "ml.azure.com/runs/a",
        "<https://ml.azure.com/runs/a>",
        "/subscriptions/s/resourceGroups/g",
        "azureml://subscriptions/s",
    ],
)
def test_what_may_be_a_run_is_asked_of_azure(typed):
    assert is_elsewhere(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "evidence.zip",
        "std_log.TXT",
        "70_driver_log.txt",
        "job.tar.gz",
        "./run",
        "folder/run",
        "/tmp/bundle",
        "a run",
        "-",
        "",
        "_run",
        "a" * 256,
    ],
)
def test_a_mistyped_path_is_no_run(typed):
    assert not is_elsewhere(typed)


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """No place says which workspace is meant."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "AZURE_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("SUBSCRIPTION", "RESOURCE_GROUP", "WORKSPACE_NAME"):
        monkeypatch.delenv(f"DIAGNOSE_{name}", raising=False)
    for name in ("SUBSCRIPTION", "RESOURCEGROUP", "WORKSPACE_NAME"):
        monkeypatch.delenv(f"AZUREML_ARM_{name}", raising=False)
    return tmp_path


def test_a_name_that_is_on_no_disk_and_in_no_workspace_may_be_a_slip_of_either_kind(nowhere):
    said = r"^amber_mango is not on disk\. To ask Azure: "
    with pytest.raises(DiagnoseError, match=said) as refused, Remote().bundle("amber_mango"):
        pass
    assert refused.value.exit_code == 3


def test_an_address_without_its_workspace_is_wrong_usage(nowhere):
    with pytest.raises(UsageError), Remote().bundle("https://ml.azure.com/runs/amber_mango"):
        pass


def test_a_file_that_says_nothing_is_told(nowhere, caplog):
    (nowhere / "config.json").write_text("{")
    with caplog.at_level(logging.INFO, logger="diagnose"):
        found = Remote(Options(*IDS)).where(None)
    assert found.workspace.value == "space"
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="diagnose"), pytest.raises(UsageError, match=r"config\.json"):
        Remote(Options(IDS[0], IDS[1])).where(None)


# --- live --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world():
    with Loopback() as world:
        yield world


@pytest.fixture
def remote(world, nowhere, monkeypatch):
    """Two runs of one workspace, and who asks for them."""
    world.clear()
    config = world.environment()["AZURE_CONFIG_DIR"]
    world.apply(monkeypatch)
    monkeypatch.setenv("AZURE_CONFIG_DIR", config)
    served = world.serve(bundle_of(run_row(id="first"), logs="a\n", metrics=[]))
    world.serve(bundle_of(run_row(id="second"), logs="b\n"), workspace=served.workspace)
    yield Remote(Options(served.subscription_id, served.resource_group, served.workspace))
    assert world.errors == []


@needs_loopback
def test_the_runs_of_one_command_share_their_tokens(remote, world):
    for name in ("first", "second", "first"):
        with remote.bundle(name) as bundle:
            assert bundle.document("run.json")["id"] == name
    assert len([asked for asked in world.requests if asked.resource == "token"]) == 2


@needs_loopback
def test_nothing_of_a_run_is_left_on_the_disk(remote, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with remote.bundle("first"):
        [folder] = tmp_path.glob("diagnose-*")
    assert not folder.exists()


@needs_loopback
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_when_the_judging_breaks_either(error, remote, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(error), remote.bundle("first"):
        raise error
    assert list(tmp_path.glob("diagnose-*")) == []


@needs_loopback
def test_a_disk_that_fails_while_a_run_is_judged_is_not_taken_for_one_that_fills_up(remote):
    """Writing a report beside an open bundle may fail for reasons of its own."""
    with pytest.raises((OSError, DiagnoseError)) as raised, remote.bundle("first"):
        raise PermissionError(13, "Permission denied", "report.html")
    assert "make room" not in str(raised.value)


@needs_loopback
def test_what_was_not_read_is_said_a_few_times_and_counted(remote, world, caplog):
    world.faults.add("blob-list", Forbidden())
    world.faults.add("metric-names", ServerError(500))
    world.faults.add("spans", Forbidden())
    with caplog.at_level(logging.INFO, logger="diagnose"), remote.bundle("first") as bundle:
        gaps = bundle.manifest.gaps
    said = [record.getMessage() for record in caplog.records if "not read" in record.getMessage()]
    assert any("Storage Blob Data Reader" in sentence for sentence in said)
    assert len(said) == len(set(said))
    # The status history is asked for on trial, and stands in the manifest only.
    assert any(gap["what"] == "the status history" for gap in gaps)
    assert not any("status history" in sentence for sentence in said)


@needs_loopback
@pytest.mark.parametrize(("wanted", "found"), [(None, 3), (0, 0), (1, 1), (20, 4)])
def test_earlier_runs_are_looked_at_unless_nobody_wants_them(wanted, found, remote, world):
    ended = run_row("Completed", id="third", started_at=iso(60), ended_at=iso(70))
    times = [{"started_at": iso(10 * number), "ended_at": iso(10 * number + 5)} for number in range(4)]
    siblings = [
        {"id": f"s-{number}", "status": "Completed", "outputs": [], **at} for number, at in enumerate(times)
    ]
    served = world.serve(bundle_of(ended, logs="a\n", siblings=siblings))
    there = Options(served.subscription_id, served.resource_group, served.workspace)
    with Remote(there, siblings=wanted).bundle("third") as bundle:
        assert len(list(bundle.rows("siblings"))) == found


def test_what_a_library_writes_into_the_environment_is_no_setting_of_the_next_run(monkeypatch):
    """azure-ai-ml writes the cloud of the run before."""
    remote = Remote(Options(*IDS))
    before = remote.where(None).cloud
    monkeypatch.setenv("AZUREML_CURRENT_CLOUD", "AzureUSGovernment")
    assert remote.where(None).cloud == before
