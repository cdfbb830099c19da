import pytest

from diagnose.report.page import page
from diagnose.report.placeholders import named

CANCEL = "az ml job cancel --name RUN"


def test_a_command_names_the_run(record):
    record["next_steps"][0]["snippet"] = CANCEL
    assert page(record).steps.items[0].snippet == "az ml job cancel --name brave_pear_7xq2"


def test_only_the_placeholder_itself_is_replaced():
    record = {"run": {"id": "x"}}
    assert (
        named("RUN RUNNING TRAIN_RUN CHILD-RUN-ID RUN-ID", record)
        == "x RUNNING TRAIN_RUN CHILD-RUN-ID RUN-ID"
    )


@pytest.mark.parametrize(
    "name", ["$(reboot)", "a b", "a;b", "-rf", "a\nb", "\u202ex", "", None, 7, "x" * 300]
)
def test_a_name_that_a_shell_would_read_as_more_is_not_put_in(name):
    assert named(CANCEL, {"run": {"id": name}}) == CANCEL


def test_the_one_open_child_is_named():
    done = {"id": "done", "end": "2026-11-20T08:00:00Z"}
    record = {"timeline": {"children": [done, {"id": "open", "end": None}]}}
    assert named("diagnose CHILD-RUN-ID", record) == "diagnose open"


def test_of_several_open_children_or_an_incomplete_list_none_is_named():
    several = {"timeline": {"children": [{"id": "a"}, {"id": "b"}]}}
    cut = {"timeline": {"children": [{"id": "a"}], "children_total": 60}}
    assert {named("diagnose CHILD-RUN-ID", each) for each in (several, cut, {})} == {"diagnose CHILD-RUN-ID"}
