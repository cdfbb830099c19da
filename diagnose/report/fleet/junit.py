"""The JUnit view of a scan: a run is a test; trouble fails it, and one that could not be diagnosed is an error."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from diagnose.report import fields, visible, words
from diagnose.report.claims import cause_name, certainty_word
from diagnose.report.fields import Node
from diagnose.report.fleet import parts
from diagnose.report.fleet.runs import Run, run_of
from diagnose.report.fleet.scan import Scan, scan_of
from diagnose.report.visible import obeyed_by_none
from diagnose.roster import Row

_LONGEST_S = 1e12


def render(rows: Sequence[Row], unread: Sequence[Node]) -> str:
    """One suite with a case for every run, in trouble first: valid XML 1.0, whatever they hold."""
    scan = scan_of(rows, unread, {}, None)
    suites = ET.Element("testsuites", name="diagnose scan")
    suite = ET.SubElement(suites, "testsuite", name="diagnose scan")
    for row in scan.rows:
        _judged(suite, row, scan)
    for line in scan.unread:
        _unread(suite, line)
    counts = {
        "tests": len(scan.rows) + len(scan.unread),
        "failures": len(scan.troubled),
        "errors": len(scan.unread),
        "skipped": 0,
    }
    for each in (suites, suite):
        each.attrib |= {name: str(count) for name, count in counts.items()}
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _judged(suite: ET.Element, row: Row, scan: Scan) -> None:
    shown = run_of(row, scan.prices, None)
    case = _case(suite, shown.experiment, shown.run_id)
    if row.duration_s is not None and 0 <= row.duration_s < _LONGEST_S:
        case.set("time", f"{row.duration_s:.3f}")
    if row.is_trouble:
        outcome = words.OUTCOMES.get(row.outcome, (visible.line(row.outcome, 40), ""))[0]
        message = obeyed_by_none(f"{outcome}: {shown.headline}")
        failure = ET.SubElement(case, "failure", message=message, type=obeyed_by_none(shown.cause_id))
        failure.text = obeyed_by_none("\n" + "\n".join(_told(row, shown)) + "\n")


def _told(row: Row, shown: Run) -> list[str]:
    known = (
        ("Run", shown.name),
        ("Cause", f"{cause_name(row.cause)} ({certainty_word(row.certainty).lower()})"),
        ("Status", shown.status),
        ("Since", shown.since.text),
        ("Idle", shown.idle.text),
        ("Node-hours", shown.hours.text),
        ("Owner", shown.owner),
        ("Compute", shown.compute),
        ("Workspace", shown.workspace),
        ("Report", shown.report or "-"),
        ("Azure", shown.portal or "-"),
    )
    return [f"{name}: {value}" for name, value in known if value != "-"]


def _unread(suite: ET.Element, line: Node) -> None:
    shown = parts.unread_run(line)
    case = _case(suite, shown.experiment, shown.run_id)
    error = ET.SubElement(case, "error", message=obeyed_by_none(shown.why), type="not-diagnosed")
    if at := fields.text(line, "at", 40):
        error.text = obeyed_by_none(f"Looked at: {at}")


def _case(suite: ET.Element, experiment: str, run_id: str) -> ET.Element:
    names = {
        "classname": "azureml" if experiment == "-" else experiment,
        "name": run_id or "a run without an id",
    }
    return ET.SubElement(suite, "testcase", {key: obeyed_by_none(name) for key, name in names.items()})
