import pytest
from building import line, run_row
from judging import answer, cause, every, verdict

from diagnose.rules.distributed_hang.first_silent_rank import first_silent_rank

TRACE = 'Traceback (most recent call last):\n  File "vežbaj.py", line 8, in korak\n    model(x)\n'
DEATH = TRACE + "AssertionError: oznaka 12 je van opsega\n"


def said(count, text="korak {n} gotov", more=""):
    return every(range(1, count), text) + more


def logs(*texts):
    return {f"user_logs/std_log_process_{rank}.txt": text for rank, text in enumerate(texts)}


def test_a_rank_that_died_while_the_others_wait():
    told = logs(said(41), said(41), said(40, more=DEATH))
    assert verdict(run_row(), logs=told) == ("distributed-hang", "rank-died", "supported")


def test_a_rank_that_stands_elsewhere_while_the_others_wait_at_one_place():
    told = logs(said(40), said(40, more=line(40, "provera epohe")), said(40))
    assert verdict(run_row(), logs=told) == ("distributed-hang", "rank-elsewhere", "supported")


def test_rank_zero_alone_may_be_at_a_long_step_of_its_own():
    told = logs(said(40, more=line(40, "čuvam model")), said(40), said(40))
    assert verdict(run_row(), logs=told)[1:] == ("rank-elsewhere", "suspected")


@pytest.mark.parametrize("prefix", ["[rank{}]:", "[default{}]:", "[1,{}]<stdout>:"])
def test_ranks_that_share_a_log_are_told_apart_by_the_launchers_prefix(prefix):
    told = "".join(
        f"{prefix.format(rank)} {line(n, f'korak {n} gotov')}" for n in range(1, 12) for rank in range(4)
    )
    told += f"{prefix.format(2)} {line(12, 'provera epohe')}"
    assert answer(first_silent_rank, run_row(), logs=told) == "found"


def test_ranks_with_parts_of_their_own_end_at_different_times():
    told = logs(said(200), said(200), said(40, more=line(40, "deo je gotov")))
    assert answer(first_silent_rank, run_row(), logs=told) == "clear"


def test_ranks_that_still_speak_wait_for_nobody():
    told = logs(said(359), said(359), said(40, more=DEATH))
    assert cause(run_row(), logs=told) != "distributed-hang"


def test_when_all_stand_at_one_place_none_of_them_is_named():
    assert answer(first_silent_rank, run_row(), logs=logs(said(40), said(40), said(40))) == "clear"


def test_one_log_for_all_does_not_tell_ranks_apart():
    assert answer(first_silent_rank, run_row(), logs=said(40)) == "clear"


def test_a_failed_run_is_no_hang():
    told = logs(said(41), said(41), said(40, more=DEATH))
    assert answer(first_silent_rank, run_row("Failed"), logs=told) == "clear"
