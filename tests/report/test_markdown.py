import re

from markdown_it import MarkdownIt

from diagnose.report import markdown

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens(said):
    for token in GITHUB.parse(said):
        yield token
        yield from token.children or ()


def kinds(said):
    return {token.type for token in tokens(said)}


def words(said):
    """What is left to read, apart from code."""
    return " ".join(token.content for token in tokens(said) if token.type == "text")


ACTIVE = {
    "link_open",
    "image",
    "html_block",
    "html_inline",
    "table_open",
    "hr",
    "blockquote_open",
    "s_open",
    "em_open",
}


def test_it_tells_the_whole_story(record):
    said = markdown.render(record)
    assert said.startswith("## Stuck: Lingering child process\n\n**The training ended at 09:12 UTC")
    assert "▸ epoch 10/10 loss=0.0312 <script>alert(1)</script>" in said
    assert "### What could not be examined" in said
    assert [line for line in said.splitlines() if line.startswith("#")] == [
        "## Stuck: Lingering child process",
        "### What to do",
        "### Evidence for it",
        "### What else it could be",
        "### What could not be examined",
        "### Facts of the run",
    ]


def test_nothing_active_is_made_of_evidence(hostile, senseless):
    for said in (markdown.render(hostile), markdown.short(hostile), markdown.render(senseless)):
        assert kinds(said) & ACTIVE == set()


def test_evidence_makes_no_heading_and_ends_no_block(record, hostile):
    count = [token.type for token in tokens(markdown.render(record))].count("heading_open")
    assert [token.type for token in tokens(markdown.render(hostile))].count("heading_open") == count


def test_no_address_mention_or_issue_number_is_left_to_be_linked(hostile):
    said = words(markdown.render(hostile)) + words(markdown.short(hostile))
    assert not re.search(r"://|www\.|@\w|#\d", said)


def test_no_invisible_character_is_left(hostile):
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]",
        markdown.render(hostile),
    )


def test_no_pipeline_finds_a_command(hostile, senseless):
    for said in (markdown.render(hostile), markdown.short(hostile), markdown.render(senseless)):
        assert not re.search(r"##[A-Za-z-]*\[", said)
        assert not re.search(r"(?m)^\s*::", said)


def test_the_short_form_is_short_whatever_the_record_holds(record, hostile, senseless, nothing, huge):
    assert max(len(markdown.short(each)) for each in (record, hostile, senseless, nothing, huge, {})) < 1000


def test_the_short_form_says_what_how_sure_and_what_to_do(record):
    said = markdown.short(record)
    assert "**Stuck: Lingering child process** (supported)" in said
    assert record["headline"] in said
    assert "First: Cancel the run; its outputs are complete\n\n`az ml job cancel -n brave_pear_7xq2`" in said


def test_the_long_form_fits_the_least_generous_ticket(huge):
    assert len(markdown.render(huge)) <= 65_536


def test_a_record_of_nulls_is_still_told(nothing):
    assert markdown.render(nothing).startswith("## Unknown: Not named\n")


def test_a_snippet_holds_its_fences(record):
    record["next_steps"][0]["snippet"] = "```\n<img src=x>\n````"
    fences = [token.content for token in tokens(markdown.render(record)) if token.type == "fence"]
    assert fences[0] == "```\n<img src=x>\n````\n"


def test_a_code_span_holds_its_backticks():
    assert markdown.code("a``b`") == "``` a``b` ```"
