"""A fleet is what its samples are: moved in time and renamed, they are judged alike."""

import json
from datetime import timedelta

import pytest
from loopback import fleet
from loopback.moving import moved
from samples import AT, FOLDER

from diagnose.evidence.bundle import open_bundle
from diagnose.pipeline import judge

SMALL = {"stuck": 24, "healthy": 176}
TELLING = ("outcome", "cause", "mechanism", "certainty")
MOVED = (
    "still_training_with_progress_bars",
    "flush_retried_for_ever",
    "pipeline_waits_for_a_step",
    "v1_profiler_thread_keeps_finalizing",
    "training_stopped_by_its_wrapper",
    "output_left_in_local_folder",
    "azcore_upload_cut",
    "shard_writer_died_join_waits__mended",
)


@pytest.fixture(scope="module")
def members():
    return fleet.fleet(**SMALL)


@pytest.mark.parametrize("name", MOVED)
def test_a_moved_sample_is_judged_like_the_one_that_stayed(name):
    bundle = open_bundle(FOLDER / name)
    run_id = bundle.document("run.json")["id"]
    new = run_id[:-4] + "0001"
    told = judge(moved(bundle, fleet.NOW, {run_id: new}, {"experiment": "other"}), AT)
    expected = json.loads((FOLDER / name / "expected.json").read_text())
    assert [told[key] for key in TELLING] == [expected[key] for key in TELLING]
    assert (told["run"]["id"], told["run"]["experiment"]) == (new, "other")
    stayed = judge(bundle, AT)["idle_tail_s"]
    assert told["idle_tail_s"] == (None if stayed is None else pytest.approx(stayed, abs=1))


def test_nothing_of_the_old_time_and_of_the_old_name_is_left():
    bundle = open_bundle(FOLDER / "flush_retried_for_ever")
    run_id = bundle.document("run.json")["id"]
    there = moved(bundle, fleet.NOW, {run_id: "x" * len(run_id)}, {})
    assert there.manifest.captured_at <= fleet.NOW < there.manifest.captured_at + timedelta(seconds=1)
    text = b"".join(
        there.store.open(name).read() for name in there.store.names() if not name.startswith("code/")
    )
    assert b"2026-11-19" not in text
    assert b"Nov 19" not in text
    assert run_id.encode() not in text


def test_files_keep_their_sizes():
    for name in ("still_training_with_progress_bars", "output_left_in_local_folder"):
        bundle = open_bundle(FOLDER / name)
        run_id = bundle.document("run.json")["id"]
        there = moved(bundle, fleet.NOW, {run_id: run_id[::-1]}, {})
        sizes = [
            sorted(found.store.size(each) for each in found.store.names() if each.startswith("logs/"))
            for found in (bundle, there)
        ]
        assert sizes[0] == sizes[1]


def test_a_fleet_has_what_was_asked_for(members):
    kinds = [member.kind for member in members]
    assert (len(members), kinds.count("stuck"), kinds.count("alive")) == (200, 24, 4)
    ids = [run.id for member in members for run in member.runs]
    assert len(set(ids)) == len(ids)
    assert len({member.run.experiment for member in members}) <= 40
    assert len({member.run.owner for member in members}) == len(fleet.OWNERS)
    # Who got stuck just before being looked at did so a while ago here.
    seen = {fleet.NOW - timedelta(hours=hours, seconds=second) for hours in (0, 2) for second in (0, 1)}
    assert {run.captured_at.replace(microsecond=0) for member in members for run in member.runs} <= seen


def test_all_causes_and_outcomes_are_among_the_stuck():
    stuck = [member for member in fleet.fleet(60, 0) if member.is_stuck]
    told = {(member.label["outcome"], member.label["cause"]) for member in stuck}
    assert {outcome for outcome, _ in told} == {"stuck", "false-completion"}
    assert len(told) >= 12


def test_an_old_run_ended_before_anybody_looks_and_an_idle_one_did_not(members):
    since = fleet.NOW - fleet.SINCE
    ends = {
        kind: {member.run.at("ended_at") >= since for member in members if member.kind == kind}
        for kind in ("old", "idle", "mended")
    }
    assert ends == {"old": {False}, "idle": {True}, "mended": {True}}
