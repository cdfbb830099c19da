import pytest
from building import fact

from diagnose.evidence.code import Code, CodeKind

HEADER = """import multiprocessing, queue
from concurrent.futures import ThreadPoolExecutor
def endless():
    while True:
        serve(jobs.get())
def bounded():
    return jobs.get(timeout=5)
"""


def kinds(text):
    code = fact(Code, code={"train.py": HEADER + text})
    return [f.kind for f in code.of(CodeKind.TASK_NEVER_ENDS, CodeKind.POOL_TASK_NEVER_ENDS)]


@pytest.mark.parametrize(
    "text",
    [
        "pool = ThreadPoolExecutor(2)\npool.submit(endless)",
        "async def main():\n    await asyncio.to_thread(endless)",
        "async def main():\n    loop.run_in_executor(None, endless)",
        "with ThreadPoolExecutor(2) as pool:\n    pool.submit(endless)",
        "with ThreadPoolExecutor(2) as pool:\n    pool.map(lambda n: done.wait(), range(3))",
        "class A:\n    def __init__(self):\n        self.pool = ThreadPoolExecutor()\n    def go(self):\n        self.pool.submit(endless)",
    ],
)
def test_a_task_of_an_executor_without_an_end(text):
    assert kinds(text) == [CodeKind.TASK_NEVER_ENDS]


def test_a_task_of_a_pool_without_an_end():
    assert kinds("pool = multiprocessing.Pool(4)\npool.apply_async(endless)") == [
        CodeKind.POOL_TASK_NEVER_ENDS
    ]


@pytest.mark.parametrize(
    "text",
    [
        "pool = ThreadPoolExecutor(2)\npool.submit(bounded)",
        "asyncio.to_thread()",
        "loop.run_in_executor(endless)",
        "pool = ThreadPoolExecutor(2)\npool.submit(print, 'hello')",
        "form.submit(endless)",
    ],
)
def test_a_task_that_ends_or_is_none(text):
    assert not kinds(text)


def test_a_function_that_is_handed_to_a_pool_does_not_hide_the_pool():
    text = "pool = multiprocessing.Pool(4)\nfor n, x in enumerate(pool.imap_unordered(bounded, range(9))):\n    print(n)"
    code = fact(Code, code={"train.py": HEADER + text})
    assert code.of(CodeKind.POOL_NOT_CLOSED)
