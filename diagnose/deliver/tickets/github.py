"""GitHub issues: no call attaches a file, so the comment holds the whole verdict as Markdown and says where the report is."""

from collections.abc import Sequence

from diagnose.deliver.tickets.answers import text
from diagnose.deliver.tickets.calls import Caller, Request, as_json, bearer, segment
from diagnose.deliver.tickets.parcel import File, mark_in
from diagnose.deliver.tickets.rehearsal import Answers
from diagnose.deliver.tickets.sink import Found, Note
from diagnose.deliver.tickets.site import Site
from diagnose.deliver.tickets.ticket import Ticket
from diagnose.deliver.tickets.words import is_ours, markdown_of

REHEARSED: Answers = (("GET", "", []), ("POST", "", {"html_url": ""}))
_LONGEST = 65_536
_PAGE = 100
_PAGES = 50


def sign_in(site: Site) -> tuple[str, str]:
    """A token of whatever kind."""
    return bearer(site)


class GitHub:
    """One issue or pull request."""

    forms: tuple[str, ...] = ()

    def __init__(self, ticket: Ticket, call: Caller) -> None:
        self._call = call
        self._repo = f"/repos/{segment(ticket['owner'])}/{segment(ticket['repo'])}/issues"
        self._id = ticket["id"]

    def look(self) -> Sequence[Found]:
        found = list[Found]()
        for page in range(1, _PAGES + 1):
            params = (("per_page", str(_PAGE)), ("page", str(page)))
            answer = self._call(Request("GET", f"{self._repo}/{self._id}/comments", params)).json
            listed = answer if isinstance(answer, list) else []
            for each in listed:
                said = text(each, "body")
                mark = mark_in(said[-200:]) if is_ours(said) else None
                if mark:
                    found.append(Found("comment", text(each, "id"), mark))
            if len(listed) < _PAGE:
                break
        return sorted(found, key=lambda each: each.mark.at)

    def limit(self) -> int | None:
        return 0

    def send(self, note: Note, file: File | None, earlier: Found | None) -> str:  # noqa: ARG002  (no file can be taken)
        body = {"body": _body(note)}
        if earlier:
            path = f"{self._repo}/comments/{segment(earlier.id)}"
            reply = self._call(as_json("PATCH", path, body), allow=(403, 404))
            if reply.status < 300:
                return text(reply.json, "html_url")
        reply = self._call(as_json("POST", f"{self._repo}/{self._id}/comments", body))
        return text(reply.json, "html_url")

    def drop(self, found: Found) -> None:
        if found.what == "comment":
            self._call(Request("DELETE", f"{self._repo}/comments/{segment(found.id)}"), allow=(404,))


def _body(note: Note) -> str:
    said = markdown_of(note)
    if len(said) <= _LONGEST:
        return said
    head = "\n".join(f"- {label}" for label, _ in note.lines)  # cannot be: the verdict is kept below 60,000
    return f"### {note.title}\n\n{head}\n<!-- {note.mark} -->"
