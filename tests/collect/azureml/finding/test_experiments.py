import json

import pytest
from answering import pages_of, refusal_of, service_of, then_only

from diagnose.collect.azureml.finding.experiments import Experiments, experiments_of
from diagnose.collect.azureml.gaps import GapError


def known(*names):
    return {"value": [{"experimentId": f"id-{name}", "name": name} for name in names]}


def in_mlflow(*names):
    return {"experiments": [{"experiment_id": f"id-{name}", "name": name} for name in names]}


def test_all_experiments_are_listed_archived_ones_too(world):
    world.says("/experiments:query", pages_of(known("a"), known("b")))
    assert experiments_of(service_of(), None) == Experiments(("id-a", "id-b"))
    assert {body["viewType"] for body in world.bodies()} == {"All"}


def test_the_named_one_is_one_question(world):
    world.says("/experiments/my%20one", {"experimentId": "id-1", "name": "my one"})
    assert experiments_of(service_of(), "my one") == Experiments(("id-1",), named=True)
    assert len(world.asked) == 1


@pytest.mark.parametrize("status", [403, 404, 405])
def test_a_name_that_cannot_be_asked_for_is_looked_up(world, status):
    world.says("/experiments/B", refusal_of(status))
    world.says("/experiments:query", known("a", "b"))
    assert experiments_of(service_of(), "B") == Experiments(("id-b",), named=True)
    assert experiments_of(service_of(), "c") == Experiments((), named=True)


def test_mlflow_is_asked_where_run_history_does_not_answer(world):
    world.says("/experiments:query", refusal_of(404))
    world.says("/experiments/search", in_mlflow("a"))
    assert experiments_of(service_of(), None) == Experiments(("id-a",))
    assert json.loads(world.requests[-1].body)["view_type"] == "ALL"


def test_a_list_that_breaks_off_is_asked_for_elsewhere(world):
    world.says("/experiments:query", then_only(known("a"), refusal_of(500)))
    world.says("/experiments/search", in_mlflow("a", "b"))
    assert experiments_of(service_of(), None) == Experiments(("id-a", "id-b"))


def test_what_came_of_two_lists_that_break_off_stays(world):
    world.says("/experiments:query", then_only(known("a"), refusal_of(500)))
    world.says("/experiments/search", refusal_of(403))
    found = experiments_of(service_of(), None)
    assert found.ids == ("id-a",)
    assert found.gap.status == 500


def test_no_list_at_all_is_a_gap(world):
    world.says("/experiments:query", refusal_of(403))
    world.says("/experiments/search", refusal_of(404))
    with pytest.raises(GapError, match="the experiments"):
        experiments_of(service_of(), None)


def test_rows_of_no_known_shape_are_no_experiments(world):
    world.says("/experiments:query", {"value": [5, {}, {"experimentId": []}, {"experimentId": "id-a"}]})
    assert experiments_of(service_of(), None) == Experiments(("id-a",))
