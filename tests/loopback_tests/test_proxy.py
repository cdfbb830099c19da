"""Nothing leaves this machine unnoticed, and what was asked can be read afterwards."""

import pytest
from building import bundle_of, run_row

requests = pytest.importorskip("requests")


@pytest.mark.parametrize(
    "url", ["https://example.com/", "https://other.blob.core.windows.net/", "https://mars.api.azureml.ms/"]
)
def test_a_host_that_is_not_here_is_refused_and_remembered(world, url):
    with requests.Session() as session, pytest.raises(requests.exceptions.ProxyError):
        session.get(url, timeout=5)
    assert world.proxy.refused == [url.split("/")[2] + ":443"]


def test_a_plain_request_is_refused_and_remembered(world):
    with requests.Session() as session:
        answer = session.get("http://169.254.169.254/metadata/identity", timeout=5)
    assert answer.status_code == 403
    assert world.proxy.refused == ["http://169.254.169.254/metadata/identity"]


def test_another_port_of_a_known_host_is_refused(world):
    with requests.Session() as session, pytest.raises(requests.exceptions.ProxyError):
        session.get("https://management.azure.com:8443/", timeout=5)
    assert world.proxy.refused == ["management.azure.com:8443"]


def test_the_log_says_what_was_asked(world, client_of):
    client = client_of(world.serve(bundle_of(run_row())))
    client.history("/children?$top=2")
    asked = world.requests[-1]
    assert (asked.method, asked.host, asked.status) == ("GET", client.served.host, 200)
    assert asked.path.endswith("/runs/r-1/children")
    assert (asked.query, asked.resource, asked.authorized) == ({"$top": "2"}, "children", True)
    assert 0 <= asked.seconds < 1


def test_several_runs_may_share_a_workspace_and_otherwise_do_not(world, client_of):
    first = world.serve(bundle_of(run_row(id="Run_One")))
    second = world.serve(bundle_of(run_row(id="run-two")))
    third = world.serve(bundle_of(run_row(id="run-three")), workspace=second.workspace)
    assert first.workspace.startswith("ws-run-one")
    assert len({first.workspace, second.workspace}) == len({first.account, second.account}) == 2
    assert third.workspace == second.workspace
    listed = client_of(second).arm("/jobs").json()["value"]
    assert {job["name"] for job in listed} == {"run-two", "run-three"}


def test_the_keys_are_served_and_that_is_remembered(world, client_of):
    client = client_of(world.serve(bundle_of(run_row())))
    url = f"https://management.azure.com{client.served.scope}/datastores/workspaceblobstore/listSecrets"
    assert client.ask("POST", url, json={}).status_code == 200
    assert [asked.resource for asked in world.requests if asked.resource == "secrets"] == ["secrets"]
