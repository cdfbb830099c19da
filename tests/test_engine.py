"""The four outcomes of a rule; none of them takes the others down."""

import re
import warnings
from dataclasses import dataclass, replace

import pytest
from building import bundle_of, missing, run_row
from judging import answer, blob, completed, record
from samples import AT, judgement, members_of
from samples import bundle_of as bundle_in

from diagnose.engine import Broke, Found, NotChecked, evaluate, watched_by
from diagnose.evidence import engines
from diagnose.evidence.bundle import Missing
from diagnose.evidence.logs import LogPattern, Logs
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.run import RunRecord
from diagnose.pipeline import judge
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, rule
from diagnose.rules import all_rules

PATTERNS = watched_by(all_rules())
WELL = {"logs": "aloitus\nvalmis\n", "outputs": [blob("painot.bin")]}


def rule_of(check, **more):
    """A rule around a check, that needs no page of its own."""
    check.__module__ = "diagnose.rules.none.nothing_wrong"
    return rule(title="A test", cause=Cause.SILENT_ERROR, remedy=(), **more)(check)


def says(text):
    return Finding(text, (Evidence(EvidenceKind.LOG, text),))


def outcome_of(check, **given):
    [outcome] = evaluate(bundle_of(completed(), **given), [rule_of(check)])
    return outcome


def test_a_rule_that_yields_has_found():
    def speaks(run: RunRecord):
        yield says(run.status)

    assert [finding.headline for finding in outcome_of(speaks).findings] == ["Completed"]


def test_a_rule_that_yields_nothing_is_clear():
    def looks(run: RunRecord):
        yield from ()

    assert answer(rule_of(looks), completed()) == "clear"


def test_a_rule_whose_evidence_is_missing_is_not_checked():
    def looks(run: RunRecord, outputs: Outputs):
        yield says("never")

    outcome = outcome_of(looks, parts={"outputs": "denied"})
    assert outcome == NotChecked(outcome.rule, (Missing("outputs", "the listing of the outputs is denied"),))


def test_a_rule_that_copes_without_is_given_the_reason():
    def looks(outputs: Outputs | Missing):
        yield says(outputs.reason)

    outcome = outcome_of(looks, parts={"outputs": "denied"})
    assert outcome.findings[0].headline == "the listing of the outputs is denied"


def test_a_rule_that_raises_broke_and_takes_no_other_down():
    def breaks(run: RunRecord):
        raise ZeroDivisionError(run.status)

    def speaks(run: RunRecord):
        yield says("still here")

    broken, fine = evaluate(bundle_of(completed()), [rule_of(breaks), rule_of(speaks)])
    assert (type(broken), broken.error, type(fine)) == (Broke, "ZeroDivisionError: Completed", Found)


def test_a_rule_that_raises_after_a_finding_broke_all_the_same():
    def breaks(run: RunRecord):
        yield says(run.status)
        raise KeyError

    assert isinstance(outcome_of(breaks), Broke)


def test_a_rule_that_breaks_is_shown_and_none_is_not_claimed():
    def breaks(run: RunRecord):
        raise ZeroDivisionError(run.status)

    told = judge(bundle_of(completed(), **WELL), AT, (*all_rules(), rule_of(breaks)))
    assert [each["error"] for each in told["rules"]["broke"]] == ["ZeroDivisionError: Completed"]
    assert (record(completed(), **WELL)["cause"], told["cause"]) == ("none", "inconclusive")


def test_a_rule_that_breaks_does_not_weaken_a_cause_that_was_found():
    def breaks(run: RunRecord):
        raise ZeroDivisionError

    given = {**WELL, "outputs": [blob("painot.parquet", 0)]}
    told = judge(bundle_of(completed(), **given), AT, (*all_rules(), rule_of(breaks)))
    assert told["cause"] == "unflushed-output"


@dataclass(frozen=True)
class Fragile:
    """A fact that cannot be read."""

    @classmethod
    def read(cls, bundle):
        raise RecursionError("too deep")


def test_a_fact_that_breaks_is_missing_with_its_reason():
    def looks(fragile: Fragile):
        yield says("never")

    [gap] = outcome_of(looks).missing
    assert gap == Missing("fragile", "reading it broke (RecursionError: too deep)")


def test_a_fact_that_breaks_is_read_once():
    def copes(fragile: Fragile | Missing):
        yield says(fragile.reason)

    bundle = bundle_of(completed())
    evaluate(bundle, [rule_of(copes)])
    assert isinstance(bundle.get(Fragile), Missing)


def test_a_rule_may_only_look_for_patterns_that_it_declared():
    undeclared = LogPattern("not declared by anyone", "xyzzy")

    def looks(logs: Logs):
        yield says(str(logs.matches(undeclared).count))

    assert isinstance(outcome_of(looks, logs="xyzzy\n"), Broke)


def test_the_outcomes_stand_in_the_order_of_the_rules():
    outcomes = evaluate(bundle_of(completed(), **WELL), all_rules()[::-1])
    assert [outcome.rule for outcome in outcomes] == list(all_rules()[::-1])


def test_each_pattern_is_watched_once_in_a_stable_order():
    assert watched_by(all_rules()[::-1]) == PATTERNS
    assert len(set(PATTERNS)) == len(PATTERNS) == len({pattern.name for pattern in PATTERNS})


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_every_pattern_compiles_without_a_warning(pattern):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        re.compile(pattern.regex.encode())
        engines.engine_for([pattern.regex])


@pytest.mark.parametrize("name", ["healthy_with_scary_lines", "registration_retries_exhausted"])
def test_the_two_log_engines_lead_to_the_same_verdict(name, monkeypatch):
    pytest.importorskip("hyperscan")
    fast = judge(bundle_in(members_of(name)), AT)
    monkeypatch.setattr(engines, "hyperscan", None)
    assert judgement(judge(bundle_in(members_of(name)), AT)) == judgement(fast)


def test_without_any_evidence_no_rule_breaks_and_none_is_ruled_out():
    told = record()["rules"]
    assert (told["broke"], told["found"], told["ruled_out"]) == ([], [], [])
    assert missing(RunRecord) == "run.json is not in the bundle"


def test_a_remedy_of_one_step_is_a_tuple_too():
    def looks(run: RunRecord):
        yield from ()

    assert replace(rule_of(looks), title="B").remedy == ()


def test_a_rule_that_goes_by_the_status_rules_nothing_out_where_nobody_knows_it():
    def silent(run: RunRecord):
        yield from ()

    [outcome] = evaluate(bundle_of(run_row("Hibernating")), [rule_of(silent)])
    assert outcome == NotChecked(outcome.rule, outcome.missing)
    assert outcome.missing[0].name == "status"


def test_what_is_found_without_a_known_status_is_never_established():
    def speaks(run: RunRecord):
        piece = Evidence(EvidenceKind.LOG, "seen", direct=True)
        yield Finding("It is this.", (piece,))

    for status, certainty in (("Failed", Certainty.ESTABLISHED), ("Hibernating", Certainty.SUPPORTED)):
        [outcome] = evaluate(bundle_of(run_row(status)), [rule_of(speaks)])
        assert outcome.findings[0].certainty is certainty
