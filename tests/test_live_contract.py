"""What the collector writes down agrees with what `MLClient` says, and all that it asks for is to be read."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from building import bundle_of, iso, run_row
from loopback import Fault, Forbidden, Latency, Loopback, available
from loopback.answers import answer
from samples import AT, FOLDER
from served import facts

from diagnose.collect.azureml import live
from diagnose.evidence.bundle import Bundle, PartState
from diagnose.evidence.instants import parse_instant
from diagnose.pipeline import judge
from diagnose.settings import Setting, Where

pytestmark = pytest.mark.skipif(not available(), reason=str(available().reason))

V2, V1, PIPELINE = "executor_task_blocks_exit", "v1_exit_loses_metrics", "pipeline_waits_for_a_step"
WITH_EARLIER = "orders_left_out_unlike_before"
BLOB_URI = "azureml://datastores/workspaceblobstore/paths"


@pytest.fixture(scope="module")
def world():
    with Loopback() as world:
        yield world


@pytest.fixture
def clean(world, monkeypatch):
    """The world as it was, and this process in it."""
    world.clear()
    world.apply(monkeypatch)
    for name in [name for name in os.environ if name.startswith(("DIAGNOSE_", "AZUREML_"))]:
        monkeypatch.delenv(name)
    yield world
    assert world.errors == []
    assert world.proxy.refused == []


@contextmanager
def captured(served, run_id=None, **allowed) -> Iterator[Bundle]:
    """A run, as `diagnose capture` sees it."""
    names = (served.subscription_id, served.resource_group, served.workspace, "AzureCloud")
    how = live.How(**allowed)
    service = live.connect(Where(*(Setting(name, "a test") for name in names)), os.environ, how)
    with live.captured(service, run_id or served.run_id, how) as bundle:
        yield bundle


def row_of(served, run_id=None):
    with captured(served, run_id) as bundle:
        return bundle.document("run.json")


def children_of(served):
    with captured(served) as bundle:
        return {row["id"]: row for row in bundle.rows("children")}


def client_of(served):
    from azure.ai.ml import MLClient  # noqa: PLC0415  (1.5 s)
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415

    place = (served.subscription_id, served.resource_group, served.workspace)
    return MLClient(DefaultAzureCredential(), *place, enable_telemetry=False)


# --- one job -----------------------------------------------------------------------------------------------------


def said(job):
    """What MLClient says of a job, in the words of `run.json`."""
    environment = getattr(job, "environment", None)
    command = getattr(job, "command", None)
    limits = getattr(job, "limits", None)
    outputs = {name: put for name, put in (job.outputs or {}).items() if name != "default"}
    return {
        "id": job.name,
        "display_name": job.display_name,
        "experiment": job.experiment_name,
        "type": job.type,
        "status": job.status,
        "command": command,
        "environment": environment,
        "timeout_s": getattr(limits, "timeout", None),
        "tags": dict(job.tags or {}),
        "expected_outputs": {
            name: (put.path, mode_of(put.mode), str(put.type)) for name, put in outputs.items()
        },
    }


def written(row):
    """The same of `run.json`."""
    puts = {put["name"]: (put["uri"], put["mode"], put["type"]) for put in row["expected_outputs"]}
    names = (
        "id",
        "display_name",
        "experiment",
        "type",
        "status",
        "command",
        "environment",
        "timeout_s",
        "tags",
    )
    return {name: row[name] for name in names} | {"expected_outputs": puts}


def mode_of(mode):
    return {"rw_mount": "mount", "upload": "upload", "direct": "direct"}[str(mode)]


def test_a_command_is_written_down_as_the_client_knows_it(clean):
    row = run_row(
        id="whole",
        display_name="Nightly fit",
        experiment="nightly",
        command="python fit.py --epochs 3",
        environment="azureml:sklearn-1.5:33",
        timeout_s=7200,
        tags={"team": "churn", "empty": ""},
        compute={"target": "cpu-cluster", "size": "STANDARD_DS3_V2", "nodes": 2},
        expected_outputs=[
            {
                "name": "model",
                "type": "uri_folder",
                "mode": "mount",
                "uri": f"{BLOB_URI}/azureml/whole/model/",
            },
            {"name": "table", "type": "uri_file", "mode": "upload", "uri": f"{BLOB_URI}/t/table.csv"},
        ],
    )
    served = clean.serve(bundle_of(row))
    found = written(row_of(served))
    assert found == said(client_of(served).jobs.get("whole"))
    assert found["timeout_s"] == 7200
    assert found["expected_outputs"]["table"] == (f"{BLOB_URI}/t/table.csv", "upload", "uri_file")


@pytest.mark.parametrize("sample", [V2, PIPELINE, "checkpoint_saver_never_told_to_stop"])
def test_a_sample_is_written_down_as_the_client_knows_it(sample, clean):
    served = clean.serve(FOLDER / sample)
    assert written(row_of(served)) == said(client_of(served).jobs.get(served.run_id))


def test_of_a_step_the_client_knows_its_name_and_the_collector_the_rest(clean):
    served = clean.serve(FOLDER / PIPELINE)
    rows = children_of(served)
    client = client_of(served)
    for step, row in rows.items():
        job = client.jobs.get(step)
        assert (job.name, job.status) == (step, row["status"])
        assert job.display_name == row["display_name"]
        alone = row_of(served, step)
        for name in ("id", "status", "display_name", "parent_id", "started_at", "ended_at"):
            assert alone[name] == row[name], name


def test_a_step_is_of_its_own_type_also_where_run_history_answers_last(clean):
    """To ARM a step is a job of no type at all, which MLClient calls `base`."""
    served = clean.serve(FOLDER / PIPELINE)
    rows = children_of(served)
    clean.faults.add("run", Latency(0.5))
    assert {step: row_of(served, step)["type"] for step in rows} == dict.fromkeys(rows, "command")


# --- many --------------------------------------------------------------------------------------------------------


def test_every_job_of_every_page_is_written_down_as_it_is_listed(clean):
    clean.page_sizes["jobs"] = 2
    rows = [
        run_row(
            status,
            id=f"job-{number}",
            display_name=f"Job {number}",
            experiment=f"e{number % 2}",
            command=f"python job.py {number}",
            created_at=iso(number),
        )
        for number, status in enumerate(["Running", "Completed", "Failed", "Canceled", "Queued"])
    ]
    served = clean.serve(bundle_of(rows[0]))
    for row in rows[1:]:
        clean.serve(bundle_of(row), workspace=served.workspace)
    listed = {job.name: said(job) for job in client_of(served).jobs.list()}
    assert len([asked for asked in clean.requests if asked.resource == "jobs"]) == 3
    assert listed == {row["id"]: written(row_of(served, row["id"])) for row in rows}


def family(count=7, *, parent="sweep", **changed):
    """A parent and its children, one a minute; `changed` by the number of the child."""
    children = [
        {
            "id": f"trial-{number}",
            "display_name": f"trial {number}",
            "type": "command",
            "status": "Completed",
            "created_at": iso(number),
            "started_at": iso(number + 1),
            "ended_at": iso(number + 20),
            "parent_id": "parent",
            **changed.get(f"at_{number}", {}),
        }
        for number in range(count)
    ]
    return bundle_of(run_row(id="parent", type=parent), children=children)


OPEN = {"status": "Running", "ended_at": None, "last_log_at": iso(30), "last_metric_at": None}


def listed_children(served):
    found = client_of(served).jobs.list(parent_job_name="parent")
    return {job.name: (job.display_name, job.status) for job in found}


@pytest.mark.parametrize("paging", ["none", "token", "link"])
def test_children_are_those_that_the_client_lists_and_those_that_it_loses(paging, clean):
    served = clean.serve(family())
    whole = listed_children(served)
    clean.children_paging, clean.page_sizes["children"] = paging, 3
    found = {name: (row["display_name"], row["status"]) for name, row in children_of(served).items()}
    assert found == whole
    assert len(found) == 7
    first = listed_children(served)
    assert len(first) == (7 if paging == "none" else 3)  # the client turns no page
    assert first.items() <= found.items()


@pytest.mark.parametrize("paging", ["token", "link"])
def test_an_open_child_on_the_last_page_is_named_by_the_verdict(paging, clean):
    served = clean.serve(family(at_6=OPEN, parent="pipeline"))
    clean.children_paging, clean.page_sizes["children"] = paging, 3
    with captured(served) as bundle:
        record = judge(bundle, AT)
        part = bundle.manifest.parts["children"]
    assert (part.state, part.items) == (PartState.COMPLETE, 7)
    assert record["cause"] == "lingering-child-run"
    assert "trial 6" in record["headline"]
    assert len([asked for asked in clean.requests if asked.path.endswith("/runs/parent/children")]) == 3


@pytest.mark.parametrize("paging", ["none", "token", "link"])
def test_grandchildren_are_found_below_a_step_that_has_children(paging, clean):
    sweep = {"properties": {"StepType": "HyperDriveStep"}}
    below = {"parent_id": "trial-1"}
    served = clean.serve(
        family(parent="pipeline", at_1=sweep, at_4=below, at_5=below, at_6={**below, **OPEN})
    )
    clean.children_paging, clean.page_sizes["children"] = paging, 2
    rows = children_of(served)
    assert len(rows) == 7
    assert {name for name, row in rows.items() if row["parent_id"] == "trial-1"} == {
        "trial-4",
        "trial-5",
        "trial-6",
    }


def test_children_of_which_a_page_is_refused_are_not_all_there_are(clean):
    served = clean.serve(family(at_6=OPEN, parent="pipeline"))
    clean.children_paging, clean.page_sizes["children"] = "token", 3
    clean.faults.add("children", Forbidden(), after=1)
    with captured(served) as bundle:
        part = bundle.manifest.parts["children"]
        record = judge(bundle, AT)
    assert (part.state, part.items) == (PartState.PARTIAL, 3)
    assert record["outcome"] != "completed"
    assert "children" in {each["part"] for each in record["not_examined"]}


# --- earlier runs ------------------------------------------------------------------------------------------------


def siblings_of(served, **allowed):
    """What the capture knows of earlier runs, and its gaps."""
    with captured(served, **allowed) as bundle:
        return {row["id"]: row["outputs"] for row in bundle.rows("siblings")}, bundle.manifest.gaps


def asked_of(world, resource):
    return [asked for asked in world.requests if asked.resource == resource]


@pytest.fixture
def followed(clean):
    """A run with four earlier ones, and with some that are none."""
    mine = {"id": "mine", "experiment": "nightly", "status": "Completed"}
    served = clean.serve(bundle_of(run_row(**mine, **times_of(50)), logs="klaar\n"))
    others = [
        *({"id": f"before-{number}", **times_of(number)} for number in (10, 20, 30, 40)),
        {"id": "failed", "status": "Failed", **times_of(45)},
        {"id": "later", **times_of(70)},
        {"id": "elsewhere", "experiment": "daily", **times_of(45)},
        {"id": "sweep", "type": "sweep", **times_of(45)},
    ]
    for other in others:
        bundle = bundle_of(run_row(**{**mine, **other}), logs="klaar\n", outputs=[LEFT])
        clean.serve(bundle, workspace=served.workspace)
    return served


LEFT = {
    "output": "artifacts",
    "path": "outputs/a.txt",
    "size": 3,
    "head": "YWJj",
    "tail": "YWJj",
    "committed": True,
    "blob_type": "block",
    "created_at": iso(5),
    "modified_at": iso(5),
}


def times_of(minute):
    return {"created_at": iso(minute), "started_at": iso(minute + 1), "ended_at": iso(minute + 9)}


@pytest.mark.parametrize("page", [2, 3, 500])
def test_the_earlier_runs_are_the_last_of_those_that_the_client_lists(page, followed, clean):
    clean.page_sizes["runs-query"] = page
    found, gaps = siblings_of(followed)
    jobs = [job for job in client_of(followed).jobs.list() if job.experiment_name == "nightly"]
    done = [job for job in jobs if (job.status, job.type) == ("Completed", "command")]
    before = [job.name for job in done if job.name not in ("mine", "later")]
    assert list(found) == before[:3] == ["before-40", "before-30", "before-20"]
    assert list(found.values()) == [[{"output": "artifacts", "path": "outputs/a.txt", "size": 3}]] * 3
    assert gaps == ()
    assert len(asked_of(clean, "runs-query")) == (1 if page == 500 else 2)


@pytest.mark.parametrize(("count", "listed"), [(0, 0), (1, 1), (20, 4)])
def test_as_many_earlier_runs_are_looked_at_as_were_asked_for(count, listed, followed, clean):
    found, gaps = siblings_of(followed, siblings=count)
    assert (len(found), gaps) == (listed, ())
    assert len(asked_of(clean, "runs-query")) == (1 if count else 0)


class DeletesRun(Fault):
    """A run and all that it left are deleted once somebody has heard of it."""

    def __init__(self, run_id):
        self.run_id = run_id

    def before(self, world, request):
        known = request.workspace
        seeder = world.seeder(known)
        for path in ("user_logs/std_log.txt", "outputs/a.txt"):
            seeder.delete(f"azureml/{known.runs[self.run_id].artifact_prefix}{path}")


def test_an_earlier_run_that_is_deleted_in_between_did_not_leave_nothing(followed, clean):
    clean.faults.add("runs-query", DeletesRun("before-30"))
    found, [gap] = siblings_of(followed)
    assert [name for name, left in found.items() if left is None] == ["before-30"]
    assert (gap["what"], gap["state"]) == ("the outputs of earlier runs", "gone")


class Meets(Fault):
    """Two requests, each of which is answered once the other has come."""

    def __init__(self):
        self.barrier = threading.Barrier(2)

    def before(self, world, request):
        with suppress(threading.BrokenBarrierError):  # the test will see that it is
            self.barrier.wait(10)


def test_earlier_runs_are_asked_for_while_the_run_itself_is_read(followed, clean):
    """Nothing waits for them: the question goes with the run's own listing."""
    clean.seed()
    meets = Meets()
    clean.faults.add("runs-query", meets, times=1)
    clean.faults.add("blob-list", meets, times=1)
    found, gaps = siblings_of(followed)
    assert (len(found), gaps) == (3, ())
    assert not meets.barrier.broken


