"""Ticket systems on loopback, small but with a memory: what was asked of them is recorded, and what was put there can be seen."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

TOKEN = "tok-en/with+odd=signs-0123456789"
SAFE = "tokenWithPlainSigns0123456789"


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Tracker:
    """`trouble` may answer in the place of the system: (status, headers, body), or None to let it through."""

    asked: list[Asked] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    comments: dict[str, Any] = field(default_factory=dict)
    trouble: Callable[[Asked], tuple[int, Mapping[str, str], bytes] | None] = lambda _: None
    largest: int = 1 << 30
    url: str = ""
    count: int = 0

    def new_id(self) -> str:
        self.count += 1
        return str(self.count)

    def calls(self) -> list[str]:
        """What was asked that changes something."""
        return [each.method for each in self.asked if each.method != "GET"]

    def answer(self, asked: Asked) -> tuple[int, Any]:
        raise NotImplementedError


@contextmanager
def listening(tracker: Tracker) -> Iterator[Tracker]:
    """The tracker, at its `url`."""

    class Handler(BaseHTTPRequestHandler):
        def reply(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(
                self.command,
                unquote(parts.path),
                dict(parse_qsl(parts.query, keep_blank_values=True)),
                dict(self.headers),
                body,
            )
            tracker.asked.append(asked)
            troubled = tracker.trouble(asked)
            if troubled:
                status, headers, said = troubled
            else:
                status, value = tracker.answer(asked)
                headers, said = (
                    {"Content-Type": "application/json"},
                    b"" if value is None else json.dumps(value).encode(),
                )
            self.send_response(status)
            for name, held in headers.items():
                self.send_header(name, held)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = reply  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    tracker.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield tracker
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class AzureDevOps(Tracker):
    """Work item 4711 of contoso/my training."""

    VARIABLES: Mapping[str, str] = {"DIAGNOSE_AZURE_DEVOPS_TOKEN": TOKEN}
    TICKET = "azure-devops:contoso/my training/4711"
    KIND = "AZURE_DEVOPS"
    relations: list[dict[str, Any]]
    rev = 7

    def __init__(self) -> None:
        super().__init__()
        self.relations = [
            {"rel": "System.LinkTypes.Related", "url": "https://x/1", "attributes": {"comment": "a"}}
        ]

    def reports(self) -> dict[str, bytes]:
        """The files that the ticket shows."""
        ids = [each["url"].rpartition("/")[2] for each in self.relations if each["rel"] == "AttachedFile"]
        return {self.files[each][0]: self.files[each][1] for each in ids}

    def said(self) -> list[str]:
        return list(self.comments.values())

    def answer(self, asked: Asked) -> tuple[int, Any]:  # noqa: PLR0911
        path = asked.path.removeprefix("/contoso/my training/_apis/wit/")
        if path == "attachments":
            if len(asked.body) > self.largest:
                return 413, {"message": "too large"}
            key = self.new_id()
            self.files[key] = asked.params["fileName"], asked.body
            return 201, {"id": key, "url": f"{self.url}/attachments/{key}"}
        if path == "workitems/4711" and asked.method == "PATCH":
            return self.patched(asked.json)
        if path == "workitems/4711":
            return 200, {"id": 4711, "rev": self.rev, "relations": self.relations}
        if path == "workItems/4711/comments" and asked.method == "GET":
            return 200, {"comments": [{"id": int(key), "text": text} for key, text in self.comments.items()]}
        if path == "workItems/4711/comments":
            self.comments[self.new_id()] = asked.json["text"]
            return 200, {"id": 1}
        if (key := path.rpartition("/")[2]) in self.comments:
            self.comments[key] = asked.json["text"]
            return 200, {"id": 1}
        return 404, {"message": "TF401232: Work item does not exist"}

    def patched(self, operations: list[dict[str, Any]]) -> tuple[int, Any]:
        for each in operations:
            if each["op"] == "test" and each["value"] != self.rev:
                return 412, {"message": "rev"}
            if each["op"] == "add":
                self.relations.append(each["value"])
            if each["op"] == "remove":
                del self.relations[int(each["path"].rpartition("/")[2])]
        self.rev += 1
        return 200, {"id": 4711}


class Jira(Tracker):
    """Issue OPS-12, of Cloud or of Data Center."""

    TICKET = "jira:OPS-12"
    KIND = "JIRA"
    VARIABLES: Mapping[str, str] = {"DIAGNOSE_JIRA_TOKEN": TOKEN, "DIAGNOSE_JIRA_USER": "me@example.com"}
    deployment = "Cloud"
    limit: int | None = 1 << 20

    def reports(self) -> dict[str, bytes]:
        return dict(self.files.values())

    def said(self) -> list[str]:
        return [body if isinstance(body, str) else json.dumps(body) for body in self.comments.values()]

    def answer(self, asked: Asked) -> tuple[int, Any]:  # noqa: PLR0911
        if asked.path == "/rest/api/2/serverInfo":
            return 200, {"deploymentType": self.deployment}
        api = "/rest/api/3" if self.deployment == "Cloud" else "/rest/api/2"
        path = asked.path.removeprefix(api)
        if path == "/attachment/meta":
            return 200, {"enabled": True} | ({} if self.limit is None else {"uploadLimit": self.limit})
        if path == "/issue/OPS-12/attachments":
            name, data = form(asked)
            if len(data) > self.largest:
                return 413, {"errorMessages": ["The file exceeds its maximum permitted size"]}
            key = self.new_id()
            self.files[key] = name, data
            return 200, [{"id": key}]
        if path == "/issue/OPS-12/comment" and asked.method == "POST":
            self.comments[self.new_id()] = asked.json["body"]
            return 201, {"id": "1"}
        if path == "/issue/OPS-12/comment":
            listed = [{"id": key, "body": body} for key, body in self.comments.items()]
            return 200, {"comments": listed, "total": len(listed)}
        if path == "/issue/OPS-12":
            return 200, {
                "fields": {"attachment": [{"id": k, "filename": n} for k, (n, _) in self.files.items()]}
            }
        key = path.rpartition("/")[2]
        if asked.method == "PUT" and key in self.comments:
            self.comments[key] = asked.json["body"]
            return 200, {}
        if asked.method == "DELETE" and self.files.pop(key, None):
            return 204, None
        return 404, {"errorMessages": ["Issue does not exist or you do not have permission to see it."]}


class JiraDataCenter(Jira):
    deployment = "Server"
    VARIABLES: Mapping[str, str] = {"DIAGNOSE_JIRA_TOKEN": TOKEN}


class ServiceNow(Tracker):
    """Incident INC0010023."""

    TICKET = "servicenow:INC0010023"
    KIND = "SERVICENOW"
    VARIABLES: Mapping[str, str] = {"DIAGNOSE_SERVICENOW_TOKEN": TOKEN, "DIAGNOSE_SERVICENOW_USER": "bot"}
    endings = ""
    refused = ""

    def reports(self) -> dict[str, bytes]:
        return dict(self.files.values())

    def said(self) -> list[str]:
        return list(self.comments.values())

    def answer(self, asked: Asked) -> tuple[int, Any]:  # noqa: PLR0911
        path = asked.path.removeprefix("/api/now")
        if path == "/table/sys_properties":
            return 200, {"result": [{"name": "glide.attachment.extensions", "value": self.endings}]}
        if path == "/table/incident":
            found = [{"sys_id": "9d385017c611228701d22104cc95c371", "sys_class_name": "incident"}]
            return 200, {"result": found if asked.params["sysparm_query"] == "number=INC0010023" else []}
        if path == "/attachment":
            return 200, {
                "result": [{"sys_id": key, "file_name": name} for key, (name, _) in self.files.items()]
            }
        if path == "/attachment/file":
            name = asked.params["file_name"]
            if (self.refused and name.endswith(self.refused)) or len(asked.body) > self.largest:
                return 403, {"error": {"message": "Invalid file type", "detail": "file type is not allowed"}}
            key = self.new_id()
            self.files[key] = name, asked.body
            return 201, {"result": {"sys_id": key}}
        if path.startswith("/attachment/") and asked.method == "DELETE":
            return (204, None) if self.files.pop(path.rpartition("/")[2], None) else (404, {})
        if asked.method == "PATCH":
            self.comments[self.new_id()] = asked.json["work_notes"]
            return 200, {"result": {}}
        shown = [
            f"2026-11-22 10:00:00 - bot (Work notes)\n{text}\n\n" for text in reversed(self.comments.values())
        ]
        return 200, {"result": {"work_notes": "".join(shown)}}


class GitHub(Tracker):
    """Issue 3 of contoso/training."""

    TICKET = "github:contoso/training#3"
    KIND = "GITHUB"
    VARIABLES: Mapping[str, str] = {"DIAGNOSE_GITHUB_TOKEN": TOKEN}

    def reports(self) -> dict[str, bytes]:
        return {}

    def said(self) -> list[str]:
        return list(self.comments.values())

    def answer(self, asked: Asked) -> tuple[int, Any]:
        path = asked.path.removeprefix("/repos/contoso/training/issues")
        if path == "/3/comments" and asked.method == "POST":
            self.comments[self.new_id()] = asked.json["body"]
            return 201, {"html_url": "https://github.example/3"}
        if path == "/3/comments":
            first = (int(asked.params["page"]) - 1) * int(asked.params["per_page"])
            listed = [{"id": int(key), "body": body} for key, body in self.comments.items()]
            return 200, listed[first : first + int(asked.params["per_page"])]
        if asked.method == "PATCH" and (key := path.removeprefix("/comments/")) in self.comments:
            self.comments[key] = asked.json["body"]
            return 200, {"html_url": "https://github.example/3"}
        return 404, {"message": "Not Found"}


EVERY = (AzureDevOps, Jira, JiraDataCenter, ServiceNow, GitHub)


def variables(tracker: Any) -> dict[str, str]:
    """The environment that leads to a tracker."""
    return {f"DIAGNOSE_{tracker.KIND}_URL": tracker.url, **tracker.VARIABLES}


def form(asked: Asked) -> tuple[str, bytes]:
    """The one file of a form, read with somebody else's reader."""
    head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
    [part] = message_from_bytes(head + asked.body).get_payload()
    assert re.search(r'name="file"', part["Content-Disposition"])
    return part.get_filename(), part.get_payload(decode=True)
