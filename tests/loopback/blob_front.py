"""Blob hosts: each request is looked at here and then handed on to Azurite."""

import http.client
import queue
import re
from xml.sax.saxutils import escape

from . import errors, sign_in
from .answers import Answer

RESOURCES = frozenset({"blob-list", "blob-read", "blob-properties", "block-list", "blob-write", "blob-other"})
WHOLE_MAX = 1 << 20
_CHUNK = 1 << 18
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
_UNSET = "Creation-Time|Last-Modified|Etag|Content-Type|Content-Encoding|Content-Language|Content-MD5"
_UNSET_PROPERTY = re.compile(rf"<({_UNSET})(?:\s*/>|>[^<]*</\1>)")


def resource_of(request):
    """Which kind of question about blobs it is."""
    query = request.query
    if query.get("comp") == "list":
        return "blob-list"
    if query.get("comp") == "blocklist" and request.method == "GET":
        return "block-list"
    if request.method == "HEAD":
        return "blob-properties"
    if request.method == "PUT":
        return "blob-write"
    if request.method == "GET" and "comp" not in query and "restype" not in query:
        return "blob-read"
    return "blob-other"


def admit(world, request):
    """A refusal for who may not pass, None for who may. Azurite itself looks at keys and signatures."""
    authorization = request.headers.get("Authorization")
    if authorization is None and "sig" in request.query:
        return None
    if authorization is not None and not authorization.lower().startswith("bearer"):
        return None
    own = f"https://{request.host}"
    why = world.tokens.trouble(authorization, (*sign_in.STORAGE, own))
    return sign_in.refusal(request, why) if why else None


class Front:
    """Hands requests on to Azurite over connections that it keeps."""

    def __init__(self, port, context):
        self._port = port
        self._context = context
        self._idle = queue.LifoQueue()

    def forward(self, request, headers=None, body=None):
        """Azurite's answer; a large body is a stream."""
        names = ((name, value) for name, value in request.headers.items() if name.lower() not in _HOP)
        sent = {**dict(names), "Host": request.host, **(headers or {})}
        connection, came = self._exchange(request.method, request.target, sent, body or request.body)
        return self._answer(request, connection, came)

    def ask(self, method, host, target, headers=None, body=b""):
        """A request of our own: status, headers and body."""
        connection, came = self._exchange(method, target, {"Host": host, **(headers or {})}, body)
        content = came.read()
        self._idle.put(connection)
        return came.status, came.headers, content

    def close(self):
        """Give up all kept connections."""
        while not self._idle.empty():
            self._idle.get().close()

    def _exchange(self, method, target, headers, body):
        for fresh in (False, True):
            connection = self._connection(fresh=fresh)
            try:
                connection.request(method, target, body or None, headers)
                return connection, connection.getresponse()
            except (http.client.HTTPException, OSError):
                connection.close()
                if fresh:
                    raise
        raise AssertionError

    def _connection(self, *, fresh):
        try:
            if not fresh:
                return self._idle.get_nowait()
        except queue.Empty:
            pass
        return http.client.HTTPSConnection("127.0.0.1", self._port, context=self._context, timeout=60)

    def _answer(self, request, connection, came):
        headers = {_spelled(name): value for name, value in came.getheaders() if name.lower() not in _HOP}
        length = int(came.headers["Content-Length"]) if "Content-Length" in came.headers else None
        if request.method == "HEAD":
            came.read()
            self._idle.put(connection)
            return Answer(came.status, headers, b"", length)
        if length is not None and length > WHOLE_MAX:
            return Answer(came.status, headers, self._stream(connection, came), length)
        content = came.read()
        self._idle.put(connection)
        return Answer(came.status, headers, content)

    def _stream(self, connection, came):
        try:
            while chunk := came.read(_CHUNK):
                yield chunk
        except BaseException:
            connection.close()
            raise
        if came.isclosed():
            self._idle.put(connection)
        else:
            connection.close()


def _spelled(name):
    # As the service does, and so that no header is there twice in two spellings.
    return {"etag": "ETag"}.get(name.lower()) or (name if name.startswith("x-ms-") else name.title())


def as_recorded(answer, uncommitted):
    """A listing in which a blob that was never committed has no times, as the service has it."""
    text = answer.whole().body.decode("utf-8-sig")
    for name in uncommitted:
        start = text.find(f"<Name>{escape(name)}</Name>")
        end = text.find("</Properties>", start)
        if start >= 0:
            text = text[:start] + _UNSET_PROPERTY.sub("", text[start:end]) + text[end:]
    answer.body = text.encode("utf-8-sig")
    return answer


def gone(request):
    """What storage says of a blob that is not there."""
    if request.resource == "blob-list":
        return errors.storage(404, "ContainerNotFound", "The specified container does not exist.")
    return errors.storage(404, "BlobNotFound", "The specified blob does not exist.")
