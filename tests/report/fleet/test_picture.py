from datetime import UTC, datetime, timedelta

import html5lib
from scanned import NOW, facts, lying, row

from diagnose.report.fleet import html
from diagnose.report.fleet.groups import causes
from diagnose.report.fleet.picture import FEW, picture

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*rows):
    return picture(causes(rows, {}))


def shapes(rows):
    root = html5lib.parse(html.render(rows, [], facts()))
    return [
        each for each in root.iter() if each.tag in {f"{SVG}rect", f"{SVG}path", f"{SVG}line", f"{SVG}text"}
    ]


def test_a_few_runs_have_a_bar_each_under_the_name_of_their_cause():
    told = drawn(row("a"), lying("b"))
    assert [lane.name for lane in told.lanes] == ["Lingering child process", "", "Silent error", ""]
    work, held = told.lanes[1].bars
    assert (work.x, work.width, held.x, held.width) == ("0%", "60%", "60%", "40%")
    assert told.lanes[1].note == "idle 4 h"


def test_many_runs_are_an_area_for_each_cause():
    told = drawn(*(row(f"r{n}") for n in range(FEW)), lying())
    assert [(lane.name, lane.note, len(lane.areas)) for lane in told.lanes] == [
        ("Lingering child process", "12 runs", 3),
        ("Silent error", "1 run", 3),
    ]


def test_thousands_of_runs_of_every_cause_are_no_more_shapes():
    kinds = [f"cause {n}" for n in range(40)]
    rows = [
        row(f"r{n}", cause=kinds[n % 40], started_at=NOW - timedelta(minutes=n), idle_s=n * 30.0)
        for n in range(2000)
    ]
    assert len(shapes(rows)) < 200


def test_everything_drawn_holds_without_styles():
    assert all("fill" in each.attrib or "stroke" in each.attrib for each in shapes([row("a"), lying()]))


def test_one_old_run_does_not_squeeze_the_others():
    old = row("old", started_at=NOW - timedelta(days=90), idle_s=89.9 * 86_400)
    told = drawn(old, row("a"), row("b", started_at=NOW - timedelta(hours=3), idle_s=900.0))
    assert told.description.endswith("The axis is cut where nothing changed: 89 d 11 h.")
    assert len(told.cuts) == 1
    assert drawn(row("a"), row("b"), lying()).cuts == ()


def test_no_word_is_wider_than_the_narrowest_screen(payload):
    rows = [row(f"r{n}", display_name=payload + "x", cause=payload) for n in range(3)]
    for told in (drawn(*rows), drawn(*(row(f"r{n}", cause=payload) for n in range(20)))):
        words = [lane.name for lane in told.lanes] + [word.text for lane in told.lanes for word in lane.words]
        assert max(map(len, words)) <= 28


def test_a_run_without_times_is_said_not_to_be_drawn():
    told = drawn(row("a"), row("b", started_at=None, created_at=None))
    assert "Not drawn, for want of times: 1 run." in told.description
    assert drawn(row(started_at=None, created_at=None)) is None
    assert drawn() is None


def test_times_that_cannot_be_are_drawn_as_far_as_they_go():
    start, end = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
    assert drawn(row(started_at=start), row("b", ended_at=end), row("c", started_at=end)) is not None


def test_the_same_is_a_table():
    assert [(each.kind, each.name, each.note) for each in drawn(row("a")).rows.items] == [
        ("Lingering child process", "train-a", "idle since 22 Nov 2026, 02:00, 4 h")
    ]
