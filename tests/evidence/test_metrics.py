import json
import random

import pytest
from building import bundle_of, fact, iso, missing, moment, packed

from diagnose.evidence.bundle import PartState
from diagnose.evidence.metrics import BUCKETS, SERIES_LIMIT, Metrics, frame


def point(minute, value=1.0, name="loss", **fields):
    return {"name": name, "value": value, "step": int(minute), "at": iso(minute), **fields}


def series(*rows, name="loss"):
    return fact(Metrics, metrics=rows).series[name]


def test_a_series_says_how_far_it_came_and_when():
    loss = series(point(1), point(2), point(4))
    assert (loss.count, loss.first_at, loss.last_at, loss.last_step) == (3, moment(1), moment(4), 4)


def test_the_order_of_the_rows_decides_nothing():
    rows = [
        point(n // 2, value) for n, value in enumerate([3.0, "NaN", 2.0, 2.0, "abc", "Infinity", None, "NaN"])
    ]
    shuffled = random.Random(2).sample(rows, len(rows))
    assert fact(Metrics, metrics=rows) == fact(Metrics, metrics=shuffled)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_values_that_json_cannot_say_are_counted_apart(word):
    assert series(point(1), point(2, word), point(3)).not_finite == 1


@pytest.mark.parametrize("value", ["nan", "inf", "1e5", "cat", None, True, [], {}, 10**400])
def test_what_is_no_number_is_a_point_without_a_value(value):
    loss = series(point(1, value))
    assert (loss.count, loss.not_finite, loss.buckets[0].low) == (1, 0, None)


def test_a_loss_that_stays_nan_says_since_when():
    assert series(point(1), point(2, "NaN"), point(3, "Infinity")).not_finite_since == moment(2)


def test_a_loss_that_was_nan_once_has_recovered():
    assert series(point(1, "NaN"), point(2)).not_finite_since is None


def test_a_text_after_the_last_number_does_not_make_it_nan():
    assert series(point(1, "NaN"), point(2), point(3, "text")).not_finite_since is None


def test_nan_constants_break_the_row_and_the_part():
    bundle = bundle_of(metrics=[point(1), '{"name": "loss", "value": NaN}'])
    found = bundle.get(Metrics)
    assert (found.count, found.part.state) == (1, PartState.FAILED)


@pytest.mark.parametrize("row", [{"value": 1}, {"name": None}, {"name": ["x"]}, {}])
def test_a_point_without_a_name_is_passed_over(row):
    assert fact(Metrics, metrics=[row]).count == 0


def test_a_point_without_a_time_counts_and_has_no_place():
    loss = series(point(1) | {"at": "soon"})
    assert (loss.count, loss.first_at, loss.buckets) == (1, None, ())


def test_a_step_that_is_no_integer_is_unknown():
    assert series(point(1, step="7"), point(2, step=None), point(3, step=1.5)).last_step is None


def test_gzipped_metrics_read_alike():
    rows = [point(1), point(2)]
    members = {"metrics.jsonl.gz": packed(rows)}
    assert fact(Metrics, members=members, parts={"metrics": "complete"}) == fact(Metrics, metrics=rows)


def test_the_longest_pause_is_measured_between_points():
    gaps = series(*(point(n) for n in (1, 2, 3, 13, 14))).gaps
    assert (gaps.count, gaps.median_s, gaps.longest_s, gaps.longest_from) == (4, 60.0, 600.0, moment(3))


def test_a_spike_survives_in_the_picture():
    loss = series(*(point(n / 60, 9999.0 if n == 4321 else 1.0) for n in range(10_000)))
    assert (len(loss.buckets), max(b.high for b in loss.buckets)) == (BUCKETS, 9999.0)


def test_three_hundred_thousand_points_are_joined_and_nothing_of_their_range_is_lost():
    text = "".join(
        f'{{"name":"m","value":{n % 1000},"step":{n},"at":"{iso(n // 600)}"}}\n' for n in range(300_000)
    )
    found = fact(Metrics, members={"metrics.jsonl": text.encode()}, parts={"metrics": "complete"}).series["m"]
    assert (found.count, found.last_step, found.first_at, found.last_at) == (
        300_000,
        299_999,
        moment(),
        moment(499),
    )
    assert (min(b.low for b in found.buckets), max(b.high for b in found.buckets)) == (0.0, 999.0)


def test_names_beyond_the_limit_are_dropped():
    rows = [point(1, name=f"m{n}") for n in range(SERIES_LIMIT + 5)]
    assert len(fact(Metrics, metrics=rows).series) == SERIES_LIMIT


def test_metrics_nobody_asked_for_are_missing_and_not_zero():
    assert missing(Metrics) == "the metrics are not-collected"


def test_a_complete_part_without_points_says_that_there_are_none():
    assert fact(Metrics, metrics=[]).count == 0


def test_a_frame_has_every_point_with_its_times_in_utc():
    table = frame(bundle_of(metrics=[point(1, 0.5), point(2, "NaN", ingested_at=iso(3))]))
    assert list(table.columns) == ["name", "value", "step", "at", "ingested_at"]
    assert (list(table["step"]), str(table["at"].dtype)) == ([1, 2], "datetime64[us, UTC]")


def test_a_frame_of_hostile_rows_has_gaps_and_no_error():
    rows = [
        {"name": "x", "step": "a", "at": 5},
        {"step": 1.5, "value": {}},
        {},
        {"step": 1 << 70, "at": "never"},
    ]
    table = frame(bundle_of(metrics=rows))
    assert table[["step", "at", "value"]].isna().all().all()


def test_a_frame_of_nothing_has_its_columns():
    assert list(frame(bundle_of())["step"]) == []


def test_texts_stay_texts_in_a_frame():
    assert json.dumps(list(frame(bundle_of(metrics=[point(1, "cat")]))["value"])) == '["cat"]'
