import json

import pytest
from answering import refusal_of, service_of

from diagnose.collect.azureml.finding import choice, find
from diagnose.collect.azureml.gaps import CollectError

LOG = "0f0e0d0c-0000-1111-2222-333344445555"


@pytest.fixture
def workspace(world):
    """A workspace of one experiment and one open run, which every way tells of."""

    def told(request):
        asked = json.loads(request.body)["requests"]
        return {
            "runDataResult": {key: {"runMetadata": run(each["runId"])} for key, each in asked.items()},
            "errors": {},
        }

    world.says("/experiments:query", {"value": [{"experimentId": "e1", "name": "one"}]})
    world.says("/experiments/one", {"experimentId": "e1", "name": "one"})
    world.says("/runs:query", {"value": [run("a")]})
    world.says("/runs/search", {"runs": [{"info": {"run_id": "a"}}]})
    world.says("/batchrundata", told)
    world.says("/jobs", {"value": [{"name": "a", "properties": {"status": "Running"}}]})
    return world


def run(name, **more):
    return {"runId": name, "status": "Running", "experimentId": "e1", **more}


def test_few_experiments_are_asked_one_by_one(workspace, sought):
    finding = find(service_of(), sought())
    assert [row["runId"] for row in finding] == ["a"]
    assert (finding.way, finding.listed, finding.trouble) == ("runs:query", 1, None)
    assert finding.why == "1 experiment, each asked for the runs in question"
    assert len(workspace.asked) == 2


def test_many_experiments_are_asked_a_hundred_at_a_time(workspace, sought):
    many = [{"experimentId": f"e{number}", "name": str(number)} for number in range(choice.FEW + 1)]
    workspace.says("/experiments:query", {"value": many})
    finding = find(service_of(), sought())
    assert [row["runId"] for row in finding] == ["a"]
    assert (finding.way, finding.why) == ("mlflow", "41 experiments, asked a hundred at a time")


@pytest.mark.parametrize("status", [400, 403, 404, 405, 501])
def test_a_way_that_is_not_answered_leads_to_the_next(workspace, sought, status):
    workspace.says("/runs:query", refusal_of(status))
    finding = find(service_of(), sought())
    assert (finding.way, [row["runId"] for row in finding]) == ("mlflow", ["a"])
    assert "runs:query was not answered (" in finding.why
    assert str(status) in finding.why
    workspace.says("/runs/search", refusal_of(status))
    finding = find(service_of(), sought())
    assert (finding.way, [row["runId"] for row in finding]) == ("jobs", ["a"])
    assert "it lists no child runs" in finding.why


def test_without_experiments_there_is_the_list_of_jobs(workspace, sought):
    workspace.says("/experiments:query", refusal_of(403))
    finding = find(service_of(), sought())
    assert (finding.way, [row["runId"] for row in finding]) == ("jobs", ["a"])
    assert "the experiments were not told (403" in finding.why


def test_a_workspace_that_answers_nothing_cannot_be_scanned(workspace, sought):
    for path in ("/runs:query", "/runs/search", "/jobs"):
        workspace.says(path, refusal_of(403))
    with pytest.raises(
        CollectError, match=r"The runs of space cannot be listed: runs:query was not answered"
    ):
        find(service_of(), sought())


def test_an_experiment_that_is_named_is_the_only_one(workspace, sought):
    workspace.says("/runs:query", {"value": [run("a"), run("b", experimentId="other")]})
    finding = find(service_of(), sought(experiment="one"))
    assert [row["runId"] for row in finding] == ["a"]
    assert workspace.paths("POST") == ["runs:query"]


def test_an_experiment_that_is_not_there_has_no_runs(workspace, sought):
    finding = find(service_of(), sought(experiment="two"))
    assert (list(finding), finding.why) == ([], "there is no experiment two in this workspace")


def test_no_filter_of_a_service_is_trusted(workspace, sought):
    old = {"status": "Completed", "endTimeUtc": "2026-01-01T00:00:00Z"}
    rows = [run("a"), run("old", **old), run("a"), {"runId": None}, {"runId": "odd", "status": ["x"]}, {}]
    workspace.says("/runs:query", {"value": rows})
    finding = find(service_of(), sought())
    assert [row["runId"] for row in finding] == ["a", "odd"]
    assert finding.listed == 6


def test_the_log_that_was_named_is_asked_first(workspace, sought):
    pytest.importorskip("azure.monitor.query")
    columns = [
        {"name": "RunId", "type": "string"},
        {"name": "Status", "type": "string"},
        {"name": "TimeGenerated", "type": "datetime"},
    ]
    rows = [["a", "Running", "2026-11-20T00:00:00Z"]]
    workspace.says("/query", {"tables": [{"name": "PrimaryResult", "columns": columns, "rows": rows}]})
    finding = find(service_of(), sought(), analytics=LOG)
    assert (finding.way, [row["runId"] for row in finding]) == ("log analytics", ["a"])
    workspace.says("/query", refusal_of(403))
    finding = find(service_of(), sought(), analytics=LOG)
    assert (finding.way, [row["runId"] for row in finding]) == ("runs:query", ["a"])
    assert "log analytics was not answered (403" in finding.why


def test_where_the_data_plane_is_not_known_the_workspace_tells(workspace, sought):
    workspace.says(
        "/workspaces/space", {"properties": {"discoveryUrl": "https://westeurope.api.azureml.ms/discovery"}}
    )
    assert find(service_of(host=None), sought()).way == "runs:query"
    workspace.says("/workspaces/space", refusal_of(404))
    with pytest.raises(CollectError, match="no workspace space"):
        find(service_of(host=None), sought())
