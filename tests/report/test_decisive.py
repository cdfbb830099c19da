from diagnose.report.decisive import decisive

STAMP = "2026-11-18T09:34:11.313514Z  INFO "
STATE = 'Execution::wait{parent=Span { name: "Execution::spawn", target: "a::b", id: Id(7) } users=[21700]}: '
SAID = "Successfully collected the exit status of user process pid=21700"


def test_the_state_before_a_runtime_message_is_counted_and_left_out():
    line = f"{STAMP}{STATE}execution_wrapper::execution: {SAID}"
    assert decisive(line) == f"{STAMP}⟦… {len(line) - len(STAMP) - len(SAID) - 1} characters …⟧ {SAID}"


def test_a_message_keeps_what_looks_like_a_module():
    said = "failed: rslex::upload: 403 { status: Denied }"
    assert decisive(f"{STAMP}{STATE}execution_wrapper::execution: {said}").endswith(f"⟧ {said}")


def test_the_workspace_after_a_runtime_message_is_left_out():
    line = (
        "INFO 2026-11-16 23:49:31,057 data_sessions.py:655 [14] - wd/checkpoints/ is empty. Skip uploading."
    )
    assert decisive(line + " {'subscription_id': '0000', 'run_id': 'x'}").startswith(line + " ⟦… ")


def test_a_short_line_and_a_long_one_of_the_user_stay_as_they_are():
    for line in ("loss 0.1  {x}", "epoch: " + "a::b: {} " * 60, STAMP + "{" * 400):
        assert decisive(line) == line


def test_several_lines_become_one_without_their_underlining():
    assert decisive("Error:\n  f(x)\n  ^^^^\nKeyError: 'y'\n") == "Error: ⏎ f(x) ⏎ KeyError: 'y'"


def test_the_end_of_a_span_is_not_taken_for_the_module():
    said = "Failed blocking user process detected, process name: python, process pid: 24575"
    line = f"2026-11-18T12:32:12.106733Z ERROR Execution::wait_for_end: execution_wrapper::manager: {said}"
    assert decisive(line).endswith(f"⟧ {said}")
