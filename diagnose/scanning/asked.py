"""What a scan was asked for: the options as typed become times, words and filters, checked before anything is asked."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from diagnose.errors import UsageError
from diagnose.evidence.instants import format_instant, parse_instant
from diagnose.evidence.members import quoted
from diagnose.evidence.run import PHASES, Phase

SINCE, SILENT_FOR, WORKERS = "7d", "30m", 8
CLOSED = frozenset({Phase.COMPLETED, Phase.FAILED, Phase.CANCELED})
STATUSES = (
    *("NotStarted", "Unapproved", "Starting", "Provisioning", "Preparing", "Queued", "Running", "Finalizing"),
    *("CancelRequested", "NotResponding", "Pausing", "Paused", "Completed", "Failed", "Canceled"),
)
"""The service's own words (KnownJobStatus and RunStatus of its public clients)."""
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"(?P<count>\d{1,7})\s*(?P<unit>[smhdw])", re.IGNORECASE)
_LONGEST = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class ScanAsked:
    """Which runs are meant. `since`: a moment, or so long before the service's now; `statuses` None: the usual ones."""

    since: datetime | timedelta = timedelta(days=7)
    silent_for: timedelta = timedelta(minutes=30)
    statuses: tuple[str, ...] | None = None
    experiment: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    compute: str | None = None
    user: str | None = None
    limit: int | None = None

    def since_at(self, now: datetime) -> datetime:
        """The moment before which a closed run is left alone."""
        return self.since if isinstance(self.since, datetime) else now - self.since

    def told(self, now: datetime) -> dict[str, object]:
        """As `scan.json` keeps it."""
        return {
            "statuses": list(self.statuses) if self.statuses else None,
            "since": format_instant(self.since_at(now)),
            "silent_for_s": self.silent_for.total_seconds(),
            "experiment": self.experiment,
            "tags": dict(self.tags),
            "compute": self.compute,
            "user": self.user,
            "limit": self.limit,
        }


def asked_for(  # noqa: PLR0913  (the options of a scan, each by its name)
    *,
    since: str = SINCE,
    silent_for: str = SILENT_FOR,
    statuses: Sequence[str] = (),
    experiment: str | None = None,
    tags: Iterable[str] = (),
    compute: str | None = None,
    user: str | None = None,
    limit: int | None = None,
) -> ScanAsked:
    """What the options mean; raises `UsageError` for one that means nothing."""
    return ScanAsked(
        since_of(since),
        span_of(silent_for, "--silent-for"),
        statuses_of(statuses),
        _given(experiment, "--experiment"),
        tags_of(tags),
        _given(compute, "--compute"),
        _given(user, "--user"),
        limit,
    )


def span_of(typed: str, option: str) -> timedelta:
    """A length of time such as `30m`, `36h` or `7d`; raises `UsageError`."""
    found = _SPAN.fullmatch(typed.strip())
    if found is None:
        raise UsageError(f"{option} {quoted(typed)} is no length of time; write 30m, 36h or 7d.")
    seconds = int(found["count"]) * _UNITS[found["unit"].lower()]
    if seconds > _LONGEST.total_seconds():
        raise UsageError(f"{option} {quoted(typed)} is longer than ten years; write 30m, 36h or 7d.")
    return timedelta(seconds=seconds)


def since_of(typed: str) -> datetime | timedelta:
    """A length of time before now, or a day or moment (UTC where it does not say); raises `UsageError`."""
    text = typed.strip()
    if _SPAN.fullmatch(text):
        return span_of(text, "--since")
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"--since {quoted(typed)} is neither a length of time nor a day; write 7d, 36h or 2026-11-01."
        ) from error
    return parse_instant((at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()) or at


def statuses_of(typed: Sequence[str]) -> tuple[str, ...] | None:
    """The status words in the service's spelling; None where none was named. Raises `UsageError` for one that is none."""
    named = [word.strip() for each in typed for word in each.split(",")]
    if not named:
        return None
    known = {word.lower(): word for word in STATUSES}
    alike = {"cancelled": "Canceled", "finished": "Completed"}
    chosen = []
    for word in named:
        plain = word.lower().replace(" ", "").replace("_", "")
        status = known.get(plain) or alike.get(plain)
        if status is None:
            close = difflib.get_close_matches(plain, known, n=1)
            hint = f"Did you mean {known[close[0]]}?" if close else f"There are {', '.join(STATUSES)}."
            raise UsageError(f"--status {quoted(word)} is no status of a run. {hint}")
        chosen.append(status)
    return tuple(dict.fromkeys(chosen))


def tags_of(typed: Iterable[str]) -> dict[str, str]:
    """Each `K=V` as a pair; raises `UsageError` for what is none."""
    tags = {}
    for each in typed:
        name, sign, value = each.partition("=")
        if not sign or not name.strip():
            raise UsageError(f"--tag {quoted(each)} is no tag with its value; write --tag NAME=VALUE.")
        tags[name.strip()] = value.strip()
    return tags


def phases_of(statuses: Iterable[str]) -> frozenset[Phase]:
    """The phases behind status words."""
    return frozenset(PHASES[word.lower()] for word in statuses)


def _given(typed: str | None, option: str) -> str | None:
    if typed is not None and not typed.strip():
        raise UsageError(f"{option} was given an empty name; leave it out to mean all of them.")
    return typed.strip() if typed else None
