"""What goes to Azure DevOps and Jira, recorded on loopback, is what their own published descriptions allow."""

import pytest
from contracts import Contract
from parcels import parcel
from trackers import Asked, AzureDevOps, Jira, JiraDataCenter, listening, variables

from diagnose.deliver.tickets.attach import attach
from diagnose.deliver.tickets.sinks import sink_for
from diagnose.deliver.tickets.ticket import ticket_of

AZURE = "azure-devops-work-item-tracking-7.1.json"
JIRA = "jira-cloud-v3-issues.json"
NOT_IN_THE_CUT = {"PUT": "/comment/", "DELETE": "/attachment/"}
"""Calls of Jira that the description, being cut down, leaves out; each is in Jira's own manual."""


def recorded(tracker):
    """Everything that is asked when a report is attached, attached again, and replaced."""
    with listening(tracker):
        sink = sink_for(ticket_of(tracker.TICKET), variables(tracker))
        for what in (parcel(), parcel(), parcel(cause="resource-kill", later=1)):
            attach(sink, what)
    return tracker.asked


def test_azure_devops_is_asked_as_microsoft_describes_it():
    contract = Contract(AZURE)
    asked = recorded(AzureDevOps())
    for each in asked:
        contract.check(each)
    assert {each.method for each in asked} == {"GET", "POST", "PATCH"}
    assert {
        each.headers["Content-Type"]
        for each in asked
        if each.method == "PATCH" and "comments" not in each.path
    } == {"application/json-patch+json"}


@pytest.mark.parametrize("kind", [Jira, JiraDataCenter])
def test_jira_is_asked_as_atlassian_describes_it(kind):
    contract = Contract(JIRA)
    left_out = []
    for each in recorded(kind()):
        if contract.knows(each.method, each.path):
            contract.check(each)
        else:
            assert NOT_IN_THE_CUT[each.method] in each.path
            left_out.append(each.method)
        if each.path.endswith("/attachments"):
            assert each.headers["X-Atlassian-Token"] == "no-check"
    assert sorted(left_out) == ["DELETE", "PUT"]


def test_a_document_for_jira_cloud_holds_nothing_but_the_known_nodes():
    def nodes(value):
        yield value["type"], frozenset(value) - {"type"}
        for each in value.get("content", []):
            yield from nodes(each)

    [comment] = [
        each for each in recorded(Jira()) if each.method == "POST" and each.path.endswith("/comment")
    ]
    document = comment.json["body"]
    assert {kind for kind, _ in nodes(document)} == {"doc", "paragraph", "bulletList", "listItem", "text"}
    assert all("text" in rest for kind, rest in nodes(document) if kind == "text")


@pytest.mark.parametrize(
    ("method", "path", "params", "body"),
    [
        ("POST", "/c/p/_apis/wit/attachments", {"fileName": "x"}, b"x"),
        ("POST", "/c/p/_apis/wit/attachments", {"api-version": "6.0"}, b"x"),
        ("PATCH", "/c/p/_apis/wit/workitems/1", {"api-version": "7.1"}, b'[{"op": "append"}]'),
        ("PATCH", "/c/p/_apis/wit/workitems/one", {"api-version": "7.1"}, b"[]"),
        ("POST", "/c/p/_apis/wit/nothing", {"api-version": "7.1"}, b"{}"),
    ],
)
def test_the_check_itself_objects_to_what_is_wrong(method, path, params, body):
    media = "application/json-patch+json" if method == "PATCH" else "application/octet-stream"
    with pytest.raises(AssertionError):
        Contract(AZURE).check(Asked(method, path, params, {"Content-Type": media}, body))
