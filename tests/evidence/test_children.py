import itertools

import pytest
from building import bundle_of, fact, iso, missing, moment

from diagnose.evidence.bundle import PartState
from diagnose.evidence.children import Children


def child(name="c-1", status="Running", **fields):
    return {"id": name, "status": status, **fields}


def test_children_come_by_id_whatever_their_order():
    rows = [child("b"), child("a"), child("c")]
    assert fact(Children, children=rows) == fact(Children, children=rows[::-1])


def test_of_two_records_of_one_child_the_newer_counts():
    rows = [
        child(status="Completed", last_changed_at=iso(9)),
        child(status="Running", last_changed_at=iso(2)),
    ]
    for order in itertools.permutations(rows):
        assert [c.status for c in fact(Children, children=order).all] == ["Completed"]


def test_of_two_records_without_a_time_the_final_one_counts():
    for order in itertools.permutations([child(status="Failed"), child(status="Running")]):
        assert [c.status for c in fact(Children, children=order).all] == ["Failed"]


def test_a_child_without_an_id_is_passed_over():
    assert fact(Children, children=[{"status": "Running"}, child(None), child(["x"])]).all == ()


def test_a_complete_part_without_rows_says_that_there_are_no_children():
    assert fact(Children, children=[]).all == ()


@pytest.mark.parametrize("state", [s for s in PartState if s is not PartState.COMPLETE])
def test_a_part_that_is_not_there_is_missing(state):
    assert str(state) in missing(Children, parts={"children": state})


def test_a_broken_row_ends_the_children_and_fails_the_part():
    bundle = bundle_of(children=[child("a"), "{broken", child("b")])
    found = bundle.get(Children)
    assert ([c.run_id for c in found.all], found.part.state) == (["a"], PartState.FAILED)


def test_a_status_never_seen_is_neither_open_nor_closed():
    found = fact(
        Children, children=[child("a", "Hibernating"), child("b", "Queued"), child("c", "Completed")]
    )
    assert [c.run_id for c in found.open] == ["b"]


def test_the_change_of_its_record_is_no_sign_of_life():
    [one] = fact(
        Children, children=[child(last_changed_at=iso(99), last_log_at=iso(3), last_metric_at=iso(7))]
    ).all
    assert one.last_sign_of_life == moment(7)


def test_a_child_that_gave_no_sign_has_no_last_one():
    [one] = fact(Children, children=[child(last_changed_at=iso(99))]).all
    assert one.last_sign_of_life is None
