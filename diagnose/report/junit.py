"""The JUnit view: a run is a test, and fails when something is wrong with it."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from diagnose.report import fields, text
from diagnose.report.fields import Node
from diagnose.report.page import Page, page
from diagnose.report.visible import obeyed_by_none


def render(records: Sequence[Node]) -> str:
    """One suite with a case for each record, in their order: valid XML 1.0, whatever the records hold."""
    suites = ET.Element("testsuites", name="diagnose")
    suite = ET.SubElement(suites, "testsuite", name="diagnose")
    failures = 0
    for record in records:
        shown = page(record)
        case = _case(suite, record, shown)
        if not shown.card.harmless:
            failures += 1
            _failure(case, record, shown)
    for each in (suites, suite):
        each.attrib |= {"tests": str(len(records)), "failures": str(failures), "errors": "0", "skipped": "0"}
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _case(suite: ET.Element, record: Node, shown: Page) -> ET.Element:
    seconds = fields.number(fields.node(record, "run"), "duration_s")
    names = {"classname": shown.experiment or "azureml", "name": shown.run_id or shown.run}
    case = ET.SubElement(suite, "testcase", {key: obeyed_by_none(name) for key, name in names.items()})
    if seconds is not None and 0 <= seconds < 1e12:
        case.set("time", f"{seconds:.3f}")
    return case


def _failure(case: ET.Element, record: Node, shown: Page) -> None:
    message = obeyed_by_none(f"{shown.card.outcome}: {shown.card.headline}")
    failure = ET.SubElement(case, "failure", message=message, type=obeyed_by_none(shown.card.cause_id))
    failure.text = "\n" + text.render(record, width=96)
