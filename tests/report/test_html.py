import re
import subprocess
import sys

import html5lib
import pytest

from diagnose.report import html

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


def tree(said):
    """The document as a browser reads it; the parser raises where the page is malformed."""
    return html5lib.HTMLParser(strict=True).parse(said)


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def elements(root):
    return [each for each in root.iter() if isinstance(each.tag, str)]


def shape(root):
    """How often each kind of element stands in the page, with the names of its attributes."""
    return {(each.tag, tuple(sorted(each.attrib))) for each in elements(root)}


def test_the_first_screen_says_what_how_sure_and_what_to_do(record):
    card = tree(html.render(record)).find(f".//{HTML}section[@id='verdict']")
    said = text_of(card)
    assert text_of(card.find(f".//{HTML}h1")) == record["headline"]
    assert "Lingering child process: A thread outlives the main work" in said
    assert "Supported. Several independent pieces of evidence point to it" in said
    assert "Cancel the run; its outputs are complete" in said
    assert "4 h 49 min" in said


def test_sections_come_in_the_order_in_which_they_are_asked_for(record):
    root = tree(html.render(record))
    assert [each.get("id") for each in root.iter(f"{HTML}section")] == [
        "verdict",
        "picture",
        "do",
        "why",
        "else",
        "gaps",
        "facts",
        "provenance",
    ]


def test_evidence_is_quoted_with_file_line_and_what_stands_around(record):
    quote = tree(html.render(record)).find(f".//{HTML}article[@id='evidence-1']/{HTML}figure")
    assert text_of(quote.find(f"{HTML}figcaption")) == "user_logs/std_log.txt, line 812"
    assert (
        text_of(quote.find(f"{HTML}pre/{HTML}mark")) == "▸ epoch 10/10 loss=0.0312 <script>alert(1)</script>"
    )
    assert text_of(quote.find(f"{HTML}pre")).startswith("epoch 9/10 loss=0.0330 ▸")


def test_the_title_says_the_verdict(record):
    assert tree(html.render(record)).findtext(f".//{HTML}title") == (
        "Stuck: train-resnet-nightly · Lingering child process"
    )


def test_nothing_is_loaded_and_nothing_runs(record, hostile):
    for said in (html.render(record), html.render(hostile)):
        root = html5lib.parse(said)
        tags = {each.tag.split("}")[1] for each in elements(root)}
        assert (
            tags
            & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "input", "image", "use"}
            == set()
        )
        names = {name for each in elements(root) for name in each.attrib}
        assert not [
            name for name in names if name.startswith("on") or name in {"src", "srcset", "style", "action"}
        ]
        assert "url(" not in said.split("</style>")[0]
        assert "@import" not in said.split("</style>")[0]


def test_the_policy_stands_before_anything_it_could_come_too_late_for(record):
    head = tree(html.render(record)).find(f"{HTML}head")
    first, second = list(head)[:2]
    assert first.attrib == {"charset": "utf-8"}
    assert second.get("http-equiv") == "Content-Security-Policy"
    assert second.get("content").startswith("default-src 'none';")


def test_links_lead_into_the_page_or_to_the_portal(record, hostile):
    for made in (record, hostile):
        root = html5lib.parse(html.render(made))
        ids = {each.get("id") for each in elements(root)}
        for link in (each for each in elements(root) if "href" in each.attrib):
            href = link.get("href")
            inside = href.startswith("#") and href[1:] in ids
            assert inside or (
                href == record["run"]["portal_url"] and link.get("rel") == "noopener noreferrer"
            )


def test_no_element_or_attribute_is_made_of_evidence(record, hostile):
    spare = {f"{HTML}{name}" for name in ("b", "bdi", "span", "code", "a", "p", "div", "dt", "dd")}
    extra = shape(html5lib.parse(html.render(hostile))) - shape(tree(html.render(record)))
    assert {tag for tag, _ in extra} <= spare


