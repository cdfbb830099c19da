import pytest
import requests
from answering import ACCOUNT, Answer, Blob, pages_of, refusal_of, service_of, then_only
from loopback import odata

from diagnose.collect.azureml import earlier
from diagnose.collect.azureml.earlier import earlier_runs, may_have_siblings, sibling_rows
from diagnose.collect.azureml.jobs import Datastore
from diagnose.collect.azureml.patience import Patience
from diagnose.collect.azureml.storage import Storage
from diagnose.collect.azureml.whereabouts import Locations
from diagnose.evidence.bundle import PartState

STORES = {
    "workspaceartifactstore": Datastore("workspaceartifactstore", "acct", "azureml", "core.windows.net"),
    "workspaceblobstore": Datastore("workspaceblobstore", "acct", "box", "core.windows.net"),
}
COMMAND = {"runType": "azureml.scriptrun", "runTypeV2": {"traits": ["CommonRuntime"]}}
RUN = {
    **COMMAND,
    "runId": "mine",
    "experimentId": "e/1",
    "status": "Completed",
    "createdUtc": "2026-11-20T07:59:00+00:00",
    "startTimeUtc": "2026-11-20T08:00:00+00:00",
    "endTimeUtc": "2026-11-20T09:00:00+00:00",
}


def other(name, day=19, **changed):
    """A run that completed on an earlier day, as run history tells it."""
    times = {key: f"2026-11-{day:02}T{RUN[key][11:]}" for key in ("createdUtc", "startTimeUtc", "endTimeUtc")}
    return {**RUN, **times, "runId": name, "parentRunId": None, **changed}


def asked(world, *rows, run=RUN, count=3):
    """The names of the runs that are found, and the gap."""
    world.says("/runs:query", {"value": list(rows)})
    return names_of(earlier_runs(service_of(), run, count))


def names_of(found):
    runs, gap = found
    return [run["runId"] for run in runs], gap


def left(world, *runs, stores=STORES, service=None, declared=()):
    """The rows of these runs, and the gaps."""
    service = service or service_of()
    return sibling_rows(runs, declared, Storage(service), Locations(service, stores, "acct"))


def leaves(world, name, *paths, log="user_logs/std_log.txt", **named):
    """What the run is to have left: artifacts, and named outputs of one file each."""
    kept = {f"ExperimentRun/dcid.{name}/{path}": Blob(b"abc") for path in (*([log] if log else []), *paths)}
    world.blobs[ACCOUNT, "azureml"] |= kept
    world.blobs[ACCOUNT, "box"] |= {
        f"azureml/{name}/{output}/{path}": Blob(b"12345") for output, path in named.items()
    }


def files_of(row):
    return [(file["output"], file["path"], file["size"]) for file in row["outputs"]]


# --- which runs --------------------------------------------------------------------------------------------------


def test_it_is_one_question_in_the_words_of_the_services_own_clients(world):
    assert asked(world, other("a", 17), other("b", 19)) == (["b", "a"], None)
    [(method, _, path)] = world.asked
    assert (method, path.partition("/workspaces/")[2]) == ("POST", "space/experimentids/e%2F1/runs:query")
    [body] = world.bodies()
    assert body == {
        "filter": "(Status eq Completed) and (ParentRunId eq null) and (RunType eq azureml.scriptrun) "
        "and (CreatedUtc lt 2026-11-20T09:00:00Z)",
        "orderBy": "CreatedUtc desc",
        "top": 20,
    }
    rows = [other("failed", status="Failed"), other("step", parentRunId="p"), other("a"), other("late", 21)]
    assert odata.passing(rows, body["filter"]) == [rows[2]]


@pytest.mark.parametrize(
    "changed",
    [
        {"runId": "mine"},
        {"runId": None},
        {"status": "Failed"},
        {"status": None},
        {"status": "Hibernating"},
        {"parentRunId": "pipeline"},
        {"experimentId": "another"},
        {"experimentId": None},
        {"runType": "azureml.PipelineRun"},
        {"runTypeV2": None},
        {"endTimeUtc": None},
        {"endTimeUtc": "2026-11-20T09:00:01Z"},
        {"endTimeUtc": "yesterday"},
    ],
)
def test_what_a_service_sends_that_does_not_heed_its_filter_is_no_sibling(world, changed):
    assert asked(world, {**other("a"), **changed}, other("b")) == (["b"], None)


def test_of_an_open_run_those_are_earlier_that_had_ended_when_it_started(world):
    run = {**RUN, "status": "Running", "endTimeUtc": None}
    overlapping = other("b", endTimeUtc="2026-11-20T08:30:00Z")
    assert asked(world, overlapping, other("a"), run=run) == (["a"], None)
    assert "(CreatedUtc lt 2026-11-20T08:00:00Z)" in world.bodies()[0]["filter"]