# --- only reading ------------------------------------------------------------------------------------------------

PERMISSIONS = {
    "workspace": "read",
    "job": "jobs/read",
    "jobs": "jobs/read",
    "datastores": "datastores/read",
    "code": "codes/versions/read",
    "run": "experiments/runs/read",
    "details": "experiments/runs/read",
    "children": "experiments/runs/read",
    "spans": "experiments/runs/read",
    "metric-names": "experiments/runs/read",
    "metric-history": "experiments/runs/read",
    "runs-query": "experiments/runs/read",
    "experiment": "experiments/read",
    "artifacts": "metadata/artifacts/read",
    "content-info": "metadata/artifacts/read",
    "blob-list": "Storage Blob Data Reader",
    "blob-read": "Storage Blob Data Reader",
    "blob-properties": "Storage Blob Data Reader",
    "block-list": "Storage Blob Data Reader",
}
"""What it takes to be answered. Nobody needs one for signing in."""
QUESTIONS = ("metric-names", "metric-history", "rundata", "runs-query", "runs-search", "data")
"""What is asked by POST, and changes nothing."""


def assert_only_reading(world):
    for asked in world.requests:
        if asked.host == "login.microsoftonline.com":
            continue
        assert asked.method in ("GET", "HEAD") or (asked.method == "POST" and asked.resource in QUESTIONS)
        assert asked.resource in PERMISSIONS, asked.path
    assert "secrets" not in {asked.resource for asked in world.requests}


