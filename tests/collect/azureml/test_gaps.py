import pytest

from diagnose.collect.azureml.gaps import CollectError, Gap, GapError
from diagnose.errors import DiagnoseError
from diagnose.evidence.bundle import Part, PartState

DENIED = Gap("the child runs", PartState.DENIED, "403 no", 403, "Forbidden", "id-1", 2)


def test_a_gap_is_a_sentence():
    assert DENIED.sentence == str(GapError(DENIED)) == "the child runs: 403 no"


def test_a_gap_stands_in_the_place_of_the_whole_part():
    assert DENIED.part() == Part(PartState.DENIED, "403 no")


def test_what_came_before_the_gap_makes_a_partial_part():
    assert DENIED.part(3, 99) == Part(PartState.PARTIAL, "403 no", 3, 99)


def test_a_gap_in_something_smaller_than_the_part_is_named():
    assert Gap("the metric loss", PartState.FAILED, "503").part(1).reason == "the metric loss: 503"


def test_nothing_before_the_gap_is_no_partial_part():
    assert DENIED.part(0, 0).state is PartState.DENIED


@pytest.mark.parametrize("state", [state for state in PartState if state is not PartState.COMPLETE])
def test_a_part_with_a_gap_is_never_complete(state):
    gap = Gap("x", state, "y")
    assert not gap.part().is_complete
    assert not gap.part(5).is_complete


def test_a_bundle_keeps_all_that_is_known_of_a_gap():
    assert DENIED.row() == {
        "what": "the child runs",
        "state": "denied",
        "reason": "403 no",
        "status": 403,
        "code": "Forbidden",
        "request_id": "id-1",
        "attempts": 2,
    }


def test_what_is_not_known_of_a_gap_is_left_out():
    row = Gap("x", PartState.FAILED, "y").row()
    assert row == {"what": "x", "state": "failed", "reason": "y", "attempts": 1}


def test_that_nothing_can_be_collected_is_for_the_user_to_mend():
    assert issubclass(CollectError, DiagnoseError)
    assert not issubclass(GapError, DiagnoseError)
