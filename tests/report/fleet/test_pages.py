import base64
import hashlib
import re

import html5lib
import pytest
from scanned import NOW, PORTAL, facts, lying, prices, row, unread, well

from diagnose.report.fleet import html
from diagnose.report.fleet.history import history_of
from diagnose.report.fleet.scans import summary_of

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


def tree(said):
    """The document as a browser reads it; the parser raises where the page is malformed."""
    return html5lib.HTMLParser(strict=True).parse(said)


def elements(root):
    return [each for each in root.iter() if isinstance(each.tag, str)]


def text_of(element):
    return " ".join(" ".join(element.itertext()).split())


def section(root, name):
    return root.find(f".//{HTML}section[@id='{name}']")


def rendered(*rows, left=(), about=None, history=None):
    return tree(html.render(rows, left, facts() if about is None else about, history))


def links(root):
    return {each.get("href") for each in elements(root) if "href" in each.attrib}


def hostile(payload, name="fig_1", **given):
    """A run with a payload in all that a person or a program can name."""
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
        ),
        f"before {payload} after",
    )
    return row(
        **said
        | {"run_id": f"{payload}{name}", "report": payload, "portal_url": payload, "shape": payload}
        | given
    )


def hostile_facts(payload):
    made = facts(payload, "lab", prices=prices(payload, **{payload: 3.0}), stopped=payload, by=payload)
    made["workspaces"][0] |= {
        "trouble": payload,
        "way": payload,
        "why": payload,
        "passed": {payload: 3},
        "calls": {payload: 4},
    }
    made["asked"] |= {
        "tags": {payload: payload},
        "experiment": payload,
        "statuses": [payload],
        "engine": payload,
        "workers": 8,
    }
    return made


def every_page(payload):
    rows = [
        hostile(payload),
        hostile(payload, "b"),
        hostile(payload, "c", cause=payload, outcome=payload, certainty=payload),
    ]
    left = [dict.fromkeys(unread(), payload)]
    before = summary_of(facts(at=NOW.replace(day=1)), [hostile(payload, "gone")])
    told = history_of([before], rows, left, facts())
    return [
        said
        for _, said in html.pages(
            [*rows, hostile(payload, "d", cause="none")], left, hostile_facts(payload), told
        )
    ]


def test_the_first_screen_says_how_many_and_what_it_cost():
    root = rendered(row("a"), row("b"), lying(), well(), left=[unread()], about=facts(prices=prices()))
    card = text_of(section(root, "verdict"))
    assert "2 runs are stuck, 1 says Completed but is not done." in card
    assert "Idle node-hours 16" in card
    assert "Cost of idling EUR 48.05" in card
    assert "Could not be looked at 1" in card
    assert "3 of 4 runs in trouble" in card


def test_what_is_new_is_counted_and_marked():
    rows = [row("a"), row("b")]
    told = history_of([summary_of(facts(at=NOW.replace(day=21)), [row("a"), row("c")])], rows, (), facts())
    root = rendered(*rows, history=told)
    assert "New since the last scan 1 1 resolved." in text_of(section(root, "verdict"))
    assert [text_of(each) for each in root.iter(f"{HTML}span") if each.get("class") == "tag"] == [
        "new",
        "new",
    ]
    assert "c Lingering child process no candidate any more" in text_of(section(root, "changes"))


def test_runs_that_failed_alike_are_one_line_that_opens():
    alike = [row(f"r{place}", shape="same", headline=f"Line {place}") for place in range(60)]
    causes = section(rendered(*alike, row("z", shape="other")), "causes")
    [group] = causes.findall(f".//{HTML}details")
    assert text_of(group.find(f"{HTML}summary")).startswith(
        "60 runs Line 0 non daemon thread, supported, Maria Visser"
    )
    assert len(group.findall(f".//{HTML}tr")) == 51
    assert "… and 10 more that failed alike" in text_of(group)
    assert group.find(f"{HTML}p/{HTML}a").get("href") == "#runs"


def test_a_run_is_told_with_its_links_owner_and_times():
    root = rendered(row(), about=facts(prices=prices()))
    [told] = section(root, "runs").findall(f".//{HTML}tbody/{HTML}tr")
    assert [text_of(cell) for cell in told] == [
        "train-fig_1 Azure The work of fig_1 ended, and a thread holds it open.",
        "Lingering child process",
        "Supported",
        "Running",
        "22 Nov, 02:00",
        "4 h",
        "8.0",
        "EUR 24.00",
        "Maria Visser",
        "gpu-cluster",
    ]
    assert {each.get("href") for each in told.iter(f"{HTML}a")} == {"runs/fig_1.html", PORTAL.format("fig_1")}


def test_sums_hold_over_the_causes():
    root = rendered(row("a"), row("b", cause="distributed-hang", nodes=None), row("c", idle_s=None))
    said = [text_of(each) for each in section(root, "causes").iter(f"{HTML}h3")]
    assert said == [
        "Lingering child process 2 runs, 8.0 idle node-hours",
        "Distributed hang 1 run, 4.0 idle node-hours",
    ]
    assert "Idle node-hours 12 Of 1 run the end of the work is not known." in text_of(
        section(root, "verdict")
    )


