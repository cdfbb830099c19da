import json
from dataclasses import asdict

import pytest
from answering import Answer, needs_recordings, recorded, refusal_of, service_of
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnose.collect.azureml.gaps import GapError
from diagnose.collect.azureml.jobs import Datastore, Job, Submitted, job_in
from diagnose.evidence.bundle import PartState

JOB_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/jobs/r"


@pytest.fixture
def submitted(world, monkeypatch):
    monkeypatch.setenv("AZUREML_CURRENT_CLOUD", "AzureCloud")  # the library writes it
    return Submitted(service_of())


def job(world, submitted, answer):
    world.says("/jobs/r", answer)
    return submitted.job("r")


def command(**more):
    """A command job as ARM tells it."""
    properties = {"jobType": "Command", "command": "python a.py", "experimentName": "e", "status": "Running"}
    return {"id": JOB_ID, "name": "r", "properties": {**properties, **more}}


def store(name, kind="AzureBlob", **more):
    properties = {"datastoreType": kind, "credentials": {"credentialsType": "None"}, **more}
    return {"id": f"{JOB_ID}/datastores/{name}", "name": name, "properties": properties}


def blob_store(name, account="acct"):
    return store(
        name, accountName=account, containerName="box", endpoint="core.windows.net", protocol="https"
    )


# --- the job as it was submitted ---------------------------------------------------------------------------------


@needs_recordings
def test_a_recorded_command_job(world, submitted):
    found = job(world, submitted, recorded("arm_job_put_command_Starting"))
    assert (found.type, found.experiment, found.target) == ("command", "azure-ai-ml", "testCompute")
    assert found.environment == "azureml:AzureML-sklearn-0.24-ubuntu18.04-py37-cpu:1"
    assert (found.nodes, found.distribution) == (1, {"kind": "mpi", "processes": 2})
    assert found.command.startswith("echo ")
    assert found.code.endswith("/codes/000000000000000000000/versions/1")


@needs_recordings
def test_the_artifacts_are_no_output_of_the_job(world, submitted):
    found = job(world, submitted, recorded("arm_job_put_command_Starting"))
    assert found.outputs == ()
    assert found.inputs["uri"] == {
        "type": "uri_file",
        "mode": "mount",
        "uri": "azureml://datastores/workspaceblobstore/paths/python/data.csv",
    }


@needs_recordings
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("arm_job_get_command_Queued", "command"),
        ("arm_job_get_pipeline_Completed", "pipeline"),
        ("arm_job_get_sweep_Running", "sweep"),
        ("arm_job_get_automl_Failed", "automl"),
    ],
)
def test_a_recorded_job_of_each_kind(world, submitted, name, kind):
    found = job(world, submitted, recorded(name))
    assert found.type == kind
    assert found.experiment
    json.dumps(asdict(found))


@needs_recordings
def test_a_recorded_sweep_has_a_limit(world, submitted):
    assert job(world, submitted, recorded("arm_job_get_sweep_Running")).timeout_s == 300


def test_an_output_is_told_with_its_mode_and_place(world, submitted):
    uri = "azureml://datastores/mine/paths/out"
    put = {"jobOutputType": "uri_folder", "mode": "ReadWriteMount", "uri": uri}
    found = job(world, submitted, command(outputs={"model": put, "default": put}))
    assert found.outputs == ({"name": "model", "type": "uri_folder", "mode": "mount", "uri": uri},)


@pytest.mark.parametrize(
    ("mode", "word"), [("Upload", "upload"), ("Direct", "direct"), ("ReadWriteMount", "mount")]
)
def test_the_mode_of_an_output_in_the_words_of_a_bundle(world, submitted, mode, word):
    put = {"jobOutputType": "uri_folder", "mode": mode, "uri": None}
    found = job(world, submitted, command(outputs={"model": put}))
    assert (found.outputs[0]["mode"], found.outputs[0]["uri"]) == (word, None)


def test_the_processes_are_those_of_all_nodes(world, submitted):
    distribution = {"distributionType": "PyTorch", "processCountPerInstance": 4}
    found = job(world, submitted, command(distribution=distribution, resources={"instanceCount": 3}))
    assert found.distribution == {"kind": "pytorch", "processes": 12}


def test_a_limit_is_told_in_seconds(world, submitted):
    limits = {"jobLimitsType": "Command", "timeout": "PT1H30M"}
    assert job(world, submitted, command(limits=limits)).timeout_s == 5400


def test_a_literal_input_is_its_text(world, submitted):
    found = job(world, submitted, command(inputs={"epochs": {"jobInputType": "literal", "value": "3"}}))
    assert found.inputs == {"epochs": "3"}


@needs_recordings
def test_a_job_that_arm_does_not_know_is_a_404(world, submitted):
    with pytest.raises(GapError) as caught:
        job(world, submitted, Answer(404, recorded("arm_job_get_404_JobNotFound")))
    assert (caught.value.gap.status, caught.value.gap.state) == (404, PartState.GONE)


@pytest.mark.parametrize(
    "answer", [{}, {"properties": {}}, command(jobType="Quantum"), command(jobType=7), []]
)
def test_a_job_of_no_known_shape_is_a_gap_or_says_little(world, submitted, answer):
    try:
        assert job(world, submitted, answer).command in (None, "python a.py")
    except GapError as error:
        assert error.gap.what == "the submitted job"  # noqa: PT017  (either is honest)


def test_a_job_that_may_not_be_read_is_denied(world, submitted):
    with pytest.raises(GapError, match="the role Reader"):
        job(world, submitted, refusal_of(403, "AuthorizationFailed"))


def test_a_busy_service_is_asked_again_by_us_and_not_by_the_library(world, submitted):
    with pytest.raises(GapError) as caught:
        job(world, submitted, refusal_of(503))
    assert (caught.value.gap.attempts, world.paths()) == (4, ["r"] * 4)