def test_of_a_run_that_has_not_started_any_is_earlier(world):
    run = {**RUN, "status": "Queued", "startTimeUtc": None, "endTimeUtc": None}
    assert asked(world, other("a"), run=run) == (["a"], None)
    assert "CreatedUtc" not in world.bodies()[0]["filter"]


def test_a_kind_that_could_be_more_than_a_word_is_not_asked_for(world):
    run = {**RUN, "runType": "x) or (Status eq Failed"}
    assert asked(world, other("a", runType=run["runType"]), run=run) == (["a"], None)
    assert "Failed" not in world.bodies()[0]["filter"]


def test_the_last_to_end_come_first_and_no_more_than_were_wanted(world):
    rows = [other("a", 11), other("b", 15), other("c", 13), other("d", 12)]
    assert asked(world, *rows, count=2) == (["b", "c"], None)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (RUN, True),
        ({}, False),
        ({**RUN, "experimentId": None}, False),
        ({**RUN, "parentRunId": "pipeline"}, False),
    ],
)
def test_children_and_runs_without_an_experiment_have_none(run, expected):
    assert may_have_siblings(run) is expected


# --- pages and troubles ------------------------------------------------------------------------------------------


def test_pages_are_turned_until_there_are_enough(world):
    pages = [{"value": [other("x", status="Failed")]}, {"value": []}, {"value": [other("a")]}]
    world.says("/runs:query", pages_of(*pages))
    assert names_of(earlier_runs(service_of(), RUN, 3)) == (["a"], None)
    assert [body.get("continuationToken") for body in world.bodies()] == [None, "1", "2"]


def test_no_page_is_turned_when_there_are_enough(world):
    world.says("/runs:query", pages_of({"value": [other("a"), other("b")]}, {"value": [other("c")]}))
    assert names_of(earlier_runs(service_of(), RUN, 2)) == (["a", "b"], None)
    assert len(world.bodies()) == 1


def test_pages_are_not_turned_for_ever(world):
    world.says("/runs:query", pages_of(*[{"value": [other("a")]}] * 9))
    names, gap = names_of(earlier_runs(service_of(), RUN, 3))
    assert (names, gap.state) == (["a"], PartState.PARTIAL)
    assert len(world.bodies()) == earlier.PAGES_MOST


def test_a_page_that_is_sent_again_and_again_is_no_further_one(world):
    world.says("/runs:query", {"value": [other("a")], "continuationToken": "same"})
    names, gap = names_of(earlier_runs(service_of(), RUN, 3))
    assert (names, gap.reason) == (["a"], "the service sends the same page again and again")


@pytest.mark.parametrize(("status", "state"), [(403, PartState.DENIED), (400, PartState.FAILED)])
def test_what_came_before_a_page_that_is_refused_is_kept(world, status, state):
    world.says("/runs:query", then_only({"value": [other("a")]}, refusal_of(status)))
    names, gap = names_of(earlier_runs(service_of(), RUN, 3))
    assert (names, gap.state, gap.status) == (["a"], state, status)


@pytest.mark.parametrize(
    "answer",
    [
        refusal_of(403, "Forbidden"),
        refusal_of(429, Retry_After="3600"),
        requests.exceptions.ReadTimeout("slow"),
        Answer(200, b"<html>"),
        Answer(200, b"[]"),
    ],
)
def test_trouble_is_a_gap_with_its_reason_and_no_run(world, answer):
    world.says("/runs:query", answer)
    names, gap = names_of(earlier_runs(service_of(), RUN, 3))
    assert names == []
    assert gap.what == "the earlier runs"
    assert gap.reason


@pytest.mark.parametrize("body", [{}, {"value": None}, {"value": {}}, {"value": [None, 7, [], {}]}])
def test_an_answer_of_another_shape_names_nobody(world, body):
    world.says("/runs:query", body)
    assert earlier_runs(service_of(), RUN, 3) == ([], None)


# --- what they left ----------------------------------------------------------------------------------------------


def test_a_row_tells_when_it_ran_and_each_file_that_it_left_with_its_size(world):
    run = other("a", outputs={"default": {}, "model": {}, "report": {}})
    leaves(world, "a", "outputs/x.txt", "logs/azureml/1.log", model="m/1.bin", report="r.pdf")
    [row], gaps = left(world, run)
    assert gaps == []
    assert {name: row[name] for name in ("id", "status", "started_at", "ended_at")} == {
        "id": "a",
        "status": "Completed",
        "started_at": "2026-11-19T08:00:00Z",
        "ended_at": "2026-11-19T09:00:00Z",
    }
    assert files_of(row) == [
        ("artifacts", "outputs/x.txt", 3),
        ("model", "m/1.bin", 5),
        ("report", "r.pdf", 5),
    ]


@pytest.mark.parametrize(
    ("outputs", "declared", "kept"),
    [(None, ["model"], ["model"]), ({"report": {}}, [], ["report"]), (None, [], []), ({}, ["table"], [])],
)
def test_what_neither_run_calls_an_output_is_none(world, outputs, declared, kept):
    leaves(world, "a", model="m.bin", report="r.pdf", stray="x")
    [row], gaps = left(world, other("a", outputs=outputs), declared=declared)
    assert ([file["output"] for file in row["outputs"]], gaps) == (kept, [])


