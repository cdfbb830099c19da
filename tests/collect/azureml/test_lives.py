import pytest
from answering import ACCOUNT, Answer, Blob, refusal_of, service_of

from diagnose.collect.azureml import lives
from diagnose.collect.azureml.jobs import Datastore
from diagnose.collect.azureml.lives import child_rows
from diagnose.collect.azureml.storage import Storage
from diagnose.collect.azureml.whereabouts import Locations
from diagnose.evidence.bundle import PartState

AT, LATER = "2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z"
STORE = Datastore("workspaceartifactstore", "acct", "box", "core.windows.net")


def child(name, status="Running", created=AT, **more):
    return {"runId": name, "status": status, "createdUtc": created, "runType": "azureml.StepRun", **more}


def looked(world, *children):
    """The rows of these children, and the gaps."""
    service = service_of()
    where = Locations(service, {STORE.name: STORE}, "acct")
    return child_rows({row["runId"]: row for row in children}, service, Storage(service), where)


def logs_of(world, name, *paths):
    world.blobs[ACCOUNT, "box"] |= {f"ExperimentRun/dcid.{name}/{path}": Blob(b"x") for path in paths}


@pytest.fixture(autouse=True)
def silent(world):
    """Children of which nothing is known but that they are."""
    world.says("/lastvalues", {"value": []})
    world.says("/runs/get", {"run": {}})
    world.says("/spans", {"value": []})


def test_children_come_in_the_order_of_their_creation(world):
    rows, gaps = looked(world, child("b", created=LATER), child("c"), child("a"), child("z", created=None))
    assert [row["id"] for row in rows] == ["z", "a", "c", "b"]
    assert gaps == []


def test_a_child_was_last_seen_in_its_own_logs(world):
    logs_of(world, "c", "user_logs/std_log.txt")
    [row], _ = looked(world, child("c"))
    assert row["last_log_at"] == AT


def test_what_a_child_left_as_an_output_is_no_log(world):
    logs_of(world, "c", "outputs/model.pt", "logs.txt")
    [row], _ = looked(world, child("c"))
    assert row["last_log_at"] is None


def test_a_reused_child_was_seen_in_the_logs_of_the_run_that_worked(world):
    logs_of(world, "other", "user_logs/std_log.txt")
    [row], _ = looked(world, child("c", "Completed", dataContainerId="dcid.other"))
    assert row["last_log_at"] == AT


def test_a_child_was_last_heard_of_in_its_own_metrics(world):
    point = {"createdUtc": LATER, "step": 1}
    world.says("/runs/c/lastvalues", {"value": [{"name": "loss", "value": [point]}]})
    [row], _ = looked(world, child("c"))
    assert row["last_metric_at"] == LATER


def test_an_open_child_has_a_heartbeat(world):
    world.says("/spans", {"value": [{"events": [{"name": "Heartbeat", "timestamp": LATER}]}]})
    [row], _ = looked(world, child("c"))
    assert row["heartbeat_at"] == LATER


@pytest.mark.parametrize("status", ["Completed", "Failed", "Canceled"])
def test_a_closed_child_is_not_asked_for_a_heartbeat(world, status):
    looked(world, child("c", status))
    assert "spans" not in world.paths()


@pytest.mark.parametrize("status", ["Running", "NotResponding", "Queued", "Hibernating", None])
def test_any_other_child_is(world, status):
    looked(world, child("c", status))
    assert "spans" in world.paths()


def test_no_more_children_are_asked_than_was_meant_and_the_open_come_first(world, monkeypatch):
    monkeypatch.setattr(lives, "LOOKED_AT", 1)
    rows, _ = looked(world, child("a", "Completed"), child("b"), child("c", "Completed"))
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert {
        path.split("/")[-2] for _, _, path in world.asked if path.endswith(("/lastvalues", "/spans"))
    } == {"b"}


def test_trouble_with_one_sign_costs_no_other(world):
    world.says("/lastvalues", refusal_of(403))
    world.says("/runs/get", refusal_of(403))
    logs_of(world, "c", "user_logs/std_log.txt")
    rows, gaps = looked(world, child("c"), child("d"))
    assert [(row["last_log_at"], row.get("last_metric_at")) for row in rows] == [(AT, None), (None, None)]
    assert len(gaps) == 2


def test_trouble_with_the_logs_of_a_child_names_the_child(world):
    world.says("/box", Answer(403, b"", {"x-ms-error-code": "AuthorizationPermissionMismatch"}))
    [row], gaps = looked(world, child("c"))
    assert row.get("last_log_at") is None
    assert [gap.what for gap in gaps] == ["the logs of the child run c"]


def test_no_children_are_no_rows(world):
    assert looked(world) == ([], [])
    assert world.asked == []


@pytest.mark.parametrize(("status", "unread"), [("Running", True), ("Completed", None)])
def test_of_an_open_child_beyond_those_that_are_asked_no_sign_was_read(world, monkeypatch, status, unread):
    monkeypatch.setattr(lives, "LOOKED_AT", 1)
    rows, gaps = looked(world, child("a"), child("b", status, created=LATER))
    assert [row.get("signs_unread") for row in rows] == [None, unread]
    assert [gap.state for gap in gaps] == [PartState.PARTIAL] * bool(unread)


def test_of_a_child_whose_logs_may_not_be_listed_no_sign_was_read(world):
    world.says("/box", refusal_of(403))
    [row], [gap] = looked(world, child("c"))
    assert (row["signs_unread"], gap.state) == (True, PartState.DENIED)
