"""The network of an executed script: one HTTP server on the loopback, with outages by plan."""

import json
import threading
import time
import urllib.parse
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .clock import LabClock


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with requests under a path, between two lab times (seconds after the start)."""

    path: str
    action: str  # an HTTP status, "reset" (the connection breaks), "hang" (no answer) or "slow:SECONDS"
    since_s: float = 0.0
    until_s: float = 1e12


class Network:
    """Takes in metrics, artifacts, tags, models and anything else; keeps what arrived, with its lab time."""

    def __init__(self, clock: LabClock, troubles: tuple[Trouble, ...]) -> None:
        self.clock = clock
        self.troubles = troubles
        self.metrics: dict[str, dict] = {}
        self.artifacts: dict[str, dict] = {}
        self.tags: dict[str, object] = {}
        self.requests: list[tuple[float, str, str, int]] = []
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def trouble(self, path: str) -> str | None:
        """What the plan says of a request to this path now."""
        since = self.clock.now() - self.clock.t0
        for trouble in self.troubles:
            if path.startswith(trouble.path) and trouble.since_s <= since < trouble.until_s:
                return trouble.action
        return None

    def take(self, method: str, path: str, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Serves one request; returns status and answer."""
        now = self.clock.now()
        with self.lock:
            if path.endswith("/metric/v2.0/runs/batch"):
                for point in json.loads(body)["metrics"]:
                    # A batch sent again, its answer lost, is the same points.
                    self.metrics.setdefault(point["id"], {**point, "ingested_at": now})
            elif path == "/artifact/v2.0/create":
                self.artifacts[query["path"]] = {"created": now, "modified": now, "blocks": b"", "data": b""}
            elif path == "/artifact/v2.0/block":
                self.artifacts[query["path"]]["blocks"] += body
            elif path == "/artifact/v2.0/commit":
                artifact = self.artifacts[query["path"]]
                artifact.update(data=artifact["blocks"], blocks=b"", modified=now)
            elif path == "/history/v1.0/tags":
                self.tags.update(json.loads(body))
            return (200, b'{"status": "ok"}') if method != "POST" else (201, b'{"status": "created"}')


def _handler(network: Network) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """The lab's own log is the evidence."""

        def _serve(self) -> None:
            url = urllib.parse.urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            action = network.trouble(url.path) or ""
            if action == "hang":
                time.sleep(3600)
            if action == "reset":
                self.connection.close()
                return
            if action.startswith("slow:"):
                time.sleep(network.clock.real_seconds(float(action[5:])))
                action = ""
            query = dict(urllib.parse.parse_qsl(url.query))
            if action:
                status, answer = (
                    int(action),
                    json.dumps({"error": {"code": ERRORS.get(action, "Error")}}).encode(),
                )
            else:
                status, answer = network.take(self.command, url.path, query, body)
            network.requests.append((network.clock.now(), self.command, url.path, status))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_PATCH = _serve  # noqa: N815 - the base class asks for these names

    return Handler


ERRORS = {
    "500": "InternalServerError",
    "503": "ServiceUnavailable",
    "404": "NotFound",
    "429": "TooManyRequests",
}
