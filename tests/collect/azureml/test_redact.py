import pytest

from diagnose.collect.redact import KeepsAll


@pytest.mark.parametrize("pieces", [[], [b""], [b"a\n", b"b"], [b"\0\xff" * 9]])
def test_every_byte_and_every_line_is_kept(pieces):
    assert list(KeepsAll().stream("logs/a.txt", pieces)) == pieces


def test_a_stream_stays_a_stream():
    stream = KeepsAll().stream("logs/a.txt", iter([b"first", b"second"]))
    assert next(stream) == b"first"


def test_every_text_is_kept():
    assert KeepsAll().text("run.json:tags", "a\nb é") == "a\nb é"
