import base64
import math
from datetime import UTC, datetime

import pytest

from diagnose.evidence import fields


@pytest.mark.parametrize(
    "value", [None, True, [], {}, "1", 1.5, math.nan, math.inf, 1 << 63, -(1 << 70), 1e300]
)
def test_what_is_no_integer_of_64_bits_is_unknown(value):
    assert fields.whole({"n": value}, "n") is None


@pytest.mark.parametrize(("value", "read"), [(0, 0), (-9, -9), (3.0, 3), ((1 << 63) - 1, (1 << 63) - 1)])
def test_an_integer_is_read_as_it_is(value, read):
    assert fields.whole({"n": value}, "n") == read


def test_a_negative_size_is_unknown():
    assert fields.size({"size": -1}, "size") is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, "2.5", None, 10**400])
def test_what_is_no_finite_number_is_unknown(value):
    assert fields.number({"n": value}, "n") is None


@pytest.mark.parametrize(
    ("value", "read"), [("a", "a"), ("", ""), (7, "7"), (True, None), (None, None), ([], None)]
)
def test_text_is_a_string_or_a_number(value, read):
    assert fields.text({"t": value}, "t") == read


def test_a_long_text_is_cut():
    assert len(fields.text({"t": "x" * 1_000_000}, "t")) == fields.TEXT_LIMIT


@pytest.mark.parametrize("value", [0, 1, "true", None, []])
def test_what_is_no_truth_value_is_unknown_and_not_false(value):
    assert fields.flag({"f": value}, "f") is None


@pytest.mark.parametrize("value", [5, None, "soon", "2026-02-30T00:00:00Z", ["2026-11-20T08:00:00Z"]])
def test_what_is_no_time_is_unknown(value):
    assert fields.instant({"at": value}, "at") is None


def test_a_time_is_read_in_utc():
    row = {"at": "2026-11-20T10:00:00+02:00"}
    assert fields.instant(row, "at") == datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, [], "x", 5])
def test_what_is_no_object_reads_as_an_empty_one(value):
    assert fields.table({"o": value}, "o") == {}


def test_tags_keep_texts_and_numbers_and_leave_nested_values_out():
    assert fields.texts({"tags": {"a": "b", "n": 1, "deep": {}, "list": []}}, "tags") == {"a": "b", "n": "1"}


def test_a_list_keeps_its_objects_up_to_the_limit():
    assert fields.rows({"l": [1, {"a": 1}, None, {"b": 2}, {"c": 3}]}, "l", limit=2) == ({"a": 1}, {"b": 2})


@pytest.mark.parametrize("value", ["a", "====", "YWJj\n!", 5, None, "ä"])
def test_broken_base64_is_unknown_and_not_empty(value):
    assert fields.raw_bytes({"b": value}, "b") is None


def test_base64_gives_its_bytes():
    assert fields.raw_bytes({"b": base64.b64encode(b"PK\x03\x04").decode()}, "b") == b"PK\x03\x04"
