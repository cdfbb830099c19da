"""Times, each in the spelling of the service that tells it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


def parsed(text):
    """A time of a bundle; None stays None."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def now():
    """The real time."""
    return datetime.now(UTC)


def history(at):
    """Run history and ARM: seven decimals and an offset."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06}0+00:00"


def details(at):
    """Run history's details: six decimals and a Z."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06}Z"


def metric(at):
    """The metric service: milliseconds and an offset."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}+00:00"


def mlflow(at):
    """MLflow: milliseconds since 1970, as a string."""
    return None if at is None else str(milliseconds(at))


def header(at):
    """The `Date` of an answer, which has whole seconds."""
    return format_datetime(at, usegmt=True)


def milliseconds(at):
    """Milliseconds since 1970."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def span(length):
    """A .NET TimeSpan."""
    hours, rest = divmod(length // timedelta(seconds=1), 3600)
    days, hours = divmod(hours, 24)
    fraction = f".{length.microseconds:06}0" if length.microseconds else ""
    return f"{f'{days}.' if days else ''}{hours:02}:{rest // 60:02}:{rest % 60:02}{fraction}"


def duration(seconds):
    """An ISO 8601 duration, as ARM spells a time limit."""
    hours, rest = divmod(int(seconds), 3600)
    spelled = [f"{hours}H" if hours else "", f"{rest // 60}M" if rest // 60 else ""]
    spelled.append(f"{rest % 60}S" if rest % 60 else "")
    return "PT" + ("".join(spelled) or "0S")
