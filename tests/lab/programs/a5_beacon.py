"""beacon - experiment tracking for small teams (vendored 0.4.2)"""
import atexit
import json
import queue
import sys
import threading
import time


class Session:
    def __init__(self, project, sink):
        self.project, self.sink = project, sink
        self._events = queue.Queue()
        self._sender = threading.Thread(target=self._drain, name="beacon-sender", daemon=True)
        self._sender.start()
        atexit.register(self.finish)
        print(f"beacon: tracking run in project '{project}' (anonymous)", file=sys.stderr)

    def track(self, **fields):
        self._events.put({"t": time.time(), **fields})

    def _drain(self):
        with open(self.sink, "a") as sink:
            while True:
                event = self._events.get()
                sink.write(json.dumps(event) + "\n")
                sink.flush()
                self._events.task_done()

    def finish(self):
        left = self._events.qsize()
        print(f"beacon: Waiting for sync to finish... {left} event(s) pending", file=sys.stderr)
        self._events.join()
        print("beacon: Synced. Find the summary under 'beacon/runs'.", file=sys.stderr)
