import pytest

from diagnose.report import fields


@pytest.mark.parametrize("value", [None, "", [], {}, True, "x", float("nan"), float("inf"), 10**400])
def test_what_is_no_finite_number_reads_as_none(value):
    assert fields.number({"n": value}, "n") is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "soon",
        "2026",
        5,
        "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "x" * 9999,
    ],
)
def test_what_is_no_time_reads_as_none(value):
    assert fields.moment(value) is None


@pytest.mark.parametrize("reader", [fields.node, fields.items, fields.nodes, fields.strings])
@pytest.mark.parametrize("value", [None, 5, "text", True])
def test_what_is_of_another_type_reads_as_empty(reader, value):
    assert not reader({"key": value}, "key")


def test_rows_that_are_no_objects_are_passed_over():
    assert fields.nodes({"rows": [1, None, {"a": 1}, "x"]}, "rows") == [{"a": 1}]


def test_a_size_is_never_negative():
    assert fields.whole({"size": -5}, "size") == 0


def test_a_number_where_words_belong_is_shown():
    assert fields.text({"exit_code": 137}, "exit_code") == "137"