def test_two_listings_a_run_are_asked_and_nothing_is_read(world):
    leaves(world, "a")
    leaves(world, "b")
    left(world, other("a"), other("b"))
    assert len(world.asked) == 4
    assert {path for _, _, path in world.asked} == {"/azureml", "/box"}


def test_where_there_are_only_artifacts_one_listing_serves(world):
    leaves(world, "a", "outputs/x.txt")
    [row], gaps = left(world, other("a", outputs={"default": {}}))
    assert (files_of(row), gaps, len(world.asked)) == ([("artifacts", "outputs/x.txt", 3)], [], 1)


def test_a_v1_run_put_its_outputs_into_another_folder(world):
    datasets = [{"outputDetails": {"outputName": "table"}}]
    run = other("a", runTypeV2=None, outputDatasets=datasets)
    leaves(world, "a", log="azureml-logs/70_driver_log.txt")
    world.holds(dataset__a__table__part=Blob(b"1"))
    [row], gaps = left(world, run)
    assert (files_of(row), gaps) == ([("table", "part", 1)], [])


def test_an_output_that_is_one_file_has_its_name(world):
    leaves(world, "a")
    world.holds(azureml__a__table=Blob(b"1"))
    [row], _ = left(world, other("a", outputs={"table": {}}))
    assert files_of(row) == [("table", "table", 1)]


def test_blocks_that_nobody_committed_were_not_left(world):
    leaves(world, "a")
    world.holds(azureml__a__model__m=Blob(committed=False, blocks=(7,)))
    [row], _ = left(world, other("a"))
    assert row["outputs"] == []


def test_a_run_whose_logs_are_gone_may_have_lost_more(world):
    leaves(world, "a", log=None, model="m.bin")
    leaves(world, "b", "outputs/x.txt")
    rows, [gap] = left(world, other("a", outputs={"model": {}}), other("b"))
    assert [row["outputs"] is None for row in rows] == [True, False]
    assert (gap.what, gap.state) == ("the outputs of earlier runs", PartState.GONE)


def test_a_parent_has_no_logs_of_its_own_to_lose(world):
    world.holds(azureml__a__model__m=Blob(b"1"))
    [row], gaps = left(world, other("a", runType="azureml.PipelineRun", outputs={"model": {}}))
    assert (files_of(row), gaps) == ([("model", "m", 1)], [])


@pytest.mark.parametrize("stores", [STORES, {}])
def test_an_output_that_is_not_where_outputs_lie_leaves_the_listing_unknown(world, stores):
    leaves(world, "a", "outputs/x.txt")
    [row], [gap] = left(world, other("a", outputs={"default": {}, "model": {}}), stores=stores)
    assert row["outputs"] is None
    assert gap.reason == "one of them put an output where it was not looked for"


def test_a_container_that_may_not_be_listed_is_said_once_for_all(world):
    leaves(world, "a")
    leaves(world, "b")
    denied = Answer(403, b"", {"x-ms-error-code": "AuthorizationPermissionMismatch"})
    world.says("/box", denied)
    rows, [gap] = left(world, other("a"), other("b"))
    assert [row["outputs"] for row in rows] == [None, None]
    assert gap.state is PartState.DENIED
    assert "Storage Blob Data Reader" in gap.reason


@pytest.mark.parametrize("answer", [Answer(404), Answer(200, b"<x"), requests.exceptions.ReadTimeout("slow")])
def test_a_listing_that_breaks_is_no_listing(world, answer):
    leaves(world, "a")
    world.says("/azureml", answer)
    [row], [gap] = left(world, other("a"))
    assert row["outputs"] is None
    assert gap.reason


def test_a_run_that_left_too_much_has_no_listing_and_is_not_listed_to_its_end(world, monkeypatch):
    monkeypatch.setattr(earlier, "MOST_FILES", 4)
    leaves(world, "a", *(f"outputs/{number}" for number in range(50)))
    [row], [gap] = left(world, other("a", outputs={"default": {}}))
    assert (row["outputs"], gap.state) == (None, PartState.PARTIAL)
    assert len(world.asked) == 2


def test_the_bound_is_for_all_listings_of_a_run_together(world, monkeypatch):
    monkeypatch.setattr(earlier, "MOST_FILES", 2)
    leaves(world, "a", "outputs/1", model="m")
    [row], [gap] = left(world, other("a"))
    assert (row["outputs"], gap.state) == (None, PartState.PARTIAL)


def test_when_the_time_of_the_run_is_over_nothing_more_is_asked(world):
    leaves(world, "a")
    rows, [gap] = left(world, other("a"), service=service_of(patience=Patience(run_s=0)))
    assert [row["outputs"] for row in rows] == [None]
    assert "used up" in gap.reason
    assert world.asked == []
