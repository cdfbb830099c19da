import re
from xml.etree import ElementTree as ET

import pytest
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from scanned import NOW, facts, lying, prices, row, unread, well

from diagnose.report import cells
from diagnose.report.fleet import junit, summary, text
from diagnose.report.fleet.history import history_of
from diagnose.report.fleet.scans import summary_of

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
INVISIBLE = r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
SCAN = ([row("a"), row("b"), lying(), well()], [unread()], facts(prices=prices()))


def spiked(payload):
    """A scan with a payload in all that a person or a program can name."""
    said = dict.fromkeys(
        (
            "workspace",
            "display_name",
            "experiment",
            "owner",
            "status",
            "compute",
            "size",
            "mechanism",
            "headline",
            "run_id",
        ),
        f"{payload} after",
    )
    rows = [
        row(**said | {"report": payload, "portal_url": payload, "cause": cause})
        for cause in ("silent-error", payload)
    ]
    about = facts(payload, stopped=payload, prices=prices(payload, **{payload: 1.0}))
    return [*rows, lying(**said, report=None, portal_url=None)], [dict.fromkeys(unread(), payload)], about


def tokens(said):
    for token in GITHUB.parse(said):
        yield token
        yield from token.children or ()


def test_the_summary_says_figures_groups_and_what_held_most():
    said = summary.render(*SCAN)
    assert said.startswith(
        "## Scan of lab\n\n**2 runs are stuck, 1 says Completed but is not done: 16 idle node-hours (EUR 48.05), 1 could not be looked at.**"
    )
    assert (
        "| 2 | Lingering child process | The work of a ended, and a thread holds it open. | Supported | 16 |"
        in said
    )
    assert (
        "- `train-a` (Running, idle 4 h, EUR 24.00, Maria Visser, gpu-cluster): The work of a ended" in said
    )
    assert "- `nightly-sad_fig`: the logs were denied: 403 on the datastore" in said


def test_the_summary_links_to_reports_and_the_portal_and_to_nothing_else():
    found = [
        token.attrs["href"]
        for token in tokens(summary.render([row("a")], [], facts()))
        if token.type == "link_open"
    ]
    assert found == ["index.html", "runs/a.html", row("a").portal_url]


def test_the_summary_makes_nothing_active_of_evidence(payload):
    said = summary.render(*spiked(payload))
    kinds = [token.type for token in tokens(said)]
    assert not set(kinds) & {
        "image",
        "html_block",
        "html_inline",
        "hr",
        "blockquote_open",
        "s_open",
        "em_open",
        "fence",
    }
    assert kinds.count("link_open") == 1
    assert kinds.count("heading_open") == 4
    assert kinds.count("th_open") == 5
    assert not re.search(INVISIBLE, said)
    assert not re.search(r"##\w*\[|^::\w", said, re.MULTILINE)
    words = " ".join(token.content for token in tokens(said) if token.type == "text")
    assert not re.search(r"://|www\.|@\w", words)


def test_the_summary_of_a_large_scan_is_short():
    rows = [row(f"r{n}", shape=f"way {n}", headline="&<*_" * 300) for n in range(2000)]
    said = summary.render(rows, [unread(f"u{n}") for n in range(500)], facts())
    assert len(said) < summary.LONG
    assert "… and 1,980 more runs." in said


def test_trouble_fails_what_was_not_read_is_an_error_and_the_rest_passes():
    suites = JUnitXml.fromstring(junit.render(SCAN[0], SCAN[1]).encode())
    assert (suites.tests, suites.failures, suites.errors) == (5, 3, 1)
    cases = {case.name: case for suite in suites for case in suite}
    [failure] = cases["a"].result
    assert (failure.type, failure.message) == (
        "lingering-child-process",
        "Stuck: The work of a ended, and a thread holds it open.",
    )
    assert "Report: runs/a.html" in failure.text
    [error] = cases["sad_fig"].result
    assert error.message == "the logs were denied: 403 on the datastore"
    assert cases["pear_1"].result == []
    assert (cases["a"].classname, cases["a"].time) == ("churn", 36_000.0)


def test_an_empty_scan_is_an_empty_suite():
    assert JUnitXml.fromstring(junit.render([], []).encode()).tests == 0


def test_whatever_a_scan_holds_it_is_valid_xml(payload):
    rows, left, _ = spiked(payload)
    said = junit.render(rows, left)
    root = ET.fromstring(said.encode())
    assert {each.tag for each in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "error"}
    assert not re.search(r"##\w*\[", said)


def test_the_terminal_says_it_in_one_line_then_causes_then_runs():
    assert text.render(*SCAN, width=120).splitlines() == [
        "2 runs are stuck, 1 says Completed but is not done: 16 idle node-hours (EUR 48.05), 1 could not be looked at.",
        "lab: 4 runs diagnosed, 1 with nothing wrong.",
        "",
        "By cause",
        "      2  Lingering child process: 16 idle node-hours, EUR 48.00; 2 alike",
        "      1  Silent error: less than 0.1 idle node-hours, EUR 0.05",
        "",
        "What held most",
        "        8.0 h  train-a                             Lingering child process, Maria Visser",
        "        8.0 h  train-b                             Lingering child process, Maria Visser",
        "  less than 0.1 h  train-plum_1                        Silent error, Maria Visser",
    ]


@pytest.mark.parametrize("width", [20, 60, 200])
def test_the_terminal_view_is_a_screen_of_a_size(width, payload):
    rows, left, about = spiked(payload)
    many = [*rows, *(row(f"r{n}", cause=f"cause {n % 30}") for n in range(400))]
    about["workspaces"] *= 9
    told = history_of([summary_of(facts(at=NOW.replace(day=1)), rows)], many, left, about)
    said = text.render(many, left, about, told, width=width)
    assert said.count("\n") <= text.LINES
    assert all(cells.width(line) <= max(width, 40) for line in said.splitlines())
    assert not re.search(INVISIBLE, said)
    assert not re.search(r"##\w*\[|^::\w", said, re.MULTILINE)


def test_colour_changes_no_word():
    painted = text.render(*SCAN, color=True)
    assert "\x1b[1;31m2 runs are stuck" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == text.render(*SCAN)


def test_a_scan_of_nothing_is_said():
    assert (
        text.render([], [], {}) == "No run was looked at.\nnothing: 0 runs diagnosed, 0 with nothing wrong.\n"
    )
    assert "**No run was looked at.**" in summary.render([], [], {})
