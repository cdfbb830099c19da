import json
import sys

import pytest
from answering import refusal_of, service_of

from diagnose.collect.azureml.finding.by_analytics import by_analytics, query_of
from diagnose.collect.azureml.finding.found import Book
from diagnose.collect.azureml.gaps import GapError
from diagnose.collect.azureml.workspace import WorkspaceId

pytest.importorskip("azure.monitor.query")
LOG = "0f0e0d0c-0000-1111-2222-333344445555"
COLUMNS = [
    {"name": name, "type": kind}
    for name, kind in (("RunId", "string"), ("Status", "string"), ("TimeGenerated", "datetime"))
]


def kept(world, *rows, **more):
    """What the log answers, and run history's row of each run that is asked for."""

    def told(request):
        asked = json.loads(request.body)["requests"]
        return {
            "runDataResult": {key: {"runMetadata": {"runId": each["runId"]}} for key, each in asked.items()}
        }

    table = {"name": "PrimaryResult", "columns": COLUMNS, "rows": list(rows)}
    world.says(f"/v1/workspaces/{LOG}/query", {"tables": [table], **more})
    world.says("/batchrundata", told)


def names_of(rows):
    return [row["runId"] for row in rows]


def test_one_question_tells_of_all_runs(world, sought):
    kept(
        world,
        ["a", "Running", "2026-11-20T00:00:00Z"],
        ["b", "Completed", "2026-11-19T00:00:00Z"],
        ["c", "Levitating", "2026-11-18T00:00:00Z"],
    )
    book = Book()
    assert names_of(by_analytics(service_of(), sought(closed=frozenset()), LOG, book)) == ["a", "c"]
    assert world.asked[0] == ("POST", "api.loganalytics.io", f"/v1/workspaces/{LOG}/query")
    assert book.notes == (
        "runs whose status last changed before 2026-11-18T00:00:00Z, where that log begins, are not seen"
    )
    assert (book.listed, book.trouble) == (3, None)


def test_the_question_names_the_workspace_and_nothing_can_be_slipped_into_it(sought):
    text = query_of(WorkspaceId("sub", 'group" | take 1', "space"), sought())
    assert '_ResourceId =~ "/subscriptions/sub/resourceGroups/grouptake1/providers/' in text
    assert (
        'Status !in~ ("Completed", "Failed", "Canceled") or TimeGenerated >= datetime(2026-11-15T00:00:00Z)'
        in text
    )


def test_a_log_of_which_nothing_is_known_is_a_gap(world, sought):
    kept(world)
    with pytest.raises(GapError, match="diagnostic settings"):
        list(by_analytics(service_of(), sought(), LOG, Book()))


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_log_that_may_not_be_asked_is_a_gap(world, sought, status):
    world.says("/query", refusal_of(status))
    with pytest.raises(GapError) as caught:
        list(by_analytics(service_of(), sought(), LOG, Book()))
    assert caught.value.gap.status == status


def test_what_is_no_id_is_not_asked_for(world, sought):
    with pytest.raises(GapError, match="GUID"):
        list(by_analytics(service_of(), sought(), "../subscriptions", Book()))
    assert world.asked == []


def test_an_answer_that_is_cut_is_told(world, sought):
    kept(
        world, ["a", "Running", "2026-11-20T00:00:00Z"], error={"code": "PartialError", "message": "too much"}
    )
    book = Book()
    assert names_of(by_analytics(service_of(), sought(), LOG, book)) == ["a"]
    assert book.trouble.reason == "Log Analytics broke its answer off (PartialError)"


def test_rows_of_no_known_shape_are_no_runs(world, sought):
    kept(world, [None, "Running", None], [5, 5, 5], ["", "x", "2026-11-20T00:00:00Z"], ["a", 5, None])
    assert names_of(by_analytics(service_of(), sought(), LOG, Book())) == ["a"]


def test_without_its_client_it_is_not_asked(world, sought, monkeypatch):
    monkeypatch.setitem(sys.modules, "azure.monitor.query", None)
    with pytest.raises(GapError, match=r"pip install azureml-diagnose\[log-analytics\]"):
        list(by_analytics(service_of(), sought(), LOG, Book()))
    assert world.asked == []