def test_the_permissions_are_those_of_the_readme():
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    [told] = re.findall(r"(?s)\*\*What it needs\*\*.*?\n\n", readme)
    for permission in PERMISSIONS.values():
        assert f"`{permission}`" in told or permission == "Storage Blob Data Reader"
    assert "*Storage Blob Data Reader*" in told


@pytest.mark.parametrize(
    "sample",
    [
        V2,
        V1,
        PIPELINE,
        "v1_profiler_thread_keeps_finalizing",
        "flush_timeout_ignored__mended",
        "output_open_while_catalogue_hangs",
        "canceled_by_user",
        WITH_EARLIER,
    ],
)
def test_a_capture_asks_only_for_what_its_reader_may_read(sample, clean):
    served = clean.serve(FOLDER / sample)
    with captured(served):
        pass
    assert_only_reading(clean)


@pytest.mark.parametrize(
    "refused", ["blob-list", "blob-read", "job", "details", "metric-names", "datastores"]
)
def test_a_way_that_is_closed_opens_no_other_than_a_reading_one(refused, clean):
    served = clean.serve(FOLDER / V2)
    clean.faults.add(refused, Forbidden())
    with captured(served):
        pass
    assert_only_reading(clean)


# --- --use-datastore-secrets -------------------------------------------------------------------------------------


