from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnose.evidence.logscan.stampforms import match_plain
from diagnose.evidence.logscan.stamps import read_stamp
from diagnose.evidence.logscan.times import LineClock, Stamp, TimeContext, find_time, to_datetime, to_micros

RUN = TimeContext(datetime(2026, 11, 20, 7, tzinfo=UTC), datetime(2026, 11, 20, 14, tzinfo=UTC))
AT = datetime(2026, 11, 20, 8, 10, 21, tzinfo=UTC)

SAYS_ALL = r"""
2026-11-20T08:10:21Z ERROR span{f=v}: crate::module: message
2026-11-20T08:10:21.000000Z  INFO x
INFO 2026-11-20 08:10:21,000 service.py:125 [1] - [end]
[2026-11-20 08:10:21Z] Job is in progress
2026/11/20 08:10:21 Attempt 1 of http call
2026/11/20 08:10:21 logger.go:297: Attempt
2026-11-20 08:10:21,000|azureml.logger|DEBUG|message
<START>[2026-11-20T08:10:21.0000004Z][SCHEDULER][INFO]x<END>
"<START>[2026-11-20T08:10:21.000000][API][INFO]x<END>
Entering job release. Current time:2026-11-20T08:10:21.000000
[2026-11-20T08:10:21.000000] Entering context manager injector.
[stderr]2026-11-20T08:10:21Z x
2026-11-20 08:10:21.000 | INFO     | module:function:1 - x
[2026-11-20 08:10:21,000] [INFO] [launch.py:1] x
[INFO] 2026-11-20 08:10:21,000 x
[INFO|trainer.py:2048] 2026-11-20 08:10:21,000 >> x
INFO:root:2026-11-20 08:10:21 x
root - INFO - 2026-11-20 08:10:21,000 - x
my.module - 2026-11-20 08:10:21,000 - INFO - x
[I 2026-11-20 08:10:21.000 ServerApp] x
(train pid=123) 2026-11-20 08:10:21,000 x
(train pid=123, ip=10.0.0.4) 2026-11-20 08:10:21,000 x
[rank0]:2026-11-20 08:10:21 x
[1,0]<stdout>:2026-11-20 08:10:21 x
2026-11-20 08:10:21.000000: I tensorflow/core
20261120-08:10:21 x
20261120T081021Z x
20.11.2026 08:10:21 x
20/11/2026 08:10:21 x
11/20/2026 8:10:21 AM x
[11/20/26 08:10:21] INFO     x
26/11/20 08:10:21 INFO SparkContext: x
20-Nov-2026 08:10:21 x
Nov 20, 2026 8:10:21 AM org.apache x
Fri Nov 20 08:10:21 2026
Fri Nov 20 08:10:21 UTC 2026
Fri, 20 Nov 2026 09:10:21 +0100 x
127.0.0.1 - - [20/Nov/2026:17:10:21 +0900] "GET / HTTP/1.1" 200
2026-11-20 17:10:21 +0900 x
2026-11-20T17:10:21.000+09:00 x
2026-11-20 00:10:21 PST x
2026-11-20 09:10:21 CET x
2026-11-20 08:10:21 UTC x
time="2026-11-20T08:10:21Z" level=info msg=x
level=info ts=2026-11-20T08:10:21Z msg=x
{"level":"info","ts":1795162221.0,"msg":"x"}
{"message": "x", "timestamp": 1795162221000}
{"time":"2026-11-20T08:10:21Z","msg":"x"}
{"msg": "x", "@timestamp": "2026-11-20T08:10:21.000Z"}
{"asctime": "2026-11-20 08:10:21,000"}
1795162221.000 x
""".strip().splitlines()

NEEDS_THE_RUN = r"""
I1120 08:10:21.000000 123 file.cc:1] x
[rank0]:[W1120 08:10:21.000000 file.cpp:1] x
Nov 20 08:10:21 host systemd[1]: x
11/20 08:10:21 - mmengine - INFO - x
08:10:21 x
[08:10:21] WARNING: /workspace/src
[I 08:10:21.000 NotebookApp] x
INFO 08:10:21 x
1795162221 x
""".strip().splitlines()

SAYS_NO_TIME = r"""
loaded data of 2026-11-20 08:10:21
checkpoint saved at 2026-11-20 08:10:21
epoch 2026-11-20 08:10:21
Epoch 1: 08:10:21
 50%|#####     | 5/10 [00:05<00:05,  1.00it/s]
0  2026-11-20 08:10:21  1.5
2026-11-20
2026-13-20 08:10:21 x
2026-02-30 08:10:21 x
2026-11-20 25:10:21 x
2026-11-20 08:10:21 CST x
1970-01-01 00:00:00 x
2099-01-01 00:00:00 x
2019-01-01 00:00:00  1.5
00:00:12 x
{"date": "2026-11-20"}
{"n": 1795162221}
192.168.10.21:8080
""".strip().splitlines()


@pytest.mark.parametrize("line", SAYS_ALL)
def test_a_full_time_is_read_without_knowing_the_run(line):
    assert find_time(line.encode()).at == AT
    assert find_time(line.encode(), RUN).at == AT


