import copy
import json
import subprocess
import sys
from pathlib import Path

import html5lib
import pytest
from scans import line, scan_folder

import diagnose
from diagnose import Report, Scan, load_history, load_scan
from diagnose.errors import DiagnoseError, UsageError
from diagnose.report import html, markdown
from diagnose.roster import row_of

HTML = "{http://www.w3.org/1999/xhtml}"
EVIL = "</p><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e\x1b]0;x\x07 {{ 7*7 }} ##vso[x]y"
LINKS = {"href", "target", "rel"}


@pytest.fixture
def record():
    return json.loads((Path(__file__).parent / "report" / "record.json").read_text(encoding="utf-8"))


@pytest.fixture
def hostile(record):
    """The example with markup in the name of the run, the headline and a quote."""
    made = copy.deepcopy(record)
    made["run"] |= {"display_name": EVIL, "id": EVIL, "experiment": EVIL, "portal_url": "javascript:alert(1)"}
    made["headline"] = made["evidence"][0]["source"]["text"] = EVIL
    return made


def pieces(said):
    """What a browser makes of a fragment; the parser raises where it is malformed."""
    return list(html5lib.HTMLParser(strict=True).parseFragment(said, container="div").iter())


def kinds(said):
    """Every kind of element, with the names of its attributes."""
    return {
        (each.tag.removeprefix(HTML), frozenset(each.attrib))
        for each in pieces(said)
        if isinstance(each.tag, str) and each.tag.startswith(HTML)
    }


def words(said):
    return " ".join(" ".join(pieces(said)[0].itertext()).split())


def scan_of(*lines, **more):
    return Scan(Path("scans/monday"), tuple(row_of(each) for each in lines), **more)


def test_a_report_has_the_words_of_its_record(record):
    report = Report(record)
    assert (report.run_id, report.outcome, report.cause) == (
        record["run"]["id"],
        "stuck",
        "lingering-child-process",
    )
    assert (report.mechanism, report.certainty, report.headline) == (
        record["mechanism"],
        "supported",
        record["headline"],
    )
    assert repr(report) == "<Report of train-resnet-nightly: stuck: lingering-child-process (supported)>"


def test_a_report_shows_its_sentence_and_the_whole_page_in_a_frame(record):
    said = Report(record)._repr_html_()
    frame = next(each for each in pieces(said) if each.tag == f"{HTML}iframe")
    page = frame.get("srcdoc").replace("about:srcdoc#", "#").replace(' target="_blank"', "")
    assert page == html.render(record)
    assert record["headline"] in words(said)
    assert "Lingering child process , Supported. Open in Azure" in words(said)