class NoRole(Fault):
    """Storage refuses the identity, and takes a signature."""

    def reply(self, world, request):
        return Forbidden().reply(world, request) if "Authorization" in request.headers else None


class Signature(Fault):
    """`listSecrets` as the service answers to `expirableSecret`: a SAS of the container, and no account key."""

    def reply(self, world, request):
        from azure.storage.blob import ContainerSasPermissions, generate_container_sas  # noqa: PLC0415

        known, name = request.workspace, request.path.split("/")[-2]
        permission = ContainerSasPermissions(read=True, list=True)
        signed = generate_container_sas(
            known.account,
            known.containers[name],
            account_key=known.account_key,
            permission=permission,
            expiry=datetime(2099, 1, 1, tzinfo=UTC),
        )
        return answer({"secretsType": "Sas", "sasToken": signed})


@pytest.fixture
def outputs_closed(clean):
    """A run whose named output the identity may not list."""
    served = clean.serve(FOLDER / V2)
    store = clean.workspaces[served.workspace].containers["workspaceblobstore"]
    clean.faults.add("blob-list", NoRole(), where=store)
    clean.faults.add("blob-read", NoRole(), where=f"{store}/azureml/")
    clean.faults.add("secrets", Signature())
    return served


def secrets_asked(world):
    return [asked.path.split("/")[-2] for asked in world.requests if asked.resource == "secrets"]


