import pytest
from answering import needs_recordings, pages_of, recorded, refusal_of, service_of, then_only

from diagnose.collect.azureml import history
from diagnose.collect.azureml.gaps import GapError
from diagnose.collect.azureml.history import (
    child_row,
    children,
    container_of,
    experiment_name,
    heartbeat_in,
    is_step,
    may_have_children,
    runtime_of,
    status_history,
    statuses_in,
    type_of,
)
from diagnose.evidence.bundle import PartState

EIGHT, NINE = "2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z"


def child(name, **more):
    return {"runId": name, "runType": "azureml.StepRun", **more}


def family(world, **told):
    """The children below `top`, where each run has the children that are given."""
    world.says("/children", {"value": []})
    for parent, rows in told.items():
        world.says(f"/runs/{parent}/children", rows if callable(rows) else {"value": rows})
    return children(service_of(), "top")


# --- statuses and heartbeats -------------------------------------------------------------------------------------


def test_each_status_is_told_once_it_began_in_order_of_time():
    spans = [{"name": "Running", "startTimestamp": NINE}, {"name": "Queued", "startTimestamp": EIGHT}]
    assert statuses_in(spans) == [{"status": "Queued", "at": EIGHT}, {"status": "Running", "at": NINE}]


@pytest.mark.parametrize("name", ["Hibernating", "NotResponding"])
def test_a_status_that_was_never_seen_is_told_too(name):
    assert statuses_in([{"name": name, "startTimestamp": EIGHT}]) == [{"status": name, "at": EIGHT}]


@pytest.mark.parametrize(
    "span",
    [
        {},
        {"name": "Running"},
        {"name": "GET /runs/x", "startTimestamp": EIGHT},
        {"name": "x" * 99, "startTimestamp": EIGHT},
        {"name": 7, "startTimestamp": EIGHT},
        {"name": "Running", "startTimestamp": "0001-01-01T00:00:00Z"},
    ],
)
def test_a_span_that_is_no_status_is_none(span):
    assert statuses_in([span]) == []


def test_the_last_heartbeat_counts():
    events = [{"name": "Run.Heartbeat", "timestamp": NINE}, {"name": "heartbeat", "timestamp": EIGHT}]
    assert heartbeat_in([{"events": events}, {"events": None}]) == NINE


@pytest.mark.parametrize("event", [{"name": "Run.Start", "timestamp": NINE}, {"name": "Heartbeat"}, {}, 7])
def test_no_other_event_is_a_sign_of_life(event):
    assert heartbeat_in([{"events": [event]}]) is None


def test_all_pages_of_spans_are_read(world):
    world.says("/spans", pages_of({"value": [{"name": "Queued"}]}, {"value": [{"name": "Running"}, 7]}))
    assert status_history(service_of(), "r 1/2") == [{"name": "Queued"}, {"name": "Running"}]
    assert all("/private/" in path and path.endswith("/runs/r%201%2F2/spans") for _, _, path in world.asked)


# --- children ----------------------------------------------------------------------------------------------------


def test_children_of_all_pages_are_found(world):
    pages = [{"value": [child(f"c{number}")]} for number in range(5)]
    found = family(world, top=pages_of(*pages))
    assert (list(found.rows), found.gap) == (["c0", "c1", "c2", "c3", "c4"], None)


def test_children_of_children_are_found(world):
    found = family(
        world,
        top=[child("pipe", runType="azureml.PipelineRun"), child("leaf")],
        pipe=[child("sweep", runType="HyperDrive")],
        sweep=[child("trial")],
    )
    assert list(found.rows) == ["pipe", "leaf", "sweep", "trial"]


def test_who_cannot_have_children_is_not_asked_for_any(world):
    family(world, top=[child("leaf", properties={"StepType": "PythonScriptStep"})])
    assert len(world.asked) == 1


def test_a_circle_of_parents_ends(world):
    pipe = child("pipe", runType="azureml.PipelineRun")
    found = family(world, top=[pipe], pipe=[pipe, child("top", runType="azureml.PipelineRun")])
    assert (list(found.rows), len(world.asked)) == (["pipe", "top"], 2)


def test_a_depth_without_end_ends(world, monkeypatch):
    monkeypatch.setattr(history, "DEPTH_MAX", 3)
    deeper = {f"p{n}": [child(f"p{n + 1}", runType="azureml.PipelineRun")] for n in range(9)}
    found = family(world, top=[child("p0", runType="azureml.PipelineRun")], **deeper)
    assert list(found.rows) == ["p0", "p1", "p2"]


def test_more_children_than_are_kept_are_a_gap(world, monkeypatch):
    monkeypatch.setattr(history, "CHILDREN_MAX", 2)
    found = family(world, top=[child(f"c{number}") for number in range(5)])
    assert list(found.rows) == ["c0", "c1"]
    assert found.gap.state is PartState.PARTIAL
    assert "more than 2" in found.gap.reason


def test_no_child_of_a_large_page_is_lost_without_a_word(world):
    found = family(world, top=[child(f"c{number}") for number in range(1200)])
    assert len(found.rows) == 1200 or found.gap


