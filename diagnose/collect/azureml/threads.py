"""Work done at the same time, in threads that nobody has to wait for when the user has had enough."""

import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def start(work: Callable[[], T]) -> "Future[T]":
    """`work` in a thread of its own. The threads of an executor are waited for at exit; these end with the program."""
    future: Future[T] = Future()
    threading.Thread(target=_fulfil, args=(future, work), daemon=True).start()
    return future


def each(work: Callable[[T], R], items: Iterable[T], at_once: int) -> list[R]:
    """`work` on every item, `at_once` at a time; the results in the order of the items.

    Raises what the first of the failed ones raised, after all are done.
    """
    futures: list[Future[R]] = []
    waiting: queue.SimpleQueue[tuple[Future[R], T]] = queue.SimpleQueue()
    for item in items:
        future: Future[R] = Future()
        futures.append(future)
        waiting.put((future, item))
    for _ in range(min(at_once, len(futures))):
        threading.Thread(target=_serve, args=(waiting, work), daemon=True).start()
    for future in futures:
        future.exception()  # waits: nobody goes on writing when this function has raised
    return [future.result() for future in futures]


def _serve(waiting: "queue.SimpleQueue[tuple[Future[R], T]]", work: Callable[[T], R]) -> None:
    while True:
        try:
            future, item = waiting.get_nowait()
        except queue.Empty:
            return
        _fulfil(future, lambda item=item: work(item))  # type: ignore[misc]


def _fulfil(future: "Future[T]", work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001  (whoever asks for the result gets it)
        future.set_exception(error)
