"""Every sample run gets the verdict that was accepted for it, and none that contradicts how it was made."""

import json
from functools import cache

import jsonschema
import pytest
from samples import AT, BROKEN, FOLDER, MENDED, NAMES, judgement, label_of, record_of

from diagnose.evidence.bundle import open_bundle, write_bundle
from diagnose.pipeline import judge
from diagnose.report import html, junit, markdown, record, text
from diagnose.rules import all_rules

SCHEMA = json.loads((FOLDER.parent / "diagnose" / "report" / "verdict.schema.json").read_text())


@cache
def verdict(name):
    return record_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_is_the_accepted_one(name):
    expected = json.loads((FOLDER / name / "expected.json").read_text())
    assert judgement(verdict(name)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_agrees_with_how_the_run_was_made(name):
    label = label_of(name)
    assert verdict(name)["cause"] in (label["cause"], *label.get("acceptable", ()))
    if verdict(name)["cause"] == label["cause"]:
        assert verdict(name)["outcome"] == label["outcome"]


@pytest.mark.parametrize("name", BROKEN)
def test_no_wrong_cause_is_established(name):
    label = label_of(name)
    if verdict(name)["certainty"] == "established":
        assert verdict(name)["cause"] in (label["cause"], *label.get("acceptable", ()))


@pytest.mark.parametrize("name", MENDED)
def test_a_mended_twin_is_well(name):
    assert verdict(name)["cause"] in ("none", "still-working")


@pytest.mark.parametrize("name", NAMES)
def test_the_record_keeps_the_published_schema(name):
    jsonschema.validate(verdict(name), SCHEMA)


@pytest.mark.parametrize("name", NAMES)
def test_no_rule_breaks(name):
    assert verdict(name)["rules"]["broke"] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_same_bundle_gives_the_same_bytes(name):
    views = (html.render, record.render, markdown.render, text.render, lambda r: junit.render([r]))
    again = record_of(name)
    assert [view(again) for view in views] == [view(verdict(name)) for view in views]


@pytest.mark.parametrize("name", NAMES)
def test_a_zipped_bundle_gets_the_same_verdict(name, tmp_path):
    write_bundle(open_bundle(FOLDER / name), tmp_path / "bundle.zip")
    assert judge(open_bundle(tmp_path / "bundle.zip"), AT) == verdict(name)


def test_every_flip_names_evidence_of_the_record():
    for name in NAMES:
        flip = verdict(name)["flip"]
        known = {piece["id"] for piece in verdict(name)["evidence"]}
        assert flip is None or (set(flip["evidence"]) <= known and flip["to"] != verdict(name)["cause"])


def test_every_cause_of_the_first_catalogue_has_a_sample_that_expects_it():
    expected = {verdict(name)["cause"] for name in NAMES}
    assert {"lingering-child-process", "unflushed-output", "unflushed-metrics", "silent-error"} <= expected
    assert {"still-working", "loud-failure", "none", "inconclusive"} <= expected


def test_no_rule_but_the_healthy_ones_speaks_of_a_mended_twin():
    calm = {rule.name for rule in all_rules() if rule.cause in ("none", "still-working")}
    for name in MENDED:
        found = {each["rule"] for each in verdict(name)["rules"]["found"]}
        assert found <= calm, name
