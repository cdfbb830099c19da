"""Parcels of a few words, and sinks in memory."""

from datetime import UTC, datetime, timedelta

from diagnose.deliver.tickets.parcel import Parcel, mark_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def parcel(run="amber_run", cause="silent-error", later=0, html="<p>report ⟦…⟧</p>", **given):
    """A parcel whose verdict differs by `cause`, made so many hours later."""
    record = {"cause": cause, "generated": {"by": "diagnose", "at": "x"}}
    words = (("Verdict", f"Stuck: {cause}"), ("Run", run))
    mark = mark_of(run, record, NOW + timedelta(hours=later))
    return Parcel(run, mark, words, f"## {cause}\n", lambda: html, **given)
