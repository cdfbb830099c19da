from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnose.evidence.instants import format_instant, parse_instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T08:10:21.350Z",
        "2026-11-20T08:10:21.3500000Z",
        "2026-11-20T08:10:21.3500000+00:00",
        "2026-11-20T08:10:21.35",
        "2026-11-20 08:10:21,350",
        "2026-11-20T10:10:21.350+02:00",
        "2026-11-20T02:40:21.350-0530",
        " 2026-11-20 08:10:21.350 UTC ",
    ],
)
def test_the_spellings_of_one_moment_are_one_moment(text):
    assert parse_instant(text) == datetime(2026, 11, 20, 8, 10, 21, 350_000, UTC)


@pytest.mark.parametrize(
    "value",
    [
        None,
        1763626221,
        "",
        "yesterday",
        "2026-11-20",
        "2026-02-30T00:00:00Z",
        "2026-11-20T25:00:00Z",
        "2026-11-20T08:10:21+99:00",
        "٢٠٢٦-11-20T08:10:21Z",
        "0001-01-01T00:00:00+00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-11-20T08:10:21Z" * 1000,
    ],
)
def test_what_names_no_moment_is_none(value):
    assert parse_instant(value) is None


@pytest.mark.parametrize(
    ("micros", "text"),
    [(0, "2026-11-20T08:10:21Z"), (350_000, "2026-11-20T08:10:21.350Z"), (7, "2026-11-20T08:10:21.000007Z")],
)
def test_a_moment_is_written_as_precisely_as_it_is_known(micros, text):
    assert format_instant(datetime(2026, 11, 20, 8, 10, 21, micros, UTC)) == text


def test_a_moment_elsewhere_is_written_in_utc():
    here = datetime(2026, 11, 20, 10, 10, 21, tzinfo=timezone(timedelta(hours=2)))
    assert format_instant(here) == "2026-11-20T08:10:21Z"


def test_an_unknown_moment_stays_unknown():
    assert format_instant(None) is None


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year > 1))
def test_what_was_written_reads_back(at):
    assert parse_instant(format_instant(at)) == at


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+-]{0,30}Z?", fullmatch=True))
def test_no_text_makes_it_stumble(text):
    at = parse_instant(text)
    assert at is None or at.tzinfo is UTC
