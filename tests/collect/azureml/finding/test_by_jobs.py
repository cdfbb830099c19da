import json
from urllib.parse import parse_qs, urlsplit

import pytest
from answering import refusal_of, service_of

from diagnose.collect.azureml.finding.by_jobs import by_jobs
from diagnose.collect.azureml.finding.found import Book
from diagnose.collect.azureml.gaps import GapError


def job(name, status="Running", made="2026-11-20T00:00:00Z", **more):
    told = {"status": status, "experimentName": "e", **more}
    return {"name": name, "properties": told, "systemData": {"createdAt": made}}


def listed(world, *pages):
    """ARM's pages, and run history's row of each run that is asked for."""

    def answer(request):
        skip = parse_qs(urlsplit(request.url).query).get("$skip", ["0"])[0]
        more = {"nextLink": f"{request.url}&$skip={int(skip) + 1}"} if int(skip) + 1 < len(pages) else {}
        page = pages[int(skip)]
        return {"value": page, **more} if isinstance(page, list) else page

    def told(request):
        asked = json.loads(request.body)["requests"]
        return {
            "runDataResult": {key: {"runMetadata": {"runId": each["runId"]}} for key, each in asked.items()}
        }

    world.says("/jobs", answer)
    world.says("/batchrundata", told)


def names_of(rows):
    return [row["runId"] for row in rows]


def test_open_jobs_and_jobs_of_unknown_status_are_asked_of_run_history(world, sought):
    listed(world, [job("a"), job("b", "Completed"), job("c", "Levitating"), {"name": "d"}])
    only_open = sought(closed=frozenset())
    book = Book()
    assert names_of(by_jobs(service_of(), only_open, book)) == ["a", "c", "d"]
    assert (book.listed, book.trouble) == (4, None)
    [(_, _, path), _] = world.asked
    assert path.endswith("/workspaces/space/jobs")
    assert "listViewType=All" in world.requests[0].url


def test_jobs_of_all_pages_share_their_batches(world, sought):
    listed(world, *[[job(f"r{page}-{number}") for number in range(50)] for page in range(4)])
    assert len(list(by_jobs(service_of(), sought(), Book()))) == 200
    assert world.paths("POST").count("batchrundata") == 2


def test_the_first_page_that_is_too_old_ends_it(world, sought):
    old = "2026-10-31T23:59:59Z"
    listed(world, [job("a"), job("b", made=old)], [job("c", made=old)], [job("d", made=old)])
    book = Book()
    assert names_of(by_jobs(service_of(), sought(), book)) == ["a", "b", "c"]
    assert book.notes.endswith("open runs that were created before 2026-11-01T00:00:00Z are not seen")
    assert world.paths().count("jobs") == 2


def test_a_page_whose_times_are_not_told_does_not_end_it(world, sought):
    listed(world, [job("a", made=None)], [job("b")])
    assert names_of(by_jobs(service_of(), sought(), Book())) == ["a", "b"]


def test_jobs_of_another_experiment_are_left_out(world, sought):
    listed(world, [job("a"), job("b", experimentName="f"), job("c", experimentName=None)])
    assert names_of(by_jobs(service_of(), sought(experiment="E"), Book())) == ["a", "c"]


def test_what_came_before_a_page_that_breaks_off_stays(world, sought):
    listed(world, [job("a")], refusal_of(500))
    book = Book()
    assert names_of(by_jobs(service_of(), sought(), book)) == ["a"]
    assert book.trouble.status == 500


@pytest.mark.parametrize("path", ["/jobs", "/batchrundata"])
def test_either_service_that_refuses_is_a_gap(world, sought, path):
    listed(world, [job("a")])
    world.says(path, refusal_of(403))
    with pytest.raises(GapError):
        list(by_jobs(service_of(), sought(), Book()))


@pytest.mark.parametrize(
    "odd", [{}, {"value": 5}, {"value": [{"name": 5, "properties": 7, "systemData": []}]}]
)
def test_pages_of_no_known_shape_break_nothing(world, sought, odd):
    listed(world, odd)
    assert names_of(by_jobs(service_of(), sought(), Book())) in ([], ["5"])
