import json
from pathlib import Path

import pytest
from building import STD_LOG, bundle_of, line, run_row
from jsonschema import Draft202012Validator
from judging import blob, completed, every
from samples import AT
from signatures import file_of, signature

import diagnose.report
from diagnose.custom.rulebook import rulebook
from diagnose.engine import Clear, Found, NotChecked, evaluate
from diagnose.pipeline import judge
from diagnose.report.record import render
from diagnose.rule import Cause, Certainty
from diagnose.settings import RulesAsked

SCHEMA = Path(diagnose.report.__file__).parent / "verdict.schema.json"
WORK = every(range(1, 50), "krok {n} gotowy")
REFUSED = line(0.5, "no seat free on lic01")
FULL = line(0.2, "OSError: [Errno 28] No space left on device: 'tafel.parquet'")


@pytest.fixture
def asked(tmp_path):
    """Asks one signature alone."""

    def ask(run=None, logs=REFUSED, log_rows=None, **fields):
        rule = rulebook(RulesAsked((file_of(tmp_path, **fields),), plugins=False)).rules[-1]
        [outcome] = evaluate(bundle_of(run, logs=logs, log_rows=log_rows), [rule])
        return outcome

    return ask


@pytest.fixture
def judged(tmp_path):
    """Judges with all built-in rules and one signature."""

    def ask(run=None, fields=None, **given):
        book = rulebook(RulesAsked((file_of(tmp_path, **(fields or {})),), plugins=False))
        return judge(bundle_of(run, **given), AT, book.rules)

    return ask


def test_a_signature_is_suspected_unless_it_says_more(asked):
    [found] = asked().findings
    assert (found.certainty, found.mechanism) == (Certainty.SUSPECTED, "licence-refused")
    assert found.headline == "The licence server lic01 had no seat free: ask for one."
    assert found.story.endswith("So says the signature licence-refused of team.yaml.")
    assert found.evidence[0].source.path == STD_LOG
    assert not any(piece.direct for piece in found.evidence)


def test_supported_takes_the_log_and_the_status(asked):
    more = {"certainty": "supported", "when": "{status: completed}"}
    [found] = asked(completed(), **more).findings
    assert (found.certainty, len(found.evidence)) == (Certainty.SUPPORTED, 2)


@pytest.mark.parametrize(
    ("run", "answer"),
    [(completed(), Found), (run_row("Running"), Clear), (None, NotChecked)],
)
def test_a_signature_for_some_runs_is_about_no_others(run, answer, asked):
    assert isinstance(asked(run, when="{phase: completed}"), answer)


def test_a_status_that_nobody_knows_makes_nothing_certain(asked):
    [found] = asked(run_row("Hibernating"), when="{phase: open}").findings
    assert found.certainty is Certainty.NONE
    assert "status" in found.missing[0]


def test_what_may_be_ruled_out_by_the_missing_half_is_no_more_than_suspected(asked):
    more = {"certainty": "supported", "when": "{status: completed}", "unless": "seat granted"}
    [whole] = asked(completed(), **more).findings
    [half] = asked(completed(), log_rows={STD_LOG: {"captured": "head"}}, **more).findings
    assert (whole.certainty, half.certainty) == (Certainty.SUPPORTED, Certainty.SUSPECTED)
    assert "may hold what rules this out" in half.missing[0]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("lic\u202e01\u200b", "lic 01"),
        ("a" * 500, "a" * 79 + "…"),
        ("<b>{server}", "<b>{server}"),
        ("a\tb", "a b"),
        ("x\x1b[31my", "xy"),
    ],
)
def test_what_a_group_says_is_short_and_visible(said, shown, asked):
    match = "'no seat free on (?P<server>.*)'"
    [found] = asked(logs=f"no seat free on {said}\n", match=match, headline='"It is {server}!"').findings
    assert found.headline == f"It is {shown}!"


def test_a_group_that_took_no_part_is_not_made_up(asked):
    match = "['no seat free', 'away (?P<server>.)']"
    assert asked(match=match, headline='"{server}"').findings[0].headline == "(not said)"


