import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import diagnose.report
from diagnose.report import words

SCHEMA = json.loads(
    (Path(diagnose.report.__file__).parent / "verdict.schema.json").read_text(encoding="utf-8")
)
VALID = Draft202012Validator(SCHEMA)


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_example_holds_to_it(record):
    assert list(VALID.iter_errors(record)) == []


def test_unknown_fields_are_welcome(record):
    record["later"] = record["run"]["later"] = record["evidence"][0]["later"] = {"a": 1}
    assert VALID.is_valid(record)


@pytest.mark.parametrize("key", SCHEMA["required"])
def test_no_field_of_the_contract_may_be_absent(record, key):
    del record[key]
    assert not VALID.is_valid(record)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "verdict"),
        (("version",), 2),
        (("outcome",), "hung"),
        (("cause",), "gremlins"),
        (("certainty",), "87 %"),
        (("certainty",), "none"),
        (("headline",), ""),
        (("headline",), "two\nlines"),
        (("idle_tail_s",), -1),
        (("run", "created_at"), "2026-11-20 07:58:02"),
        (("run", "created_at"), "2026-11-20T07:58:02+01:00"),
        (("run", "sdk"), "v3"),
        (("evidence", 0, "kind"), "rumour"),
        (("evidence", 0, "id"), "1"),
        (("evidence", 0, "source", "line"), 0),
        (("hypotheses", 0, "for"), ["E1", "E1"]),
        (("hypotheses", 0, "certainty"), None),
        (("flip", "to"), "elsewhere"),
        (("measured",), {"corpus": "c", "n": 5, "precision": 97, "ci95": [0, 1]}),
        (("timeline", "outputs", 0, "state"), "done"),
        (("timeline", "metrics", 0, "points", 0), ["2026-11-20T08:07:00Z", "NaN"]),
        (("bundle", "parts", "outputs", "state"), "missing"),
    ],
)
def test_what_the_contract_does_not_allow_is_refused(record, path, value):
    changed = copy.deepcopy(record)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    assert not VALID.is_valid(changed)


def test_an_inconclusive_verdict_has_no_certainty(record):
    record |= {"cause": "inconclusive", "certainty": "none"}
    assert VALID.is_valid(record)
    assert not VALID.is_valid(record | {"certainty": "suspected"})


def test_the_glossary_knows_every_word_of_the_contract():
    properties, kinds = SCHEMA["properties"], SCHEMA["properties"]["evidence"]["items"]["properties"]["kind"]
    writes = properties["timeline"]["properties"]["outputs"]["items"]["properties"]["state"]
    assert list(words.OUTCOMES) == properties["outcome"]["enum"]
    assert list(words.CAUSES) == SCHEMA["$defs"]["cause"]["enum"]
    assert list(words.CERTAINTIES) == SCHEMA["$defs"]["certainty"]["enum"]
    assert list(words.KINDS) == kinds["enum"]
    assert list(words.WRITES) == writes["enum"]
    assert list(words.CHANNELS) == properties["last_sign_of_life"]["required"]
