from itertools import pairwise

import pytest

from diagnose.report import palette
from diagnose.report.axis import axis
from diagnose.report.timeline import timeline

HOUR = 3600.0


def luminance(colour):
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "shade"])
@pytest.mark.parametrize("ink", ["ink", "muted", "bad"])
def test_words_are_read_on_every_ground(mode, ground, ink):
    assert contrast(palette.ROLES[ink][mode], palette.ROLES[ground][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("tint", ["wait-tint", "run-tint", "end-tint", "child-tint"])
def test_words_are_read_on_every_bar(mode, tint):
    assert contrast(palette.ROLES["ink"][mode], palette.ROLES[tint][mode]) >= 4.5
    assert contrast(palette.ROLES["muted"][mode], palette.ROLES[tint][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "shade"])
@pytest.mark.parametrize("ink", palette.INKS)
def test_marks_are_seen_on_every_ground(mode, ground, ink):
    assert contrast(palette.ROLES[ink][mode], palette.ROLES[ground][mode]) >= 3


def test_a_long_idle_tail_is_cut_short():
    scale = axis(0, 10 * HOUR, [0.5 * HOUR, 0.9 * HOUR, HOUR])
    [cut] = scale.cuts
    assert (cut.start, cut.end) == (HOUR, 10 * HOUR)
    assert round(scale.x(HOUR)) == 86


def test_a_queue_before_and_a_tail_after_are_both_cut():
    scale = axis(0, 20 * HOUR, [8 * HOUR, 8.5 * HOUR, 9 * HOUR])
    assert [(cut.start, cut.end) for cut in scale.cuts] == [(0, 8 * HOUR), (9 * HOUR, 20 * HOUR)]


def test_a_run_of_even_pace_is_not_cut():
    assert axis(0, 10 * HOUR, [hour * HOUR for hour in range(10)]).cuts == ()


def test_a_run_in_which_nothing_happened_is_not_cut():
    assert axis(0, 10 * HOUR, []).cuts == ()


def test_the_axis_never_runs_backwards():
    scale = axis(0, 20 * HOUR, [8 * HOUR, 8.1 * HOUR, 9 * HOUR])
    places = [scale.x(minute * 60) for minute in range(-60, 21 * 60)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, 100)


def test_labels_on_the_axis_keep_their_distance():
    ticks = axis(
        1_000_000.0, 1_000_000 + 6 * HOUR, [1_000_000 + minute * 60 for minute in range(360)]
    ).ticks()
    assert 3 <= len(ticks) <= 8
    assert min(later.x - earlier.x for earlier, later in pairwise(ticks)) >= 10


def test_the_example_shows_all_its_lanes(record):
    drawn = timeline(record, {"E1": "evidence-1"})
    assert [lane.name for lane in drawn.lanes] == [
        "Phases (service)",
        "user_logs/std_log.txt",
        "loss",
        "Outputs",
        "Processes",
        "Last sign of life",
    ]
    assert [moment.word.text for moment in drawn.moments] == ["captured 14:02:00", "work ended 09:12:40"]
    assert drawn.shade.title == "Silent for 4 h 49 min"
    assert drawn.title == "The work ended at 09:12:40 UTC, and silence followed for 4 h 49 min"


def test_an_empty_file_differs_in_shape_as_well_as_in_colour(record):
    [outputs] = [lane for lane in timeline(record, {}).lanes if lane.name == "Outputs"]
    assert {(mark.shape, mark.role) for mark in outputs.marks} == {("written", "output"), ("empty", "bad")}
    assert outputs.note == "2 files, 1 not whole"


def test_a_point_that_is_no_number_is_marked(record):
    [metric] = [lane for lane in timeline(record, {}).lanes if lane.name == "loss"]
    assert [mark.shape for mark in metric.marks] == ["no-number"]


def test_evidence_in_a_log_leads_to_its_quote(record):
    log = timeline(record, {"E1": "evidence-1"}).lanes[1]
    assert [(mark.title, mark.href) for mark in log.marks] == [("E1 at 09:12:31", "#evidence-1")]


def test_the_table_tells_what_the_picture_shows(record):
    rows = timeline(record, {}).rows
    assert [row.kind for row in rows.items].count("Output") == 2
    assert rows.items[2].note == "830 lines"
    assert rows.more is None


def test_what_the_table_leaves_out_is_counted(record):
    record["timeline"]["outputs_total"] = 4000
    assert timeline(record, {}).rows.more == "… and 3,998 more"


def test_without_any_time_there_is_no_picture(nothing):
    assert timeline(nothing, {}) is None


def test_an_end_before_its_start_is_said_and_drawn(record):
    record["timeline"]["phases"][0] |= {"start": "2026-11-20T09:00:00Z", "end": "2026-11-20T08:00:00Z"}
    assert "an end before its start" in timeline(record, {}).lanes[0].bars[0].title


def test_times_outside_the_axis_lie_at_its_ends(record):
    record["timeline"]["outputs"][0]["at"] = "2099-01-01T00:00:00Z"
    [outputs] = [lane for lane in timeline(record, {}).lanes if lane.name == "Outputs"]
    assert [mark.x for mark in outputs.marks if mark.shape == "written"] == ["100%"]


def test_a_run_that_writes_on_after_its_end_is_drawn_to_its_last_write(record):
    record["timeline"] |= {"to": "2026-11-20T10:00:00Z", "ended_at": "2026-11-20T10:00:00Z"}
    record["timeline"]["work_ended_at"] = "2026-11-20T13:00:00Z"
    drawn = timeline(record, {})
    assert [moment.word.text for moment in drawn.moments] == ["work ended 13:00:00", "run ended 10:00:00"]
    assert drawn.moments[0].x != drawn.moments[1].x


def test_what_lies_off_the_axis_is_not_drawn_at_its_end(record):
    record["timeline"] |= {"to": "2026-11-20T10:00:00Z", "silence": None}
    assert [moment.word.text for moment in timeline(record, {}).moments] == ["work ended 09:12:40"]


def test_no_word_is_struck_out_by_the_line_of_a_moment(record):
    record["timeline"] |= {"to": "2026-11-20T14:02:00Z", "work_ended_at": "2026-11-20T13:50:00Z"}
    record["timeline"] |= {"ended_at": "2026-11-20T13:59:00Z"}
    # Words on the right half reach to the left, so the line above must stand further to the right.
    places = [float(moment.x.rstrip("%")) for moment in timeline(record, {}).moments]
    assert min(places) > 50
    assert places == sorted(places, reverse=True)


def test_a_picture_without_a_finding_is_not_captioned_with_one(record):
    record["timeline"] |= {"work_ended_at": None, "silence": None}
    assert timeline(record, {}).caption.startswith("20 Nov 2026, ")


def test_phases_too_short_for_their_names_are_named_beside_them(record):
    record["timeline"]["phases"] = [
        {
            "name": "Queued",
            "source": "service",
            "start": "2026-11-20T08:00:00Z",
            "end": "2026-11-20T08:00:02Z",
        },
        {"name": "Running", "source": "service", "start": "2026-11-20T08:00:02Z", "end": None},
    ]
    assert timeline(record, {}).lanes[0].note == "also Queued"


def test_a_metric_of_one_point_can_be_seen(record):
    record["timeline"]["metrics"][0]["points"] = [["2026-11-20T09:00:00Z", 0.5]]
    [metric] = [lane for lane in timeline(record, {}).lanes if lane.name == "loss"]
    assert [(mark.shape, mark.role) for mark in metric.marks] == [("sign", "metric")]


def test_a_name_longer_than_its_bar_stands_outside(record):
    record["timeline"]["children"] = [
        {"id": "x", "name": "checkpoint_saver_of_the_evening", "start": "2026-11-20T13:50:00Z", "end": None}
    ]
    [children] = [lane for lane in timeline(record, {}).lanes if lane.name == "Child runs"]
    assert children.bars[0].label is None
    assert [word.text for word in children.words] == ["checkpoint_saver_of_the_evening"]
