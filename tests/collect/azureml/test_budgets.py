import threading
from email.utils import formatdate

import pytest

from diagnose.collect.azureml.budgets import HOLD_MAX_S, Budgets, kind_of, seconds_asked

ARM, DATA, BLOB = "management.azure.com", "westeurope.api.azureml.ms", "acct.blob.core.windows.net"


class Time:
    """A clock that only goes on while somebody sleeps."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def time():
    return Time()


def budgets_of(time, **more):
    return Budgets(clock=time, sleep=time.sleep, **more)


def sent(budgets, time, host, count):
    """When each of so many requests left."""
    moments = []
    for _ in range(count):
        budgets.wait(host)
        moments.append(time.now)
    return moments


def level_after(moments, burst=250, per_s=25.0):
    """The lowest level of the service's own bucket while these requests came."""
    level, lowest, last = float(burst), float(burst), moments[0]
    for at in moments:
        level = min(burst, level + (at - last) * per_s) - 1
        lowest, last = min(lowest, level), at
    return lowest


def test_each_host_has_the_budget_of_its_kind():
    hosts = {
        ARM: "arm",
        "management.usgovcloudapi.net": "arm",
        DATA: "data",
        BLOB: "storage",
        "api.loganalytics.io": "log analytics",
        "login.microsoftonline.com": "sign-in",
    }
    assert {host: kind_of(host) for host in hosts} == hosts


def test_arm_is_never_asked_more_than_it_allows_and_hardly_less(time):
    moments = sent(budgets_of(time), time, ARM, 2_000)
    assert level_after(moments) >= 0
    steady = moments[500:]
    assert 24.0 <= (len(steady) - 1) / (steady[-1] - steady[0]) <= 25.0


def test_a_worker_of_eight_takes_an_eighth(time):
    moments = sent(budgets_of(time, share=1 / 8), time, ARM, 200)
    assert level_after(moments, burst=250 // 8, per_s=25 / 8) >= 0
    assert (200 - 100) / (moments[-1] - moments[99]) == pytest.approx(24.5 / 8, rel=0.02)


def test_waiting_is_written_down_by_kind(time):
    budgets = budgets_of(time)
    sent(budgets, time, ARM, 250)
    assert budgets.wait("login.microsoftonline.com") == 0.0
    assert budgets.waited_s["arm"] == pytest.approx(time.now - 1000.0)
    assert set(budgets.waited_s) == {"arm"}


def test_retry_after_holds_the_host_and_no_other(time):
    budgets = budgets_of(time)
    budgets.heard(ARM, 429, {"Retry-After": "17"})
    assert budgets.held_s(ARM) == pytest.approx(17.0)
    assert budgets.wait(DATA) == 0.0
    assert budgets.wait(ARM) == pytest.approx(17.0)


def test_storage_that_is_busy_is_left_alone_for_a_second(time):
    budgets = budgets_of(time)
    budgets.heard(BLOB, 503, {})
    assert budgets.wait(BLOB) == pytest.approx(1.0)
    assert budgets.wait("other.blob.core.windows.net") == 0.0


def test_nobody_is_held_for_longer_than_a_scan_can_wait(time):
    budgets = budgets_of(time)
    budgets.hold(DATA, 86_400)
    assert budgets.held_s(DATA) == HOLD_MAX_S
    budgets.hold(DATA, 1)
    assert budgets.held_s(DATA) == HOLD_MAX_S


def test_few_remaining_reads_are_left_to_others(time):
    budgets = budgets_of(time)
    budgets.heard(ARM, 200, {"x-ms-ratelimit-remaining-subscription-reads": "249"})
    assert budgets.wait(ARM) == 0.0
    budgets.heard(ARM, 200, {"X-Ms-Ratelimit-Remaining-Subscription-Reads": "1"})
    assert budgets.wait(ARM) == pytest.approx(0.2)
    budgets.heard(DATA, 200, {"x-ms-ratelimit-remaining-subscription-reads": "0"})
    assert budgets.wait(DATA) == 0.0


@pytest.mark.parametrize("odd", ["", "many", "-3", "9" * 40, "1.5"])
def test_remaining_reads_that_are_no_number_are_not_heard(time, odd):
    budgets = budgets_of(time)
    budgets.heard(ARM, 200, {"x-ms-ratelimit-remaining-subscription-reads": odd})
    assert budgets.wait(ARM) == 0.0


def test_a_data_plane_that_refuses_is_asked_half_as_often(time):
    budgets = budgets_of(time)
    assert budgets.per_s(DATA) == 50.0
    for _ in range(8):  # refusals of one burst are one
        budgets.heard(DATA, 429, {"Retry-After": "1"})
    assert budgets.per_s(DATA) == 25.0
    time.now += 1.5
    budgets.heard(DATA, 429, {})
    assert budgets.per_s(DATA) == 12.5
    for _ in range(20):
        time.now += 1.5
        budgets.heard(DATA, 429, {})
    assert budgets.per_s(DATA) == 1.0


def test_it_recovers_while_nothing_is_refused(time):
    budgets = budgets_of(time)
    budgets.heard(DATA, 429, {"Retry-After": "1"})
    sent(budgets, time, DATA, 5_000)
    assert 50.0 < budgets.per_s(DATA) <= 200.0


def test_the_slower_pace_is_kept(time):
    budgets = budgets_of(time)
    budgets.heard(DATA, 429, {"Retry-After": "1"})
    moments = sent(budgets, time, DATA, 21)  # in less time than it takes to recover
    assert (20 - 2) / (moments[-1] - moments[0]) <= 25.0


def test_arms_own_pace_does_not_move(time):
    budgets = budgets_of(time)
    budgets.heard(ARM, 429, {"Retry-After": "1"})
    sent(budgets, time, ARM, 1_000)
    assert budgets.per_s(ARM) == 24.5


def test_nobody_waits_any_more_when_somebody_interrupts():
    budgets = Budgets()
    budgets.hold(ARM, 300)
    waiting = threading.Thread(target=budgets.wait, args=(ARM,))
    waiting.start()
    budgets.stop()
    waiting.join(timeout=60)
    assert not waiting.is_alive()


def test_many_threads_share_one_budget():
    moments, budgets, lock = [], Budgets(), threading.Lock()
    budgets.hold(BLOB, 0.0)

    def work():
        for _ in range(10):
            budgets.wait(BLOB)
            with lock:
                moments.append(1)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(moments) == 160


@pytest.mark.parametrize(
    ("said", "seconds"), [("3", 3.0), ("0.5", 0.5), ("-1", 0.0), ("soon", None), ("nan", None), ("inf", None)]
)
def test_a_retry_after_is_a_number_of_seconds(said, seconds):
    assert seconds_asked({"RETRY-AFTER": said}) == seconds


def test_a_retry_after_may_be_a_date():
    assert seconds_asked({"Retry-After": formatdate(0, usegmt=True)}) == 0.0
    assert seconds_asked({}) is None
