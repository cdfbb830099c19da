import contextlib
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnose.evidence import documents
from diagnose.evidence.documents import BrokenJsonError, parse_object, read_lines, read_object

plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("data", "line", "why"),
    [
        (b"", 1, "not JSON"),
        (b'{"a": 1', 1, "not JSON"),
        (b'{\n"a": 1,\n"b": }', 3, "not JSON (Expecting value)"),
        (b'{"a": NaN}', 1, "NaN is not JSON"),
        (b'{"a": -Infinity}', 1, "-Infinity is not JSON"),
        (b'{"a": 1e999}', 1, "a number is too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", 1, "a number has too many digits"),
        (b'{"a": ' + b"[" * 200_000, 1, "nested too deeply"),
        (b'{\n"a": "\xff"}', 2, "not UTF-8 text"),
        ('{"a": 1}'.encode("utf-16"), 1, "not UTF-8 text"),
        (b"[]", 1, "not a JSON object"),
        (b"null", 1, "not a JSON object"),
    ],
)
def test_what_is_wrong_is_said_with_the_line(data, line, why):
    with pytest.raises(BrokenJsonError) as caught:
        parse_object(data)
    assert caught.value.line == line
    assert why in str(caught.value)


def test_the_line_counts_from_where_the_text_began():
    with pytest.raises(BrokenJsonError, match="line 7: not JSON"):
        parse_object(b"{", first_line=7)


def test_a_byte_order_mark_is_no_trouble():
    assert parse_object(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_kept():
    row = parse_object(rb'{"\ud800": ["\udc00 \ud83d\ude00"]}')
    assert row == {"\ufffd": ["\ufffd \U0001f600"]}


def test_rows_before_a_broken_line_are_given():
    rows = read_lines(io.BytesIO(b'{"a": 1}\n\n{"a": 2}\r\n{"a": \n{"a": 4}\n'))
    assert [next(rows), next(rows)] == [{"a": 1}, {"a": 2}]
    with pytest.raises(BrokenJsonError, match="line 4: not JSON"):
        next(rows)


def test_a_last_line_without_its_end_is_a_row():
    assert list(read_lines(io.BytesIO(b'{"a": 1}\n{"a": 2}'))) == [{"a": 1}, {"a": 2}]


def test_an_endless_line_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(documents, "LINE_MAX", 100)
    stream = io.BytesIO(b" " * 10_000)
    with pytest.raises(BrokenJsonError, match="line 1: the line is longer than"):
        list(read_lines(stream))
    assert stream.tell() == 101


def test_a_huge_document_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(documents, "DOCUMENT_MAX", 100)
    stream = io.BytesIO(b" " * 10_000)
    with pytest.raises(BrokenJsonError, match="the file is larger than"):
        read_object(stream)
    assert stream.tell() == 101


@given(st.dictionaries(st.text(), plain_json))
def test_every_json_object_reads_as_what_it_is(row):
    assert parse_object(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")) is not None
    assert parse_object(json.dumps(row).encode()) == row


@given(st.binary() | st.text(alphabet='{}[]":,\\u0d89aeE+-.tfn1 \n').map(str.encode))
def test_garbage_is_an_object_or_one_clear_error(data):
    with contextlib.suppress(BrokenJsonError):
        assert isinstance(parse_object(data), dict)
