"""Azure in memory: a test says what each address answers, and the real clients ask it without a network."""

import gzip
import io
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest
import requests
from azure.core.credentials import AccessTokenInfo
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from diagnose.collect.azureml.clouds import CLOUDS
from diagnose.collect.azureml.patience import Patience
from diagnose.collect.azureml.sign_in import Tokens
from diagnose.collect.azureml.wire import Wire
from diagnose.collect.azureml.workspace import Service, WorkspaceId

CLOUD = CLOUDS["AzureCloud"]
ARM, HOST, ACCOUNT = "management.azure.com", "westeurope.api.azureml.ms", "acct.blob.core.windows.net"
DATE = "Fri, 20 Nov 2026 08:00:00 GMT"
_PAGE = 3

RECORDED = Path(__file__).parents[2] / "shared" / "azure" / "service"
needs_recordings = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recorded answers are not beside this checkout"
)


def recorded(name):
    """The body of a real answer of the service."""
    return json.loads((RECORDED / f"{name}.json").read_bytes())["response"]["body"]


@dataclass(frozen=True)
class Answer:
    """What an address answers; a `body` that is no bytes is sent as JSON."""

    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, request):
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        packed = gzip.compress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        sent = b"" if request.method == "HEAD" else packed
        raw = HTTPResponse(
            io.BytesIO(sent),
            {"Content-Length": str(len(packed)), **self.headers},
            self.status,
            preload_content=False,
            request_method=request.method,
        )
        return HTTPAdapter().build_response(request, raw)