@pytest.mark.parametrize("line", NEEDS_THE_RUN)
def test_what_a_time_does_not_say_comes_from_the_run_or_stays_unknown(line):
    assert find_time(line.encode(), RUN).at == AT
    assert find_time(line.encode()) is None


@pytest.mark.parametrize("line", SAYS_NO_TIME)
def test_not_every_number_is_a_time(line):
    assert find_time(line.encode(), RUN) is None


def test_a_zone_is_told_from_its_absence():
    assert find_time(b"2026-11-20T08:10:21Z x") == Stamp(AT, zoned=True)
    assert find_time(b"2026-11-20T10:10:21+02:00 x") == Stamp(AT, zoned=True)
    assert find_time(b"2026-11-20 08:10:21 x") == Stamp(AT, zoned=False)


def test_day_and_month_are_told_apart_by_the_run_only():
    spring = TimeContext(datetime(2026, 6, 5, tzinfo=UTC), datetime(2026, 6, 5, 12, tzinfo=UTC))
    assert find_time(b"05/06/2026 08:10:21 x", spring).at == datetime(2026, 6, 5, 8, 10, 21, tzinfo=UTC)
    assert find_time(b"05/06/2026 08:10:21 x") is None
    long = TimeContext(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
    assert find_time(b"05/06/2026 08:10:21 x", long) is None


def test_a_clock_without_a_day_goes_on_after_midnight():
    clock = LineClock(TimeContext(AT.replace(hour=22), AT + timedelta(hours=20)))
    times = [
        to_datetime(clock.read(line))
        for line in (b"23:59:58 a", b"00:00:01 b", b"23:59:59 late", b"01:00:00 c")
    ]
    assert [at.day for at in times] == [20, 21, 20, 21]


def test_a_clock_that_fits_two_days_of_the_run_stays_unknown():
    assert find_time(b"08:10:21 x", TimeContext(AT - timedelta(days=3), AT)) is None


def test_after_an_omission_the_day_is_no_longer_known():
    clock = LineClock(TimeContext(AT - timedelta(days=3), AT))
    assert clock.read(b"2026-11-18 08:00:00 x") is not None
    assert clock.read(b"08:10:21 x") is not None
    clock.forget()
    assert clock.read(b"08:10:21 x") is None


def test_a_stopwatch_is_not_a_clock():
    clock = LineClock(TimeContext(AT.replace(hour=23), AT + timedelta(hours=20)))
    assert [clock.read(line) for line in (b"00:00:12 step", b"00:11:00 step", b"01:00:00 step")] == [None] * 3


def test_a_clock_a_few_minutes_after_midnight_is_one_where_the_run_began_just_before():
    began = AT.replace(hour=23, minute=52, second=0)
    clock = LineClock(TimeContext(began, began + timedelta(hours=8)))
    times = [clock.read(line) for line in (b"00:03:12 a", b"00:11:00 b", b"01:00:00 c")]
    assert [to_datetime(at) - began for at in times] == [
        timedelta(minutes=11, seconds=12),
        timedelta(minutes=19),
        timedelta(minutes=68),
    ]


MOMENTS = st.datetimes(datetime(2015, 1, 2), datetime(2059, 1, 1))  # noqa: DTZ001  # as hypothesis wants them


@given(
    MOMENTS,
    st.sampled_from("T "),
    st.sampled_from(["", ".", ","]),
    st.sampled_from(["", "Z", "+09:00", " -0330", " UTC"]),
)
def test_every_moment_is_read_as_python_reads_it(moment, gap, point, zone):
    text = moment.strftime(f"%Y-%m-%d{gap}%H:%M:%S") + (f"{point}{moment.microsecond:06}" if point else "")
    normal = moment.isoformat("T", "microseconds" if point else "seconds") + zone.replace(" UTC", "Z").strip()
    expected = datetime.fromisoformat(normal)
    expected = expected.replace(tzinfo=UTC) if expected.tzinfo is None else expected
    assert find_time(f"{text}{zone} message".encode()).at == expected


@given(MOMENTS)
def test_the_shortcut_for_plain_lines_says_what_the_grammar_says(moment):
    line = f"[{moment:%Y-%m-%d %H:%M:%S}] x".encode()
    assert match_plain(line)
    assert LineClock().read(line) == read_stamp(b"INFO " + line).micros


@given(MOMENTS)
def test_a_moment_survives_as_microseconds(moment):
    assert to_datetime(to_micros(moment.replace(tzinfo=UTC))) == moment.replace(tzinfo=UTC)


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"{", b"[", b"2026-", b"INFO ", b"Nov 20 ", b"1795162221"])
)
def test_no_bytes_break_the_reading_of_times(data, start):
    find_time(start + data, RUN)


@given(
    st.lists(
        st.sampled_from([line.encode() for line in (*SAYS_ALL, *NEEDS_THE_RUN, *SAYS_NO_TIME, "", "x", "{")])
    )
)
def test_a_whole_text_is_read_as_its_lines_are(lines):
    one_by_one, at_once = LineClock(RUN), LineClock(RUN)
    expected, start = [], 0
    for line in lines:
        micros = one_by_one.read(line)
        expected += [] if micros is None else [(start, micros)]
        start += len(line) + 1
    assert list(zip(*at_once.read_all(b"\n".join(lines)), strict=True)) == expected
