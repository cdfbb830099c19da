import random

import pytest
from building import CAPTURED, STD_LOG, WRAPPER, fact, iso, line, moment, run_row

from diagnose.evidence.cadence import Beat, Cadence


def steady(until, step=10, start=0):
    return "".join(line(minute, "epoch done") for minute in range(start, until + 1, step))


def cadence(run=None, **given):
    return fact(Cadence, run or run_row(), **given)


def points(until, step=10):
    return [{"name": "loss", "value": 1.0, "at": iso(minute)} for minute in range(0, until + 1, step)]


def blobs(*minutes):
    return [
        {"output": "model", "path": f"c{n}", "size": 1, "modified_at": iso(at)}
        for n, at in enumerate(minutes)
    ]


@pytest.mark.parametrize(
    ("silent_minutes", "beat"),
    [(0, Beat.ALIVE), (20, Beat.ALIVE), (21, Beat.UNCLEAR), (40, Beat.UNCLEAR), (41, Beat.SILENT)],
)
def test_silence_is_measured_in_multiples_of_the_longest_pause(silent_minutes, beat):
    assert cadence(logs=steady(100), captured_at=moment(100 + silent_minutes)).beat is beat


def test_a_fast_log_is_not_silent_within_five_minutes():
    log = "".join(line(second / 60, "step") for second in range(60))
    assert cadence(logs=log, captured_at=moment(5)).beat is Beat.UNCLEAR


def test_one_long_pause_that_ended_makes_a_longer_one_believable():
    log = steady(60) + steady(300, start=180)
    assert cadence(logs=log, captured_at=moment(500)).beat is Beat.ALIVE


def test_a_log_with_too_few_times_has_no_pace():
    assert cadence(logs=steady(20), captured_at=moment(300)).beat is Beat.UNCLEAR


def test_without_the_moment_of_the_capture_no_silence_is_measured():
    found = cadence(logs=steady(100), captured_at=None)
    assert (found.now, found.silence_s, found.beat, found.silent_channels) == (None, None, Beat.UNCLEAR, ())


def test_a_run_that_ended_is_measured_to_its_end():
    assert cadence(run_row("Completed", ended_at=iso(105)), logs=steady(100)).silence_s == 300


def test_an_end_after_the_capture_is_not_looked_forward_to():
    assert cadence(run_row("Completed", ended_at="2099-01-01T00:00:00Z"), logs=steady(100)).now == CAPTURED


def test_an_end_before_the_start_says_nothing():
    run = run_row("Completed", started_at=iso(60), ended_at=iso(10))
    assert cadence(run, logs=steady(100)).now == CAPTURED


def test_a_metric_from_the_future_is_no_sign_of_life():
    found = cadence(metrics=[*points(30), *points(100_000, 100_000)], captured_at=moment(400))
    assert (found.channel("metric").silence_s(found.now), found.beat) == (0.0, Beat.UNCLEAR)


def test_a_sign_a_few_seconds_ahead_of_the_capture_is_one():
    assert cadence(metrics=points(100), captured_at=moment(99.9)).beat is Beat.ALIVE


def test_one_channel_that_lives_is_enough():
    found = cadence(logs=steady(50), metrics=points(200), captured_at=moment(201))
    assert (found.beat, [c.name for c in found.silent_channels]) == (Beat.ALIVE, ["log"])


def test_a_channel_without_a_pace_that_is_fresher_leaves_it_unclear():
    found = cadence(logs=steady(50), outputs=blobs(190), captured_at=moment(201))
    assert found.beat is Beat.UNCLEAR


def test_what_the_runtime_writes_is_no_sign_of_the_users_work():
    found = cadence(logs={STD_LOG: steady(50), WRAPPER: line(300, "INFO heartbeat")}, captured_at=moment(301))
    assert (found.beat, found.runtime_at) == (Beat.SILENT, moment(300))


def test_a_log_without_times_lives_by_the_time_of_its_last_write():
    found = cadence(logs="hello\n", log_rows={STD_LOG: {"modified_at": iso(30)}}, captured_at=moment(90))
    assert (found.last_at, found.silence_s, found.beat) == (moment(30), 3600, Beat.UNCLEAR)


def test_the_busiest_of_several_ranks_gives_the_pace_and_the_last_of_all_the_life():
    logs = {"user_logs/r0.txt": steady(100), "user_logs/r1.txt": line(0, "up") + line(150, "late")}
    channel = cadence(logs=logs, captured_at=moment(151)).channel("log")
    assert (channel.longest_pause_s, channel.last_at) == (600, moment(150))


def test_the_order_of_rows_and_logs_decides_nothing():
    logs = {f"user_logs/r{n}.txt": steady(100 + n) for n in range(4)}
    rows = points(200) + [{"name": "acc", "value": n, "at": iso(n * 3)} for n in range(20)]
    turned = cadence(logs=dict(reversed(logs.items())), metrics=random.Random(1).sample(rows, len(rows)))
    assert cadence(logs=logs, metrics=rows) == turned


def test_without_any_channel_nothing_is_known():
    found = cadence()
    assert (found.channels, found.last_at, found.silence_s, found.beat) == ((), None, None, Beat.UNCLEAR)


def test_a_run_that_is_missing_is_measured_to_the_capture():
    assert fact(Cadence, logs=steady(100)).now == CAPTURED


@pytest.mark.parametrize(
    ("log", "beat"),
    [
        ("".join(f"tile {n}\n" for n in range(90)), Beat.ALIVE),
        ("".join(f"tile 9: {n}%|#   |\r" for n in range(90)), Beat.ALIVE),
        ("tile 1\n" * 4, Beat.UNCLEAR),
        ("".join(f"tile {n}\n" for n in range(4000)), Beat.UNCLEAR),
    ],
)
def test_lines_without_a_time_make_a_pace_by_their_number(log, beat):
    found = cadence(
        run_row(), logs=log, log_rows={STD_LOG: {"modified_at": iso(88.5)}}, captured_at=moment(90)
    )
    assert found.beat is beat


def test_such_a_pace_never_tells_of_silence():
    found = cadence(
        run_row(),
        logs="".join(f"tile {n}\n" for n in range(90)),
        log_rows={STD_LOG: {"modified_at": iso(20)}},
        captured_at=moment(900),
    )
    assert found.beat is Beat.UNCLEAR


def test_a_log_of_a_run_that_was_ended_has_no_such_pace():
    found = cadence(
        run_row("Canceled", ended_at=iso(90)),
        logs="".join(f"tile {n}\n" for n in range(90)),
        log_rows={STD_LOG: {"modified_at": iso(88.5)}},
        captured_at=moment(900),
    )
    assert found.beat is Beat.UNCLEAR
