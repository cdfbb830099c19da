import json

from diagnose.report import record as view


def test_what_is_read_back_is_what_was_written(record):
    assert json.loads(view.render(record)) == record


def test_it_is_one_line_of_printable_ascii(hostile):
    said = view.render(hostile)
    assert said.endswith("}\n")
    assert all(" " <= each <= "~" for each in said[:-1])


def test_hostile_text_is_read_back_whole(hostile):
    assert json.loads(view.render(hostile)) == hostile


def test_no_pipeline_finds_a_command_in_it(record):
    record["headline"] = "##vso[task.complete result=Succeeded] ##[error]"
    assert "##" not in view.render(record)


def test_what_json_has_no_number_for_is_null(record):
    record["idle_tail_s"] = float("nan")
    record["timeline"]["metrics"][0]["points"] = [["2026-11-20T08:07:00Z", float("inf")]]
    read = json.loads(view.render(record))
    assert read["idle_tail_s"] is None
    assert read["timeline"]["metrics"][0]["points"][0][1] is None
