import json

import pytest
from answering import ACCOUNT, Blob, Signed, refusal_of, service_of

from diagnose.collect.azureml import capture as module
from diagnose.collect.azureml.capture import Capture
from diagnose.collect.azureml.gaps import CollectError, Gap, GapError
from diagnose.collect.azureml.jobs import Datastore, Job
from diagnose.collect.azureml.sign_in import SignInError
from diagnose.evidence.bundle import PartState

STORES = {
    "workspaceartifactstore": Datastore("workspaceartifactstore", "acct", "azureml", "core.windows.net"),
    "workspaceblobstore": Datastore("workspaceblobstore", "acct", "box", "core.windows.net"),
}
RUN = {
    "runId": "r-1",
    "status": "Running",
    "runType": "azureml.scriptrun",
    "runTypeV2": {"traits": ["CommonRuntime"]},
    "createdUtc": "2026-11-20T08:00:00+00:00",
    "dataContainerId": "dcid.r-1",
    "properties": {},
}
PARTS = ["run", "logs", "metrics", "children", "outputs", "code"]


@pytest.fixture
def there(world):
    """A workspace with one run, which has a log and an output."""
    told = {"mlFlowTrackingUri": "azureml://westeurope.api.azureml.ms/m", "storageAccount": "/x/acct"}
    world.says("/workspaces/space", {"location": "westeurope", "properties": told})
    world.says("/runs/r-1", RUN)
    world.says("/runs/r-1/details", {"runId": "r-1", "logFiles": {}})
    world.says("/runs/r-1/children", {"value": []})
    world.says("/runs/r-1/spans", {"value": []})
    world.says("/lastvalues", {"value": []})
    world.says("/runs/get", {"run": {"data": {"metrics": []}}})
    world.blobs[ACCOUNT, "azureml"] = {
        "ExperimentRun/dcid.r-1/user_logs/std_log.txt": Blob(b"done\n"),
        "ExperimentRun/dcid.r-1/outputs/a.txt": Blob(b"abc"),
    }
    world.holds(azureml__r_1__model__m=Blob(b"x"))
    return world


@pytest.fixture
def take(monkeypatch, spool):
    """Captures r-1; what ARM says of the job and the datastores is given, or raised."""

    def captured(run_id="r-1", *, job=None, stores=STORES, **how):
        monkeypatch.setattr(module.Submitted, "load", lambda _: None)
        monkeypatch.setattr(module.Submitted, "job", lambda *_: given(Job("command") if job is None else job))
        monkeypatch.setattr(module.Submitted, "datastores", lambda _: given(stores))
        service = service_of(how.pop("credential", None), host=None)
        return Capture(service, run_id, spool, how.pop("told", lambda _: None), **how).manifest()

    return captured


def given(answer):
    if isinstance(answer, Exception):
        raise answer
    return answer


def gap(what="it", state=PartState.DENIED, reason="403 no", status=403):
    return GapError(Gap(what, state, reason, status))


def rows(spool, name):
    return [json.loads(line) for line in (spool.path / name).read_text().splitlines()]


def test_a_whole_run_is_a_whole_bundle(there, take, spool):
    manifest = take()
    assert {name: manifest.parts[name].state for name in PARTS} == dict.fromkeys(PARTS, PartState.COMPLETE)
    assert manifest.gaps == ()
    assert (manifest.origin.region, manifest.origin.workspace, manifest.origin.sdk) == (
        "westeurope",
        "space",
        "v2",
    )
    assert manifest.origin.portal_url == (
        "https://ml.azure.com/runs/r-1?wsid=/subscriptions/sub/resourcegroups/group/workspaces/space"
    )
    assert [row["path"] for row in rows(spool, "logs.jsonl")] == ["user_logs/std_log.txt"]
    assert [row["path"] for row in rows(spool, "outputs.jsonl")] == ["outputs/a.txt"]


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/runs/r-1/children", "children"),
        ("/lastvalues /runs/get", "metrics"),
        ("/runs/r-1/details", "run"),
        ("/std_log.txt", "logs"),
    ],
)
def test_one_refusal_costs_one_part(path, part, there, take):
    for ending in path.split():
        there.says(ending, refusal_of(403, "Forbidden"))
    manifest = take()
    assert [name for name in PARTS if manifest.parts[name].state is not PartState.COMPLETE] == [part]
    assert manifest.parts[part].reason
    assert manifest.gaps


