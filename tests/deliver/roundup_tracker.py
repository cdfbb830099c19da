"""A real Roundup issue tracker in this process, and a sink for it such as a package of somebody else's would bring."""

import io
import json
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from roundup import instance, password
from roundup.admin import AdminTool
from roundup.cgi.wsgi_handler import RequestDispatcher

from diagnose.deliver.tickets.answers import needed, rows, text
from diagnose.deliver.tickets.calls import Request, as_json, basic, multipart
from diagnose.deliver.tickets.parcel import File, mark_in
from diagnose.deliver.tickets.sink import Found, Note
from diagnose.deliver.tickets.site import site_of
from diagnose.deliver.tickets.ticket import Ticket
from diagnose.deliver.tickets.wire import Wire
from diagnose.deliver.tickets.words import is_ours, text_of

PASSWORD = "a-Roundup-passw0rd"


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """The address of a fresh tracker and the number of an issue in it."""
    home = folder / "tracker"
    server = make_server("127.0.0.1", 0, lambda *_: [], handler_class=_Silent)
    url = f"http://127.0.0.1:{server.server_port}"
    _install(home, url)
    server.set_app(RequestDispatcher(str(home)))
    issue = _issue(home)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield url, issue
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _install(home: Path, url: str) -> None:
    """The template of Roundup's own manual, with the settings that it asks its administrator for."""
    kept, sys.argv[1:] = sys.argv[1:], ["-i", str(home), "install", "classic", "sqlite"]
    try:
        with redirect_stdout(io.StringIO()):
            assert not AdminTool().main()
    finally:
        sys.argv[1:] = kept
    settings = {"web": f"{url}/", "domain": "example.com", "host": "localhost"}
    config = home / "config.ini"
    lines = []
    for line in config.read_text().splitlines():
        name = line.lstrip("#").partition("=")[0].strip()
        asked_for = "NO DEFAULT" in line and name in settings
        lines.append(f"{name} = {settings[name]}" if asked_for else line)
    config.write_text("\n".join(lines))
    tracker = instance.open(str(home))
    tracker.init(password.Password(PASSWORD, config=tracker.config), tx_Source="cli")


def _issue(home: Path) -> str:
    database = instance.open(str(home)).open("admin")
    issue = database.issue.create(title="A run never ended", priority=database.priority.lookup("bug"))
    database.commit()
    database.close()
    return str(issue)


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Roundup:
    """`roundup:ISSUE`; as an entry point of the group `diagnose.sinks` it is `roundup_tracker:Roundup`."""

    forms: tuple[str, ...] = ("html", "zip")

    def __init__(self, ticket: Ticket, environ: Mapping[str, str]) -> None:
        site = site_of("roundup", environ)
        # It asks every script to say where it comes from.
        self._headers = {"X-Requested-With": "rest", "Referer": f"{site.url}/", "Origin": site.url}
        self._user = site.user
        self._call, self._issue = Wire(site, basic(site)), f"/rest/data/issue/{ticket['id']}"

    def look(self) -> Sequence[Found]:
        issue = self._get(self._issue)
        files = [
            (row, f"/rest/data/file/{text(row, 'id')}/name")
            for row in rows(issue, "data", "attributes", "files")
        ]
        messages = [
            (row, f"/rest/data/msg/{text(row, 'id')}/content")
            for row in rows(issue, "data", "attributes", "messages")
        ]
        found = []
        for what, listed in (("file", files), ("comment", messages)):
            for row, path in listed:
                said = text(self._get(path), "data", "data")
                mark = mark_in(said)
                if mark and (what == "file" or is_ours(said)):
                    found.append(Found(what, text(row, "id"), mark))
        return found

    def limit(self) -> int | None:
        return None

    def send(self, note: Note, file: File | None, earlier: Found | None) -> str:
        if file:
            self._add("files", self._uploaded(file))
        self._add("messages", self._made("msg", {"author": self._user, "content": text_of(note)}))
        if earlier:
            self._remove("messages", earlier.id)
        return self._issue

    def drop(self, found: Found) -> None:
        self._remove("files" if found.what == "file" else "messages", found.id)

    def _get(self, path: str) -> Mapping[str, object]:
        return self._call(Request("GET", path, headers=self._headers)).json

    def _uploaded(self, file: File) -> str:
        """As a form, since it takes the white space from the ends of what comes as JSON."""
        bound = "----a-boundary-of-this-test"
        fields = "".join(
            f'--{bound}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in (("name", file.name), ("type", file.media_type))
        )
        body = fields.encode() + multipart("content", file.name, file.media_type, file.data, bound)
        headers = {"Content-Type": f"multipart/form-data; boundary={bound}", **self._headers}
        reply = self._call(Request("POST", "/rest/data/file", (), body, headers))
        return needed(reply.json, "data", "id", kind="Roundup")

    def _made(self, kind: str, fields: Mapping[str, str]) -> str:
        request = as_json("POST", f"/rest/data/{kind}", fields)
        reply = self._call(
            Request(request.method, request.path, (), request.body, {**request.headers, **self._headers})
        )
        return needed(reply.json, "data", "id", kind="Roundup")

    def _add(self, field: str, key: str) -> None:
        self._patch(field, "add", key)

    def _remove(self, field: str, key: str) -> None:
        self._patch(field, "remove", key)

    def _patch(self, field: str, operation: str, key: str) -> None:
        etag = text(self._get(self._issue), "data", "@etag")
        body = json.dumps({field: [key], "@op": operation, "@etag": etag}).encode()
        headers = {"Content-Type": "application/json", "If-Match": etag, **self._headers}
        self._call(Request("PATCH", self._issue, (), body, headers))
