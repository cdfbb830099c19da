"""What is found and what is left alone, measured over made secrets and made decoys."""

import random
import re
import sys
import urllib.parse
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnose.redact.redactor import Redactor

sys.path.insert(0, str(Path(__file__).parent))
import secretcorpus as made

SEEN_THROUGH = re.compile("\x1b\\[[0-9;]*m|[\0\u200b]")


def redacted(text):
    return b"".join(Redactor().stream("x", [text.encode() + b"\n"])).decode()[:-1]


def is_left(text, value):
    plain = SEEN_THROUGH.sub("", text)
    spelled = {value, urllib.parse.quote(value, safe=""), value[4:-4] if len(value) > 16 else value}
    return any(each in plain for each in spelled)


@pytest.mark.parametrize("kind", made.SHAPED)
def test_a_secret_of_a_known_shape_is_never_left(kind):
    rng = random.Random(kind)
    for around in made.AROUND:
        for form in ("{v}", "x={v}", "'{v}'", "using {v} now", "a,{v};b", "<{v}>", "https://h/{v}/x"):
            if kind.endswith("old") and "/{v}" in form:
                continue  # nothing in it tells it from the path
            value = made.SHAPED[kind](rng)
            assert not is_left(redacted(around.format(s=form.format(v=value))), value), form


def share_left(texts):
    left = [text for text, value in texts if is_left(redacted(text), value)]
    return len(left) / len(texts), left


def test_of_keyed_secrets_hardly_any_is_left():
    rng, texts = random.Random(1), []
    for template in made.KEYED:
        for around in made.AROUND:
            if "\n" not in template or around == "{s}":
                value = made.password(rng)
                texts.append((around.format(s=template.format(v=value)), value))
    share, left = share_left(texts)
    assert share <= 0.02, left


@pytest.mark.parametrize("how", made.HIDDEN)
def test_of_hidden_secrets_few_are_left(how):
    rng, left = random.Random(how), []
    templates = [each for each in made.KEYED if "\n" not in each]
    for template in templates:
        value = made.password(rng)
        text = made.HIDDEN[how](template.format(v=value), value, rng)
        after = redacted(text)
        if is_left(after, value) or ("base64" in how and text.split(":")[-1].split()[-1] in after):
            left.append(text)
    assert len(left) / len(templates) <= 0.06, left


def test_what_is_no_secret_is_left_as_it_is():
    rng, touched = random.Random(3), []
    for template in made.DECOYS:
        for around in made.AROUND:
            text = around.format(s=made.decoy(template, rng))
            if redacted(text) != text:
                touched.append((text, redacted(text)))
    assert not touched


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.text(max_size=60), st.text(max_size=60), st.integers(1, 7))
def test_a_shaped_secret_goes_whatever_stands_around_it_and_however_it_arrives(seed, before, behind, size):
    rng = random.Random(seed)
    value = made.SHAPED[rng.choice(sorted(made.SHAPED))](rng)
    data = f"{before} {value} {behind}\n".encode("utf-8", "replace")
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    after = b"".join(Redactor().stream("x", pieces))
    assert value.encode() not in after
    assert after.count(b"\n") == data.count(b"\n")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_pass_and_lines_stay_lines(data):
    after = b"".join(Redactor().stream("x", [data]))
    assert after.count(b"\n") == data.count(b"\n")
    assert b"".join(Redactor().stream("x", [after])).count(b"\n") == data.count(b"\n")


@pytest.mark.parametrize("kind", made.SHAPED)
def test_what_is_redacted_stays_as_it_is_when_redacted_again(kind):
    rng = random.Random(kind)
    for template in made.KEYED:
        once = redacted(template.format(v=made.password(rng)))
        assert redacted(once) == once
        break
    once = redacted(f"api_key={made.SHAPED[kind](rng)}")
    assert redacted(once) == once