def test_a_part_that_breaks_costs_that_part_and_tells_no_address(there, take, monkeypatch, caplog):
    def broken(*_):
        raise KeyError("https://acct.blob.core.windows.net/x?sig=secret")

    monkeypatch.setattr(module.metrics, "keep", broken)
    manifest = take()
    assert [name for name in PARTS if manifest.parts[name].state is not PartState.COMPLETE] == ["metrics"]
    assert manifest.parts["metrics"].state is PartState.FAILED
    assert manifest.parts["metrics"].reason.endswith("collecting it broke (KeyError)")
    assert "secret" not in caplog.text
    assert [each["what"] for each in manifest.gaps] == ["the metrics"]


def test_a_question_that_breaks_costs_only_what_needs_its_answer(there, take, monkeypatch):
    """As the service, or one of its clients, might answer tomorrow."""

    def broken(*_):
        raise KeyError("spans")

    monkeypatch.setattr(module.history, "status_history", broken)
    assert take().parts["run"].state is PartState.COMPLETE


def test_a_full_disk_ends_it(there, take, monkeypatch, spool):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "rows", full)
    with pytest.raises(OSError, match="No space left"):
        take()


def test_a_run_that_nobody_knows_ends_it(there, take):
    with pytest.raises(CollectError, match="There is no run r-2 in the workspace space; check the id"):
        take("r-2", job=gap(state=PartState.GONE, status=404))


def test_a_run_that_nobody_may_read_ends_it_with_the_reason(there, take):
    for path in ("/runs/r-1", "/runs/r-1/details"):
        there.says(path, refusal_of(403, "Forbidden"))
    with pytest.raises(
        CollectError, match=r"The run r-1 of the workspace space cannot be read: 403 .*Reader"
    ):
        take(job=gap())


@pytest.mark.parametrize("known", ["/runs/r-1", "/runs/r-1/details"])
def test_one_answer_about_a_run_is_enough(known, there, take):
    for path in {"/runs/r-1", "/runs/r-1/details"} - {known}:
        there.says(path, refusal_of(403, "Forbidden"))
    run = take(job=gap()).parts["run"]
    assert (run.state, run.items) == (PartState.PARTIAL, 1)
    assert "403" in run.reason


def test_nobody_signed_in_ends_it_before_anything_is_asked(there, take):
    with pytest.raises(SignInError):
        take(credential=Signed(fails=ValueError("no")))
    assert there.asked == []


def test_datastores_that_may_not_be_read_leave_the_outputs_incomplete(there, take):
    job = Job("command", outputs=({"name": "model", "type": None, "mode": None, "uri": None},))
    part = take(job=job, stores=gap("the datastores")).parts["outputs"]
    assert part.state is not PartState.COMPLETE
    assert part.reason


def test_an_output_of_which_nobody_says_where_it_lies_is_not_called_empty(there, take):
    job = Job("command", outputs=({"name": "model", "type": None, "mode": None, "uri": None},))
    part = take(job=job).parts["outputs"]
    assert part.state is PartState.PARTIAL
    assert part.reason == "the output model: nobody says where it lies"


def test_the_progress_names_what_is_read(there, take):
    told = []
    take(told=told.append)
    assert "run history, metrics and child runs" in told
    assert "the list of logs and outputs" in told


def test_a_table_of_processes_that_a_recorder_left_is_taken(there, take, spool):
    name = "ExperimentRun/dcid.r-1/logs/diagnose/processes.jsonl"
    there.blobs[ACCOUNT, "azureml"][name] = Blob(b'{"pid": 7}\n')
    assert take().parts["processes"].items == 1
    assert rows(spool, "processes.jsonl") == [{"pid": 7}]
    assert [row["path"] for row in rows(spool, "logs.jsonl")] == ["user_logs/std_log.txt"]


