import json

import pytest
from answering import refusal_of, service_of

from diagnose.collect.azureml.finding.by_mlflow import by_mlflow
from diagnose.collect.azureml.finding.found import Book
from diagnose.collect.azureml.gaps import GapError

STATUSES = ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")


def told(request):
    """Run history's rows of the runs that a batch names; `gone` is not there, `mute` is not told."""
    asked = {key: each["runId"] for key, each in json.loads(request.body)["requests"].items()}
    gone = {"error": {"code": "UserError", "innerError": {"code": "NotFoundError"}}}
    known = {
        key: {"runMetadata": {"runId": name}} for key, name in asked.items() if name not in ("gone", "mute")
    }
    return {"runDataResult": known, "errors": {key: gone for key, name in asked.items() if name == "gone"}}


def found(world, runs, *, pages=None):
    """MLflow finds these by their status; `pages`: more of them behind a token."""

    def answer(request):
        asked = json.loads(request.body)
        token = asked.get("page_token")
        names = (pages or {}).get(token, ()) if token else runs.get(asked["filter"].split("'")[1], ())
        more = {"next_page_token": next(iter(pages))} if pages and not token and names else {}
        return {"runs": [{"info": {"run_id": name}} for name in names], **more}

    world.says("/runs/search", answer)
    world.says("/batchrundata", told)


def names_of(rows):
    return [row["runId"] for row in rows]


def filters(world):
    return [body["filter"] for body in world.bodies() if "filter" in body]


def test_each_status_is_one_question_and_the_rows_are_run_historys(world, sought):
    found(world, {"RUNNING": ["a"], "FINISHED": ["b"]})
    book = Book()
    assert names_of(by_mlflow(service_of(), sought(), ["e"], book)) == ["a", "b"]
    assert [text.split("'")[1] for text in filters(world)] == list(STATUSES)
    assert filters(world)[2] == "attributes.status = 'FINISHED' and attributes.end_time >= 1794700800000"
    assert book.trouble is None


def test_a_hundred_experiments_are_one_question(world, sought):
    found(world, {})
    list(by_mlflow(service_of(), sought(open=False, closed=frozenset()), ["x"], Book()))
    list(by_mlflow(service_of(), sought(closed=frozenset()), [f"e{number}" for number in range(201)], Book()))
    assert len(filters(world)) == 2 * 3
    assert {body["run_view_type"] for body in world.bodies()} == {"ALL"}


def test_a_hundred_rows_are_one_question(world, sought):
    found(world, {"RUNNING": [f"r{number}" for number in range(250)]})
    assert len(list(by_mlflow(service_of(), sought(), ["e"], Book()))) == 250
    assert world.paths("POST").count("batchrundata") == 3


def test_all_pages_are_followed(world, sought):
    found(world, {"RUNNING": ["a"]}, pages={"2": ["b"]})
    assert names_of(by_mlflow(service_of(), sought(), ["e"], Book())) == ["a", "b"]


def test_ends_are_looked_at_here_where_they_cannot_be_asked_for(world, sought):
    def answer(request):
        asked = json.loads(request.body)["filter"]
        if "end_time" in asked:
            return refusal_of(400)
        if "FINISHED" not in asked:
            return {}
        ends = {"late": "1794700800000", "early": "1794700799999", "odd": "soon", "none": None}
        return {"runs": [{"info": {"run_uuid": name, "end_time": end}} for name, end in ends.items()]}

    world.says("/runs/search", answer)
    world.says("/batchrundata", told)
    assert names_of(by_mlflow(service_of(), sought(), ["e"], Book())) == ["late", "odd", "none"]


def test_a_run_that_is_gone_is_left_out_and_one_that_is_not_told_is_said(world, sought):
    found(world, {"RUNNING": ["gone", "a"]})
    book = Book()
    assert names_of(by_mlflow(service_of(), sought(), ["e"], book)) == ["a"]
    assert book.trouble is None
    found(world, {"RUNNING": ["mute", "a"]})
    assert names_of(by_mlflow(service_of(), sought(), ["e"], book)) == ["a"]
    assert book.trouble.reason == "1 of them were named, and run history did not tell of them"


def test_runs_are_asked_one_by_one_where_batches_are_not_answered(world, sought):
    found(world, {"RUNNING": ["a", "b", "gone"]})
    world.says("/batchrundata", refusal_of(405))
    world.says("/runs/a", {"runId": "a"})
    world.says("/runs/b", refusal_of(403))
    book = Book()
    assert names_of(by_mlflow(service_of(), sought(), ["e"], book)) == ["a"]
    assert book.trouble.status == 403


@pytest.mark.parametrize("path", ["/runs/search", "/batchrundata"])
def test_either_service_that_refuses_is_a_gap(world, sought, path):
    found(world, {"RUNNING": ["a"]})
    world.says(path, refusal_of(403))
    with pytest.raises(GapError):
        list(by_mlflow(service_of(), sought(), ["e"], Book()))


def test_a_later_question_that_is_refused_is_told_and_the_rest_stays(world, sought):
    def answer(request):
        asked = json.loads(request.body)["filter"]
        return {"runs": [{"info": {"run_id": "a"}}]} if "RUNNING" in asked else refusal_of(403)

    world.says("/runs/search", answer)
    world.says("/batchrundata", told)
    book = Book()
    assert names_of(by_mlflow(service_of(), sought(), ["e"], book)) == ["a"]
    assert book.trouble.status == 403


def test_a_page_that_breaks_off_keeps_the_names_before_it(world, sought):
    def answer(request):
        asked = json.loads(request.body)
        if asked.get("page_token"):
            return refusal_of(500)
        return {"runs": [{"info": {"run_id": "a"}}, {"info": 5}, 7], "next_page_token": "2"}

    world.says("/runs/search", answer)
    world.says("/batchrundata", told)
    book = Book()
    assert set(names_of(by_mlflow(service_of(), sought(), ["e"], book))) == {"a"}
    assert book.trouble.status == 500
