"""The example record, and records made worse than any that a run could leave behind."""

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

PAYLOADS = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'--></style></title>",
    "\u202eevil\u202c\u200b\u2066\ufeff\u2028\U000e0041",
    "\x1b[31mred\x1b]0;title\x07\x1b]52;c;ZXZpbA==\x07\x9b2J\x00\x08\r\n",
    "##vso[task.setvariable variable=x]y ##[error]z\n::error file=a::b",
    "[a](javascript:alert(1)) ![b](http://evil.example/x.png) <http://e.example> http://e.example @team #1",
    "| a | b |\n|---|---|\n```\n~~~\n# h\n- x\n1. y\n> q\n<!-- c --> `x` ``` $$ **b** _i_ \\",
    "{{ 7*7 }}{% raw %}${7*7}%s{0}",
    "\udfff\ud800\ufffe\uffff\x7f\x85",
    "مرحبا 训练 👩‍💻 é",
    "javascript:alert(1)",
    "https://ml.azure.com.evil.example/",
    "x" * 100_000,
    "",
    " ",
)


@pytest.fixture
def record() -> dict:
    """A record of its own for each test."""
    return json.loads((Path(__file__).parent / "record.json").read_text(encoding="utf-8"))


def walk(value: object, change: Callable[[object], object]) -> object:
    """`value` with every leaf changed; keys of tags and parts, which come from outside, as well."""
    if isinstance(value, dict):
        return {key: walk(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return [walk(each, change) for each in value]
    return change(value)


def poisoned(record: dict, payload: str) -> dict:
    """`record` with `payload` for every string in it, the words of the contract included."""
    return walk(record, lambda leaf: payload if isinstance(leaf, str) else leaf)


def spiked(record: dict, payload: str) -> dict:
    """`record` with `payload` in all that a run can name or print, and the words of the contract kept."""
    kept = {
        "outcome",
        "cause",
        "certainty",
        "kind",
        "state",
        "source",
        "status",
        "stance",
        "for",
        "against",
        "evidence",
    }

    def spike(value: object, key: str) -> object:
        if isinstance(value, dict):
            return {
                name: spike(each, name if name != "source" or isinstance(each, str) else "")
                for name, each in value.items()
            }
        if isinstance(value, list):
            return [spike(each, key) for each in value]
        is_time = isinstance(value, str) and len(value) == 20 and value.endswith("Z")
        return value if key in kept or is_time or not isinstance(value, str) else f"before {payload} after"

    made = spike(copy.deepcopy(record), "")
    made["run"]["tags"] = {payload: payload}
    made["bundle"]["parts"][payload] = {"state": payload}
    return made


@pytest.fixture(params=PAYLOADS, ids=range(len(PAYLOADS)))
def payload(request) -> str:
    """One text that tries to be more than text."""
    return request.param


@pytest.fixture
def hostile(payload, record) -> dict:
    """The example with a payload in every string, its contract words kept, so that every view draws it."""
    return spiked(record, payload)


@pytest.fixture
def senseless(payload, record) -> dict:
    """The example with nothing but a payload in every string."""
    return poisoned(record, payload)


@pytest.fixture
def nothing(record) -> dict:
    """The example with null for every value."""
    return walk(record, lambda _: None)


@pytest.fixture
def huge(record) -> dict:
    """Long texts in every string, and every list a thousand times as long, with what costs most to escape."""
    made = spiked(record, "<&'\"\u202e" * 400)
    for holder, keys in (
        (made, ("hypotheses", "evidence", "next_steps", "not_examined")),
        (made["rules"], ("found", "ruled_out", "not_checked")),
        (made["timeline"], ("phases", "logs", "metrics", "outputs", "processes")),
    ):
        for key in keys:
            holder[key] = holder[key] * 1000
    made["timeline"]["children"] = [{"id": "<" * 1000, "start": "2026-11-20T08:00:00Z", "end": None}] * 1000
    made["timeline"]["logs"][0]["bins"] = list(range(100_000))
    made["timeline"]["metrics"][0]["points"] = [
        ["2026-11-20T08:07:00Z", 1e308],
        ["2026-11-20T08:09:00Z", -1e308],
    ] * 5000
    made["run"]["tags"] = {f"{place}<": "&" * 1000 for place in range(1000)}
    return made
