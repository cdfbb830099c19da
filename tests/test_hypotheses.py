"""Causes in their order, and how sure the evidence makes them."""

import itertools
from dataclasses import replace

import pytest
from building import line
from judging import blob, cause, completed, every, record

from diagnose.engine import Found
from diagnose.hypotheses import CAUSAL_ORDER, LEADS_TO, claims_of, rank
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Rule, weigh

LOG, OUTPUT, CODE = EvidenceKind.LOG, EvidenceKind.OUTPUT, EvidenceKind.CODE


def piece(text="seen", kind=LOG, **fields):
    return Evidence(kind, text, **fields)


def found(cause, *evidence, generic=False, inferred=False, **fields):
    """What a rule of that cause has found."""
    rule = Rule(str(cause), "a test", cause, None, (), (), (), (), generic, inferred, None)
    return Found(rule, (Finding("it happened", evidence or (piece(cause),), **fields),))


def ranked(*outcomes):
    return rank(claims_of(outcomes))


def causes(*outcomes):
    return [hypothesis.cause.value for hypothesis in ranked(*outcomes)]


def certainty(*outcomes):
    return ranked(*outcomes)[0].certainty


DIRECT = piece("it is named", OUTPUT, direct=True)


def test_an_error_that_was_swallowed_goes_before_the_file_that_it_left_empty():
    loud = found(Cause.UNFLUSHED_OUTPUT, DIRECT)
    assert causes(loud, found(Cause.SILENT_ERROR)) == ["silent-error", "unflushed-output"]


PAIRS = sorted((a, b) for a, found_ in LEADS_TO.items() for b in found_)


@pytest.mark.parametrize(("earlier", "later"), PAIRS)
def test_a_consequence_never_goes_before_its_cause(earlier, later):
    assert causes(found(later, DIRECT), found(earlier))[0] == earlier


def test_no_cause_leads_back_to_itself():
    for cause_, effects in LEADS_TO.items():
        assert all(cause_ not in LEADS_TO.get(effect, ()) for effect in effects), cause_


def test_every_cause_has_its_place():
    assert set(CAUSAL_ORDER) == set(Cause)
    assert len(CAUSAL_ORDER) == len(Cause)


def test_a_specific_finding_goes_before_a_generic_one_however_sure():
    vague = found(Cause.LOUD_FAILURE, DIRECT, generic=True)
    assert causes(vague, found(Cause.SERVICE_SIDE)) == ["service-side", "loud-failure"]


def test_of_two_links_that_do_not_touch_the_surer_goes_first():
    outcomes = found(Cause.WAITING_ON_EXTERNAL), found(Cause.LINGERING_CHILD_RUN, DIRECT)
    assert causes(*outcomes)[0] == "lingering-child-run"


def test_among_equals_the_earlier_link_goes_first():
    outcomes = found(Cause.SERVICE_SIDE), found(Cause.WAITING_ON_EXTERNAL)
    assert causes(*outcomes) == ["waiting-on-external", "service-side"]


def test_the_order_of_the_rules_decides_nothing():
    outcomes = [
        found(Cause.SILENT_ERROR),
        found(Cause.UNFLUSHED_OUTPUT, DIRECT),
        found(Cause.NONE, generic=True),
    ]
    assert len({tuple(causes(*order)) for order in itertools.permutations(outcomes)}) == 1


def test_a_consequence_that_is_linked_joins_the_evidence_as_one_more_witness():
    lost = found(Cause.UNFLUSHED_OUTPUT, DIRECT, subjects=frozenset({"tabel.csv"}))
    best = ranked(found(Cause.SILENT_ERROR, piece("tabel.csv not written")), lost)[0]
    assert (best.cause, best.certainty, DIRECT in best.supporting) == (
        Cause.SILENT_ERROR,
        Certainty.SUPPORTED,
        True,
    )


