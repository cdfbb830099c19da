"""Redmine: a file is uploaded for a token, which an update of the issue takes with a note; the note is edited from 5.0 on."""

from collections.abc import Sequence

from diagnose.deliver.tickets.answers import needed, refuse_file, rows, text
from diagnose.deliver.tickets.calls import Caller, Request, as_json, basic, segment
from diagnose.deliver.tickets.parcel import File, mark_in
from diagnose.deliver.tickets.rehearsal import Answers
from diagnose.deliver.tickets.sink import Found, Note
from diagnose.deliver.tickets.site import Site
from diagnose.deliver.tickets.ticket import Ticket
from diagnose.deliver.tickets.words import is_ours, text_of

KNOWN_LIMIT = 5120 << 10
"""Of one file, as Redmine comes; there is no way to ask, and a site that takes more is as content with a .zip."""
REHEARSED: Answers = (
    ("GET", "", {"issue": {"attachments": [], "journals": []}}),
    ("POST", "/uploads.json$", {"upload": {"token": "UPLOAD"}}),
)


def sign_in(site: Site) -> tuple[str, str]:
    """An API key, or a user and a password."""
    return basic(site) if site.user else ("X-Redmine-API-Key", site.token)


class Redmine:
    """One issue."""

    forms: tuple[str, ...] = ("html", "zip")

    def __init__(self, ticket: Ticket, call: Caller) -> None:
        self._call, self._id = call, ticket["id"]
        self._issue = f"/issues/{segment(self._id)}.json"

    def look(self) -> Sequence[Found]:
        answer = self._call(Request("GET", self._issue, (("include", "attachments,journals"),))).json
        files = [
            Found("file", text(each, "id"), mark)
            for each in rows(answer, "issue", "attachments")
            if (mark := mark_in(text(each, "filename"))) is not None
        ]
        notes = [
            Found("comment", text(each, "id"), mark)
            for each in rows(answer, "issue", "journals")
            if is_ours(text(each, "notes")) and (mark := mark_in(text(each, "notes"))) is not None
        ]
        return [*files, *sorted(notes, key=lambda each: each.mark.at)]

    def limit(self) -> int | None:
        return KNOWN_LIMIT

    def send(self, note: Note, file: File | None, earlier: Found | None) -> str:
        # Redmine reads Textile or Markdown, as its administrator chose; in both this is text as it stands.
        said = f"<pre>\n{text_of(note)}\n</pre>"
        update: dict[str, object] = {}
        if file:
            update["uploads"] = [
                {"token": self._upload(file), "filename": file.name, "content_type": file.media_type}
            ]
        if not (earlier and self._edited(earlier, said)):
            update["notes"] = said
        if update:
            self._call(as_json("PUT", self._issue, {"issue": update}))
        return f"issue {self._id}"

    def drop(self, found: Found) -> None:
        if found.what == "file":
            self._call(Request("DELETE", f"/attachments/{segment(found.id)}.json"), allow=(404,))
        else:
            self._edited(found, "")  # a note without words is gone

    def _upload(self, file: File) -> str:
        headers = {"Content-Type": "application/octet-stream"}
        request = Request("POST", "/uploads.json", (("filename", file.name),), file.data, headers)
        reply = self._call(request, allow=(413, 415, 422))
        refuse_file(reply, "Redmine")
        return needed(reply.json, "upload", "token", kind="Redmine")

    def _edited(self, earlier: Found, said: str) -> bool:
        body = {"journal": {"notes": said}}
        return (
            self._call(as_json("PUT", f"/journals/{segment(earlier.id)}.json", body), allow=(403, 404)).status
            < 300
        )
