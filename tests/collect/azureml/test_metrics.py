import json

import pytest
from answering import Answer, needs_recordings, pages_of, recorded, refusal_of, service_of, then_only

from diagnose.collect.azureml import metrics, paging
from diagnose.collect.azureml.gaps import GapError
from diagnose.collect.azureml.metrics import Named, keep, last_logged, names, points
from diagnose.evidence.bundle import PartState

AT, MILLIS = "2026-11-20T08:00:00.123Z", 1795161600123
LOSS = Named("loss", is_plain=True)


def last(name, step=0, columns=None, **more):
    """A metric as `lastvalues` tells it."""
    point = {"createdUtc": AT, "step": step, "data": {name: 1.0}}
    return {"name": name, "columns": columns or {name: "Double"}, "value": [point], **more}


def history_of(world, *rows):
    """What MLflow tells of the metric `loss`."""
    world.says("/get-history", {"metrics": list(rows)})
    return list(points(service_of(), "r", LOSS))


def table_of(world, *rows):
    """What run history tells of the metric `table`."""
    world.says("/full", {"value": list(rows)})
    return list(points(service_of(), "r", Named("table", is_plain=False)))


def kept(world, spool, *, named=None):
    """The rows of `metrics.jsonl`, and the gaps."""
    service = service_of()
    count, size, gaps = keep(service, "r", names(service, "r") if named is None else named, spool)
    lines = (spool.path / "metrics.jsonl").read_bytes().splitlines(keepends=True)
    assert (count, size) == (len(lines), sum(map(len, lines)))
    return [json.loads(line) for line in lines], gaps


# --- which metrics there are -------------------------------------------------------------------------------------


def test_a_number_with_a_step_is_plain(world):
    world.says("/lastvalues", {"value": [last("loss", 7)]})
    [found] = names(service_of(), "r")
    assert (found.name, found.is_plain) == ("loss", True)
    assert last_logged([found]) == AT


@pytest.mark.parametrize(
    "row",
    [last("loss", None), last("loss", 1, {"x": "Double", "y": "Double"}), {"name": "loss", "value": []}],
)
def test_what_mlflow_does_not_tell_whole_is_not_plain(world, row):
    world.says("/lastvalues", {"value": [row]})
    assert [found.is_plain for found in names(service_of(), "r")] == [False]


def test_the_names_of_all_pages_are_found(world):
    world.says("/lastvalues", pages_of({"value": [last("a")]}, {"value": [last("b")]}, {"value": []}))
    assert [found.name for found in names(service_of(), "r")] == ["a", "b"]
    assert world.bodies() == [{}, {"continuationToken": "1"}, {"continuationToken": "2"}]


@pytest.mark.parametrize("refusal", [refusal_of(404), refusal_of(403), {"value": []}])
def test_mlflow_names_them_where_run_history_does_not(world, refusal):
    world.says("/lastvalues", refusal)
    world.says("/runs/get", {"run": {"data": {"metrics": [{"key": "loss", "timestamp": str(MILLIS)}]}}})
    [found] = names(service_of(), "r")
    assert (found.name, found.is_plain, last_logged([found])) == ("loss", False, AT)


def test_metrics_that_nobody_may_see_are_a_gap_and_not_none(world):
    world.says("", refusal_of(403))
    with pytest.raises(GapError) as caught:
        names(service_of(), "r")
    assert caught.value.gap.state is PartState.DENIED


def test_a_run_that_logged_nothing_has_no_metrics(world):
    world.says("/lastvalues", {"value": []})
    world.says("/runs/get", {"run": {"data": {}}})
    assert names(service_of(), "r") == []
    assert last_logged([]) is None


@needs_recordings
def test_recorded_last_values(world):
    world.says("/lastvalues", recorded("metric_v2_lastvalues"))
    found = names(service_of(), "r")
    assert [(one.name, one.is_plain) for one in found] == [
        ("__pf__.nodes.print_env.completed", True),
        ("__pf__.lines.completed", True),
        ("__pf__.lines.failed", True),
    ]
    assert last_logged(found) == "2024-05-13T08:37:07.497Z"


def test_no_metric_is_lost_without_a_word(world, spool, monkeypatch):
    monkeypatch.setattr(metrics, "NAMES_MAX", 2)
    world.says("/lastvalues", {"value": [last("a"), last("b"), last("c")]})
    world.says("/get-history", {"metrics": [{"value": 1.0}]})
    rows, gaps = kept(world, spool)
    assert len(rows) == 3 or gaps


