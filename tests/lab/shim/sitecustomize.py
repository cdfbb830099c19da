"""Puts the lab clock into a Python process: clocks run LAB_SCALE times as fast, waits end as much sooner.

Python imports this module at start-up because its folder is on PYTHONPATH. Files' own times are left
alone: the lab maps them afterwards.
"""

import os
import time

_real = {
    name: getattr(time, name) for name in ("time", "monotonic", "sleep", "localtime", "gmtime", "strftime")
}


class Now:
    """A conversion that takes the lab's now for its default. Not a function: logging keeps it in a class."""

    def __init__(self, convert, now) -> None:
        self.convert, self.now = convert, now

    def __call__(self, at=None):
        return self.convert(self.now() if at is None else at)


def _install() -> None:  # noqa: C901 - one flat list of patches
    t0, real0, mono0, scale = (
        float(os.environ[name]) for name in ("LAB_T0", "LAB_REAL0", "LAB_MONO0", "LAB_SCALE")
    )

    def lab_time() -> float:
        return t0 + (_real["time"]() - real0) * scale

    def lab_monotonic() -> float:
        return mono0 + (_real["monotonic"]() - mono0) * scale

    def shorter(seconds, least=0.0):
        return seconds if seconds is None or seconds <= 0 else max(seconds / scale, least)

    time.time = lab_time
    time.time_ns = lambda: int(lab_time() * 1e9)
    time.monotonic = time.perf_counter = lab_monotonic
    time.monotonic_ns = time.perf_counter_ns = lambda: int(lab_monotonic() * 1e9)
    # A polling loop that asks for a millisecond must not spin: never less than 0.2 ms of real time.
    time.sleep = lambda seconds: _real["sleep"](shorter(seconds, 0.0002))
    time.localtime, time.gmtime = Now(_real["localtime"], lab_time), Now(_real["gmtime"], lab_time)
    time.strftime = lambda form, at=None: _real["strftime"](form, time.localtime() if at is None else at)
    time.ctime = lambda at=None: time.asctime(time.localtime(at))

    import ctypes  # noqa: PLC0415
    import datetime  # noqa: ICN001, PLC0415 - the module itself is patched
    import gc  # noqa: PLC0415

    def now(cls, tz=None):
        return cls.fromtimestamp(lab_time(), tz)

    def utcnow(cls):
        return cls.fromtimestamp(lab_time(), datetime.UTC).replace(tzinfo=None)

    # The class itself, and no subclass in its place: compiled modules (pandas) derive from it and would crash.
    [methods] = gc.get_referents(datetime.datetime.__dict__)
    methods |= {
        "now": classmethod(now),
        "today": classmethod(now),
        "utcnow": classmethod(utcnow),
    }
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))

    import threading  # noqa: PLC0415 - it takes its clock at import

    wait, join = threading.Condition.wait, threading.Thread.join

    def shorter_wait(self, timeout=None):
        return wait(self, shorter(timeout))

    def shorter_join(self, timeout=None):
        return join(self, shorter(timeout))

    threading.Condition.wait = shorter_wait
    threading.Thread.join = shorter_join

    import selectors  # noqa: PLC0415 - patched before anybody else takes it

    for kind in ("SelectSelector", "PollSelector", "EpollSelector"):
        selector = getattr(selectors, kind)

        def select(self, timeout=None, _select=selector.select):
            return _select(self, shorter(timeout))

        selector.select = select

    import socket  # noqa: PLC0415 - its timeouts are waits too

    settimeout = socket.socket.settimeout

    def shorter_settimeout(self, seconds):
        # The loopback answers in milliseconds; with less than this a busy machine looks like an outage.
        settimeout(self, shorter(seconds, 2.0))

    socket.socket.settimeout = shorter_settimeout

    import signal  # noqa: PLC0415 - alarms are waits too

    setitimer = signal.setitimer
    signal.setitimer = lambda which, seconds, interval=0.0: setitimer(
        which, shorter(seconds), shorter(interval)
    )
    signal.alarm = lambda seconds: int(signal.setitimer(signal.ITIMER_REAL, seconds)[0] * scale)

    import faulthandler  # noqa: PLC0415 - its timer is a wait in native code

    dump_later = faulthandler.dump_traceback_later
    faulthandler.dump_traceback_later = lambda timeout, *rest, **named: dump_later(
        shorter(timeout), *rest, **named
    )


if "LAB_SCALE" in os.environ:
    _install()
