import gzip
import pickle

import pytest

from diagnose.collect.texts import is_text


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"epoch 1\nepoch 2\n",
        b"\r 10%|\xe2\x96\x88| 1/10\r 20%",
        b"\x1b[31merror\x1b[0m\n",
        b"caf\xe9 latin-1\n",
        b"cut by a crash" + bytes(4000),
        "UTF-16 from PowerShell\n".encode("utf-16"),
        "日本語\n".encode("shift-jis"),
        b"\a\b bell and backspace",
    ],
)
def test_what_logs_hold_is_text(head):
    assert is_text(head)


@pytest.mark.parametrize(
    "head",
    [
        gzip.compress(b"text", mtime=0),
        pickle.dumps([1], protocol=4),
        b"PAR1\x15\x04",
        b"\x7fELF",
        b"\x93NUMPY\x01",
        bytes(range(256)) * 16,
    ],
)
def test_what_programs_save_is_not(head):
    assert not is_text(head)
