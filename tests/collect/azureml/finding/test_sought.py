import pytest

from diagnose.collect.azureml.finding import passes
from diagnose.collect.azureml.finding.sought import compute_of
from diagnose.evidence.run import Phase

RUN = {
    "runId": "r",
    "status": "Running",
    "createdUtc": "2026-01-01T00:00:00+00:00",
    "experimentId": "E1",
    "tags": {"team": "a"},
    "compute": {"target": "gpu"},
    "createdBy": {"userName": "Ada Park", "upn": "ada@contoso.com", "userObjectId": "o-1"},
}


def ended(status, at, **more):
    return {**RUN, "status": status, "endTimeUtc": at, **more}


@pytest.mark.parametrize(
    "status", ["Running", "Queued", "Not Responding", "CancelRequested", "Levitating", None]
)
def test_an_open_run_is_looked_for_whatever_its_age_and_its_word(sought, status):
    assert passes({**RUN, "status": status}, sought())
    assert not passes({**RUN, "status": status}, sought(open=False))


@pytest.mark.parametrize("status", ["Completed", "Finished", "Failed", "Canceled", "cancelled"])
def test_a_closed_run_is_looked_for_where_it_ended_lately(sought, status):
    assert passes(ended(status, "2026-11-15T00:00:00Z"), sought())
    assert not passes(ended(status, "2026-11-14T23:59:59Z"), sought())
    assert not passes(ended(status, "2026-11-16T00:00:00Z"), sought(closed=frozenset()))


def test_only_the_named_final_phases_are_looked_for(sought):
    only = sought(closed=frozenset({Phase.FAILED}))
    assert passes(ended("Failed", "2026-11-16T00:00:00Z"), only)
    assert not passes(ended("Completed", "2026-11-16T00:00:00Z"), only)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"lastModifiedUtc": "2026-11-16T00:00:00Z"}, True),
        ({"lastModifiedUtc": "2026-11-01T00:00:00Z"}, False),
        ({"createdUtc": None}, True),
        ({"createdUtc": ["?"]}, True),
    ],
)
def test_a_closed_run_without_an_end_is_told_by_the_latest_of_its_times(sought, times, expected):
    assert passes(ended("Completed", None, **times), sought()) is expected


def test_statuses_that_the_user_named_stand_for_both(sought):
    named = sought(statuses=frozenset({"running", "Completed"}))
    assert passes(RUN, named)
    assert passes(ended("Completed", "2026-11-16T00:00:00Z"), named)
    assert not passes(ended("Completed", "2026-11-01T00:00:00Z"), named)
    assert not passes({**RUN, "status": "Queued"}, named)
    assert (named.open_words, named.final_words, named.any_open) == (("Running",), ("Completed",), False)


def test_a_status_that_nobody_knows_can_be_named(sought):
    named = sought(statuses=frozenset({"Levitating"}))
    assert passes({**RUN, "status": "levitating"}, named)
    assert named.open_words == ("Levitating",)


@pytest.mark.parametrize("user", ["ada park", "ADA@contoso.com", "O-1"])
def test_a_user_is_known_by_any_of_their_names(sought, user):
    assert passes(RUN, sought(user=user))


@pytest.mark.parametrize(
    "filters", [{"user": "ada"}, {"compute": "cpu"}, {"tags": {"team": "b"}}, {"tags": {"owner": "a"}}]
)
def test_what_the_row_does_not_say_is_not_it(sought, filters):
    assert not passes(RUN, sought(**filters))


def test_what_the_row_says_is_it(sought):
    assert passes(RUN, sought(compute="GPU", tags={"team": "a"}), "e1")
    assert not passes(RUN, sought(), "e2")
    assert compute_of({"target": "old-style"}) == "old-style"


@pytest.mark.parametrize("odd", [None, 5, [], {"userName": 7}, "x" * 99])
def test_odd_values_are_no_names_and_no_tags(sought, odd):
    row = {**RUN, "createdBy": odd, "tags": odd, "compute": odd}
    assert passes(row, sought())
    assert not passes(row, sought(user="x", compute="gpu", tags={"team": "a"}))
