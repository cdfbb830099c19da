import pytest
from pages import FOLDER, pages

from diagnose import catalogue, samples
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
    sections = ("Signs", "Near misses", "Safety constraint", "Remedy", "Measured", "Sample runs")
    for section in (f"\n{title}\n" for title in sections):
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


def test_the_pages_on_disk_are_what_the_rules_say():
    on_disk = {path.name: path.read_text() for path in FOLDER.glob("*.md")}
    assert on_disk == pages(), "python -m tests.pages writes them anew"


def test_a_page_names_the_sample_runs_that_the_rule_leads():
    assert "diagnose demo parquet_parts_cancelled_at_shutdown" in catalogue.page("missing_part")
    assert "monitor_thread_outlives_training" in samples.showing("non_daemon_thread")
