"""What each thread of a stack dump waits for, by the library's own calls that it stands in, without the run's source."""

import re
from collections.abc import Sequence
from enum import StrEnum

from diagnose.evidence.stacks import Frame, Thread


class Waits(StrEnum):
    """For what, or for whom."""

    COLLECTIVE = "the other ranks"
    PEER = "what another process of the run is to send or take"
    QUEUE = "room in a queue, an item of it, or its items to be done"
    EVENT = "an event, a condition or a semaphore"
    SERVER = "a server's answer"
    FUTURE = "the result of a task that was handed to a pool"
    CHILD = "a child, a pool or a task"
    IDLE = "work that nobody has for it"
    """A helper that waits by design: nothing is to be expected of it."""
    OTHER = "something that its stack does not tell"
    NOTHING = "nothing"
    """It is at work, or in a call that leaves no frame: as far as its stack tells, it moves."""


_LIBRARY = re.compile(
    r"/lib(?:64)?/python\d|/(?:site|dist)-packages/|^<frozen |(?:^|/)(?:torch|horovod|deepspeed|multiprocessing|concurrent|urllib3?|http|requests|asyncio|tqdm)/"
    r"|^(?:threading|queue|connection|socket|ssl|selectors|subprocess|thread|_base|pool|process|popen_\w+|synchronize|distributed_c10d|client)\.py$"
)
"""Code that is not the run's own, by its path; `py-spy` shortens the paths of the library to names."""
_KINDS = (
    (
        Waits.COLLECTIVE,
        (
            r"(?:^|/)(?:torch/distributed/)?(?:distributed_c10d|rendezvous)\.py:"
            r"(?:\w*barrier|all_\w+|reduce\w*|broadcast\w*|gather\w*|scatter\w*|send\w*|recv\w*|init_process_group|new_group|_store_based_barrier|_create_c10d_store)$"
            r"|/horovod/\S+:(?:synchronize|\w*allreduce|\w*allgather|\w*broadcast|barrier|join)$|/ray/util/collective/\S+:(?:all\w+|barrier|broadcast|send|recv)$"
        ),
    ),
    (Waits.PEER, r"(?:^|multiprocessing/)connection\.py:(?:_?recv|_?recv_bytes|_?send|_?send_bytes)$"),
    (Waits.QUEUE, r"(?:^|/lib(?:64)?/python[\d.]+/)queue\.py:(?:put|get|join)$"),
    (Waits.EVENT, r"(?:^|/lib(?:64)?/python[\d.]+/)threading\.py:(?:wait|wait_for|acquire)$"),
    (
        Waits.SERVER,
        (
            r"(?:^|/)(?:http/client|urllib/request|ftplib|smtplib)\.py:|(?:^|/)(?:urllib3|requests|httpx|httpcore)/\S+:|(?:^|/)ssl\.py:(?:read|recv\w*|do_handshake|connect)$"
            r"|(?:^|/lib(?:64)?/python[\d.]+/)socket\.py:(?:create_connection|readinto)$"
        ),
    ),
    (
        Waits.FUTURE,
        r"(?:^|concurrent/futures/)_base\.py:(?:result|exception|result_iterator|wait|as_completed)$",
    ),
    (
        Waits.CHILD,
        (
            r"(?:^|multiprocessing/)process\.py:join$|(?:^|/)popen_\w+\.py:|(?:^|/)subprocess\.py:|(?:^|multiprocessing/)pool\.py:|(?:^|futures/)_base\.py:|(?:^|futures/)process\.py:"
            r"|(?:^|/)threading\.py:(?:join|_wait_for_tstate_lock|_shutdown)$|(?:^|/)torch/(?:multiprocessing|utils/data|distributed/elastic)/|(?:^|/)joblib/|multiprocessing/(?:queues|managers)\.py:"
        ),
    ),
    (Waits.IDLE, r"(?:^|futures/)thread\.py:_worker$|tqdm/_monitor\.py:run$|event_file_writer\.py:run$"),
    (Waits.OTHER, r"(?:^|/)(?:asyncio|py4j|wandb|mlflow|azureml|ipykernel|comet_ml|ray/_private)/\S+:"),
)
_TOLD = tuple((kind, re.compile(told)) for kind, told in _KINDS)
NO_BYTE_YET = re.compile(r":(?:create_connection|connect|do_handshake|_read_status|getresponse)$")
"""Before the first byte of an answer: no download that only takes its time."""


def outside(thread: Thread) -> tuple[Frame, ...]:
    """Its innermost calls down to the first of the run's own code."""
    frames = thread.frames
    own = next((n for n, frame in enumerate(frames) if not _LIBRARY.search(_path(frame))), len(frames))
    return frames[:own]


def own_call(thread: Thread) -> Frame | None:
    """The innermost call of the run's own code."""
    frames = thread.frames[len(outside(thread)) :]
    return frames[0] if frames else None


def waits_for(thread: Thread) -> Waits:
    """The outermost of the library's calls that it stands in says what it is about: a queue's lock is about the queue."""
    calls = [_call(frame) for frame in outside(thread)]
    known = [kind for call in calls if (kind := _kind(call))]
    if not known:
        return Waits.OTHER if calls else Waits.NOTHING
    within_processes = any("multiprocessing/synchronize.py" in call for call in calls)
    return Waits.PEER if within_processes and known[-1] is Waits.EVENT else known[-1]


def is_answerless(thread: Thread) -> bool:
    """Whether a thread that waits for a server has not got the first byte of its answer."""
    return any(NO_BYTE_YET.search(_call(frame)) for frame in outside(thread))


def is_child(thread: Thread) -> bool:
    """Whether it is the main thread of a process that `multiprocessing` started."""
    return any(
        re.search(r"(?:^|/)(?:process\.py:_bootstrap|spawn\.py:_main)$", _call(frame))
        for frame in thread.frames
    )


def _kind(call: str) -> Waits | None:
    return next((kind for kind, told in _TOLD if told.search(call)), None)


def _path(frame: Frame) -> str:
    return frame.path.replace("\\", "/")


def _call(frame: Frame) -> str:
    return f"{_path(frame)}:{frame.function}"


def words_of(frames: Sequence[Frame]) -> str:
    """The first of some calls as a reader names it: `train.py:26 in step`."""
    return (
        f"{_path(frames[0]).rpartition('/')[2]}:{frames[0].line} in {frames[0].function}" if frames else "?"
    )
