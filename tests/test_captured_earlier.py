"""A healthy run, captured earlier, is at work: at no moment is it accused of anything.

Every healthy sample run is cut at a few moments: log lines, metrics, outputs and statuses that came later are taken away.
"""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from samples import AT, MENDED, NAMES, bundle_of, label_of, members_of
from test_withholding import lines_of

from diagnose.evidence.instants import format_instant, parse_instant
from diagnose.pipeline import judge

CALM = ("still-working", "inconclusive", "none")
MOMENTS = (0.1, 0.35, 0.6, 0.85, 0.97)
"""Shares of the time from the start to the end of the work."""
STAMP = re.compile(rb"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)")


SLOW_TO_LEAVE = frozenset({"ranks_with_uneven_batches__mended"})
"""PyTorch takes seconds to leave, of which the lab's clock makes 39 minutes: to say that it lingers is then right."""


def _healthy():
    """Sample runs that have a process of their own, were well, and ended."""
    for name in NAMES:
        run = json.loads(members_of(name)["run.json"])
        well = (name in MENDED or name.startswith("healthy_")) and name not in SLOW_TO_LEAVE
        if well and label_of(name)["cause"] == "none" and run["type"] == "command" and run["started_at"]:
            yield name


HEALTHY = list(_healthy())


def at_share(run, share):
    """A moment between the start of a run and the beginning of its end."""
    changes = {each["status"]: parse_instant(each["at"]) for each in run["status_history"]}
    start, end = parse_instant(run["started_at"]), changes.get("Finalizing") or parse_instant(run["ended_at"])
    return start + (end - timedelta(seconds=4) - start) * share


def captured(members, share):
    """The bundle as a capture would have found it at that share of the run's time."""
    run = json.loads(members["run.json"])
    moment = at_share(run, share)
    history = [each for each in run["status_history"] if parse_instant(each["at"]) <= moment]
    run |= {"status": history[-1]["status"], "status_history": history, "ended_at": None, "exit_code": None}
    manifest = json.loads(members["bundle.json"])
    manifest["captured_at"] = format_instant(moment)
    manifest["parts"].pop("processes", None)
    kept = {name: data for name, data in members.items() if name.startswith("code/")}
    kept |= {"bundle.json": json.dumps(manifest).encode(), "run.json": json.dumps(run).encode()}
    kept |= rows(members, "metrics", "ingested_at", moment) | rows(members, "outputs", "modified_at", moment)
    return kept | logs(members, parse_instant(run["started_at"]), moment)


def rows(members, part, field, moment):
    """A table without the rows that came later."""
    listed = [json.loads(line) for line in lines_of(members, f"{part}.jsonl")]
    seen = [row for row in listed if (parse_instant(row.get(field) or row.get("at")) or moment) <= moment]
    return {f"{part}.jsonl": "".join(json.dumps(row) + "\n" for row in seen).encode()}


def logs(members, start, moment):
    """Every log up to the moment, with a listing that says so."""
    listing, kept = [], {}
    for row in map(json.loads, lines_of(members, "logs.jsonl")):
        written = parse_instant(row["modified_at"])
        text, last = until(members[f"logs/{row['path']}"], start, written, moment)
        if text:
            kept[f"logs/{row['path']}"] = text
            listing.append({**row, "size": len(text), "modified_at": format_instant(min(last, moment))})
    return {**kept, "logs.jsonl": "".join(json.dumps(row) + "\n" for row in listing).encode()}


def until(data, start, written, moment):
    """The lines up to the moment by their stamps; without stamps, their share of the time in which they came."""
    lines, last = data.splitlines(keepends=True), start
    if len(STAMP.findall(data)) < 3:
        share = min(1.0, max(0.0, (moment - start) / max(written - start, timedelta(seconds=1))))
        return b"".join(lines[: int(len(lines) * share)]), start + (written - start) * share
    for number, line in enumerate(lines):
        stamp = STAMP.search(line[:60])
        if stamp:
            at = datetime(*map(int, stamp.groups()), tzinfo=UTC)
            if at > moment:
                return b"".join(lines[:number]), last
            last = at
    return data, written


@pytest.mark.parametrize("share", MOMENTS)
@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_is_accused_at_no_moment(name, share):
    told = judge(bundle_of(captured(members_of(name), share)), AT)
    assert told["cause"] in CALM, told["headline"]


def test_the_moments_are_many_and_before_the_end():
    assert len(HEALTHY) > 30
    assert max(MOMENTS) < 1


def test_what_came_later_is_taken_away():
    members = members_of("monitor_thread_outlives_training__mended")
    told = judge(bundle_of(captured(members, 0.5)), AT)
    assert told["run"]["status"] == "Running"
    assert told["last_sign_of_life"]["log"] <= told["bundle"]["captured_at"]
