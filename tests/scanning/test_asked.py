"""What the options of a scan mean, and which of them mean nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from diagnose.errors import UsageError
from diagnose.scanning.asked import ScanAsked, asked_for, since_of, span_of, statuses_of, tags_of

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("30m", timedelta(minutes=30)),
        ("36h", timedelta(hours=36)),
        ("7d", timedelta(days=7)),
        ("2W", timedelta(weeks=2)),
        (" 90 s ", timedelta(seconds=90)),
        ("0m", timedelta(0)),
    ],
)
def test_a_length_of_time_has_a_number_and_a_unit(typed, meant):
    assert span_of(typed, "--silent-for") == meant


@pytest.mark.parametrize("typed", ["", "7", "d", "-1d", "1.5h", "7 days", "9999999w", "7d; rm"])
def test_what_is_no_length_of_time_is_refused_by_the_name_of_its_option(typed):
    with pytest.raises(UsageError, match="--silent-for"):
        span_of(typed, "--silent-for")


def test_since_takes_a_day_a_moment_or_a_length_of_time():
    assert since_of("2026-11-01") == datetime(2026, 11, 1, tzinfo=UTC)
    assert since_of("2026-11-01T12:00:00+02:00") == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert ScanAsked(since=since_of("36h")).since_at(NOW) == datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["yesterday", "2026-13-01", "01.11.2026", ""])
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(UsageError, match="2026-11-01"):
        since_of(typed)


def test_statuses_are_known_in_any_spelling_and_each_is_asked_once():
    assert statuses_of(["running,FINALIZING", "not_responding", "cancelled,Running"]) == (
        "Running",
        "Finalizing",
        "NotResponding",
        "Canceled",
    )
    assert statuses_of([]) is None


def test_a_status_that_is_none_is_refused_with_the_nearest_one():
    with pytest.raises(UsageError, match="Did you mean Running"):
        statuses_of(["Runing"])
    with pytest.raises(UsageError, match="There are NotStarted"):
        statuses_of(["zzz"])


def test_a_tag_is_a_name_and_a_value():
    assert tags_of(["team=risk", "note=a=b"]) == {"team": "risk", "note": "a=b"}
    for typed in ("team", "=x", ""):
        with pytest.raises(UsageError, match="NAME=VALUE"):
            tags_of([typed])


def test_an_empty_filter_is_refused_and_not_taken_for_none():
    with pytest.raises(UsageError, match="--user"):
        asked_for(user=" ")
