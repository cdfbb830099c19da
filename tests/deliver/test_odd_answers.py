"""Whatever a site answers in JSON, attaching ends: done, or with a sentence. Nothing else ever comes out of it."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parcels import parcel

from diagnose.deliver.tickets.attach import attach
from diagnose.deliver.tickets.azure_devops import AzureDevOps
from diagnose.deliver.tickets.calls import Reply
from diagnose.deliver.tickets.github import GitHub
from diagnose.deliver.tickets.jira import Jira
from diagnose.deliver.tickets.parcel import mark_in
from diagnose.deliver.tickets.redmine import Redmine
from diagnose.deliver.tickets.servicenow import ServiceNow
from diagnose.deliver.tickets.sink import DeliveryError
from diagnose.deliver.tickets.ticket import ticket_of

MARK = str(parcel("some_run").mark)
KEYS = [
    "attachment",
    "attachments",
    "attributes",
    "body",
    "comment",
    "comments",
    "continuationToken",
    "deploymentType",
    "enabled",
    "fields",
    "file_name",
    "filename",
    "html_url",
    "id",
    "issue",
    "journals",
    "message",
    "name",
    "notes",
    "relations",
    "rel",
    "result",
    "rev",
    "sys_id",
    "text",
    "token",
    "total",
    "type",
    "upload",
    "uploadLimit",
    "url",
    "value",
    "work_notes",
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=9),
    st.sampled_from([MARK, f"Diagnosis of an Azure ML run {MARK}", "AttachedFile", "Cloud", "²"]),
)
ANSWERS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)
KINDS = {
    "azure-devops:o/p/1": AzureDevOps,
    "jira:OPS-1": Jira,
    "servicenow:INC1": ServiceNow,
    "redmine:1": Redmine,
    "github:o/r#1": GitHub,
}


@pytest.mark.parametrize("ticket", KINDS)
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([200, 200, 200, 404, 403]), ANSWERS), min_size=1, max_size=8))
def test_an_odd_answer_is_a_sentence_or_no_trouble(ticket, answers):
    asked = []

    def call(request, allow=()):
        asked.append(request)
        status, value = answers[len(asked) % len(answers)]
        if status >= 400 and status not in allow:
            raise DeliveryError("refused")
        return Reply(status, value)

    with suppress(DeliveryError):
        attach(KINDS[ticket](ticket_of(ticket), call), parcel("some_run"))
    assert len(asked) < 300
    for request in asked:
        assert request.target.startswith("/")
        assert not set(request.path) & set("\r\n \\#")
        assert "/../" not in request.path


@given(st.text())
def test_no_text_is_too_odd_to_hold_a_mark(text):
    mark_in(text)
    assert str(mark_in(f"{text} {MARK}")) == MARK