def test_a_reused_step_has_the_artifacts_of_the_run_that_it_reuses(there, take, spool):
    there.says("/runs/r-1", {**RUN, "dataContainerId": "dcid.earlier"})
    there.blobs[ACCOUNT, "azureml"] = {"ExperimentRun/dcid.earlier/user_logs/std_log.txt": Blob(b"earlier\n")}
    take()
    assert (spool.path / "logs/user_logs/std_log.txt").read_bytes() == b"earlier\n"


def test_a_pipeline_has_no_code_of_its_own(there, take):
    there.says("/runs/r-1", {**RUN, "runType": "azureml.PipelineRun"})
    part = take(job=Job("pipeline")).parts["code"]
    assert (part.state, part.items) == (PartState.COMPLETE, 0)


# --- earlier runs ------------------------------------------------------------------------------------------------

ENDED = {"startTimeUtc": "2026-11-20T08:00:00Z", "endTimeUtc": "2026-11-20T09:00:00Z", "experimentId": "e-1"}
EARLIER = {**RUN, **ENDED, "runId": "r-0", "dataContainerId": "dcid.r-0", "status": "Completed"}


@pytest.fixture
def followed(there):
    """The run ended, and one of its experiment had completed before it."""
    there.says("/runs/r-1", {**RUN, **ENDED, "endTimeUtc": "2026-11-20T10:00:00Z"})
    there.says("/runs:query", {"value": [EARLIER]})
    there.says("/experimentids/e-1", {"name": "nightly"})
    there.blobs[ACCOUNT, "azureml"] |= {
        "ExperimentRun/dcid.r-0/user_logs/std_log.txt": Blob(b"done\n"),
        "ExperimentRun/dcid.r-0/outputs/a.txt": Blob(b"abc"),
    }
    return there


def test_what_earlier_runs_left_is_kept_beside_the_parts_of_the_run(followed, take, spool):
    manifest = take()
    [row] = rows(spool, "siblings.jsonl")
    assert (row["id"], row["outputs"]) == (
        "r-0",
        [{"output": "artifacts", "path": "outputs/a.txt", "size": 3}],
    )
    assert sorted(manifest.parts) == sorted(PARTS)
    assert manifest.gaps == ()


@pytest.mark.parametrize("ending", ["/runs:query", "/box"])
def test_earlier_runs_that_may_not_be_read_are_a_gap_and_cost_no_part(ending, followed, take):
    followed.says(ending, refusal_of(403, "Forbidden"))
    manifest = take()
    assert {manifest.parts[name].state for name in PARTS} == {PartState.COMPLETE}
    assert sorted(manifest.parts) == sorted(PARTS)
    [told] = manifest.gaps
    assert told["what"] in ("the earlier runs", "the outputs of earlier runs")
    assert (told["state"], "403" in told["reason"]) == ("denied", True)


def test_looking_for_earlier_runs_may_break_and_costs_nothing_else(followed, take, monkeypatch):
    def broken(*_):
        raise KeyError("runId")

    monkeypatch.setattr(module.earlier, "earlier_runs", broken)
    manifest = take()
    assert {manifest.parts[name].state for name in PARTS} == {PartState.COMPLETE}
    assert [told["what"] for told in manifest.gaps] == ["the earlier runs"]


def test_where_none_are_wanted_none_are_asked_for(followed, take, spool):
    take(siblings=0)
    assert "runs:query" not in followed.paths("POST")
    assert not (spool.path / "siblings.jsonl").exists()


@pytest.mark.parametrize("changed", [{"parentRunId": "p-1"}, {"experimentId": None}])
def test_of_a_child_and_without_an_experiment_none_are_asked_for(changed, followed, take):
    followed.says("/runs/r-1", {**RUN, **ENDED, **changed})
    assert take().gaps == ()
    assert "runs:query" not in followed.paths("POST")


def test_where_there_are_none_nothing_is_kept(followed, take, spool):
    followed.says("/runs:query", {"value": []})
    assert take().gaps == ()
    assert not (spool.path / "siblings.jsonl").exists()
