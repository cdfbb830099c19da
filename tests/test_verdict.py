"""What became of the run, what would change the verdict, and what to do next."""

import random
import re
from dataclasses import replace

import pytest
from building import STD_LOG, WRAPPER, bundle_of, iso, line, run_row
from judging import blob, canceled, completed, every, failed, points, record, runtime, verdict
from samples import BROKEN, members_of
from samples import bundle_of as bundle_in

from diagnose.engine import Found, evaluate
from diagnose.rule import Certainty
from diagnose.rules import all_rules
from diagnose.verdict import decide

WORK = every(range(1, 50), "langkah {n}")
ERROR = line(0.5, "ERROR peta tak tertulis: OSError: [Errno 5] I/O")
EMPTY = [blob("peta.parquet", 0)]
ALIVE = every(range(0, 360, 5), "langkah {n}")


def outcome(run=None, **given):
    return record(run, **given)["outcome"]


@pytest.mark.parametrize(
    ("run", "given", "expected"),
    [
        (run_row("Queued", started_at=None), {}, "never-started"),
        (run_row(), {"logs": {WRAPPER: runtime(1, "starting")}}, "never-started"),
        (run_row(), {"logs": ALIVE, "metrics": points(range(0, 361, 5))}, "in-progress"),
        (run_row(), {"logs": every(range(360), "belum ada peta")}, "unknown"),
        (run_row(), {"logs": WORK}, "stuck"),
        (run_row(), {}, "unknown"),
        (completed(), {"logs": WORK, "outputs": [blob("peta.bin")]}, "completed"),
        (completed(), {"logs": WORK, "outputs": EMPTY}, "false-completion"),
        (failed(exit_code=1), {"logs": WORK}, "failed"),
        (failed(error={"message": "The node was preempted"}), {}, "cut-short"),
        (canceled(cancel={"by": "Sari"}), {"logs": WORK}, "cut-short"),
        (run_row("Hibernating"), {"logs": WORK}, "unknown"),
        (None, {"logs": WORK}, "unknown"),
    ],
)
def test_each_status_has_its_outcomes(run, given, expected):
    assert outcome(run, **given) == expected


def test_a_completed_run_of_which_too_little_was_seen_is_not_a_false_one():
    assert (outcome(completed()), record(completed())["cause"]) == ("completed", "inconclusive")


def judged(name):
    """The verdict on a sample run, and a judge of the same run without some pieces of evidence."""
    bundle = bundle_in(members_of(name))
    outcomes = evaluate(bundle, all_rules())
    return decide(bundle, outcomes), lambda gone: decide(bundle, [without(o, gone) for o in outcomes]).cause


def without(outcome, gone):
    """What the rule would have found had these pieces not been there."""
    if not isinstance(outcome, Found):
        return outcome
    findings = (replace(f, evidence=tuple(p for p in f.evidence if p not in gone)) for f in outcome.findings)
    return replace(outcome, findings=tuple(findings))


@pytest.mark.parametrize("name", BROKEN)
def test_without_the_evidence_of_the_flip_the_cause_is_another(name):
    decided, cause_without = judged(name)
    if decided.flip:
        assert cause_without(decided.flip.evidence) is decided.flip.to is not decided.cause


@pytest.mark.parametrize("name", BROKEN)
def test_no_piece_of_the_flip_can_be_spared(name):
    decided, cause_without = judged(name)
    gone = decided.flip.evidence if decided.flip else ()
    for piece in gone:
        assert cause_without([other for other in gone if other is not piece]) is decided.cause


@pytest.mark.parametrize("name", BROKEN)
def test_no_single_piece_changes_it_where_the_flip_has_two(name):
    decided, cause_without = judged(name)
    if decided.flip and len(decided.flip.evidence) == 2:
        for piece in decided.hypotheses[0].supporting[:15]:
            assert cause_without([piece]) is decided.cause


def test_some_flips_are_small_and_some_are_not():
    sizes = {len(flip.evidence) for name in BROKEN if (flip := judged(name)[0].flip)}
    assert {1, 2} < sizes


def test_an_inconclusive_verdict_has_nothing_to_flip():
    assert record(completed())["flip"] is None