def test_what_came_before_the_trouble_is_kept(world):
    found = family(world, top=then_only({"value": [child("c0")]}, refusal_of(500)))
    assert list(found.rows) == ["c0"]
    assert found.gap.what == "the child runs"


def test_children_that_nobody_may_see_are_a_gap_and_not_none(world):
    world.says("/children", refusal_of(403))
    found = children(service_of(), "top")
    assert (found.rows, found.gap.state) == ({}, PartState.DENIED)


def test_a_workspace_without_a_host_has_unknown_children(world):
    found = children(service_of(host=None), "top")
    assert found.gap
    assert world.asked == []


@pytest.mark.parametrize("value", [None, 7, "x", {}, [None, 7, "x", {}, {"runId": None}, {"runId": ["x"]}]])
def test_children_of_no_known_shape_are_none(world, value):
    world.says("/children", {"value": value})
    assert children(service_of(), "top").rows == {}


def test_a_child_is_a_row_of_the_bundle():
    row = child_row(
        {
            **child("c0", displayName="step", status="Running", parentRunId="top"),
            "createdUtc": EIGHT,
            "lastModifiedUtc": NINE,
            "error": {"error": {"code": "UserError"}},
        }
    )
    assert row["error"] == {"code": "UserError", "message": None, "component": None}
    del row["error"]
    assert {key: value for key, value in row.items() if value is not None} == {
        "id": "c0",
        "display_name": "step",
        "type": "command",
        "status": "Running",
        "created_at": EIGHT,
        "last_changed_at": NINE,
        "parent_id": "top",
    }


def test_a_change_of_a_childs_record_is_no_heartbeat():
    assert child_row(child("c0", lastModifiedUtc=NINE))["heartbeat_at"] is None


# --- kinds of runs -----------------------------------------------------------------------------------------------

V2 = {"runTypeV2": {"traits": ["scriptRun", "CommonRuntime"]}}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"runType": "azureml.scriptrun"}, "script"),
        ({"runType": "azureml.scriptrun", **V2}, "command"),
        ({"runType": "azureml.StepRun"}, "command"),
        ({"runType": "azureml.PipelineRun"}, "pipeline"),
        ({"runType": "HyperDrive"}, "sweep"),
        ({"runType": "automl"}, "automl"),
        ({"runType": "azureml.promptflow.FlowRun"}, "flowrun"),
        ({"runType": "azureml.SparkRun"}, "spark"),
        ({"runType": "Quantum"}, "quantum"),
        ({"runType": ""}, None),
        ({"runType": None}, None),
        ({"runType": []}, None),
        ({}, None),
    ],
)
def test_the_kind_of_a_run_in_the_words_of_a_bundle(row, kind):
    assert type_of(row) == kind


def test_a_step_that_is_a_sweep_may_have_children():
    assert may_have_children(child("c", properties={"StepType": "HyperDriveStep"}))
    assert may_have_children(child("c", properties={"StepType": "AutoMLStep"}))
    assert not may_have_children(child("c", properties={"StepType": "PythonScriptStep"}))


@pytest.mark.parametrize(
    ("row", "runtime"),
    [
        ({}, None),
        ({"runType": "azureml.scriptrun"}, "v1"),
        ({"runType": "azureml.scriptrun", **V2}, "v2"),
        ({"runType": "azureml.StepRun", "properties": {"azureml.DevPlatv2": "true"}}, "v2"),
        ({"runType": "azureml.PipelineRun"}, None),
    ],
)
def test_the_runtime_of_a_run(row, runtime):
    assert runtime_of(row) == runtime


def test_what_a_reused_step_left_lies_with_the_run_that_made_it():
    assert container_of({"dataContainerId": "dcid.other"}, "r") == "dcid.other"
    assert container_of({"dataContainerId": None}, "r") == "dcid.r"


def test_an_experiment_has_a_name(world):
    world.says("/experimentids/a%2Fb", {"name": "training"})
    assert experiment_name(service_of(), "a/b") == "training"


def test_an_experiment_that_nobody_may_see_is_a_gap(world):
    with pytest.raises(GapError, match="the experiment"):
        experiment_name(service_of(), "e")


@needs_recordings
def test_recorded_children_are_steps_whose_work_is_another_runs(world):
    world.says("/runs/top/children", recorded("runhistory_children_two_reused_steps"))
    found = children(service_of(), "top")
    rows = list(found.rows.values())
    assert [is_step(row) for row in rows] == [True, True]
    assert container_of(rows[0], "x") == "dcid.6eb984bb-f453-41d2-9ec7-b8c8372feb2b"
    assert [child_row(row)["status"] for row in rows] == ["Completed", "Completed"]
    assert found.gap is None


@needs_recordings
def test_a_recorded_step_ran_on_the_new_runtime():
    assert runtime_of(recorded("runhistory_rundata_step_Completed_commonruntime")["runMetadata"]) == "v2"
    assert runtime_of(recorded("runhistory_run_get_v1_Finalizing")) == "v1"
