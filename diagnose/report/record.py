"""The JSON view: the record itself in one line of bytes that are the same everywhere."""

import json
import math
from collections.abc import Mapping

from diagnose.report.fields import Node


def render(record: Node) -> str:
    """One JSON object in one line of ASCII, with a final newline, its fields in the record's own order.

    All but ASCII is escaped: a terminal, a log viewer or a code page can neither break it nor be led astray
    by it. What is no number in JSON (NaN, Infinity) is null. Read back, it is equal to `record`.
    """
    line = json.dumps(_finite(record), separators=(",", ":"), allow_nan=False)
    # `##` occurs only inside strings; a build pipeline obeys `##vso[` wherever it stands in a line.
    return line.replace("##", "#\\u0023").replace("\x7f", "\\u007f") + "\n"


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    return value
