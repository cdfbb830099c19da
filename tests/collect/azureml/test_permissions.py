import pytest
from answering import ACCOUNT, Blob, Signed, refusal_of, service_of

from diagnose.collect.azureml import permissions as tried
from diagnose.collect.azureml.gaps import BLOB_READER, READER
from diagnose.collect.azureml.permissions import permissions, roles

NAMES = ["sign-in", "workspace", "jobs", "datastores", "run history", "metrics", "logs", "outputs", "clock"]


@pytest.fixture
def readable(world, monkeypatch):
    """A workspace of which everything may be read; its newest job is r-1."""
    account = {"storageAccount": f"/x/storageAccounts/{ACCOUNT.partition('.')[0]}"}
    tracking = {"mlFlowTrackingUri": "azureml://westeurope.api.azureml.ms/mlflow/v1.0"}
    world.says("/workspaces/space", {"location": "westeurope", "properties": tracking | account})
    world.says("/datastores", {"value": []})
    world.says("/runs/r-1", {"runId": "r-1", "status": "Running"})
    world.says("/runs/r-1/details", {"runId": "r-1", "logFiles": {}})
    world.says("/lastvalues", {"value": [{"name": "loss", "lastValues": []}]})
    monkeypatch.setattr(tried.Submitted, "newest", lambda _: "r-1")
    world.blobs[ACCOUNT, "azureml"] = {"ExperimentRun/dcid.r-1/outputs/a": Blob(b"a")}
    return world


def found(service=None):
    return {check.name: check for check in permissions(service or service_of(host=None))}


def test_each_kind_of_evidence_is_tried_in_the_order_of_a_capture(readable):
    checks = found()
    assert list(checks) == NAMES
    assert {name for name, check in checks.items() if check.needed} == {"sign-in", "workspace"}
    assert all(check.passed for check in checks.values()), checks
    assert checks["logs"].told == "r-1 has none"
    assert checks["outputs"].told == f"{ACCOUNT} may be listed"


@pytest.mark.parametrize(
    ("path", "name", "role"),
    [
        ("/datastores", "datastores", READER),
        ("/runs/r-1", "run history", READER),
        ("/lastvalues", "metrics", READER),
        ("/details", "logs", READER),
        ("/azureml", "outputs", BLOB_READER),
    ],
)
def test_what_is_refused_names_its_role_and_costs_no_other(path, name, role, readable):
    readable.says(path, refusal_of(403, "AuthorizationPermissionMismatch"))
    failed = {each.name: each.told for each in found().values() if each.passed is False}
    assert list(failed) == [name]
    assert role in failed[name]


def test_nobody_signed_in_is_all_there_is_to_say(world):
    checks = found(service_of(Signed(fails=ValueError("no")), host=None))
    assert list(checks) == ["sign-in"]
    assert (checks["sign-in"].passed, checks["sign-in"].needed) == (False, True)
    assert world.asked == []


def test_a_workspace_that_is_not_there_is_all_there_is_to_say(world):
    assert list(found()) == ["sign-in", "workspace"]


NOT_TRIED = {"run history", "metrics", "logs", "outputs"}


def test_without_a_job_there_is_nothing_to_try_the_rest_on(readable, monkeypatch):
    monkeypatch.setattr(tried.Submitted, "newest", lambda _: None)
    assert {name: check.passed for name, check in found().items()} == {
        name: None if name in NOT_TRIED else True for name in NAMES
    }
    assert "/runs/" not in " ".join(path for _, _, path in readable.asked)


def test_a_workspace_that_names_no_storage_leaves_the_outputs_untried(readable):
    tracking = {"mlFlowTrackingUri": "azureml://westeurope.api.azureml.ms/mlflow/v1.0"}
    readable.says("/workspaces/space", {"location": "westeurope", "properties": tracking})
    assert [name for name, check in found().items() if not check.passed] == ["outputs"]
    assert found()["outputs"].passed is None


def test_an_answer_that_makes_no_sense_costs_its_own_line(readable):
    readable.says("/lastvalues", {"value": 7})
    readable.says("/details", ["no", "object"])
    checks = found()
    assert list(checks) == NAMES
    assert not checks["logs"].passed


def test_the_least_roles_are_both_named():
    assert roles() == f"{READER}; {BLOB_READER}"