def test_an_output_that_may_not_be_listed_is_denied_and_names_the_role(outputs_closed, clean):
    with captured(outputs_closed) as bundle:
        part = bundle.manifest.parts["outputs"]
        record = judge(bundle, AT)
    assert part.state is PartState.DENIED
    assert "Storage Blob Data Reader" in part.reason
    assert secrets_asked(clean) == []
    told = {each["part"]: each["why"] for each in record["not_examined"]}
    assert "Storage Blob Data Reader" in told["outputs"]


def test_with_leave_the_key_of_its_datastore_is_asked_for_once_and_serves(outputs_closed, clean):
    with captured(outputs_closed, use_secrets=True) as bundle:
        found = facts(bundle)["outputs"]
        part = bundle.manifest.parts["outputs"]
        files = "".join(
            path.read_text(errors="replace") for path in Path(bundle.store.where).rglob("*") if path.is_file()
        )
    assert part.state is PartState.COMPLETE
    assert found
    assert {row["output"] for row in found} == {"labels"}
    assert all(row.get("head") for row in found)
    assert secrets_asked(clean) == ["workspaceblobstore"]
    assert "sig=" not in files


def test_with_leave_and_nothing_closed_no_key_is_asked_for(clean):
    served = clean.serve(FOLDER / V2)
    with captured(served, use_secrets=True) as bundle:
        assert bundle.manifest.parts["outputs"].state is PartState.COMPLETE
    assert secrets_asked(clean) == []


def test_a_key_that_may_not_be_read_costs_its_output_alone(clean):
    """The run's own artifacts are not in the datastore that is closed."""
    head = {"size": 3, "head": "YWJj", "tail": "YWJj", "committed": True, "blob_type": "block"}
    times = {"created_at": iso(5), "modified_at": iso(5)}
    uri = f"{BLOB_URI}/azureml/closed/model/"
    row = run_row(
        id="closed",
        expected_outputs=[{"name": "model", "type": "uri_folder", "mode": "mount", "uri": uri}],
    )
    rows = [
        {"output": "artifacts", "path": "outputs/a.txt", **head, **times},
        {"output": "model", "path": "m.bin", **head, **times},
    ]
    served = clean.serve(bundle_of(row, outputs=rows, logs="done\n"))
    store = clean.workspaces[served.workspace].containers["workspaceblobstore"]
    clean.faults.add("blob-list", NoRole(), where=store)
    clean.faults.add("secrets", Forbidden())
    with captured(served, use_secrets=True) as bundle:
        found = [(each["output"], each["path"]) for each in bundle.rows("outputs")]
        part = bundle.manifest.parts["outputs"]
    assert part.reason
    assert found == [("artifacts", "outputs/a.txt")]
    assert part.state is PartState.PARTIAL


