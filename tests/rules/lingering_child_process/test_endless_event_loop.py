import pytest
from building import line, moment, run_row
from judging import answer, every, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_process.endless_event_loop import endless_event_loop

CODE = """import asyncio

async def polso():
    while True:
        await asyncio.sleep(60)

async def lavora():
    for giro in range(9):
        print(f"giro {{giro}} concluso")
        await asyncio.sleep(60)
    print("tutti i giri conclusi")

{main}
"""
GATHERED = "async def tutto():\n    await asyncio.gather(lavora(), polso())\nasyncio.run(tutto())"
WORK = every(range(9), "giro {n} concluso") + line(9, "tutti i giri conclusi")
STACK = '  File "/opt/conda/lib/python3.10/asyncio/base_events.py", line 603 in run_forever\n'


def code(main=GATHERED):
    return {"giri.py": CODE.format(main=main)}


def test_an_endless_coroutine_gathered_with_the_work_holds_the_run():
    found = verdict(run_row(), logs=WORK, code=code())
    assert found == ("lingering-child-process", "endless-event-loop", "supported")


def test_a_stack_after_the_end_of_the_work_establishes_it():
    found = verdict(run_row(), logs=WORK + STACK, code=code())
    assert found == ("lingering-child-process", "endless-event-loop", "established")


def test_without_the_source_a_loop_that_waits_may_wait_for_the_rest_of_the_work():
    quiet = "async def tutto():\n    await lavora()\nasyncio.run(tutto())"
    told = finding(endless_event_loop, run_row(), logs=WORK + STACK, code=code(quiet))
    assert told.certainty < Certainty.ESTABLISHED


def test_a_stack_of_a_loop_before_the_end_of_the_work_says_nothing():
    quiet = "async def tutto():\n    await lavora()\nasyncio.run(tutto())"
    assert answer(endless_event_loop, run_row(), logs=STACK + WORK, code=code(quiet)) == "clear"


def test_a_stack_of_a_loop_whose_work_is_not_over_says_nothing():
    log = every(range(5), "giro {n} concluso") + STACK
    assert answer(endless_event_loop, run_row(), logs=log) == "clear"


@pytest.mark.parametrize(
    "main",
    [
        "async def tutto():\n    p = asyncio.create_task(polso())\n    await lavora()\n    p.cancel()\nasyncio.run(tutto())",
        "async def tutto():\n    p = asyncio.create_task(polso())\n    await lavora()\nasyncio.run(tutto())",
        "async def tutto():\n    await asyncio.wait_for(polso(), 60)\n    await lavora()\nasyncio.run(tutto())",
    ],
)
def test_a_task_beside_the_work_that_nobody_waits_for_holds_nothing(main):
    assert answer(endless_event_loop, run_row(), logs=WORK, code=code(main)) == "clear"


def test_moments_after_the_last_line_a_loop_accuses_nobody():
    assert answer(endless_event_loop, run_row(), logs=WORK, code=code(), captured_at=moment(12)) == "clear"


def test_the_source_alone_makes_no_verdict():
    assert answer(endless_event_loop, run_row("Completed"), logs=WORK, code=code()) == "clear"


def test_without_logs_nobody_looked():
    assert answer(endless_event_loop, run_row(), code=code()) == "not checked"