def test_a_consequence_of_something_else_speaks_for_nothing():
    lost = found(Cause.UNFLUSHED_OUTPUT, DIRECT, subjects=frozenset({"tabel.csv"}))
    best = ranked(found(Cause.SILENT_ERROR, piece("the mail was not sent")), lost)[0]
    assert (best.cause, best.certainty, DIRECT in best.supporting) == (
        Cause.SILENT_ERROR,
        Certainty.SUSPECTED,
        False,
    )


@pytest.mark.parametrize(
    ("evidence", "against", "expected"),
    [
        ((), (), Certainty.NONE),
        ((piece(),), (), Certainty.SUSPECTED),
        ((piece("a"), piece("b")), (), Certainty.SUSPECTED),
        ((piece("a"), piece("b", channel="runtime")), (), Certainty.SUPPORTED),
        ((piece("a"), piece("b", CODE)), (), Certainty.SUPPORTED),
        ((DIRECT,), (), Certainty.ESTABLISHED),
        ((DIRECT, piece()), (piece("but"),), Certainty.SUSPECTED),
        ((), (piece("but"),), Certainty.NONE),
    ],
)
def test_certainty_is_what_the_pieces_make_of_it(evidence, against, expected):
    assert weigh(evidence, against) is expected


def test_a_contradiction_makes_it_suspected():
    assert certainty(found(Cause.SILENT_ERROR, DIRECT, against=(piece("but"),))) is Certainty.SUSPECTED


def test_what_was_inferred_is_never_established():
    assert certainty(found(Cause.LINGERING_CHILD_PROCESS, DIRECT, inferred=True)) is Certainty.SUPPORTED


def test_what_was_inferred_twice_is_not_established_either():
    one = found(Cause.LINGERING_CHILD_PROCESS, DIRECT, inferred=True)
    other = found(Cause.LINGERING_CHILD_PROCESS, replace(DIRECT, summary="and again"), inferred=True)
    assert certainty(one, other) is Certainty.SUPPORTED


def test_a_finding_goes_no_higher_than_it_says():
    assert certainty(found(Cause.SILENT_ERROR, DIRECT, at_most=Certainty.SUSPECTED)) is Certainty.SUSPECTED


def test_two_rules_of_one_cause_are_one_hypothesis_of_all_their_evidence():
    one, other = found(Cause.SILENT_ERROR, piece("a")), found(Cause.SILENT_ERROR, piece("b", CODE))
    [both] = ranked(one, other)
    assert (len(both.supporting), both.certainty) == (2, Certainty.SUPPORTED)


def test_a_claim_without_certainty_stands_behind_those_that_have_some():
    leaning = found(Cause.RESOURCE_KILL, at_most=Certainty.NONE)
    told = [(h.cause, h.certainty) for h in ranked(leaning, found(Cause.UNFLUSHED_OUTPUT))]
    assert told == [(Cause.UNFLUSHED_OUTPUT, Certainty.SUSPECTED), (Cause.RESOURCE_KILL, Certainty.NONE)]


WORK = every(range(1, 50), "ronde {n}")


def test_a_run_whose_log_names_the_file_that_it_lost_was_a_silent_error():
    log = line(0.5, "ERROR kan kaart.parquet niet schrijven: OSError: [Errno 5] I/O") + WORK
    told = record(completed(), logs=log, outputs=[blob("kaart.parquet", 0)])
    assert (told["cause"], told["certainty"]) == ("silent-error", "supported")
    assert "unflushed-output" in [each["cause"] for each in told["hypotheses"]]


def test_a_full_disk_goes_before_the_file_that_it_cut():
    log = line(0.5, "OSError: [Errno 28] No space left on device: 'kaart.parquet'") + WORK
    told = record(completed(), logs=log, outputs=[blob("kaart.parquet", 0)])
    assert (told["cause"], told["mechanism"]) == ("silent-error", "disk-full")


def test_without_the_error_the_file_is_the_cause():
    assert cause(completed(), logs=WORK, outputs=[blob("kaart.parquet", 0)]) == "unflushed-output"
