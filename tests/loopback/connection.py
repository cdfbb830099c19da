"""One client's connection: through the proxy, into TLS, and answered there request by request."""

import contextlib
import http
import http.client
import select
import socket
import ssl
import struct
import threading

from . import times
from .answers import Request

_LINE_MAX = 1 << 16
_NO_BODY = frozenset({204, 304})


class Gone(Exception):  # noqa: N818  # nothing went wrong
    """The connection has ended."""


class Wire:
    """What an answer is written to."""

    def __init__(self, stream, closing, *, bodiless):
        self._stream = stream
        self._bodiless = bodiless
        self.closing: threading.Event = closing
        self.status = None
        self.whole = False

    def answer(self, answer):
        """The whole answer."""
        if isinstance(answer.body, bytes):
            length = len(answer.body) if answer.length is None else answer.length
            self.send(self._head(answer, length) + (b"" if self._bodiless else answer.body))
        else:
            self.head(answer, answer.length)
            for chunk in answer.body:
                self.send(chunk)
                if self.closing.is_set():
                    raise Gone
        self.whole = True

    def head(self, answer, length):
        """The status and the headers."""
        self.send(self._head(answer, length))

    def send(self, content):
        """Some bytes; raises Gone when nobody listens."""
        try:
            self._stream.sendall(content)
        except OSError as error:
            raise Gone from error

    def reset(self):
        """End the connection as a crashed machine would."""
        with contextlib.suppress(OSError):
            self._stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket.close(self._stream.detach())

    def wait_for_goodbye(self):
        """Until the client leaves, or the workspace closes."""
        while not self.closing.wait(0.05):
            with contextlib.suppress(OSError, ValueError):
                if not select.select([self._stream], [], [], 0)[0]:
                    continue
            return

    def _head(self, answer, length):
        self.status = answer.status
        lines = [f"HTTP/1.1 {answer.status} {_reason(answer.status)}"]
        headers = dict(answer.headers)
        if answer.status not in _NO_BODY and length is not None:
            headers["Content-Length"] = length
        headers.setdefault("Date", times.header(times.now()))
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Connection:
    """Reads requests from a client until it leaves."""

    def __init__(self, plain, proxy, context, exchange, closing):
        self.stream = plain
        self._proxy = proxy
        self._context = context
        self._exchange = exchange
        self._closing = closing

    def serve(self):
        """Until the client leaves; returns quietly then."""
        try:
            with contextlib.suppress(Gone, OSError):
                host = self._tunnel()
                self._answer_all(host)
        finally:
            with contextlib.suppress(OSError):
                self.stream.close()

    def _tunnel(self):
        """Answer CONNECT; the host that the client wants, spoken to in TLS from here on."""
        with self.stream.makefile("rb", buffering=0) as reader:
            line = _line(reader)
            while _line(reader) not in (b"\r\n", b"\n"):
                pass
        method, target = line.decode("latin-1").split()[:2]
        host = target.rpartition(":")[0].lower() if method == "CONNECT" else target
        if method != "CONNECT" or not self._proxy.knows(target):
            self._proxy.refuse(target)
            self.stream.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            raise Gone
        self.stream.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.stream = self._context.wrap_socket(self.stream, server_side=True, suppress_ragged_eofs=True)
        return host

    def _answer_all(self, host):
        with self.stream.makefile("rb") as reader:
            while True:
                request = _request(reader, host)
                wire = Wire(self.stream, self._closing, bodiless=request.method == "HEAD")
                self._exchange(request, wire)
                if not wire.whole or request.headers.get("Connection", "").lower() == "close":
                    return


class Proxy:
    """Knows which hosts there are, and remembers who asked for others."""

    def __init__(self, is_known):
        self._is_known = is_known
        self.refused = []
        """What was asked for and refused: `host:port` of a tunnel, or the address of a plain request."""

    def knows(self, target):
        """Whether there is such a host here."""
        host, _, port = target.lower().rpartition(":")
        return port == "443" and self._is_known(host)

    def refuse(self, target):
        """Remember it."""
        self.refused.append(target)


class Listener:
    """Accepts clients, each in a thread of its own."""

    def __init__(self, proxy, context, exchange):
        self.closing = threading.Event()
        self._parts = (proxy, context, exchange, self.closing)
        self._open = set()
        self._threads = set()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._socket.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, name="loopback", daemon=True)
        self._acceptor.start()

    def close(self):
        """Let go of everybody."""
        self.closing.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._acceptor.join(5)
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.stream.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(5)

    def _accept(self):
        while not self.closing.is_set():
            try:
                stream, _ = self._socket.accept()
            except OSError:
                return
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(stream, *self._parts)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._open.add(connection)
            self._threads.add(thread)
            thread.start()

    def _serve(self, connection):
        try:
            connection.serve()
        finally:
            self._open.discard(connection)
            self._threads.discard(threading.current_thread())


def _request(reader, host):
    method, target, _ = _line(reader).decode("latin-1").split()
    headers = http.client.parse_headers(reader)
    body = reader.read(int(headers.get("Content-Length") or 0))
    return Request(method, host, target, headers, body)


def _line(reader):
    try:
        line = reader.readline(_LINE_MAX)
    except (OSError, ssl.SSLError, ValueError) as error:
        raise Gone from error
    if not line:
        raise Gone
    return line


def _reason(status):
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
