"""A bundle at another moment and under another name: every time in it is moved, in whatever form its files write it."""

import contextlib
import gzip
import io
import json
import re
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from diagnose.evidence.bundle import Bundle
from diagnose.evidence.documents import read_object
from diagnose.evidence.manifest import manifest_from

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIME = re.compile(
    rb"(?<![\d.])(?:"
    rb"(?P<moment>20\d\d([-/])\d\d\2\d\d[T ]\d\d:\d\d:\d\d)"  # 2026-11-20T10:00:00, in any zone and with any fraction
    rb"|(?P<hour>20\d\d-\d\d-\d\d-\d\d)(?![\d-])"  # a log file of one hour
    rb"|(?P<day>20\d\d([-/])\d\d\5\d\d)(?!\d)"
    rb"|(?P<slashed>\d\d(?P<mark>[/.])\d\d(?P=mark)20\d\d,? \d\d:\d\d:\d\d)"  # 20/11/2026 10:00:00, or 11/20
    rb"|(?P<packed>20\d{6}[T_-]\d{6})(?!\d)"
    rb"|(?P<epoch>1[78]\d{8})(?:\d{3})?(?![\d])"
    rb"|(?P<clock>\d\d:\d\d:\d\d)(?![\d:]))"
    rb"|\b(?P<glog>[IWEF]\d{4} \d\d:\d\d:\d\d)(?=\.\d)"
    rb"|\b(?P<month>(?:" + "|".join(_MONTHS).encode() + rb") [ \d]\d \d\d:\d\d:\d\d)"
)
_KINDS = ("moment", "hour", "day", "slashed", "packed", "epoch", "clock", "glog", "month")
_KEPT = 64
_DAY = timedelta(days=1)  # no log is further from the service's clock than its time zone


class Move:
    """By how much a bundle is moved, and which names in it become which.

    A clock without a date moves only where the run was there at that time: `00:12:30` may be a duration.
    """

    def __init__(self, delta, began, ended, names):
        self._delta, self._began, self._ended = delta, began, ended
        self._names = dict(names)
        ordered = sorted(map(re.escape, self._names), key=len, reverse=True)
        self._old_names = re.compile("|".join(ordered).encode()) if ordered else None

    def text(self, content):
        """The content of a file, or its name."""
        if self._old_names:
            content = self._old_names.sub(lambda found: self._names[found[0].decode()].encode(), content)
        return _TIME.sub(self._moved, content)

    def _moved(self, found):
        kind, text = next(filter(found.group, _KINDS)), found[0].decode()
        try:
            return getattr(self, f"_{kind}")(text).encode()
        except ValueError:  # the 45th of a month is no time
            return found[0]

    def _at(self, text, form):
        return datetime.strptime(text, form).replace(tzinfo=UTC) + self._delta

    def _moment(self, text):
        at = self._at(text[:10].replace("/", "-") + text[11:], "%Y-%m-%d%H:%M:%S")
        return f"{at:%Y}{text[4]}{at:%m}{text[4]}{at:%d}{text[10]}{at:%H:%M:%S}"

    def _hour(self, text):
        return f"{self._at(text, '%Y-%m-%d-%H'):%Y-%m-%d-%H}"

    def _day(self, text):
        at = self._at(text.replace("/", "-"), "%Y-%m-%d")
        return f"{at:%Y}{text[4]}{at:%m}{text[4]}{at:%d}"

    def _slashed(self, text):
        bare = f"{text[:2]} {text[3:5]} {text[6:10]} {text[-8:]}"
        for form in ("%d %m", "%m %d"):
            with contextlib.suppress(ValueError):
                at = self._at(bare, f"{form} %Y %H:%M:%S")
                if self._began - _DAY <= at - self._delta <= self._ended + _DAY:
                    return f"{at:{form.replace(' ', text[2])}{text[2]}%Y}{text[10:-8]}{at:%H:%M:%S}"
        return text

    def _packed(self, text):
        at = self._at(text[:8] + text[9:], "%Y%m%d%H%M%S")
        return f"{at:%Y%m%d}{text[8]}{at:%H%M%S}"

    def _epoch(self, text):
        seconds, rest = int(text[:10]), text[10:]
        if not self._began.timestamp() - 86400 <= seconds <= self._ended.timestamp() + 86400:
            return text
        return f"{seconds + self._delta // timedelta(seconds=1)}{rest}"

    def _month(self, text):
        at = self._at(f"{self._ended.year} {text}", "%Y %b %d %H:%M:%S")
        return f"{_MONTHS[at.month - 1]} {at.day:{'2' if text[4] == ' ' else '02'}} {at:%H:%M:%S}"

    def _glog(self, text):
        at = self._at(f"{self._ended.year}{text[1:]}", "%Y%m%d %H:%M:%S")
        return f"{text[0]}{at:%m%d %H:%M:%S}"

    def _clock(self, text):
        return f"{self._at(text, '%H:%M:%S'):%H:%M:%S}" if self._was_there(text) else text

    def _was_there(self, text):
        clock, day = time.fromisoformat(text), self._began.date()
        while day <= self._ended.date():
            if self._began <= datetime.combine(day, clock, UTC) <= self._ended:
                return True
            day += timedelta(days=1)
        return False


class MovedStore:
    """The files of a store, each moved when somebody opens it; `changes` are put into its `run.json`."""

    def __init__(self, store, move, changes):
        self.where = f"{store.where}, moved"
        self._store, self._move, self._changes = store, move, changes
        self._old = {
            move.text(name.encode()).decode() if _is_moved(name) else name: name for name in store.names()
        }
        self._content = lru_cache(_KEPT)(self._made)

    def names(self):
        return sorted(self._old)

    def ignored(self):
        return {}

    def size(self, name):
        return len(self._content(name))

    def open(self, name):
        return io.BytesIO(self._content(name))

    def _made(self, name):
        old = self._old[name]
        with self._store.open(old) as stream:
            content = stream.read()
        if not _is_moved(old):
            return content
        if old.endswith(".gz"):
            return gzip.compress(self._move.text(gzip.decompress(content)), mtime=0)
        content = self._move.text(content)
        return (
            json.dumps(_changed(json.loads(content), self._changes)).encode()
            if old == "run.json"
            else content
        )


def moved(bundle, now, names, changes):
    """The bundle, captured at `now` to the second; `names`: old ids to new; `changes`: fields of its `run.json`."""
    row = bundle.document("run.json")
    captured = bundle.manifest.captured_at
    began = datetime.fromisoformat(row.get("created_at") or row["started_at"])
    delta = timedelta(seconds=(now - captured) // timedelta(seconds=1))
    move = Move(delta, began - timedelta(minutes=5), captured + timedelta(minutes=5), names)
    store = MovedStore(bundle.store, move, changes)
    with store.open("bundle.json") as stream:
        return Bundle(store, manifest_from(read_object(stream)))


def _is_moved(name):
    """Source is what somebody wrote before the run, and its times are no times of the run."""
    return not name.startswith("code/")


def _changed(row, changes):
    compute = (
        {**(row.get("compute") or {}), **changes.get("compute", {})}
        if row.get("compute")
        else row.get("compute")
    )
    return {**row, **changes, "compute": compute}
