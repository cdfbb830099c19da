import pytest
from answering import (
    ARM,
    HOST,
    Answer,
    Signed,
    needs_recordings,
    pages_of,
    recorded,
    refusal_of,
    service_of,
    then_only,
)

from diagnose.collect.azureml import paging
from diagnose.collect.azureml.clouds import CLOUDS
from diagnose.collect.azureml.gaps import CollectError, GapError
from diagnose.collect.azureml.sign_in import SignInError
from diagnose.collect.azureml.workspace import Workspace, WorkspaceId, find_workspace, tracking_host

CLOUD = CLOUDS["AzureCloud"]
URL = f"https://{HOST}/history/v1.0/children"


def told(world, *answers):
    """The values of all pages of a listing."""
    world.says("/children", *answers)
    return [page["value"] for page in service_of().pages("the child runs", URL)]


def found(world, answer):
    """The workspace that ARM answers with, and the service that asked."""
    world.says("/workspaces/space", answer)
    service = service_of(host=None)
    return find_workspace(service), service


# --- addresses ---------------------------------------------------------------------------------------------------


def test_a_name_of_any_shape_stays_one_step_of_the_path():
    path = WorkspaceId("s/../x", "g?a=b", "w#c d").path
    assert path == (
        "/subscriptions/s%2F..%2Fx/resourceGroups/g%3Fa%3Db"
        "/providers/Microsoft.MachineLearningServices/workspaces/w%23c%20d"
    )


def test_arm_is_asked_at_its_own_host(world):
    world.says("/codes/x", {"fine": True})
    assert service_of().arm("the code", "/codes/x") == {"fine": True}
    assert world.asked[0][1] == ARM
    assert "api-version=" in world.requests[0].url


def test_a_question_goes_to_the_workspaces_own_host(world):
    world.says("/runs/get", {"fine": True})
    service_of().data("the run", "mlflow/v2.0", "/runs/get", {"run_id": "a b&c"})
    assert world.asked[0][1] == HOST
    assert world.requests[0].url.endswith("?run_id=a+b%26c")


def test_without_a_host_nobody_is_asked(world):
    with pytest.raises(GapError, match="the workspace did not tell where it is"):
        service_of(host=None).data("the run", "history/v1.0", "/runs/r")
    assert world.asked == []


def test_a_question_is_put_as_json(world):
    world.says("/lastvalues", {"fine": True})
    service_of().question("the metrics", "metric/v2.0", "/runs/r/lastvalues", {"name": "é"})
    assert world.bodies() == [{"name": "é"}]
    assert world.requests[0].headers["Content-Type"].startswith("application/json")


def test_every_request_says_who_asks(world):
    world.says("", {})
    service_of().arm("x")
    headers = world.requests[0].headers
    assert "azureml-diagnose/" in headers["User-Agent"]
    assert headers["Authorization"] == "Bearer token-1"


def test_a_byte_order_mark_is_no_broken_json(world):
    world.says("/space", Answer(200, b'\xef\xbb\xbf{"fine": true}'))
    assert service_of().arm("x") == {"fine": True}


# --- pages -------------------------------------------------------------------------------------------------------


def test_pages_by_token_are_followed(world):
    assert told(world, pages_of({"value": 1}, {"value": 2}, {"value": 3})) == [1, 2, 3]


@pytest.mark.parametrize("end", [{}, {"nextLink": None}, {"continuationToken": ""}, {"nextLink": 7}])
def test_one_page_is_all_of_a_short_listing(world, end):
    assert told(world, {"value": 1, **end}) == [1]


def test_a_link_is_followed_on_the_host_that_was_asked(world):
    link = "https://evil.example/steal?$skiptoken=2&x=%26"
    assert told(world, {"value": 1, "nextLink": link}, {"value": 2}) == [1, 2]
    assert {host for _, host, _ in world.asked} == {HOST}
    assert world.requests[1].url == f"{URL}?%24skiptoken=2&x=%26"