def refusal_of(status, code="", **headers):
    """An answer of ARM, of run history or of storage that says no."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"error": {"code": code, "message": "no"}}, named)


@dataclass(frozen=True)
class Blob:
    """One blob in storage. `blocks`: sizes of what was staged and never committed."""

    data: bytes = b""
    committed: bool = True
    blocks: tuple[int, ...] = ()
    is_folder: bool = False
    lease: str = "unlocked"
    kind: str = "BlockBlob"
    headers: Mapping[str, str] = field(default_factory=dict)


class World:
    """Every host of Azure. What was asked is in `asked`: method, host and path of each request."""

    def __init__(self):
        self.asked = []
        self.requests = []
        self.blobs: dict[tuple[str, str], dict[str, Blob]] = defaultdict(dict)
        self._told: list[tuple[str, list[object]]] = []

    def says(self, ending, *answers):
        """What a path that ends so answers, one after the other and the last for ever.

        A mapping is JSON, an exception is raised, a function is called with the request for any of these.
        """
        self._told.insert(0, (ending, list(answers)))

    def holds(self, **blobs):
        """Blobs of the container `box`; `__` in a name stands for a slash."""
        self.blobs[ACCOUNT, "box"] |= {name.replace("__", "/"): blob for name, blob in blobs.items()}

    def paths(self, method="GET"):
        """The last steps of the paths that were asked so."""
        return [path.rpartition("/")[2] for asked, _, path in self.asked if asked == method]

    def bodies(self):
        """The JSON that was posted."""
        return [json.loads(request.body) for request in self.requests if request.method == "POST"]

    def send(self, request):
        parts = urlsplit(request.url)
        self.asked.append((request.method, parts.hostname, parts.path))
        self.requests.append(request)
        for ending, answers in self._told:
            if parts.path.endswith(ending):
                return self._response(answers.pop(0) if len(answers) > 1 else answers[0], request)
        if ".blob." in parts.hostname:
            return self._stored(parts, request).response(request)
        return refusal_of(404, "NotFound").response(request)

    def _response(self, answer, request):
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        return (answer if isinstance(answer, Answer) else Answer(200, answer)).response(request)

    def _stored(self, parts, request):
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        container, _, name = unquote(parts.path).lstrip("/").partition("/")
        held = self.blobs[parts.hostname, container]
        if query.get("comp") == "list":
            return _listing(held, query)
        blob = held.get(name)
        if blob and query.get("comp") == "blocklist":
            return _block_list(blob)
        if blob is None or not blob.committed:
            return Answer(404, b"", {"x-ms-error-code": "BlobNotFound"})
        return part_of(blob, request.headers.get("x-ms-range", ""))


def listing_of(world, container, prefix):
    """The first page of what a container holds below a prefix."""
    return _listing(world.blobs[ACCOUNT, container], {"prefix": prefix, "include": "metadata"})


def _listing(held, query):
    asked = query.get("include", "")
    shown = {name: blob for name, blob in held.items() if blob.committed or "uncommittedblobs" in asked}
    names = sorted(name for name in shown if name.startswith(query.get("prefix", "")))
    start = int(query.get("marker", 0))
    following = str(start + _PAGE) if start + _PAGE < len(names) else ""
    rows = "".join(_listed(name, shown[name], asked) for name in names[start : start + _PAGE])
    text = (
        f"<EnumerationResults><Blobs>{rows}</Blobs><NextMarker>{following}</NextMarker></EnumerationResults>"
    )
    return Answer(200, text.encode(), {"Content-Type": "application/xml"})


def _listed(name, blob, asked):
    times = f"<Creation-Time>{DATE}</Creation-Time><Last-Modified>{DATE}</Last-Modified><Etag>0x1</Etag>"
    folder = blob.is_folder and "metadata" in asked
    metadata = "<Metadata><hdi_isfolder>true</hdi_isfolder></Metadata>" if folder else "<Metadata/>"
    return (
        f"<Blob><Name>{escape(name)}</Name><Properties>{times if blob.committed else ''}"
        f"<Content-Length>{len(blob.data)}</Content-Length><BlobType>{blob.kind}</BlobType>"
        f"<LeaseStatus>{blob.lease}</LeaseStatus></Properties>{metadata}</Blob>"
    )


def _block_list(blob):
    rows = "".join(
        f"<Block><Name>MQ=={number}</Name><Size>{size}</Size></Block>"
        for number, size in enumerate(blob.blocks)
    )
    text = f"<BlockList><UncommittedBlocks>{rows}</UncommittedBlocks></BlockList>"
    return Answer(200, text.encode(), {"Content-Type": "application/xml"})


def part_of(blob, asked):
    """What a read of `bytes=0-9` of a blob answers."""
    known = {
        "Last-Modified": DATE,
        "ETag": '"0x1"',
        "x-ms-blob-type": blob.kind,
        "Content-Type": "application/octet-stream",
        **blob.headers,
    }
    found = re.match(r"bytes=(\d+)-(\d+)", asked)
    if not found:
        return Answer(200, blob.data, known)
    first, last = int(found[1]), min(int(found[2]), len(blob.data) - 1)
    if first >= len(blob.data):
        return Answer(416, b"", {"x-ms-error-code": "InvalidRange"})
    said = {"Content-Range": f"bytes {first}-{last}/{len(blob.data)}"}
    return Answer(206, blob.data[first : last + 1], known | said)


class Signed:
    """A credential that gives a new token each time it is asked; `fails` is raised instead."""

    def __init__(self, life_s=3600.0, fails=None):
        self.asked = []
        self.life_s, self.fails = life_s, fails

    def get_token_info(self, *scopes, options=None):
        self.asked.append((*scopes, (options or {}).get("claims")))
        if self.fails:
            raise self.fails
        return AccessTokenInfo(f"token-{len(self.asked)}", int(time.time() + self.life_s))


def service_of(
    credential=None, patience: Patience | None = None, *, may_read_secrets=False, host: str | None = HOST
):
    """A service that is signed in, and repeats without a pause to speak of."""
    tokens = Tokens(credential or Signed())
    patience = patience or Patience(pause_s=0.0001)
    patience.forget_token = tokens.forget
    wire = Wire(CLOUD, may_read_secrets=may_read_secrets)
    service = Service(WorkspaceId("sub", "group", "space"), CLOUD, tokens, wire, patience)
    service.host = host
    return service


def pages_of(*pages: Mapping) -> Callable[[requests.PreparedRequest], Mapping]:
    """A listing in pages, each with the `continuationToken` of the next."""

    def answer(request):
        query = {
            name.lower().lstrip("$"): value for name, value in parse_qs(urlsplit(request.url).query).items()
        }
        asked = query.get("continuationtoken", ["0"])
        token = json.loads(request.body).get("continuationToken") if request.body else None
        number = int(token or asked[0])
        more = {"continuationToken": str(number + 1)} if number + 1 < len(pages) else {}
        return {**pages[number], **more}

    return answer


def then_only(first: Mapping, after: Answer) -> Callable[[requests.PreparedRequest], object]:
    """A listing whose first page comes, and of which every other answers so."""

    def answer(request):
        is_first = "token" not in f"{request.url} {request.body}".lower()
        return {**first, "continuationToken": "next"} if is_first else after

    return answer
