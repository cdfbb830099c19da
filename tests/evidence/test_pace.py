from datetime import timedelta

import pytest
from building import START

from diagnose.evidence.pace import KEPT, GapMeter, Gaps


def metered(gaps):
    meter, at = GapMeter(), START
    for seconds in gaps:
        meter.add(seconds, at)
        at += timedelta(seconds=max(seconds, 0))
    return meter


def test_no_gaps_make_no_pace():
    assert GapMeter().gaps() == Gaps()


@pytest.mark.parametrize("seconds", [0.0, -5.0])
def test_events_at_one_instant_or_out_of_order_make_no_gap(seconds):
    assert metered([seconds]).gaps() == Gaps()


def test_the_longest_gap_is_known_with_its_beginning():
    gaps = metered([1, 2, 60, 1]).gaps()
    assert (gaps.longest_s, gaps.longest_from) == (60, START + timedelta(seconds=3))


def test_the_quantiles_are_of_the_gaps():
    gaps = metered(range(1, 101)).gaps()
    assert (gaps.count, gaps.median_s, gaps.p95_s) == (100, 51, 96)


def test_a_million_gaps_are_measured_in_bounded_memory():
    meter = metered([1, 1, 1, 9] * 250_000)
    gaps = meter.gaps()
    assert (gaps.count, gaps.median_s, gaps.longest_s, len(meter.kept) <= KEPT + 1) == (1_000_000, 1, 9, True)


def test_the_longest_gap_is_never_sampled_away():
    assert metered([1] * 5_000 + [777] + [1] * 5_000).gaps().longest_s == 777
