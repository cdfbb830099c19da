"""Azure DevOps work items: a file is uploaded and then related to the item; the comment is HTML and is edited in place."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from diagnose.deliver.tickets.answers import needed, number, rows, text
from diagnose.deliver.tickets.calls import Caller, Request, as_json, basic, bearer, segment
from diagnose.deliver.tickets.parcel import File, Mark, mark_in
from diagnose.deliver.tickets.rehearsal import Answers
from diagnose.deliver.tickets.sink import Found, Note
from diagnose.deliver.tickets.site import Site
from diagnose.deliver.tickets.ticket import Ticket
from diagnose.deliver.tickets.words import html_of, is_ours

LIMIT = 60 << 20
"""Of one file, at Azure DevOps Services; a project can neither ask for it nor change it."""
REHEARSED: Answers = (
    ("POST", "/attachments$", {"id": "ATTACHMENT", "url": "https://dev.azure.com/ATTACHMENT"}),
    ("GET", "", {"rev": 1, "relations": [], "comments": []}),
    ("POST", "/comments$", {"id": 1}),
)
_VERSION = ("api-version", "7.1")
_COMMENTS = ("api-version", "7.1-preview.4")
_AS_HTML = (("format", "html"), _COMMENTS)
_PAGES = 25
_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")


def sign_in(site: Site) -> tuple[str, str]:
    """A token of Microsoft Entra speaks for itself; a personal access token is a password without a user."""
    return bearer(site) if _TOKEN.fullmatch(site.token) else basic(site)


class AzureDevOps:
    """One work item."""

    forms: tuple[str, ...] = ("html", "zip")

    def __init__(self, ticket: Ticket, call: Caller) -> None:
        self._call, self._id = call, ticket["id"]
        self._wit = f"/{segment(ticket['org'])}/{segment(ticket['project'])}/_apis/wit"
        self._item = f"{self._wit}/workitems/{self._id}"
        self._comments = f"{self._wit}/workItems/{self._id}/comments"

    def look(self) -> Sequence[Found]:
        files = [
            Found("file", text(relation, "url"), mark)
            for relation in self._relations()[1]
            if (mark := _mark(relation)) is not None
        ]
        return [*files, *self._said()]

    def limit(self) -> int | None:
        return LIMIT

    def send(self, note: Note, file: File | None, earlier: Found | None) -> str:
        if file:
            self._relate(self._upload(file), note.mark)
        body = {"text": html_of(note)}
        if earlier:
            reply = self._call(as_json("PATCH", f"{self._comments}/{segment(earlier.id)}", body, params=_AS_HTML), allow=(403, 404))  # fmt: skip
            if reply.status < 300:
                return f"work item {self._id}"
        self._call(as_json("POST", self._comments, body, params=_AS_HTML))
        return f"work item {self._id}"

    def drop(self, found: Found) -> None:
        """A relation is removed by its place; the revision is tested, so that nobody else's is hit."""
        if found.what == "comment":
            self._call(
                Request("DELETE", f"{self._comments}/{segment(found.id)}", (_COMMENTS,)), allow=(403, 404)
            )
            return
        revision, relations = self._relations()
        for place, relation in enumerate(relations):
            if text(relation, "url") == found.id:
                self._patch(
                    {"op": "test", "path": "/rev", "value": revision},
                    {"op": "remove", "path": f"/relations/{place}"},
                )
                return

    def _upload(self, file: File) -> str:
        request = Request(
            "POST",
            f"{self._wit}/attachments",
            (("fileName", file.name), _VERSION),
            file.data,
            {"Content-Type": "application/octet-stream"},
        )
        return needed(self._call(request).json, "url", kind="Azure DevOps")

    def _relate(self, url: str, mark: Mark) -> None:
        self._patch(
            {
                "op": "add",
                "path": "/relations/-",
                "value": {"rel": "AttachedFile", "url": url, "attributes": {"comment": str(mark)}},
            }
        )

    def _patch(self, *operations: dict[str, object]) -> None:
        media = "application/json-patch+json"
        self._call(as_json("PATCH", self._item, list(operations), media, (_VERSION,)))

    def _relations(self) -> tuple[int, list[dict[str, object]]]:
        answer = self._call(Request("GET", self._item, (("$expand", "relations"), _VERSION))).json
        revision = number(answer, "rev")
        return revision, [dict(each) for each in rows(answer, "relations")]

    def _said(self) -> list[Found]:
        found, params = list[Found](), [("$top", "200"), _COMMENTS]
        for _ in range(_PAGES):
            answer = self._call(Request("GET", self._comments, params)).json
            for each in rows(answer, "comments"):
                said = text(each, "text")
                mark = mark_in(said) if is_ours(said) else None
                if mark:
                    found.append(Found("comment", text(each, "id"), mark))
            token = text(answer, "continuationToken")
            if not token:
                break
            params = [("$top", "200"), ("continuationToken", token), _COMMENTS]
        return sorted(found, key=lambda each: each.mark.at)


def _mark(relation: dict[str, object]) -> Mark | None:
    if relation.get("rel") != "AttachedFile" or not urlsplit(text(relation, "url")).path:
        return None
    return mark_in(text(relation, "attributes", "comment"))
