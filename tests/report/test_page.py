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