# --- sign-in and clock -------------------------------------------------------------------------------------------


class Revoked(Fault):
    """All tokens given out so far are refused from now on."""

    def before(self, world, request):
        world.revoke_tokens()


RESOURCES = (
    "run",
    "details",
    "metric-names",
    "metric-history",
    "job",
    "datastores",
    "code",
    "blob-list",
    "blob-read",
)


@pytest.mark.parametrize(
    ("resource", "lifetime"),
    [(name, 60) for name in RESOURCES] + [(name, 3600) for name in ("run", "job", "blob-list")],
)
def test_tokens_that_end_in_the_middle_cost_nothing(resource, lifetime, clean):
    """Those of an hour are kept by the sign-in library, too."""
    served = clean.serve(FOLDER / V2)
    clean.seed()
    with captured(served) as bundle:
        expected = facts(bundle)
    clean.token_lifetime = lifetime
    clean.faults.add(resource, Revoked(), times=1)
    with captured(served) as bundle:
        assert bundle.manifest.gaps == ()
        assert facts(bundle) == expected


def test_tokens_that_live_for_a_minute_only_are_renewed_as_needed(clean):
    clean.token_lifetime = 60
    served = clean.serve(FOLDER / V2)
    with captured(served) as bundle:
        assert bundle.manifest.gaps == ()
        assert {part.state for part in bundle.manifest.parts.values()} == {PartState.COMPLETE}


def test_the_services_clock_counts_and_this_machines_difference_is_kept(clean):
    served = clean.serve(FOLDER / V2)
    clean.clock_skew = (datetime.now(UTC) - parse_instant(served.captured_at)).total_seconds() + 300
    with captured(served) as bundle:
        manifest = bundle.manifest
    assert manifest.clock_skew_s == pytest.approx(300, abs=30)
    at = parse_instant(served.captured_at).timestamp() + clean.clock_skew
    assert manifest.captured_at.timestamp() == pytest.approx(at, abs=1)


# --- inside a job ------------------------------------------------------------------------------------------------


def in_a_job(monkeypatch, served, endpoint):
    """The variables that a job finds set."""
    monkeypatch.setenv("AZUREML_ARM_SUBSCRIPTION", served.subscription_id)
    monkeypatch.setenv("AZUREML_ARM_RESOURCEGROUP", served.resource_group)
    monkeypatch.setenv("AZUREML_ARM_WORKSPACE_NAME", served.workspace)
    monkeypatch.setenv("AZUREML_SERVICE_ENDPOINT", endpoint)


def test_a_job_that_may_not_read_its_workspace_reads_run_history_all_the_same(clean, monkeypatch):
    served = clean.serve(FOLDER / V2)
    with captured(served) as bundle:
        expected = facts(bundle)
    in_a_job(monkeypatch, served, f"https://{served.host}")
    clean.faults.add("workspace", Forbidden())
    with captured(served) as bundle:
        found = facts(bundle)
    assert {name: state for name, (state, _) in found["parts"].items()}["run"] == "complete"
    assert found["run.json"] == expected["run.json"]
    assert found["metrics"] == expected["metrics"]
    assert found["logs"] == expected["logs"]


@pytest.mark.parametrize(
    "endpoint",
    ["https://evil.example", "http://127.0.0.1", "https://westus3.api.azureml.ms.evil.example", ""],
)
def test_an_end_point_that_is_not_of_this_cloud_is_not_asked(endpoint, clean, monkeypatch):
    served = clean.serve(FOLDER / V2)
    in_a_job(monkeypatch, served, endpoint)
    clean.faults.add("workspace", Forbidden())
    with pytest.raises(live.CollectError, match="Reader"), captured(served):
        pass