@pytest.mark.parametrize("more", [{"continuationToken": "same"}, {"nextLink": "/x?token=same"}])
def test_pages_that_go_in_a_circle_are_a_gap(world, more):
    with pytest.raises(GapError, match="again and again"):
        told(world, {"value": 1, **more})
    assert len(world.asked) == 2


def test_pages_without_end_are_a_gap(world, monkeypatch):
    monkeypatch.setattr(paging, "PAGES_MAX", 3)
    with pytest.raises(GapError, match="more than 3 pages"):
        told(world, lambda _: {"value": 1, "continuationToken": str(len(world.asked))})
    assert len(world.asked) == 3


def test_what_came_before_the_trouble_is_given(world):
    world.says("/children", then_only({"value": 1}, refusal_of(500)))
    pages = service_of().pages("the child runs", URL)
    assert next(pages)["value"] == 1
    with pytest.raises(GapError, match="the child runs"):
        next(pages)


# --- the workspace -----------------------------------------------------------------------------------------------


def test_the_workspace_tells_where_its_run_history_is(world):
    uri = "azureml://private.westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/s"
    _, service = found(world, {"properties": {"mlFlowTrackingUri": uri, "discoveryUrl": f"https://{HOST}/x"}})
    assert service.host == "private.westeurope.api.azureml.ms"


def test_without_a_tracking_uri_the_discovery_url_tells(world):
    _, service = found(world, {"properties": {"discoveryUrl": f"https://{HOST}/discovery"}})
    assert service.host == HOST


@needs_recordings
def test_the_recorded_workspace(world):
    space, service = found(world, recorded("arm_workspace_get"))
    assert isinstance(space.region, str)
    assert isinstance(space.guid, str)
    assert "/" not in space.storage_account
    assert service.host.endswith(".api.azureml.ms")


@pytest.mark.parametrize(
    "answer",
    [{}, {"properties": None}, {"properties": {"storageAccount": 7}}, {"location": [], "properties": []}],
)
def test_a_workspace_of_no_known_shape_cannot_be_asked_further(world, answer):
    with pytest.raises(CollectError, match="space does not tell where its run history is"):
        found(world, answer)


def test_inside_a_job_the_host_is_known_without_the_workspace(world):
    world.says("/workspaces/space", refusal_of(403))
    service = service_of()
    assert (find_workspace(service), service.host) == (Workspace(None, None, None), HOST)


def test_inside_a_job_a_workspace_that_is_not_there_is_not_there(world):
    world.says("/workspaces/space", refusal_of(404))
    with pytest.raises(CollectError, match="no workspace space"):
        find_workspace(service_of())


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("ResourceNotFound", "no workspace space in the resource group group"),
        ("ResourceGroupNotFound", "no resource group group"),
        ("SubscriptionNotFound", "no subscription sub"),
        ("", "no workspace space"),
    ],
)
def test_what_is_not_there_is_named(world, code, missing):
    with pytest.raises(CollectError, match=missing):
        found(world, refusal_of(404, code))


def test_a_workspace_that_may_not_be_read_is_not_said_to_be_missing(world):
    with pytest.raises(CollectError, match="the role Reader") as caught:
        found(world, refusal_of(403, "AuthorizationFailed"))
    assert "There is no" not in str(caught.value)


def test_who_is_not_signed_in_is_told_so_at_once(world):
    with pytest.raises(SignInError):
        find_workspace(service_of(Signed(fails=ValueError("nobody"))))
    assert world.asked == []


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        (f"azureml://{HOST}/mlflow/v1.0", HOST),
        (f"https://{HOST}/mlflow", HOST),
        (f"azureml://{HOST}:8443/mlflow", None),
        ("azureml://evil.example/mlflow", None),
        (f"azureml://{HOST}.evil.example/mlflow", None),
        (f"http://{HOST}/mlflow", None),
        ("azureml://management.azure.com/", None),
        ("databricks", None),
        ("", None),
    ],
)
def test_only_a_tracking_uri_of_this_cloud_is_followed(uri, host):
    assert tracking_host(uri, CLOUD) == host