def test_what_is_not_decided_comes_last_and_healthy_runs_are_in_no_table():
    root = rendered(row("a", cause="inconclusive", idle_s=9e6), row("b"), well())
    assert [each.get("id") for each in section(root, "causes").findall(f"{HTML}section")] == [
        "cause-lingering-child-process",
        "cause-inconclusive",
    ]
    assert "pear_1" not in text_of(section(root, "runs"))
    assert "1 run with which nothing is wrong" in text_of(section(root, "healthy"))


def test_what_kept_the_scan_from_seeing_all_is_said_before_the_figures_are_explained():
    about = facts(stopped="the service went away", ended_at=None)
    about["workspaces"][0]["trouble"] = "403: ask for the Reader role"
    root = rendered(well(), about=about)
    assert [each.get("id") for each in root.iter(f"{HTML}section")][:2] == ["verdict", "trouble"]
    assert text_of(section(root, "trouble")) == (
        "This is not the whole picture The scan ended early : the service went away lab : 403: ask for the Reader role"
    )
    assert section(root, "verdict").get("class") == "card warn"


def test_a_scan_that_was_killed_says_so():
    assert "it is still running, or was killed" in text_of(
        section(rendered(about=facts(ended_at=None)), "trouble")
    )
    assert section(rendered(), "trouble") is None


def test_runs_that_could_not_be_diagnosed_are_rows_with_their_reason():
    root = rendered(left=[unread(), unread("other", display_name=None)])
    assert [text_of(each) for each in section(root, "unread").findall(f".//{HTML}tbody/{HTML}tr")] == [
        "nightly-sad_fig sad_fig the logs were denied: 403 on the datastore Running Jan de Boer etl",
        "other the logs were denied: 403 on the datastore Running Jan de Boer etl",
    ]


def test_a_run_that_was_read_after_all_is_not_unread():
    assert section(rendered(row("sad_fig"), left=[unread()]), "unread") is None


def test_it_says_how_the_runs_were_found():
    said = text_of(section(rendered(row()), "found"))
    assert "runs:query (run history answers a status filter)" in said
    assert "Passed over alive 30, left no outputs 12" in said
    assert "Calls 604 (storage 400, data 200, arm 3, sign-in 1)" in said
    assert "Waited for limits 1.2 s" in said


def test_the_workspace_is_said_only_where_there_are_several():
    heads = [text_of(each) for each in section(rendered(row()), "runs").iter(f"{HTML}th")]
    assert "Workspace" not in heads
    several = rendered(row(), row("b", workspace="other", workspace_id="x"), about=facts("lab", "other"))
    assert "Workspace" in [text_of(each) for each in section(several, "runs").iter(f"{HTML}th")]


def test_a_scan_of_nothing_is_a_page():
    for about in ({}, facts(), {"workspaces": 5, "asked": [], "prices": "x", "started_at": 7}):
        assert text_of(section(rendered(about=about), "verdict")).startswith(
            "0 of 0 runs in trouble No run was looked at."
        )


def test_the_policy_allows_the_one_script_and_nothing_else():
    said = html.render([row()], [], facts())
    root = tree(said)
    [script] = root.iter(f"{HTML}script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    first, second = list(root.find(f"{HTML}head"))[:2]
    assert first.attrib == {"charset": "utf-8"}
    assert second.get("content").startswith(
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}';"
    )
    assert script.attrib == {}


def test_without_its_script_nothing_is_missing_or_dead():
    root = rendered(row())
    assert not [
        each for each in elements(root) if each.tag.split("}")[1] in {"button", "select", "input", "output"}
    ]
    [tools] = [each for each in root.iter(f"{HTML}div") if each.get("class") == "tools"]
    assert "hidden" in tools.attrib


def test_the_script_makes_no_markup_of_text():
    [script] = rendered(row()).iter(f"{HTML}script")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|fetch|XMLHttp|import",
        script.text,
    )


def test_nothing_is_loaded(payload):
    for said in every_page(payload):
        root = html5lib.parse(said)
        tags = [each.tag.split("}")[1] for each in elements(root)]
        assert not {"link", "img", "iframe", "object", "embed", "form", "base", "image", "use"} & set(tags)
        assert tags.count("script") == 1
        names = {name for each in elements(root) for name in each.attrib}
        assert not [
            name for name in names if name.startswith("on") or name in {"src", "srcset", "style", "action"}
        ]


def test_whatever_a_scan_holds_its_pages_are_well_formed(payload):
    assert all(tree(said) is not None for said in every_page(payload))


def test_links_lead_into_the_pages_to_reports_or_to_the_portal(payload):
    for said in every_page(payload):
        root = html5lib.parse(said)
        ids = {each.get("id") for each in elements(root)}
        assert all(href[0] == "#" and href[1:] in ids for href in links(root))


