from diagnose.report.page import page


def test_evidence_is_sorted_by_how_the_verdict_uses_it(record):
    claims = page(record).claims
    assert [each.label for each in claims.supporting.items] == ["E1", "E2", "E3"]
    assert [each.label for each in claims.others.items] == ["E4"]


def test_what_decides_is_kept_when_there_is_too_much(record):
    record["evidence"] = [{"id": f"N{place}", "summary": "noise"} for place in range(500)] + record[
        "evidence"
    ]
    claims = page(record).claims
    assert [each.label for each in claims.supporting.items] == ["E1", "E2", "E3"]
    assert claims.others.more == "… and 474 more"


def test_without_hypotheses_evidence_speaks_for_itself(record):
    record["hypotheses"] = []
    record["evidence"][3]["stance"] = "against"
    claims = page(record).claims
    assert (
        [each.label for each in claims.supporting.items],
        [each.label for each in claims.opposing.items],
    ) == (
        ["E1", "E2", "E3"],
        ["E4"],
    )


def test_the_mechanism_is_told_by_the_rule_that_names_it(record):
    assert page(record).card.mechanism == "A thread outlives the main work"
    record["rules"] = None
    assert page(record).card.mechanism == "non daemon thread"


def test_a_certainty_that_was_measured_says_how_often_it_was_right(record):
    record["measured"] = {"corpus": "lab 7", "n": 1200, "precision": 0.975, "ci95": [0.96, 0.985]}
    assert page(record).card.measured == (
        "Measured on lab 7: 98% of 1,200 such verdicts were right (95 % interval 96% to 98%)."
    )


def test_a_portal_link_is_made_only_of_a_portal_address(record):
    assert page(record).portal == record["run"]["portal_url"]
    for address in (
        "http://ml.azure.com/runs/x",
        "https://ml.azure.com.evil.example/",
        "https://ml.azure.com@evil.example/",
        "https://evil.example/https://ml.azure.com/",
        "https://ml.azure.com/\\evil",
        "https://ml.azure.com/x\ny",
        'https://ml.azure.com/"onclick=',
        "javascript:alert(1)//https://ml.azure.com/",
        "x",
    ):
        record["run"]["portal_url"] = address
        shown = page(record)
        assert shown.portal is None
        assert [fact.href for fact in shown.facts if fact.name == "Studio"] == [None]


def test_parts_rules_not_checked_and_broken_rules_are_gaps(record):
    record["rules"]["broke"] = [{"rule": "x", "title": "X", "error": "KeyError: 'y'"}]
    assert [(gap.what, gap.why) for gap in page(record).gaps.items] == [
        ("The processes on the node", "Nobody could see the processes of the node"),
        (
            "Rule “Blocks were uploaded but never committed”",
            "Could not be checked: outputs: 403 on the datastore",
        ),
        ("Rule “X”", "Broke while it looked: KeyError: 'y'"),
    ]


def test_a_time_that_cannot_be_read_is_shown_as_it_stands(record):
    record["run"]["created_at"] = "yesterday"
    [created] = [fact for fact in page(record).facts if fact.name == "Created"]
    assert (created.value, created.exact) == ("yesterday", "not a time that could be read")


def test_times_of_a_run_that_ended_are_seen_from_its_end(record):
    record["run"]["ended_at"] = "2026-11-20T10:00:04Z"
    [started] = [fact for fact in page(record).facts if fact.name == "Started"]
    assert started.exact == "2 h before the end of the run"


def test_that_nothing_is_wrong_is_sure_in_its_own_words(record):
    record |= {"cause": "none", "certainty": "established", "next_steps": []}
    shown = page(record)
    assert shown.card.certainty_means == "All that would show trouble was seen, and it shows none."
    assert shown.no_steps == "Nothing needs to be done."


def test_words_that_the_glossary_does_not_know_are_shown(record):
    record |= {"outcome": "bored", "cause": "gremlins", "certainty": "sworn"}
    card = page(record).card
    assert (card.outcome, card.cause, card.certainty) == ("bored", "gremlins", "sworn")


def test_a_path_that_could_not_be_examined_is_shown_as_it_is(record):
    path = "system_logs/lifecycler/lifecycler.log"
    record["not_examined"] = [{"part": path, "why": f"{path} was cut"}, {"part": "outputs", "why": "denied"}]
    assert [(gap.what, gap.why) for gap in page(record).gaps.items[:2]] == [
        (path, f"{path} was cut"),
        ("The outputs", "Denied"),
    ]


def test_rules_that_lack_a_part_already_listed_share_a_line(record):
    record["not_examined"] = [{"part": "logs", "why": "403 on the datastore"}]
    record["rules"]["not_checked"] = [
        {"rule": "a", "title": "A", "why": "logs: 403 on the datastore"},
        {
            "rule": "b",
            "title": "B",
            "why": "errors in the log: 403 on the datastore; logs: 403 on the datastore",
        },
        {"rule": "c", "title": "C", "why": "outputs: gone"},
    ]
    assert [(gap.what, gap.why) for gap in page(record).gaps.items] == [
        ("The logs", "403 on the datastore"),
        ("2 rules", "Could not be checked without that: A; B"),
        ("Rule “C”", "Could not be checked: outputs: gone"),
    ]


def test_a_mechanism_without_a_rule_of_its_name_is_called_as_the_rule_that_leads(record):
    record["mechanism"] = "child-process"
    record["rules"]["found"] = [{"rule": "r", "title": "A started program was never waited for"}]
    record["evidence"][0]["rule"] = "r"
    record["hypotheses"][0]["for"] = ["E1"]
    assert page(record).card.mechanism == "A started program was never waited for"


def test_a_mechanism_that_says_no_more_than_the_cause_is_left_out(record):
    assert page(record | {"cause": "none", "mechanism": "none"}).card.mechanism is None
    assert page(record | {"cause": "still-working", "mechanism": "still-working"}).card.mechanism is None


def test_minutes_of_putting_away_are_not_called_idle(record):
    assert page(record | {"idle_tail_s": 104}).card.idle is None
    assert page(record | {"idle_tail_s": 7200}).card.idle == "2 h"
    assert page(record | {"idle_tail_s": 7200, "cause": "none"}).card.idle is None


def test_a_decided_verdict_has_no_rival_for_which_nothing_speaks(record):
    record["hypotheses"].append({"cause": "silent-error", "certainty": "none", "for": [], "missing": ["x"]})
    assert "Silent error" not in [each.name for each in page(record).claims.rivals]
    record["cause"] = "inconclusive"
    assert "Silent error" in [each.name for each in page(record).claims.rivals]


def test_a_summary_of_several_lines_leaves_them_to_its_quote(record):
    record["evidence"][0]["summary"] = "It said: one\ntwo"
    assert page(record).claims.supporting.items[0].summary == "It said: one"


def test_a_reason_given_for_a_part_is_not_repeated_with_each_explanation(record):
    record["not_examined"] = [{"part": "logs", "why": "403 on the store"}]
    record["hypotheses"][0]["missing"] = ["the end of the work: 403 on the store (ask)", "stacks (py-spy)"]
    assert page(record).claims.hypotheses.items[0].missing.items == ("the end of the work", "stacks (py-spy)")


def test_a_mechanism_in_the_words_of_the_cause_is_said_once(record):
    record |= {"cause": "loud-failure", "mechanism": "exception"}
    record["rules"]["found"] = [{"rule": "exception", "title": "It failed in the open"}]
    assert page(record).card.mechanism is None