def test_hostile_evidence_comes_out_as_text(record):
    payload = "<script>alert('x')</script>"
    record["headline"] = record["evidence"][2]["source"]["path"] = record["run"]["command"] = payload
    root = tree(html.render(record))
    assert text_of(root.find(f".//{HTML}h1")) == payload
    assert (
        text_of(root.find(f".//{HTML}article[@id='evidence-3']//{HTML}figcaption")) == f"{payload}, line 41"
    )


def test_no_invisible_character_is_left(hostile, senseless):
    for made in (hostile, senseless):
        hidden = r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
        assert re.findall(hidden, html.render(made)) == []


def test_whatever_the_record_holds_the_page_is_well_formed(hostile, senseless, nothing):
    for made in (hostile, senseless, nothing, {}):
        assert tree(html.render(made)) is not None


def test_a_record_of_wrong_types_still_renders(record):
    for wrong in (5, "text", [], {}, True, [[]], [{}]):
        assert tree(html.render(dict.fromkeys(record, wrong))) is not None


def test_a_record_of_nulls_says_that_nothing_is_known(nothing):
    root = tree(html.render(nothing))
    assert text_of(root.find(f".//{HTML}h1")) == "Unknown: no headline is recorded."
    assert "No times are recorded" in text_of(root.find(f".//{HTML}section[@id='picture']"))


def test_an_empty_record_is_not_said_to_have_been_examined():
    root = tree(html.render({}))
    for section in ("why", "else", "gaps"):
        assert "The record does not say" in text_of(root.find(f".//{HTML}section[@id='{section}']"))


def test_the_picture_names_itself_and_needs_no_style(record):
    picture = tree(html.render(record)).find(f".//{SVG}svg[@role='group']")
    named = picture.get("aria-labelledby").split()
    said = {each.get("id"): each.text for each in picture if each.get("id")}
    assert said[named[0]] == "The work ended at 09:12:40 UTC, and silence followed for 4 h 49 min"
    assert "1 output not whole" in said[named[1]]
    drawn = [
        each for each in picture.iter() if each.tag.removeprefix(SVG) in {"rect", "path", "text", "line"}
    ]
    assert drawn
    assert all("fill" in each.attrib or "stroke" in each.attrib for each in drawn)


def test_every_table_has_a_caption_and_every_section_a_heading(record):
    root = tree(html.render(record))
    assert all(table.find(f"{HTML}caption") is not None for table in root.iter(f"{HTML}table"))
    ids = {each.get("id") for each in elements(root)}
    assert all(section.get("aria-labelledby") in ids for section in root.iter(f"{HTML}section"))


def test_ids_are_used_once(record):
    ids = [each.get("id") for each in elements(tree(html.render(record))) if each.get("id")]
    assert len(ids) == len(set(ids))


def test_without_its_style_sheet_it_is_still_in_order(record):
    said = re.sub(r"<style>.*?</style>", "", html.render(record), flags=re.DOTALL)
    words = text_of(tree(said).find(f"{HTML}body"))
    order = [
        "Stuck",
        record["headline"],
        "az ml job cancel",
        "Why we think so",
        "line 812",
        "Judged by",
    ]
    places = [words.index(each) for each in order]
    assert places == sorted(places)


def test_an_ordinary_report_is_small(record):
    assert len(html.render(record).encode()) < 150_000


def test_no_report_is_ever_large(huge):
    assert len(html.render(huge).encode()) < 2_000_000


def test_what_is_left_out_is_said(huge):
    assert "… and 2,970 more" in html.render(huge)


def test_the_same_record_gives_the_same_bytes(record):
    assert html.render(record) == html.render(record)


def test_other_views_do_not_pay_for_the_template_engine():
    views = "html, junit, markdown, record, text"
    program = f"import sys; from diagnose.report import {views}; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("name", ["report.html.jinja", "parts.html.jinja", "style.css"])
def test_the_templates_are_found(name):
    assert (html.templates() / name).is_file()


def test_the_style_sheet_has_no_way_out(record):
    style = tree(html.render(record)).find(f".//{HTML}style").text
    assert style.count("{") == style.count("}")
    assert "<" not in style
