import pytest

from diagnose import catalogue
from diagnose.errors import UsageError
from diagnose.rules import all_rules


def test_every_rule_is_listed_under_its_cause():
    listing = catalogue.listing()
    for rule in all_rules():
        assert f"\n  {rule.name} " in listing
        assert f"{rule.cause.value}\n" in listing


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_page_says_all_that_a_rule_must_say(rule):
    page = catalogue.page(rule.name)
    assert page.startswith(f"{rule.name}: {rule.title}\ncause: {rule.cause.value}\n")
    for section in ("\nSigns\n", "\nNear misses\n", "\nSafety constraint\n", "\nRemedy\n"):
        assert section in page
    assert ("Rests on an inference" in page) is rule.inferred
    assert max(map(len, page.splitlines())) <= 110 + max(map(len, ("", *rule.links)))


def test_a_name_with_dashes_is_the_same_rule():
    assert catalogue.page("non-daemon-thread") == catalogue.page("non_daemon_thread")


@pytest.mark.parametrize(
    ("name", "hint"), [("non_daemon_threat", "Did you mean non_daemon_thread?"), ("", "diagnose rules")]
)
def test_an_unknown_rule_is_wrong_usage_with_a_hint(name, hint):
    with pytest.raises(UsageError) as error:
        catalogue.page(name)
    assert hint in str(error.value)
