"""Experiments, filters and limits, and blobs that are put in place run by run."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from building import bundle_of, iso, moment, run_row
from loopback import analytics

pytest.importorskip("requests")
MLFLOW = "/api/2.0/mlflow"


@pytest.fixture
def client(world, client_of):
    rows = [
        run_row("Running", id="a", experiment="one"),
        run_row("Completed", id="b", experiment="two", ended_at=iso(60)),
        run_row("Completed", id="c", experiment="two", ended_at=iso(5)),
    ]
    name = f"many-{len(world.workspaces)}"
    logs = {"user_logs/std_log.txt": "x\n"}
    served = [world.serve(bundle_of({**row, "root_id": row["id"]}, logs=logs), name) for row in rows]
    return client_of(served[0])


def workspace_of(world, client):
    return world.workspaces[client.served.workspace]


def asked(client, below, **body):
    return client.data("history/v1.0", below, method="POST", json=body).json()["value"]


def searched(client, what, **body):
    answer = client.data("mlflow/v2.0", f"{MLFLOW}/{what}/search", method="POST", json=body)
    return answer.json().get(what, answer.status_code)


def test_archived_experiments_are_only_told_to_who_asks_for_them(world, client):
    workspace_of(world, client).archived.add("one")
    names = {
        view: [row["name"] for row in asked(client, "/experiments:query", viewType=view)]
        for view in ("All", "ActiveOnly", "ArchivedOnly")
    }
    assert names == {"All": ["one", "two"], "ActiveOnly": ["two"], "ArchivedOnly": ["one"]}
    assert [row["name"] for row in searched(client, "experiments", view_type="ALL")] == ["one", "two"]
    assert [row["name"] for row in searched(client, "experiments")] == ["two"]


def test_experiments_come_in_pages(world, client):
    world.page_sizes["experiments"] = 1
    first = client.data("history/v1.0", "/experiments:query", method="POST", json={}).json()
    token = first["continuationToken"]
    assert [row["name"] for row in asked(client, "/experiments:query", continuationToken=token)] == ["two"]


def test_an_experiment_is_found_by_its_name(client):
    told = client.data("history/v1.0", "/experiments/two").json()
    assert (
        told["experimentId"]
        == client.data("history/v1.0", f"/experimentids/{told['experimentId']}").json()["experimentId"]
    )
    assert client.data("history/v1.0", "/experiments/three").status_code == 404


def test_a_filter_is_on_the_end_of_a_run_too(client):
    told = client.data("history/v1.0", "/experiments/two").json()["experimentId"]
    text = f"(Status eq Completed) and (EndTimeUtc ge {iso(30)})"
    assert [row["runId"] for row in asked(client, f"/experimentids/{told}/runs:query", filter=text)] == ["b"]


def test_mlflow_filters_by_one_status_and_perhaps_by_the_end(world, client):
    ids = [row["experiment_id"] for row in searched(client, "experiments", view_type="ALL")]
    since = int(moment(30).timestamp() * 1000)
    text = f"attributes.status = 'FINISHED' and attributes.end_time >= {since}"
    found = searched(client, "runs", experiment_ids=ids, filter=text)
    assert [row["info"]["run_id"] for row in found] == ["b"]
    assert [row["info"]["run_id"] for row in searched(client, "runs", experiment_ids=ids[:1])] == ["a"]
    world.mlflow_ends = False
    assert searched(client, "runs", filter=text) == 400
    assert searched(client, "runs", filter="tags.a = 'b'") == 400


def test_arm_lets_a_bucket_of_questions_through(world, client):
    world.arm_bucket = (3, 0.001)
    answers = [client.arm() for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    left = [answer.headers["x-ms-ratelimit-remaining-subscription-reads"] for answer in answers]
    assert left == ["2", "1", "0", "0", "0"]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert client.history().status_code == 200
    assert [asked.status for asked in world.requests if asked.resource == "workspace"].count(429) == 2


def test_statuses_are_in_log_analytics_where_they_are_sent(world, client):
    log = analytics.log_id(workspace_of(world, client))
    url = f"https://api.loganalytics.io/v1/workspaces/{log}/query"
    client.sign_in("https://api.loganalytics.io/.default")

    def rows(text="AmlRunStatusChangedEvent"):
        return client.ask("POST", url, json={"query": text}).json()["tables"][0]["rows"]

    assert rows() == []
    world.diagnostics.add(client.served.workspace)
    assert {row[0]: row[1] for row in rows()} == {"a": "Running", "b": "Completed", "c": "Completed"}
    assert client.ask("POST", url, json={"query": "Heartbeat"}).status_code == 400
    assert client.ask("POST", url.replace(log, "other"), json={}).status_code == 404


def test_only_the_blobs_of_the_run_that_is_asked_for_are_put_in_place(world, client):
    known = workspace_of(world, client)
    put = []
    seeder = world._storage.seeder(known)
    seed = seeder.seed
    seeder.seed = lambda runs: put.extend(run.id for run in runs) or seed(runs)
    assert client.session.get(client.log(), timeout=5).content == b"x\n"
    assert put == ["a"]
    assert client.session.get(client.log(), timeout=5).status_code == 200
    assert put == ["a"]
    world.seed()
    assert sorted(put) == ["a", "b", "c"]


def test_who_asks_while_blobs_are_being_put_in_place_waits_for_them(world, client):
    log = client.log()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.session.get(log, timeout=30).content, range(16)))
    assert set(answers) == {b"x\n"}