# --- their points ------------------------------------------------------------------------------------------------


def test_a_point_has_value_step_and_time(world):
    rows = history_of(world, {"key": "loss", "value": 0.5, "timestamp": MILLIS, "step": 3})
    assert rows == [{"name": "loss", "value": 0.5, "step": 3, "at": AT}]


def test_numbers_may_come_as_text(world):
    [row] = history_of(world, {"value": 1, "timestamp": str(MILLIS), "step": "-1"})
    assert (row["at"], row["step"]) == (AT, -1)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_keeps_its_name(world, spool, value):
    world.says("/get-history", {"metrics": [{"value": value, "step": 1}]})
    rows, gaps = kept(world, spool, named=[LOSS])
    assert ([row["value"] for row in rows], gaps) == ([value], [])


@pytest.mark.parametrize("body", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999"])
def test_numbers_that_no_json_knows_become_words(world, body):
    world.says("/get-history", Answer(200, b'{"metrics": [{"value": %s, "step": 1}]}' % body))
    [row] = list(points(service_of(), "r", LOSS))
    assert row["value"] == body.decode().replace("1e999", "Infinity")


@pytest.mark.parametrize("timestamp", [None, 0, "", "soon", 10**30, "9" * 30, -(10**18), True, [1], "²"])
def test_a_time_of_no_known_shape_is_not_known(world, timestamp):
    [row] = history_of(world, {"value": 1, "timestamp": timestamp, "step": 1})
    assert row["at"] is None


@pytest.mark.parametrize("step", [None, "", "one", True, [1], "9" * 30])
def test_a_step_of_no_known_shape_is_not_known(world, step):
    [row] = history_of(world, {"value": 1, "timestamp": 1, "step": step})
    assert row["step"] is None


def test_all_pages_of_a_metric_are_read(world):
    def answer(request):
        number = int(request.url.partition("page_token=")[2] or 0)
        return {
            "metrics": [{"value": number}],
            **({"next_page_token": str(number + 1)} if number < 4 else {}),
        }

    world.says("/get-history", answer)
    assert [row["value"] for row in points(service_of(), "r", LOSS)] == [0, 1, 2, 3, 4]


def test_a_page_that_comes_again_and_again_is_a_gap(world):
    world.says("/get-history", {"metrics": [{"value": 1}], "next_page_token": "same"})
    with pytest.raises(GapError, match="the metric loss: the service sends the same page again and again"):
        list(points(service_of(), "r", LOSS))
    assert len(world.asked) == 2


def test_pages_without_end_are_a_gap(world, monkeypatch):
    monkeypatch.setattr(paging, "PAGES_MAX", 3)
    world.says("/get-history", lambda _: {"metrics": [], "next_page_token": str(len(world.asked))})
    with pytest.raises(GapError, match="more than 3 pages"):
        list(points(service_of(), "r", LOSS))


def test_the_second_service_has_pages_too(world):
    pages = [{"value": [{"data": {"table": number}, "step": None}]} for number in range(3)]
    world.says("/full", pages_of(*pages))
    rows = list(points(service_of(), "r", Named("table", is_plain=False)))
    assert [row["value"] for row in rows] == [0, 1, 2]
    assert world.bodies()[-1] == {"metricName": "table", "continuationToken": "2"}


def test_the_second_service_that_repeats_itself_is_a_gap(world):
    world.says("/full", {"value": [], "continuationToken": "same"})
    with pytest.raises(GapError, match="again and again"):
        list(points(service_of(), "r", Named("table", is_plain=False)))


def test_a_point_without_a_step_comes_from_the_second_service(world):
    rows = table_of(world, {"data": {"table": 0.5}, "step": None, "createdUtc": AT})
    assert rows == [{"name": "table", "value": 0.5, "step": None, "at": AT}]


def test_a_table_is_kept_as_text(world):
    [row] = table_of(world, {"data": {"x": [1, 2], "y": "a"}, "step": 1})
    assert json.loads(row["value"]) == {"x": [1, 2], "y": "a"}


def test_a_large_table_is_cut(world):
    [row] = table_of(world, {"data": {"x": ["long"] * 5000}})
    assert len(row["value"]) == metrics.TABLE_TEXT


@pytest.mark.parametrize(("value", "text"), [(None, "null"), (True, "true"), ([1], "[1]"), ({}, "{}")])
def test_a_value_that_is_no_number_and_no_text_is_told_as_json(world, value, text):
    [row] = table_of(world, {"data": {"table": value}})
    assert row["value"] == text


def test_a_text_is_a_text(world):
    [row] = table_of(world, {"data": {"table": "hello"}})
    assert row["value"] == "hello"


# --- kept --------------------------------------------------------------------------------------------------------


def test_metrics_are_kept_one_after_the_other(world, spool):
    world.says("/lastvalues", {"value": [last("b"), last("a"), last("t", None)]})
    world.says("/get-history", {"metrics": [{"value": 1, "step": 1}, {"value": 2, "step": 2}]})
    world.says("/full", {"value": [{"data": {"t": 3}}]})
    rows, gaps = kept(world, spool)
    assert [(row["name"], row["value"]) for row in rows] == [("b", 1), ("b", 2), ("a", 1), ("a", 2), ("t", 3)]
    assert gaps == []


def test_of_no_metrics_an_empty_file_is_kept(world, spool):
    assert kept(world, spool, named=[]) == ([], [])


def test_a_metric_that_is_named_twice_breaks_nothing(world, spool):
    world.says("/lastvalues", {"value": [last("loss"), last("loss", namespace="other")]})
    world.says("/get-history", {"metrics": [{"value": 1, "step": 1}]})
    rows, _ = kept(world, spool)
    assert rows[0]["value"] == 1


def test_what_came_before_the_trouble_is_kept(world, spool):
    world.says("/full", then_only({"value": [{"data": {"t": 1}}]}, refusal_of(500)))
    rows, [gap] = kept(world, spool, named=[Named("t", is_plain=False)])
    assert [row["value"] for row in rows] == [1]
    assert gap.what == "the metric t"


def test_one_metric_in_trouble_costs_no_other(world, spool):
    world.says("/full", refusal_of(404))
    world.says("/get-history", lambda asked: {"metrics": [{}]} if "=loss&" in asked.url else refusal_of(404))
    rows, gaps = kept(world, spool, named=[Named("t", is_plain=False), LOSS])
    assert ([row["name"] for row in rows], [gap.what for gap in gaps]) == (["loss"], ["the metric t"])


def test_a_number_that_mlflow_does_not_tell_comes_from_the_second_service(world):
    world.says("/get-history", refusal_of(403))
    world.says("/full", {"value": [{"data": {"loss": 0.5}, "step": 3}]})
    assert [(row["value"], row["step"]) for row in points(service_of(), "r", LOSS)] == [(0.5, 3)]


@pytest.mark.parametrize(("step", "told"), [(0, None), (7, 7), ("7", 7)])
def test_mlflow_stands_in_for_the_second_service_and_its_step_zero_is_none(world, step, told):
    world.says("/full", refusal_of(403))
    world.says("/get-history", {"metrics": [{"value": 0.5, "step": step}]})
    [row] = points(service_of(), "r", Named("loss", is_plain=False))
    assert (row["value"], row["step"]) == (0.5, told)


def test_what_neither_service_tells_is_a_gap_with_the_first_reason(world):
    world.says("/full", refusal_of(404))
    world.says("/get-history", refusal_of(403))
    with pytest.raises(GapError) as caught:
        list(points(service_of(), "r", LOSS))
    assert caught.value.gap.state is PartState.DENIED


def test_more_points_than_are_kept_are_a_gap(world, spool, monkeypatch):
    monkeypatch.setattr(metrics, "POINTS_MAX", 2)
    world.says("/get-history", {"metrics": [{"value": number} for number in range(5)]})
    rows, [gap] = kept(world, spool, named=[LOSS])
    assert [row["value"] for row in rows] == [0, 1]
    assert (gap.state, gap.what) == (PartState.PARTIAL, "the metric loss")


def test_a_name_of_any_shape_is_told_on_one_line(world):
    world.says("/get-history", refusal_of(404))
    with pytest.raises(GapError) as caught:
        list(points(service_of(), "r", Named("a\n\x1b[31m" + "x" * 500, is_plain=True)))
    assert caught.value.gap.what.isprintable()
    assert len(caught.value.gap.what) < 150


@pytest.mark.parametrize("answer", [{}, {"metrics": None}, {"metrics": 7}, {"metrics": [None, 7, "x"]}])
def test_an_answer_of_no_known_shape_holds_no_points(world, answer):
    world.says("/get-history", answer)
    assert list(points(service_of(), "r", LOSS)) == []
