"""Queries are heard as the service's own clients write them, and refused where they never would."""

import pytest
from loopback import odata

EARLY, LATE = "2026-11-20T08:00:00.0000000+00:00", "2026-11-20T09:00:00.0000000+00:00"
RUNS = [
    {"runId": "a", "status": "Completed", "parentRunId": None, "createdUtc": EARLY, "endTimeUtc": LATE},
    {"runId": "b", "status": "Failed", "parentRunId": "a", "createdUtc": LATE, "endTimeUtc": None},
]
RUNS = [{**run, "properties": {"azureml.runsource": "x"}, "tags": {}, "runType": "t"} for run in RUNS]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (None, "ab"),
        ("Status eq Completed", "a"),
        ("(status eq 'Completed')", "a"),
        ("RunId eq a or RunId eq b", "ab"),
        ("RunId eq b or RunId eq a and Status eq Failed", "b"),
        ("(RunId eq b or RunId eq a) and Status eq Completed", "a"),
        ("(ParentRunId eq null)", "a"),
        ("ParentRunId ne null", "b"),
        ("(RunType eq x or Properties/azureml.runsource eq x)", "ab"),
        ("(Tags/x ne null)", ""),
        ("CreatedUtc ge 2026-11-20T08:00:00Z", "ab"),
        ("CreatedUtc gt 2026-11-20T08:00:00.000Z", "b"),
        ("CreatedUtc lt 2026-11-20T09:00:00Z", "a"),
        ("EndTimeUtc le 2026-11-20T09:00:00Z", "a"),
    ],
)
def test_a_filter_lets_through_what_it_says(text, names):
    assert "".join(run["runId"] for run in odata.passing(RUNS, text)) == names


@pytest.mark.parametrize(
    "text",
    [
        "Status",
        "Status eq",
        "Status is Completed",
        "Mood eq good",
        "Status lt Completed",
        "(Status eq Completed",
        "Status eq Completed)",
        "Status eq Completed Status eq Failed",
        "CreatedUtc lt yesterday",
        "Status eq 'Completed",
    ],
)
def test_a_filter_that_no_client_writes_is_refused(text):
    with pytest.raises(odata.UnreadableQueryError):
        odata.passing(RUNS, text)


@pytest.mark.parametrize(
    ("text", "names"),
    [(None, "ab"), ("CreatedUtc desc", "ba"), ("CreatedUtc asc", "ab"), ("EndTimeUtc desc", "ab")],
)
def test_an_order_puts_what_has_no_value_last(text, names):
    assert "".join(run["runId"] for run in odata.ordered(RUNS, text)) == names


@pytest.mark.parametrize("text", ["Mood desc", "CreatedUtc down"])
def test_an_order_that_is_none_is_refused(text):
    with pytest.raises(odata.UnreadableQueryError):
        odata.ordered(RUNS, text)
