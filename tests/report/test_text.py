import re

import pytest

from diagnose.report import cells, text


def test_the_story_fits_a_screen(record):
    lines = text.render(record).splitlines()
    assert 25 <= len(lines) <= text.SCREEN


def test_it_answers_what_how_sure_and_what_to_do(record):
    said = text.render(record)
    assert said.startswith("STUCK  Lingering child process: A thread outlives the main work\n")
    assert "Supported. Several independent pieces" in said
    assert "1. Cancel the run; its outputs are complete\n     │ az ml job cancel -n brave_pear_7xq2" in said
    assert "user_logs/std_log.txt, line 812\n     │ epoch 10/10 loss=0.0312 <script>alert(1)</script>" in said


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_no_line_is_wider_than_asked(hostile, width):
    assert max(cells.width(line) for line in text.render(hostile, width=width).splitlines()) <= width


def test_no_byte_of_a_log_is_obeyed_by_the_terminal(hostile):
    said = text.render(hostile).replace("\n", "")
    assert re.findall(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", said) == []


def test_with_colour_the_only_sequences_are_its_own(hostile):
    said = text.render(hostile, color=True).replace("\n", "")
    own = re.compile(r"\x1b\[(0|1|2|1;3[1236])m")
    assert own.search(said)
    assert "\x1b" not in own.sub("", said)


def test_colour_changes_no_word(record):
    assert re.sub(r"\x1b\[[\d;]*m", "", text.render(record, color=True)) == text.render(record)


def test_no_pipeline_finds_a_command(hostile, senseless):
    for said in (text.render(hostile), text.render(senseless)):
        assert not re.search(r"##[A-Za-z-]*\[", said)
        assert not re.search(r"(?m)^\s*::", said)


def test_quoted_lines_never_begin_a_line(record):
    record["evidence"][0]["source"]["text"] = "::error::x"
    assert "     │ ⟦::⟧error::x" in text.render(record)


def test_a_record_of_nulls_still_has_a_story(nothing):
    assert text.render(nothing).startswith("UNKNOWN  Not named\n")


def test_an_empty_record_still_has_a_story():
    assert text.render({}).startswith("UNKNOWN  Not named\n")


def test_the_pace_the_end_and_the_silence_are_drawn(record):
    [line] = [each for each in text.render(record).splitlines() if each.startswith("UTC")]
    assert line.startswith("UTC  07:58 ")
    assert line.endswith(" 14:02")
    assert re.search(r"█.*│░+⋯░+ 14:02", line)


def test_wide_characters_take_two_cells():
    assert cells.width("训练é") == 5
    assert cells.cut("训练模型", 5) == "训练…"


def test_a_word_longer_than_a_line_is_broken():
    assert cells.wrap("a" * 25, 10, 5) == ["a" * 10, "a" * 10, "a" * 5]


def test_more_lines_than_asked_end_in_an_ellipsis():
    assert cells.wrap("one two three four five six", 10, 2) == ["one two", "three fou…"]
