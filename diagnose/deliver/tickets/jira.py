"""Jira, Cloud and Data Center: a form with one file, and a comment as a document (Cloud) or as wiki text (Data Center)."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from diagnose.deliver.tickets.answers import number, refuse_file, rows, text
from diagnose.deliver.tickets.calls import Caller, Request, as_json, basic, bearer, multipart, segment
from diagnose.deliver.tickets.parcel import File, mark_in
from diagnose.deliver.tickets.rehearsal import Answers
from diagnose.deliver.tickets.sink import Found, Note
from diagnose.deliver.tickets.site import Site
from diagnose.deliver.tickets.ticket import Ticket
from diagnose.deliver.tickets.words import is_ours, text_of

KNOWN_LIMIT = 10 << 20
"""Of one file, where Jira is not told otherwise and does not say."""
REHEARSED: Answers = (
    ("GET", "/serverInfo$", {"deploymentType": "Cloud"}),
    ("GET", "/attachment/meta$", {"enabled": True, "uploadLimit": KNOWN_LIMIT}),
    ("GET", "", {"fields": {"attachment": []}, "comments": [], "total": 0}),
    ("POST", "/attachments$", [{"id": "1"}]),
)
_PAGE = 100
_PAGES = 50


def sign_in(site: Site) -> tuple[str, str]:
    """Cloud: the e-mail address and an API token. Data Center: a personal access token, with no user."""
    return basic(site) if site.user else bearer(site)


class Jira:
    """One issue."""

    forms: tuple[str, ...] = ("html", "zip")

    def __init__(self, ticket: Ticket, call: Caller) -> None:
        self._call, self._key = call, ticket["id"].upper()
        self._cloud: bool | None = None

    def look(self) -> Sequence[Found]:
        answer = self._call(Request("GET", self._issue, (("fields", "attachment"),))).json
        files = [
            Found("file", text(each, "id"), mark)
            for each in rows(answer, "fields", "attachment")
            if (mark := mark_in(text(each, "filename"))) is not None
        ]
        return [*files, *self._said()]

    def limit(self) -> int | None:
        answer = self._call(Request("GET", f"{self._api}/attachment/meta"), allow=(403, 404)).json
        if isinstance(answer, Mapping) and answer.get("enabled") is False:
            self.forms = ()
        return number(answer, "uploadLimit") or KNOWN_LIMIT

    def send(self, note: Note, file: File | None, earlier: Found | None) -> str:
        if file:
            self._attach(file)
        body = {"body": document_of(note) if self._is_cloud else _wiki(note)}
        if earlier:
            reply = self._call(
                as_json("PUT", f"{self._issue}/comment/{segment(earlier.id)}", body), allow=(400, 403, 404)
            )
            if reply.status < 300:
                return self._key
        self._call(as_json("POST", f"{self._issue}/comment", body))
        return self._key

    def drop(self, found: Found) -> None:
        path = f"{self._api}/attachment/" if found.what == "file" else f"{self._issue}/comment/"
        self._call(Request("DELETE", path + segment(found.id)), allow=(404,))

    @property
    def _is_cloud(self) -> bool:
        """Asked once: the two understand comments differently."""
        if self._cloud is None:
            told = self._call(Request("GET", "/rest/api/2/serverInfo"))
            self._cloud = text(told.json, "deploymentType") == "Cloud"
        return self._cloud

    @property
    def _api(self) -> str:
        return "/rest/api/3" if self._is_cloud else "/rest/api/2"

    @property
    def _issue(self) -> str:
        return f"{self._api}/issue/{segment(self._key)}"

    def _attach(self, file: File) -> None:
        # Made of the digest, so that a report can hold no such line, and the same call has the same bytes.
        boundary = f"diagnose-{hashlib.sha256(file.data).hexdigest()[:40]}"
        headers = {
            "X-Atlassian-Token": "no-check",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        body = multipart("file", file.name, file.media_type, file.data, boundary)
        request = Request("POST", f"{self._issue}/attachments", (), body, headers)
        refuse_file(self._call(request, allow=(413, 415)), "Jira")

    def _said(self) -> list[Found]:
        found = list[Found]()
        for page in range(_PAGES):
            params = (("startAt", str(page * _PAGE)), ("maxResults", str(_PAGE)))
            answer = self._call(Request("GET", f"{self._issue}/comment", params)).json
            listed = rows(answer, "comments")
            for each in listed:
                said = _plain(each.get("body"))
                mark = mark_in(said) if is_ours(said) else None
                if mark:
                    found.append(Found("comment", text(each, "id"), mark))
            if not listed or (page + 1) * _PAGE >= number(answer, "total"):
                break
        return sorted(found, key=lambda each: each.mark.at)


def document_of(note: Note) -> dict[str, Any]:
    """The comment in the Atlassian Document Format: its text nodes are text, so nothing in them can be markup."""
    rows_of_it = [_item(label, said, said == note.link) for label, said in note.lines]
    return {
        "type": "doc",
        "version": 1,
        "content": [
            {"type": "paragraph", "content": [_text(note.title, {"type": "strong"})]},
            {"type": "bulletList", "content": rows_of_it},
            {"type": "paragraph", "content": [_text(str(note.mark), {"type": "code"})]},
        ],
    }


def _item(label: str, said: str, is_link: bool) -> dict[str, Any]:
    marks = [{"type": "link", "attrs": {"href": said}}] if is_link else []
    words = [_text(f"{label}: ", {"type": "strong"}), _text(said, *marks)]
    return {"type": "listItem", "content": [{"type": "paragraph", "content": words}]}


def _text(said: str, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": said} | ({"marks": list(marks)} if marks else {})


def _wiki(note: Note) -> str:
    title, _, rest = text_of(note).partition("\n")
    return f"h3. {title}\n{{noformat}}\n{rest.strip()}\n{{noformat}}"


def _plain(body: Any, depth: int = 0) -> str:
    """The words of a comment, of either kind."""
    if isinstance(body, str):
        return body
    if isinstance(body, list):
        return "\n".join(_plain(each, depth + 1) for each in body)
    if not isinstance(body, Mapping) or depth > 40:
        return ""
    quote = "<blockquote>" if body.get("type") == "blockquote" else ""
    return quote + text(body, "text") + _plain(body.get("content") or "", depth + 1)