def test_making_the_client_asks_nothing(world, submitted):
    submitted.load()
    assert world.asked == []


# --- datastores --------------------------------------------------------------------------------------------------


def test_blob_datastores_are_found_by_name(world, submitted):
    world.says("/datastores", {"value": [blob_store("a"), blob_store("b", "other")]})
    assert submitted.datastores() == {
        "a": Datastore("a", "acct", "box", "core.windows.net"),
        "b": Datastore("b", "other", "box", "core.windows.net"),
    }


def test_a_datastore_that_holds_no_blobs_is_none(world, submitted):
    share = store("share", "AzureFile", accountName="acct", fileShareName="f", endpoint="core.windows.net")
    world.says("/datastores", {"value": [share, blob_store("a")]})
    assert list(submitted.datastores()) == ["a"]


def test_a_data_lake_holds_blobs_too(world, submitted):
    lake = store(
        "lake", "AzureDataLakeGen2", accountName="acct", filesystem="fs", endpoint="core.windows.net"
    )
    world.says("/datastores", {"value": [lake]})
    assert submitted.datastores()["lake"].container == "fs"


@needs_recordings
def test_the_recorded_datastore(world, submitted):
    world.says("/datastores", recorded("arm_datastores_list_default"))
    [found] = submitted.datastores().values()
    assert (found.name, found.endpoint) == ("workspaceblobstore", "core.windows.net")


def test_datastores_that_may_not_be_listed_are_a_gap(world, submitted):
    world.says("/datastores", refusal_of(403, "AuthorizationFailed"))
    with pytest.raises(GapError, match="the datastores"):
        submitted.datastores()


def locked(world):
    """A datastore that has a key."""
    row = blob_store("a")
    row["properties"]["credentials"] = {"credentialsType": "Sas"}
    world.says("/datastores/a", row)
    world.says("/datastores/a/listSecrets", {"secretsType": "Sas", "sasToken": "sv=1&sig=secret"})


def test_no_key_is_read_where_nobody_allowed_it(world, submitted):
    locked(world)
    with pytest.raises(GapError, match="is no read-only request"):
        submitted.secret("a")
    assert world.paths("POST") == []


def test_a_key_is_read_where_the_user_allowed_it(world, monkeypatch):
    monkeypatch.setenv("AZUREML_CURRENT_CLOUD", "AzureCloud")
    locked(world)
    assert Submitted(service_of(may_read_secrets=True)).secret("a").signature == "sv=1&sig=secret"
    assert world.paths("POST") == ["listSecrets"]


def test_a_datastore_without_a_key_has_none(world, submitted):
    world.says("/datastores/a", blob_store("a"))
    assert submitted.secret("a") is None


# --- the job as run history defines it ---------------------------------------------------------------------------


def defined(**definition):
    return job_in({"runId": "r"}, {"runDefinition": definition})


def test_a_definition_names_script_and_arguments():
    assert defined(script="train.py", arguments=["--epochs", 3]).command == "python train.py --epochs 3"


def test_a_command_is_taken_as_it_is():
    assert defined(command="torchrun a.py", script="b.py").command == "torchrun a.py"


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"name": "sklearn", "version": "3"}, "sklearn:3"),
        ({"name": "sklearn"}, "sklearn"),
        ({"name": "azureml:sklearn:7", "version": "3"}, "azureml:sklearn:7"),
        ({"version": "3"}, None),
        (None, None),
    ],
)
def test_an_environment_is_named_with_its_version(environment, name):
    assert defined(environment=environment).environment == name


def test_a_definition_tells_compute_and_limits():
    found = defined(
        target="cpu", nodeCount=2, maxRunDurationSeconds=60, communicator="Mpi", mpi={"processCount": 4}
    )
    assert (found.target, found.nodes, found.timeout_s) == ("cpu", 2, 60.0)
    assert found.distribution == {"kind": "mpi", "processes": 4}


def test_one_process_is_no_distribution():
    assert defined(communicator="None").distribution is None


def test_a_definition_tells_its_outputs():
    uri = {"path": "azureml://datastores/mine/paths/dataset/${{name}}/x", "isDirectory": True}
    data = {"model": {"outputLocation": {"type": "UriFolder", "uri": uri}, "mechanism": "Upload"}}
    assert defined(outputData=data).outputs == (
        {
            "name": "model",
            "type": "uri_folder",
            "mode": "upload",
            "uri": "azureml://datastores/mine/paths/dataset/${{name}}/x",
        },
    )


@needs_recordings
def test_a_recorded_definition_of_a_step():
    body = recorded("runhistory_rundata_step_Completed_commonruntime")
    found = job_in(body["runMetadata"], {"runDefinition": body["runDefinition"]})
    assert found.type == "command"
    json.dumps(asdict(found))


def test_where_nothing_is_defined_nothing_is_known():
    assert job_in({}, {}) == Job()


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.sampled_from(["mpi", "None", "UriFile"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    "command",
    "script",
    "arguments",
    "environment",
    "target",
    "nodeCount",
    "communicator",
    "mpi",
    "outputData",
]


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from(FIELDS), ANY))
def test_a_definition_of_any_shape_is_read(definition):
    found = asdict(defined(**definition))
    assert json.loads(json.dumps(found, allow_nan=False)).keys() == found.keys()


def test_the_pages_of_a_listing_are_followed(world, submitted):
    first, second = {"value": [blob_store("a")]}, {"value": [blob_store("b")]}
    link = "https://management.azure.com/more/datastores?page=2"
    world.says("/datastores", {**first, "nextLink": link}, second)
    assert list(submitted.datastores()) == ["a", "b"]