@pytest.mark.parametrize(
    "path",
    ["../secret.html", "/etc/x.html", "//evil/x.html", "http://e/x.html", "javascript:x.html", "runs/../../x.html",
     "runs\\x.html", "runs/x.htm", "runs/x.html?y", "runs/x.html\n", ".hidden.html", "a/b/c/d/e.html", "runs/%2e%2e.html", ""],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_no_link(path):
    assert not [href for href in links(rendered(row(report=path, portal_url=None))) if href[0] != "#"]


@pytest.mark.parametrize(
    "address",
    [
        "http://ml.azure.com/x",
        "https://ml.azure.com.evil.example/",
        "javascript:x",
        "https://ml.azure.com/" + "x" * 900,
    ],
)
def test_an_address_that_is_not_the_portal_is_no_link(address):
    assert not [href for href in links(rendered(row(report=None, portal_url=address))) if href[0] != "#"]


def test_no_invisible_character_is_left(payload):
    hidden = r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
    assert all(re.findall(hidden, said) == [] for said in every_page(payload))


def test_what_a_person_named_is_kept_apart_from_the_words_around_it():
    name = rendered(row(display_name="مرحبا")).find(
        f".//{HTML}section[@id='runs']//{HTML}tbody//{HTML}th/{HTML}a/*"
    )
    assert (name.tag, name.text) == (f"{HTML}bdi", "مرحبا")


def test_ids_are_used_once_and_every_section_has_a_name():
    rows = [row("a"), row("b"), lying(), row("c", cause="odd one"), row("d", cause="another"), well()]
    root = rendered(*rows, left=[unread()])
    ids = [each.get("id") for each in elements(root) if each.get("id")]
    assert len(ids) == len(set(ids))
    assert all(each.get("aria-labelledby") in ids for each in root.iter(f"{HTML}section"))
    assert all(table.find(f"{HTML}caption") is not None for table in root.iter(f"{HTML}table"))


def many(count, **given):
    return [
        row(f"run_{place:04}", shape=f"way {place % 40}", nodes=1 + place % 7, **given)
        for place in range(count)
    ]


def test_two_thousand_runs_are_several_pages_and_none_is_giant():
    said = dict(html.pages([*many(2000), *(well(f"w{place}") for place in range(1500))], [], facts()))
    assert list(said) == [
        html.INDEX,
        *(f"runs-{n}.html" for n in range(2, 8)),
        "healthy-1.html",
        "healthy-2.html",
    ]
    assert max(len(page.encode()) for page in said.values()) < 1_000_000


def test_every_group_is_told_however_large_the_first_ones_are():
    rows = [row(f"r{place}", cause=f"cause {place % 9}", shape=f"way {place % 90}") for place in range(1800)]
    causes = section(rendered(*rows), "causes")
    assert len(causes.findall(f".//{HTML}details")) == 90
    assert len(causes.findall(f".//{HTML}tbody/{HTML}tr")) == 270


def test_more_ways_to_fail_than_fit_are_counted():
    rows = [row(f"r{place}", shape=f"way {place // 2}") for place in range(1000)]
    causes = section(rendered(*rows), "causes")
    assert len(causes.findall(f".//{HTML}details")) == 300
    assert "… and 200 more groups of runs that failed alike: see all runs in trouble" in text_of(causes)


def test_every_run_is_reachable_from_the_first_page():
    left = [unread(f"u{place}") for place in range(1100)]
    rows = [*many(1300), *(well(f"w{place}") for place in range(150))]
    said = {name: tree(page) for name, page in html.pages(rows, left, facts())}
    reached, open_ends = {html.INDEX}, [html.INDEX]
    while open_ends:
        beyond = links(said[open_ends.pop()]) & set(said) - reached
        reached |= beyond
        open_ends += beyond
    assert reached == set(said)
    reports = set().union(*map(links, said.values()))
    assert {each.report for each in rows} <= reports
    words = " ".join(text_of(page) for page in said.values())
    assert all(f" {each['run_id']} " in words for each in left)


def test_no_page_is_giant_however_much_its_runs_say():
    heavy = many(
        700, headline="<\u202e" * 400, owner="&\u202e" * 99, compute="<" * 400, display_name="\u202e&" * 400
    )
    said = [len(page.encode()) for _, page in html.pages(heavy, [], facts())]
    assert max(said) < 1_500_000


def test_runs_that_say_much_are_fewer_on_a_page(monkeypatch):
    monkeypatch.setattr(html, "LARGEST", 300_000)
    assert len(list(html.pages(many(700), [], facts()))) == 5


def test_the_same_scan_gives_the_same_bytes_whatever_the_order_of_its_lines():
    rows = [*many(50), lying(), well()]
    assert html.render(rows, [unread()], facts()) == html.render(rows[::-1], [unread()], facts())


def test_the_later_line_of_a_run_counts():
    assert "No" not in text_of(section(rendered(well("a"), row("a")), "verdict"))[:40]
    assert "Nothing is wrong with the 1 run that was looked at." in text_of(
        section(rendered(row("a"), well("a")), "verdict")
    )


@pytest.mark.parametrize(
    "name", ["fleet.html.jinja", "fleet_part.html.jinja", "fleet_shared.html.jinja", "fleet.css", "fleet.js"]
)
def test_the_templates_are_found(name):
    assert (html.templates() / name).is_file()
