import pytest
import requests
from answering import pages_of, refusal_of, service_of, then_only

from diagnose.collect.azureml.finding.by_query import by_query, filters_of
from diagnose.collect.azureml.finding.found import Book
from diagnose.collect.azureml.finding.sought import OPEN_WORDS
from diagnose.collect.azureml.gaps import GapError
from diagnose.evidence.run import Phase


def run(name, status="Running"):
    return {"runId": name, "status": status}


def names_of(rows):
    return [row["runId"] for row in rows]


def test_every_experiment_is_asked_once_and_its_rows_are_whole(world, sought):
    for name in ("a", "b", "c"):
        world.says(f"/experimentids/{name}/runs:query", {"value": [run(f"{name}1")]})
    book = Book()
    assert names_of(by_query(service_of(), sought(), ["a", "b", "c"], book)) == ["a1", "b1", "c1"]
    assert (len(world.asked), book.listed, book.trouble) == (3, 3, None)


def test_the_question_lets_statuses_through_that_nobody_has_heard_of(sought):
    known = " or ".join(f"(Status eq {word})" for word in OPEN_WORDS)
    assert filters_of(sought())[0] == (
        f"((Status ne Completed) and (Status ne Failed) and (Status ne Canceled)) or ({known}) or "
        "(((Status eq Completed) or (Status eq Failed) or (Status eq Canceled)) and (EndTimeUtc ge 2026-11-15T00:00:00Z))"
    )
    assert filters_of(sought(open=False, closed=frozenset({Phase.FAILED}))) == [
        "(((Status eq Failed)) and (EndTimeUtc ge 2026-11-15T00:00:00Z))"
    ]


def test_a_word_that_is_none_gets_into_no_question(world, sought):
    hostile = sought(statuses=frozenset({"Running) or (Status ne x", "Queued"}))
    assert filters_of(hostile) == ["((Status eq Queued))"]
    nothing = sought(statuses=frozenset({"' or 1"}))
    assert list(by_query(service_of(), nothing, ["a"], Book())) == []
    assert world.asked == []


def test_all_pages_are_followed(world, sought):
    world.says("runs:query", pages_of({"value": [run("a")]}, {"value": []}, {"value": [run("b")]}))
    assert names_of(by_query(service_of(), sought(), ["e"], Book())) == ["a", "b"]


def test_pages_are_followed_no_further_than_somebody_reads(world, sought):
    world.says("runs:query", pages_of({"value": [run("a")]}, {"value": [run("b")]}))
    next(by_query(service_of(), sought(), ["e"], Book()))
    assert len(world.asked) == 1


def test_known_words_are_asked_for_where_the_wide_question_is_not_understood(world, sought):
    def answer(request):
        return refusal_of(400) if "Status ne" in str(request.body) else {"value": [run("a")]}

    world.says("runs:query", answer)
    experiments = [str(number) for number in range(9)]
    assert len(list(by_query(service_of(), sought(), experiments, Book()))) == 9
    assert 10 <= len(world.asked) <= 4 + 9  # once that is known, nobody is asked the wide one


def test_what_came_before_a_page_that_breaks_off_stays_and_others_are_asked(world, sought):
    world.says("/a/runs:query", then_only({"value": [run("a1")]}, refusal_of(500)))
    world.says("/b/runs:query", {"value": [run("b1")]})
    book = Book()
    assert names_of(by_query(service_of(), sought(), ["a", "b"], book)) == ["a1", "b1"]
    assert book.trouble is not None
    assert book.trouble.status == 500


def test_pages_that_go_round_in_a_circle_are_left(world, sought):
    world.says("runs:query", {"value": [run("a")], "continuationToken": "again"})
    book = Book()
    assert names_of(by_query(service_of(), sought(), ["e"], book)) == ["a", "a"]
    assert "again and again" in book.trouble.reason


@pytest.mark.parametrize("status", [400, 403, 404, 405, 501])
def test_a_service_that_does_not_answer_the_first_experiments_is_a_gap(world, sought, status):
    world.says("runs:query", refusal_of(status))
    with pytest.raises(GapError) as caught:
        list(by_query(service_of(), sought(), ["a", "b"], Book()))
    assert caught.value.gap.status == status


def test_one_experiment_that_may_not_be_read_is_told(world, sought):
    world.says("/a/runs:query", refusal_of(403))
    world.says("/b/runs:query", {"value": [run("b1")]})
    book = Book()
    assert names_of(by_query(service_of(), sought(), ["a", "b"], book)) == ["b1"]
    assert book.trouble.status == 403


@pytest.mark.parametrize("odd", [{}, {"value": "?"}, {"value": [1, None, "x"]}])
def test_pages_of_no_known_shape_have_no_rows(world, sought, odd):
    world.says("runs:query", odd)
    assert list(by_query(service_of(), sought(), ["a"], Book())) == []


def test_a_dead_host_is_a_gap(world, sought):
    world.says("runs:query", requests.exceptions.ConnectionError("no"))
    with pytest.raises(GapError):
        list(by_query(service_of(), sought(), ["a"], Book()))
