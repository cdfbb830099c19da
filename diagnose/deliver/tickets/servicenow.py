"""ServiceNow: the record by its number, a file by one call, and a work note, which can be added but never edited."""

import re
from collections.abc import Sequence

from diagnose.deliver.tickets.answers import needed, refuse_file, rows, text
from diagnose.deliver.tickets.calls import Caller, Request, as_json, basic, bearer, segment
from diagnose.deliver.tickets.parcel import File, mark_in
from diagnose.deliver.tickets.rehearsal import Answers
from diagnose.deliver.tickets.sink import DeliveryError, Found, Note
from diagnose.deliver.tickets.site import Site
from diagnose.deliver.tickets.ticket import Ticket
from diagnose.deliver.tickets.words import text_of

KNOWN_LIMIT = 1024 << 20
"""Of one file, where an instance is not told otherwise."""
REHEARSED: Answers = (
    ("GET", "/table/sys_properties$", {"result": []}),
    ("GET", "/attachment$", {"result": []}),
    ("GET", "/table/[a-z_]+$", {"result": [{"sys_id": "SYS_ID"}]}),
    ("GET", "", {"result": {"work_notes": ""}}),
    ("POST", "/attachment/file$", {"result": {"sys_id": "ATTACHMENT"}}),
)
_TABLES = {
    "INC": "incident",
    "PRB": "problem",
    "CHG": "change_request",
    "RITM": "sc_req_item",
    "SCTASK": "sc_task",
}
_SIZE, _ENDINGS = "com.glide.attachment.max_size", "glide.attachment.extensions"


def sign_in(site: Site) -> tuple[str, str]:
    """A user and a password, or a token without a user."""
    return basic(site) if site.user else bearer(site)


class ServiceNow:
    """One record: an incident, or what its number's prefix says; every task for a prefix that is nobody's."""

    forms: tuple[str, ...] = ("html", "zip")

    def __init__(self, ticket: Ticket, call: Caller) -> None:
        self._call, self._number = call, ticket["id"].upper()
        prefix = re.sub(r"\d+$", "", self._number)
        self._table = _TABLES.get(prefix, "task")
        self._id = ""

    def look(self) -> Sequence[Found]:
        params = (
            ("sysparm_query", f"table_name={self._table}^table_sys_id={self._record}"),
            ("sysparm_limit", "1000"),
        )
        listed = rows(self._call(Request("GET", "/api/now/attachment", params)).json, "result")
        files = [
            Found("file", text(each, "sys_id"), mark)
            for each in listed
            if (mark := mark_in(text(each, "file_name"))) is not None
        ]
        return [*files, *self._noted()]

    def limit(self) -> int | None:
        """As the instance says, if this user may know; it may also forbid the ending .html."""
        params = (("sysparm_query", f"nameIN{_SIZE},{_ENDINGS}"), ("sysparm_fields", "name,value"))
        request = Request("GET", "/api/now/table/sys_properties", params)
        told = {text(each, "name"): text(each, "value") for each in rows(self._call(request, allow=(401, 403, 404)).json, "result")}  # fmt: skip
        allowed = {each.strip().lower().lstrip(".") for each in told.get(_ENDINGS, "").split(",")} - {""}
        if allowed:
            self.forms = tuple(form for form in self.forms if form in allowed)
        size = told.get(_SIZE, "").strip()
        return int(size) << 20 if size.isdecimal() and len(size) < 7 else KNOWN_LIMIT

    def send(self, note: Note, file: File | None, earlier: Found | None) -> str:  # noqa: ARG002  (a note cannot be edited)
        if file:
            self._attach(file)
        self._call(
            as_json("PATCH", f"/api/now/table/{self._table}/{self._record}", {"work_notes": text_of(note)})
        )
        return self._number

    def drop(self, found: Found) -> None:
        if found.what == "file":
            self._call(Request("DELETE", f"/api/now/attachment/{segment(found.id)}"), allow=(404,))

    @property
    def _record(self) -> str:
        """Its `sys_id`, asked once."""
        if not self._id:
            params = (
                ("sysparm_query", f"number={self._number}"),
                ("sysparm_fields", "sys_id,sys_class_name"),
                ("sysparm_limit", "1"),
            )
            found = rows(self._call(Request("GET", f"/api/now/table/{self._table}", params)).json, "result")
            if not found:
                raise DeliveryError(
                    f"ServiceNow shows no {self._number} to this user; check the number and the rights."
                )
            self._id = needed(found[0], "sys_id", kind="ServiceNow")
            named = text(found[0], "sys_class_name")
            if re.fullmatch(r"[a-z0-9_]{1,80}", named):
                self._table = named
        return segment(self._id)

    def _attach(self, file: File) -> None:
        params = (("table_name", self._table), ("table_sys_id", self._record), ("file_name", file.name))
        headers = {"Content-Type": file.media_type}
        request = Request("POST", "/api/now/attachment/file", params, file.data, headers)
        reply = self._call(request, allow=(400, 403, 413, 415, 422))
        if reply.status == 403 and not re.search(
            r"(?i)type|extension|size", text(reply.json, "error", "detail")
        ):
            raise DeliveryError(
                "ServiceNow does not let this user attach files to the record; ask for the right to."
            )
        refuse_file(reply, "ServiceNow")

    def _noted(self) -> list[Found]:
        """The work notes as they are shown: all of them in one text, the newest first."""
        params = (("sysparm_fields", "work_notes"), ("sysparm_display_value", "true"))
        answer = self._call(Request("GET", f"/api/now/table/{self._table}/{self._record}", params)).json
        said = text(answer, "result", "work_notes")
        marks = [
            mark
            for row in said.splitlines()
            if (mark := mark_in(row)) is not None and row.strip() == str(mark)
        ]
        return [Found("comment", "", mark) for mark in reversed(marks)]
