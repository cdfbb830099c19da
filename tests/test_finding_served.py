"""The runs of a whole workspace, found by every way: the same ones, at a few questions each."""

from collections import Counter

import pytest
from loopback import (
    Forbidden,
    Loopback,
    RepeatedToken,
    ServerError,
    TooManyRequests,
    analytics,
    available,
    fleet,
)

from diagnose.collect.azureml.clouds import CLOUDS
from diagnose.collect.azureml.finding import Sought, choice, find
from diagnose.collect.azureml.patience import Patience
from diagnose.collect.azureml.sign_in import default_credential
from diagnose.collect.azureml.wire import TimeOuts, Wire
from diagnose.collect.azureml.workspace import Service, WorkspaceId
from diagnose.evidence.run import Phase

pytestmark = pytest.mark.skipif(not available(), reason=str(available().reason))
CLOUD = CLOUDS["AzureCloud"]
SOUGHT = Sought(
    open=True,
    closed=frozenset({Phase.COMPLETED, Phase.FAILED, Phase.CANCELED}),
    statuses=None,
    since=fleet.NOW - fleet.SINCE,
)


@pytest.fixture(scope="module")
def served():
    with Loopback() as world:
        members = fleet.fleet(40, 360)
        yield world, members, fleet.serve(world, members)


@pytest.fixture
def world(served, monkeypatch):
    served[0].clear()
    served[0].apply(monkeypatch)
    yield served[0]
    assert served[0].errors == []
    assert served[0].proxy.refused == []


@pytest.fixture
def looked_for(served):
    """The ids of the runs that a scan has to see."""
    return {member.run_id for member in served[1] if member.kind != "old"}


@pytest.fixture
def found(served, world):
    """What is found there, the runs below another left out, and how often each resource was asked."""

    def found(sought=SOUGHT, **more):
        known = served[2]
        ids = WorkspaceId(known.subscription_id, known.resource_group, known.name)
        patience = Patience(pause_s=0.001, resource_s=20)
        service = Service(ids, CLOUD, default_credential(CLOUD, TimeOuts()), Wire(CLOUD), patience)
        finding = find(service, sought, **more)
        rows = list(finding)
        service.wire.close()
        tops = {member.run_id for member in served[1]}
        return (
            finding,
            {row["runId"] for row in rows} & tops,
            Counter(asked.resource for asked in world.requests),
        )

    return found


def test_a_question_to_each_experiment_finds_them_all(found, looked_for):
    finding, runs, asked = found()
    assert (finding.way, finding.trouble) == ("runs:query", None)
    assert runs == looked_for
    assert asked["experiments"] == 1
    assert asked["runs-query"] == int(finding.why.split()[0])  # "33 experiments, each …"
    assert asked["jobs"] == asked["job"] == asked["run"] == asked["details"] == 0


@pytest.mark.parametrize("ends", [True, False])
def test_mlflow_finds_them_all(found, looked_for, world, monkeypatch, ends):
    monkeypatch.setattr(choice, "FEW", 1)
    world.mlflow_ends = ends
    world.page_sizes["runs-search"] = 50
    finding, runs, asked = found()
    assert (finding.way, finding.trouble) == ("mlflow", None)
    assert runs == looked_for
    assert asked["rundata"] <= 5 + len(looked_for) // 100 + 1


def test_the_list_of_jobs_finds_them_all_but_those_that_are_none(found, looked_for, world, served):
    for resource in ("runs-query", "runs-search"):
        world.faults.add(resource, Forbidden())
    finding, runs, asked = found()
    old_sdk = {member.run_id for member in served[1] if member.run.is_v1}
    assert (finding.way, finding.trouble) == ("jobs", None)
    assert runs == looked_for - old_sdk
    assert asked["jobs"] < len(served[1]) // world.page_sizes["jobs"]


def test_the_real_client_of_log_analytics_finds_them_all(found, looked_for, world, served):
    pytest.importorskip("azure.monitor.query")
    world.diagnostics.add(served[2].name)
    finding, runs, asked = found(analytics=analytics.log_id(served[2]))
    assert (finding.way, finding.trouble) == ("log analytics", None)
    assert runs == looked_for
    assert asked["logs-query"] == 1


def test_a_log_that_nothing_is_sent_to_leads_to_the_next_way(found, looked_for, served):
    pytest.importorskip("azure.monitor.query")
    finding, runs, _ = found(analytics=analytics.log_id(served[2]))
    assert (finding.way, runs) == ("runs:query", looked_for)


def test_runs_of_an_archived_experiment_are_found(found, looked_for, served):
    served[2].archived |= set(served[2].index.experiments)
    try:
        _, runs, _ = found()
    finally:
        served[2].archived.clear()
    assert runs == looked_for


def test_what_a_user_runs_on_a_compute_is_found(found, served):
    owner, compute = fleet.OWNERS[1], fleet.COMPUTES[2]
    wanted = {
        member.run_id
        for member in served[1]
        if member.kind != "old" and member.run.owner == owner and member.run.compute.get("target") == compute
    }
    sought = Sought(True, SOUGHT.closed, None, SOUGHT.since, user=owner.upper(), compute=compute)
    assert found(sought)[1] == wanted
    assert wanted


def test_an_experiment_that_is_named_is_asked_alone(found, served, looked_for):
    name = next(member.run.experiment for member in served[1] if member.is_stuck)
    _, runs, asked = found(Sought(True, SOUGHT.closed, None, SOUGHT.since, experiment=name))
    assert runs == {member.run_id for member in served[1] if member.run.experiment == name} & looked_for
    assert asked["runs-query"] == 1


@pytest.mark.parametrize(("fault", "times"), [(TooManyRequests(0), 2), (ServerError(503), 2)])
def test_trouble_that_passes_costs_nothing_but_time(found, looked_for, world, fault, times):
    world.faults.add("runs-query", fault, times=times)
    finding, runs, _ = found()
    assert (finding.way, finding.trouble, runs) == ("runs:query", None, looked_for)


def test_a_page_that_breaks_off_leaves_what_came_before(found, looked_for, world):
    world.page_sizes["runs-query"] = 3
    world.faults.add("runs-query", ServerError(500), after=40)
    finding, runs, _ = found()
    assert finding.trouble is not None
    assert runs < looked_for
    assert runs


def test_pages_that_repeat_themselves_are_left(found, looked_for, world):
    world.faults.add("runs-query", RepeatedToken())
    finding, runs, _ = found()
    assert "again and again" in finding.trouble.reason
    assert runs == looked_for
