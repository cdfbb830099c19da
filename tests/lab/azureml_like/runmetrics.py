# ruff: noqa: T201, PTH123 - the original prints, reads its file so, and writes lines as long as these
"""A metric client that buffers and flushes as azureml-core 1.60 does, with the same words on stdout.

What is as in the original: a daemon timer that sends every second in batches of at most 45; `flush`
blocks and raises on time-out; `upload_file` is synchronous and creates an empty artifact first; the
exit hook prints and waits; `complete` sets no status in a submitted run.
"""

import atexit
import json
import logging
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import deque

BATCH = 50 - 5  # the original keeps five places free
INTERVAL_S = 1.0
CLEANUP_S = float(os.environ.get("AZUREML_CLEANUP_SECONDS", "300"))

_sdk = logging.getLogger("azureml")
_sdk.propagate = False
_sdk.addHandler(logging.NullHandler())


class FlushTaskTimeout(Exception):  # noqa: N818 - the original's name
    """The queue was not empty in time."""


class ArtifactsException(Exception):  # noqa: N818 - the original's name
    """An artifact could not be created or uploaded."""


def _url(where, **query):
    base = os.environ["AZUREML_SERVICE_ENDPOINT"]
    return f"{base}{where}" + (f"?{urllib.parse.urlencode(query)}" if query else "")


def _send(where, body, method="POST", timeout=100, **query):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(_url(where, **query), data=data, method=method)
    with urllib.request.urlopen(request, timeout=timeout) as response:
        return response.status


class MetricsClient:
    """Points wait in a buffer until the timer's next turn takes them to the service."""

    def __init__(self):
        self._buffer = deque()
        self._in_flight = 0
        self._changed = threading.Condition()
        threading.Thread(target=self._work, name="MetricsClient", daemon=True).start()

    def put(self, point):
        with self._changed:
            self._buffer.append(point)

    def waiting(self):
        """How many batches are still to be taken in by the service."""
        with self._changed:
            points = len(self._buffer) + self._in_flight
        return -(-points // BATCH)

    def flush(self, timeout_seconds):
        name = f"azureml._SubmittedRun#{os.environ['AZUREML_RUN_ID']}.RunHistoryFacade.MetricsClient"
        source = f"{name}.PostMetricsBatchV2.WaitFlushSource:MetricsClient|DEBUG|"
        _record(f"{name}.FlushingMetricsClient|DEBUG|[START]")
        _record(f"{source}[START]")
        _record(
            f"{source}flush timeout {float(timeout_seconds)} is different from task queue timeout 120, using flush timeout"
        )
        _record(f"{source}Waiting {float(timeout_seconds)} seconds on tasks: [AsyncTask(0__log_batch_v2)].")
        started = time.monotonic()
        while self.waiting():
            if time.monotonic() - started > timeout_seconds:
                raise FlushTaskTimeout(
                    f"FlushTaskTimeout:\n\tMessage: Failed to flush task queue within {timeout_seconds} seconds\n"
                    '\tInnerException None\n\tErrorResponse \n{\n    "error": {\n        "code": "UserError",\n'
                    f'        "message": "Failed to flush task queue within {timeout_seconds} seconds"\n    }}\n}}'
                )
            time.sleep(0.25)
        _record(f"{source}[STOP]")
        _record(f"{name}.FlushingMetricsClient|DEBUG|[STOP]")

    def _work(self):
        wake = threading.Event()
        while True:
            wake.wait(INTERVAL_S)
            while self._buffer:
                self._post()

    def _post(self):
        with self._changed:
            batch = [self._buffer.popleft() for _ in range(min(BATCH, len(self._buffer)))]
            self._in_flight = len(batch)
        pause = 2.0
        while True:
            try:
                _send("/metric/v2.0/runs/batch", {"metrics": batch})
                break
            except OSError as trouble:
                _record(f"azureml.MetricsClient|DEBUG|retrying after {trouble!r}")
                time.sleep(pause)
                pause = min(pause * 2, 30.0)
        with self._changed:
            self._in_flight = 0


class Run:
    """The submitted run that this process works for."""

    _current = None

    @classmethod
    def get_context(cls):
        if cls._current is None:
            cls._current = cls()
        return cls._current

    def __init__(self):
        self.id = os.environ["AZUREML_RUN_ID"]
        self._metrics = MetricsClient()
        self._cleaned = False
        atexit.register(self._cleanup)

    def log(self, name, value, step=None):
        self._metrics.put(
            {"id": str(uuid.uuid4()), "name": name, "value": value, "step": step, "at": time.time()}
        )

    def flush(self, timeout_seconds=300):
        self._metrics.flush(timeout_seconds)

    def tag(self, key, value=None):
        _send("/history/v1.0/tags", {key: value})

    def complete(self):
        logging.getLogger("azureml.core.run").info("complete is not setting status for submitted runs.")

    def upload_file(self, name, path_or_stream, chunk_bytes=65536, seconds_per_chunk=4.0):
        """Creates an empty artifact, then sends the file piece by piece; returns when all of it is there."""
        try:
            _send("/artifact/v2.0/create", b"", path=name)
            with open(path_or_stream, "rb") as source:
                while piece := source.read(chunk_bytes):
                    _send("/artifact/v2.0/block", piece, "PUT", timeout=60, path=name)
                    time.sleep(seconds_per_chunk)  # the uplink of the node
            _send("/artifact/v2.0/commit", b"", path=name)
        except OSError as trouble:
            raise ArtifactsException(f"UploadArtifacts: failed to upload {name}: {trouble}") from trouble

    def _cleanup(self, seconds=CLEANUP_S):
        if self._cleaned:
            return
        self._cleaned = True
        print(f"Cleaning up all outstanding Run operations, waiting {seconds} seconds", flush=True)
        started = time.monotonic()
        print("2 items cleaning up...", flush=True)
        try:
            self._metrics.flush(seconds)
        except FlushTaskTimeout as trouble:
            print(f"Failed to flush task queue within {seconds} seconds", flush=True)
            print("Could not clean up all items! Data loss might occur!", flush=True)
            _record(f"azureml.core.run|ERROR|{trouble}")
        print(f"Cleanup took {time.monotonic() - started} seconds", flush=True)


def _record(text):
    """A line of the SDK's own log, where there is one (v1)."""
    path = os.environ.get("LAB_SDK_LOG")
    if not path:
        return
    now = time.time()
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now)) + f",{int(now % 1 * 1000):03d}"
    with open(path.replace("<pid>", str(os.getpid())), "a", encoding="utf-8") as log:
        log.write(f"{stamp}|{text}\n")
