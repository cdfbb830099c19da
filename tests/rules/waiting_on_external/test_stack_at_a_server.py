import pytest
from building import run_row
from judging import answer, completed, every, finding, verdict
from stacking import MAIN, OUTSIDE, dump, stack

from diagnose.rule import Certainty
from diagnose.rules.waiting_on_external.stack_at_a_server import stack_at_a_server

WORK = every(range(1, 20), "vers {n}/90")
READ = (("socket.py", "readinto"), ("http/client.py", "_read_status"), ("urllib/request.py", "urlopen"))
DOWNLOAD = (("ssl.py", "read"), ("http/client.py", "read"), ("site-packages/requests/models.py", "content"))


def test_an_answer_of_which_no_byte_came_is_waited_for():
    found = verdict(run_row(), logs=WORK + dump(stack(1, *READ, *MAIN)) * 2)
    assert found == ("waiting-on-external", "unanswered-request", "supported")


@pytest.mark.parametrize("text", [dump(stack(1, *READ, *MAIN)), dump(stack(1, *DOWNLOAD, *MAIN)) * 2])
def test_seen_once_or_in_the_middle_of_an_answer_it_is_a_suspicion(text):
    assert finding(stack_at_a_server, run_row(), logs=WORK + text).certainty is Certainty.SUSPECTED


@pytest.mark.parametrize(
    "other",
    [
        (("kiln.py", "burn"), *OUTSIDE),
        (("subprocess.py", "wait"), ("kiln.py", "call"), *OUTSIDE),
        (("selectors.py", "select"), ("asyncio/base_events.py", "_run_once"), *OUTSIDE),
    ],
)
def test_a_thread_or_a_child_that_works_leaves_it_open(other):
    logs = WORK + dump(stack(2, *other), stack(1, *READ, *MAIN)) * 2
    assert answer(stack_at_a_server, run_row(), logs=logs) == "clear"


@pytest.mark.parametrize("through", ["py4j/java_gateway.py", "wandb/sdk/lib/sock_client.py"])
def test_a_bridge_to_the_runs_own_processes_is_no_server(through):
    main = (("socket.py", "readinto"), (f"site-packages/{through}", "send_command"), *MAIN)
    assert answer(stack_at_a_server, run_row(), logs=WORK + dump(stack(1, *main)) * 2) == "clear"


def test_a_moment_ago_is_nothing():
    fresh = every(range(1, 359), "vers {n}/900") + dump(stack(1, *READ, *MAIN))
    assert answer(stack_at_a_server, run_row(), logs=fresh) == "clear"


def test_a_closed_run_is_not_held():
    assert answer(stack_at_a_server, completed(), logs=WORK + dump(stack(1, *READ, *MAIN)) * 2) == "clear"


def test_without_stacks_nobody_looked():
    assert answer(stack_at_a_server, run_row(), logs=WORK) == "not checked"
