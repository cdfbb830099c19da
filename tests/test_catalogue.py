"""The catalogue keeps its own promises, whatever rules lie in it."""

import pkgutil

import pytest
from samples import NAMES, record_of

import diagnose.rules
from diagnose.engine import watched_by
from diagnose.rules import all_rules

RULES = {rule.name: rule for rule in all_rules()}


def test_every_module_in_the_rules_folder_is_a_rule():
    modules = [m for m in pkgutil.walk_packages(diagnose.rules.__path__, "diagnose.rules.") if not m.ispkg]
    assert {m.name.rsplit(".", 1)[-1] for m in modules} == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_lies_in_the_folder_of_its_cause(name):
    folder = RULES[name].check.__module__.split(".")[-2]
    assert folder.replace("_", "-") == RULES[name].cause.value


@pytest.mark.parametrize("name", RULES)
def test_a_rule_explains_itself(name):
    page = RULES[name].page
    assert min(len(page.mechanism), len(page.signs), len(page.near_misses), len(page.safety)) > 40
    assert RULES[name].remedy


def test_what_rests_on_an_inference_says_so_on_its_page():
    for rule in RULES.values():
        if rule.inferred:
            words = f"{rule.page.mechanism} {rule.page.safety}"
            assert "infer" in words or "supported" in words, rule.name


def test_the_three_classic_causes_have_at_least_four_mechanisms_each():
    causes = [rule.cause.value for rule in RULES.values()]
    assert causes.count("lingering-child-process") >= 4
    assert causes.count("unflushed-output") + causes.count("unflushed-metrics") >= 4
    assert causes.count("silent-error") >= 4


def test_no_two_patterns_share_a_name():
    patterns = watched_by(all_rules())
    assert len({pattern.name for pattern in patterns}) == len(patterns)


def test_rules_are_woken_by_sample_runs_wherever_the_lab_can_make_one():
    woken = {each["rule"] for name in NAMES for each in record_of(name)["rules"]["found"]}
    # These need an import, a service, a node or a device that misbehaves, and are tested elsewhere.
    beyond_the_lab = {
        "collective_timed_out",
        "ended_by_scheduler",
        "healthy_by_its_logs",
        "mount_held_open",
        "node_lost",
        "preempted",
        "quota_exceeded",
        "requeued",
        "start_never_came",
        "status_contradicts_process",
        "time_limit",
        "tracker_still_syncing",
        "upload_never_ended",
    }
    # In the samples of these a neighbour with the same cause speaks, on the same evidence.
    spoken_for = {"retries_exhausted"}
    assert set(RULES) - woken <= beyond_the_lab | spoken_for
