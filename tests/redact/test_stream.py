"""Streams: lines stay lines, pieces do not matter, what cannot be judged is withheld, and the work is linear."""

import random
import sys
from pathlib import Path

import pytest

from diagnose.redact import redactor as module
from diagnose.redact.look import look
from diagnose.redact.redactor import Redactor

sys.path.insert(0, str(Path(__file__).parent))
from secretcorpus import B64, SHAPED, draw


def through(data, size=None, redactor=None):
    pieces = [data] if size is None else [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join((redactor or Redactor()).stream("log", pieces))


def key_block(rng, label="RSA PRIVATE KEY", lines=24):
    body = "".join(f"{draw(rng, B64, 64)}\n" for _ in range(lines))
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n"


def test_a_key_block_loses_every_line_and_no_line_end():
    rng = random.Random(1)
    block = key_block(rng)
    after = through(f"before\n{block}after\n".encode()).decode()
    assert after.count("\n") == block.count("\n") + 2
    assert not any(line in after for line in block.splitlines()[1:-1])
    assert after.startswith("before\n-----BEGIN") and after.endswith("-----\nafter\n")  # noqa: PT018


@pytest.mark.parametrize("around", ["2026-11-20 08:10:21 INFO {}", "    {}", "| {} |", '"{}\\n"'])
def test_a_key_block_goes_whatever_stands_before_its_lines(around):
    lines = key_block(random.Random(2)).splitlines()
    after = through("".join(around.format(line) + "\n" for line in lines).encode()).decode()
    assert not any(line in after for line in lines[1:-1])


@pytest.mark.parametrize("size", [1, 7, 4096, 1 << 20])
def test_a_key_block_across_pieces_goes(size):
    block = key_block(random.Random(3))
    filler = b"step 1 loss 0.3\n" * (300 if size < 4096 else 65_530)
    after = through(filler + block.encode() + filler, size)
    assert not any(line.encode() in after for line in block.splitlines()[1:-1])
    assert after.count(b"\n") == 2 * filler.count(b"\n") + block.count("\n")


@pytest.mark.parametrize("at", [0, 100, (1 << 20) - 30, (1 << 20) + 5, 3_000_000])
def test_a_secret_anywhere_in_an_endless_line_goes(at):
    value = SHAPED["github"](random.Random(at))
    data = b"x " * (at // 2) + value.encode() + b" y" * 600_000
    assert value.encode() not in through(data, 200_000)


def test_utf16_is_seen_through(tmp_path):
    from diagnose.collect.imported import open_evidence  # noqa: PLC0415

    log = tmp_path / "std_log.txt"
    log.write_bytes("step 1\npassword=Aa1xyz987\nstep 2\n".encode("utf-16"))
    bundle = open_evidence(log)
    [name] = [each for each in bundle.store.names() if each.startswith("logs/")]
    with bundle.store.open(name) as stream:
        assert stream.read().decode() == "step 1\npassword=⟦secret:password:1⟧\nstep 2\n"


def test_what_cannot_be_judged_is_withheld_and_counted():
    def breaks(text):
        raise RecursionError(text)

    redactor = Redactor(looking=breaks)
    after = through(b"fine\na\nb\npassword=Aa1xyz987\na\nb\nc\nfine\n", redactor=redactor)
    assert b"Aa1xyz987" not in after
    assert after.count(b"\n") == 8
    assert after.startswith(b"fine\n") and after.endswith(b"fine\n")  # noqa: PT018
    assert redactor.told()["withheld_bytes"] > 0
    assert redactor.text("tag", "password=Aa1xyz987") == "⟦withheld⟧"


WORST = {
    "every line named": b"password=Aa1xyz987 token=abcdefgh1 secret:zzz\n",
    "names without values": b"password token secret key ",
    "one endless name": b"password_",
    "quotes": b"password='",
    "addresses": b"http://a:b:",
    "begins": b"-----BEGIN RSA PRIVATE KEY-----\n",
    "escapes": b"\\u0070\\u0061",
    "percent": b"%70%61",
    "codes": b"\x1b[31mp",
    "unfinished codes": b"\x1b[31",
    "base64": b"cGFzc3dvcmQ9",
    "digits": b"A" * 64,
    "tokens": "⟦secret:x:1⟧".encode(),
    "flags": b'--password "',
    "cookies": b"cookie: a=b;",
    "NULs": b"\0",
    "logins": b"docker login ",
    "curls": b"curl -u ",
    "dots": b"eyJhbGciOi.",
}


@pytest.mark.parametrize("what", WORST)
def test_the_work_is_linear(what):
    """Characters looked at, not seconds: four times the text is at most about four times the work."""
    seen = []

    def counting(text):
        seen[-1] += len(text)
        return []

    sizes = (1 << 19, 1 << 21)
    for size in sizes:
        seen.append(0)
        through(WORST[what] * (size // len(WORST[what])), redactor=Redactor(looking=counting))
    assert seen[1] <= 2 * sizes[1]
    assert seen[1] <= 5 * max(seen[0], 1 << 16)


def test_nothing_is_imported_for_a_redactor_that_is_off():
    from diagnose.redact.policy import Policy  # noqa: PLC0415

    off = Redactor(Policy(secrets=False))
    assert through(b"password=Aa1xyz987", redactor=off) == b"password=Aa1xyz987"
    assert off.told()["state"] == "off"
    assert module.look is look
