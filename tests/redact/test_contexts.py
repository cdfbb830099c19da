"""The same measured over a second set of contexts and decoys, thought of after the patterns, which were then mended by it."""

import sys
from pathlib import Path

import pytest

from diagnose.redact.redactor import Redactor

sys.path.insert(0, str(Path(__file__).parent))
from moredecoys import DECOYS
from secretcontexts import CONTEXTS


def redacted(text):
    return b"".join(Redactor().stream("x", [text.encode() + b"\n"])).decode()[:-1]


def test_of_secrets_in_many_places_hardly_any_is_left():
    left = []
    for template, value in CONTEXTS:
        after = redacted(template % value)
        if value in after or (len(value) > 16 and value[4:-4] in after):
            left.append(template)
    assert len(left) / len(CONTEXTS) <= 0.03, left


@pytest.mark.parametrize("number", range(len(DECOYS)))
def test_a_line_without_a_secret_is_left_as_it_is(number):
    assert redacted(DECOYS[number]) == DECOYS[number]