def test_a_run_that_no_rule_understood_gets_the_cause_of_the_signature(judged):
    record = judged(run_row("Running"), logs=REFUSED + WORK)
    assert (record["cause"], record["mechanism"]) == ("waiting-on-external", "licence-refused")
    assert record["certainty"] in ("suspected", "supported")
    assert "lic01" in record["headline"]
    assert record["next_steps"][0]["title"] == "Free a seat"
    [found] = [rule for rule in record["rules"]["found"] if rule["rule"] == "licence_refused"]
    assert found == {
        "rule": "licence_refused",
        "title": "The licence server refused a seat",
        "origin": "team.yaml",
    }


@pytest.mark.parametrize(
    ("cause", "wins"),
    [
        ("resource-kill", "resource-kill"),
        ("unflushed-output", "silent-error"),
        ("service-side", "silent-error"),
    ],
)
def test_it_competes_with_built_in_rules_by_causal_order(cause, wins, judged):
    given = {"logs": FULL + REFUSED + WORK, "outputs": [blob("tafel.parquet", 0)]}
    record = judged(completed(), {"cause": cause}, **given)
    assert record["cause"] == wins
    assert {h["cause"] for h in record["hypotheses"]} >= {cause, "silent-error"}


def test_it_never_makes_a_cause_of_its_own_established(judged):
    more = {"cause": "silent-error", "certainty": "supported", "when": "{status: completed}"}
    assert judged(completed(), more, logs=REFUSED + WORK)["certainty"] == "supported"


def test_where_it_finds_nothing_the_verdict_is_what_it_was(judged):
    given = {"logs": FULL + WORK, "outputs": [blob("tafel.parquet", 0)]}
    with_it, without = judged(completed(), **given), judge(bundle_of(completed(), **given), AT)
    for key in ("cause", "mechanism", "certainty", "headline", "evidence", "hypotheses", "flip"):
        assert with_it[key] == without[key]


def test_the_ruleset_says_that_there_are_other_rules_and_which(judged):
    without = judge(bundle_of(completed(), logs=WORK), AT)["generated"]["ruleset"]
    first = judged(completed(), logs=WORK)["generated"]["ruleset"]
    again = judged(completed(), logs=WORK)["generated"]["ruleset"]
    other = judged(completed(), {"title": "Another"}, logs=WORK)["generated"]["ruleset"]
    assert first == again
    assert len({without, first, other}) == 3
    assert all(each.startswith(f"{without}.") for each in (first, other))


def test_its_record_holds_to_the_schema(judged):
    record = json.loads(render(judged(completed(), logs=REFUSED + WORK)))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(record)) == []


def test_it_sees_what_the_bundle_holds_and_nothing_else(tmp_path, monkeypatch):
    """What a redactor took out before the bundle was written, no signature brings back."""
    sign = signature(tmp_path, match="'key=(?P<server>\\S+)'")
    from diagnose.custom.telling import rules_of  # noqa: PLC0415

    bundle = bundle_of(completed(), logs="key=[redacted]\n")
    opened = []
    real = bundle.store.open
    monkeypatch.setattr(bundle.store, "open", lambda name: opened.append(name) or real(name))
    [outcome] = evaluate(bundle, rules_of([sign]))
    assert "[redacted]" in outcome.findings[0].headline
    assert set(opened) <= {"run.json", "logs.jsonl", f"logs/{STD_LOG}"}


def test_a_log_is_read_once_for_all_signatures(tmp_path, monkeypatch):
    from diagnose.custom.telling import rules_of  # noqa: PLC0415

    signs = [signature(tmp_path, id=f"sign-{n}") for n in range(5)]
    bundle = bundle_of(completed(), logs=REFUSED)
    opened = []
    real = bundle.store.open
    monkeypatch.setattr(bundle.store, "open", lambda name: opened.append(name) or real(name))
    assert all(isinstance(outcome, Found) for outcome in evaluate(bundle, rules_of(signs)))
    assert opened.count(f"logs/{STD_LOG}") == 1


def test_its_page_says_what_it_looks_for_and_where_it_is_from(tmp_path):
    from diagnose import catalogue  # noqa: PLC0415

    book = rulebook(RulesAsked((file_of(tmp_path, unless="[granted]"),), plugins=False))
    page = catalogue.page("licence-refused", book.rules)
    assert "from: team.yaml" in page
    assert "`granted`" in page
    assert "(team.yaml)" in catalogue.listing(book.rules)
    assert book.rules[-1].cause is Cause.WAITING_ON_EXTERNAL
