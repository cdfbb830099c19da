import pytest
from building import fact

from diagnose.evidence.code import Code, CodeKind

HEADER = """import asyncio, threading
async def beat():
    while True:
        await asyncio.sleep(1)
async def work():
    await asyncio.sleep(1)
async def until_told():
    while True:
        if await asked():
            return
"""


def lines(text, **more):
    code = fact(Code, code={"train.py": HEADER + text, **more})
    return [f.line - HEADER.count("\n") for f in code.of(CodeKind.LOOP_NEVER_STOPPED)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("async def main():\n    await asyncio.gather(work(), beat())", 2),
        ("async def main():\n    await asyncio.gather(*[work(), beat()])", 2),
        ("async def main():\n    await beat()", 2),
        ("asyncio.run(beat())", 1),
        ("async def main():\n    task = asyncio.create_task(beat())\n    await work()\n    await task", 2),
        (
            "async def main():\n    async with asyncio.TaskGroup() as group:\n        group.create_task(beat())",
            3,
        ),
        ("async def main():\n    await asyncio.wait([asyncio.create_task(beat())])", 2),
        (
            (
                "class A:\n    async def go(self):\n        self.all = [asyncio.create_task(beat()), asyncio.create_task(work())]\n"
                "        await asyncio.gather(*self.all)"
            ),
            3,
        ),
        ("loop = asyncio.get_event_loop()\nloop.run_forever()", 2),
        ("loop = asyncio.new_event_loop()\nthreading.Thread(target=loop.run_forever).start()", 2),
    ],
)
def test_a_loop_that_has_no_end(text, line):
    assert lines(text) == [line]


@pytest.mark.parametrize(
    "text",
    [
        "async def main():\n    task = asyncio.create_task(beat())\n    await work()",
        "async def main():\n    task = asyncio.create_task(beat())\n    await work()\n    task.cancel()\n    await task",
        "async def main():\n    await asyncio.wait_for(beat(), 60)",
        "async def main():\n    await asyncio.wait([beat(), work()], return_when=asyncio.FIRST_COMPLETED)",
        "async def main():\n    await asyncio.gather(work(), until_told())",
        "loop = asyncio.get_event_loop()\nloop.call_later(60, loop.stop)\nloop.run_forever()",
        "loop = asyncio.new_event_loop()\nthreading.Thread(target=loop.run_forever, daemon=True).start()",
        "def turn():\n    loop.run_forever()\nthreading.Thread(target=turn, daemon=True).start()",
    ],
)
def test_a_loop_that_comes_to_its_end(text):
    assert not lines(text)


def test_a_loop_may_be_stopped_from_another_file():
    other = {"ending.py": "from train import loop\nloop.call_soon_threadsafe(loop.stop)\n"}
    assert not lines("loop = asyncio.new_event_loop()\nloop.run_forever()", **other)