@pytest.mark.parametrize("captured", ["head", "tail", "ends", "none"])
def test_an_output_is_no_cause_while_the_log_that_could_explain_it_was_not_read(captured):
    given = {"logs": WORK, "log_rows": {STD_LOG: {"captured": captured}}, "outputs": EMPTY}
    told = record(completed(), **given)
    assert (told["cause"], told["hypotheses"][0]["cause"]) == ("inconclusive", "unflushed-output")
    assert told["hypotheses"][0]["certainty"] == "none"


@pytest.mark.parametrize("state", ["denied", "gone", "failed", "partial", "not-collected"])
def test_metrics_that_were_lost_are_no_cause_without_the_log(state):
    told = record(completed(), outputs=EMPTY, metrics=points(range(9)), parts={"logs": state})
    assert told["cause"] == "inconclusive"


def test_a_listing_without_a_log_of_the_users_process_is_a_log_unseen():
    assert verdict(completed(), logs={WRAPPER: ""}, outputs=EMPTY) == ("inconclusive", None, "none")


def test_what_the_log_itself_says_directly_needs_no_more_of_it():
    log = WORK + line(50, "Could not clean up all items! Data loss might occur!")
    given = {"logs": log, "log_rows": {STD_LOG: {"captured": "tail"}}}
    assert verdict(completed(), **given)[0] == "unflushed-metrics"


def test_a_part_that_was_denied_becomes_the_next_step_with_its_reason():
    told = record(completed(), outputs=EMPTY, parts={"logs": "denied"})
    [asked] = [step for step in told["next_steps"] if "permission" in step["title"]]
    assert "the whole log" in asked["title"]
    assert "refused: " in asked["detail"]


def test_the_look_that_tells_of_most_open_causes_comes_first():
    told = record(completed(), outputs=EMPTY)
    assert "the whole log" in told["next_steps"][0]["title"]
    counts = [
        int(found[1])
        for step in told["next_steps"]
        if (found := re.search(r"tells of (\d+) of", step["detail"]))
    ]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) > 1


def test_an_open_run_that_nothing_decides_is_looked_at_while_it_is_there():
    told = record(run_row(), logs=WORK)
    assert told["cause"] == "inconclusive"
    there = ("ps -ef --forest", "diagnose capture")
    assert any((step["snippet"] or "").startswith(there) for step in told["next_steps"])
    assert not any((step["snippet"] or "").startswith("ps") for step in record(completed())["next_steps"])


def test_the_steps_of_a_cause_are_its_rules_own():
    told = record(completed(), logs=WORK, outputs=EMPTY)
    assert told["next_steps"][0]["title"] == "Write under another name, flush, then rename"


def test_where_a_cause_stands_that_all_is_well_is_no_rival_of_it():
    told = record(completed(), logs=ERROR + WORK, outputs=EMPTY)
    assert "none" not in [each["cause"] for each in told["hypotheses"] if each["certainty"] != "none"]
    assert "none" not in told["explanation"]


def test_causes_that_could_not_be_looked_for_stay_open_with_what_was_missing():
    told = {each["cause"]: each for each in record(completed())["hypotheses"]}
    assert told["silent-error"]["certainty"] == "none"
    assert any("not collected" in words for words in told["silent-error"]["missing"])


def summary(decided):
    """All that a reader learns, without the order in which equal pieces are listed."""
    ranked = [
        (h.cause, h.certainty, frozenset(h.supporting), frozenset(h.missing)) for h in decided.hypotheses
    ]
    return decided.cause, decided.mechanism, decided.certainty, decided.headline, decided.explanation, ranked


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_the_rules_answered_decides_nothing(seed):
    bundle = bundle_of(completed(), logs=ERROR + WORK, outputs=[*EMPTY, blob("b.tmp")])
    outcomes = list(evaluate(bundle, all_rules()))
    first = decide(bundle, outcomes)
    random.Random(seed).shuffle(outcomes)
    again = decide(bundle, outcomes)
    assert summary(first) == summary(again)


def test_the_headline_of_an_open_question_says_what_it_leans_to():
    told = record(completed(), outputs=EMPTY, parts={"logs": "denied"})
    assert "leans to unflushed-output" in told["headline"]


def test_an_end_before_the_start_breaks_nothing():
    assert outcome(completed(ended_at=iso(-600)), logs=WORK) == "completed"


def test_a_certainty_is_given_with_every_cause_and_with_none_else():
    for told in (record(completed()), record(completed(), logs=WORK, outputs=EMPTY)):
        assert (told["cause"] == "inconclusive") == (told["certainty"] == Certainty.NONE.word)
