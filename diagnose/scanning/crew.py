"""Who runs the errands: threads of this machine, or the workers of a Dask cluster; both are a `concurrent.futures.Executor`."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from diagnose.collect.azureml.threads import start
from diagnose.errors import DiagnoseError, UsageError

ENGINES = ("threads", "dask")
RETRIES = 3
"""How often Dask does a run again whose worker was lost."""
_WAIT_S = 10
T = TypeVar("T")


class Threads(Executor):
    """A thread for each errand, of as many as the scan sends out; they end with the program.

    The library's pool waits for its threads when the program ends; somebody who presses Ctrl-C does not.
    """

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        """The errand in a thread of its own."""
        return start(partial(fn, *args, **kwargs))


@contextmanager
def crew(engine: str, workers: int, cluster: str | None) -> Iterator[tuple[Executor, int, float]]:
    """The executor, how many errands it takes at a time, and the part of the budgets that one process of it may use.

    Raises UsageError where the engine is not installed, DiagnoseError where its cluster cannot be reached.
    """
    if engine == "threads":
        if cluster:
            raise UsageError("--cluster names a Dask cluster; add --engine dask.")
        yield Threads(), workers, 1.0
        return
    if not cluster:
        raise UsageError("--engine dask needs the address of a cluster: --cluster tcp://HOST:8786.")
    with _dask(cluster) as client:
        known = client.scheduler_info(n_workers=-1)["workers"]
        if not known:
            raise DiagnoseError(
                f"The Dask cluster at {cluster} has no workers; start some, or use --engine threads."
            )
        threads = sum(max(1, int(each.get("nthreads", 1))) for each in known.values())
        yield client.get_executor(retries=RETRIES, pure=False), max(workers, threads), 1.0 / len(known)


@contextmanager
def _dask(cluster: str) -> Iterator[Any]:
    try:
        import distributed  # noqa: PLC0415  (70 MB, for those who have such a cluster)
    except ImportError as error:
        raise UsageError(
            "--engine dask needs the package distributed; install azureml-diagnose[dask], here and on the workers."
        ) from error
    open_client: Any = distributed.Client  # which has no types
    try:
        client = open_client(cluster, timeout=_WAIT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise DiagnoseError(
            f"The Dask cluster at {cluster} cannot be reached ({type(error).__name__}); check --cluster and the network."
        ) from error
    try:
        yield client
    finally:
        client.close(timeout=5)