def test_nothing_of_a_report_reaches_the_notebook(record, hostile):
    for each in (record, hostile):
        said = Report(each)._repr_html_()
        frame = next(piece for piece in pieces(said) if piece.tag == f"{HTML}iframe")
        assert frame.get("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
        assert kinds(said) - {("a", frozenset(LINKS))} == {
            ("div", frozenset()),
            ("p", frozenset({"dir"})),
            ("b", frozenset()),
            ("iframe", frozenset({"sandbox", "srcdoc", "title", "width", "height", "style"})),
        }


def test_links_to_sections_stay_in_the_frame_and_others_leave_it(record):
    frame = next(each for each in pieces(Report(record)._repr_html_()) if each.tag == f"{HTML}iframe")
    root = html5lib.HTMLParser(strict=True).parse(frame.get("srcdoc"))
    links = {(each.get("href").partition("#")[0], each.get("target")) for each in root.iter(f"{HTML}a")}
    assert links == {("about:srcdoc", None), (record["run"]["portal_url"], "_blank")}


def test_a_report_is_also_its_markdown(hostile):
    assert Report(hostile)._repr_markdown_() == markdown.render(hostile)


@pytest.mark.parametrize(
    "record", [{}, {"run": None, "outcome": 3}, {"run": {"display_name": "a\nb\x1b[2J"}}]
)
def test_an_odd_record_still_shows_itself(record):
    report = Report(record)
    assert repr(report).isprintable()
    assert "<iframe" in report._repr_html_()
    assert report.certainty == "none"


def test_a_scan_is_its_runs():
    scan = scan_of(line("a"), line("b", cause="none"))
    assert (len(scan), [row.run_id for row in scan]) == (2, ["a", "b"])
    assert repr(scan) == "<Scan scans/monday: 2 runs, 1 in trouble, 4.0 node-hours idle.>"
    assert scan.to_frame()["run_id"].tolist() == ["a", "b"]


def test_a_scan_shows_the_worst_first_and_not_all():
    scan = scan_of(
        *[line(f"run-{n}", idle=n * 3600.0) for n in range(2000)], line("fine", cause="none"), skipped=1
    )
    said = scan._repr_html_()
    rows = [each for each in pieces(said) if each.tag == f"{HTML}tr"]
    assert (len(rows), "".join(rows[1][0].itertext())) == (21, "train run-1999")
    assert words(said).startswith(
        "2,001 runs, 2,000 in trouble, 3,998,000.0 node-hours idle. 1 line could not be read."
    )
    assert words(said).endswith("… and 1,981 more")
    assert len(said) < 20_000


def test_names_in_a_scan_are_text():
    fields = {"display_name": EVIL, "status": EVIL, "portal_url": "https://ml.azure.com.evil.example/"}
    texts = dict.fromkeys(("outcome", "cause", "certainty", "headline"), EVIL)
    scan = scan_of(line(EVIL, run=fields, scan={"owner": EVIL}, **texts), line("b"))
    assert {name for name, _ in kinds(scan._repr_html_())} == {
        "div", "p", "table", "thead", "tbody", "tr", "th", "td", "a",
    }  # fmt: skip
    assert {names for name, names in kinds(scan._repr_html_()) if name == "a"} == {frozenset(LINKS)}
    assert "evil.example" not in scan._repr_html_()
    assert "7*7" in scan._repr_html_()


@pytest.mark.parametrize("idle", [1e308, -1e308, 0])
def test_an_odd_scan_still_shows_itself(idle):
    pieces(scan_of(line(idle=idle), {}, line(EVIL * 10_000))._repr_html_())
    assert "0 runs, 0 in trouble." in words(scan_of()._repr_html_())


def test_a_scan_is_saved_as_its_ending_says(tmp_path):
    pytest.importorskip("pyarrow")
    scan = scan_of(line("a"))
    scan.save(tmp_path / "t.CSV")
    scan.save(str(tmp_path / "t.parquet"))
    assert (tmp_path / "t.CSV").read_bytes()[:3] == b"\xef\xbb\xbf"
    assert (tmp_path / "t.parquet").read_bytes()[:4] == b"PAR1"
    with pytest.raises(UsageError, match=r"\.csv or \.parquet"):
        scan.save("t.xlsx")


def test_scans_are_loaded_by_their_folders(tmp_path):
    scan_folder(tmp_path / "monday", line("a"), b'{"half')
    scan = load_scan(str(tmp_path / "monday"))
    assert (len(scan), scan.skipped, scan.folder) == (1, 1, tmp_path / "monday")
    assert scan.to_frame().attrs == {"skipped": 1}
    assert load_history(tmp_path)["scan"].tolist() == ["monday"]
    with pytest.raises(DiagnoseError, match="is not the folder of a scan"):
        load_scan(tmp_path)


def test_the_public_names_are_there_and_cost_nothing_until_asked_for():
    assert set(diagnose.__all__) <= set(dir(diagnose))
    assert all(getattr(diagnose, name) is not None for name in diagnose.__all__)
    program = (
        "import sys, diagnose; before = set(sys.modules); diagnose.load_scan\n"
        "print(any(name.startswith('diagnose.') and name != 'diagnose.version' for name in before))\n"
        "print({'pandas', 'pyarrow', 'jinja2', 'azure', 'hyperscan'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout == "False\nset()\n"
