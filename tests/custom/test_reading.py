import time

import pytest
from signatures import file_of, signature, text_of

from diagnose.custom.nodes import LARGEST
from diagnose.custom.reading import read_signatures
from diagnose.custom.rulebook import files_in, rulebook
from diagnose.errors import UsageError
from diagnose.evidence.logs import LogKind
from diagnose.evidence.run import Phase
from diagnose.rule import Cause, Certainty, Step
from diagnose.settings import RulesAsked


def refusal(folder, data):
    """What is said of a rule file."""
    path = folder / "team.yaml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(UsageError) as refused:
        read_signatures(path)
    said = str(refused.value)
    assert refused.value.exit_code == 2
    assert said.startswith(str(path))
    assert said.endswith(".")
    assert "\n" not in said
    return said.removeprefix(str(path))


def test_what_is_given_is_what_is_read(tmp_path):
    found = signature(
        tmp_path,
        match="in_order: [start, 'stop (?P<server>.)']\nwithin: 7",
        unless="[never mind, 'it is (ok|fine)']",
        where="{logs: system, path: ['system_logs/*']}",
        when="{status: [Completed, Not Responding], phase: open}",
        certainty="supported",
        mechanism="no_seat",
        links="https://example.org/a",
        remedy="- {title: T, detail: D, snippet: S, risk: R}\n- Just wait",
    )
    assert (found.cause, found.certainty) == (Cause.WAITING_ON_EXTERNAL, Certainty.SUPPORTED)
    assert (found.match.patterns, found.match.within) == (("start", "stop (?P<server>.)"), 7)
    assert found.unless == ("never mind", "it is (ok|fine)")
    assert (found.where.kinds, found.where.paths) == ({LogKind.RUNTIME}, ("system_logs/*",))
    assert (found.when.statuses, found.when.phases) == ({"completed", "notresponding"}, {Phase.OPEN})
    assert (found.name, found.mechanism) == ("licence_refused", "no-seat")
    assert found.remedy == (Step("T", "D", "S", "R"), Step("Just wait"))


def test_nothing_but_text_is_made_of_a_plain_word(tmp_path):
    assert signature(tmp_path, id="no", title="2026-01-01", explanation="null").id == "no"


def test_a_file_holds_one_signature_or_a_list_of_them(tmp_path):
    items = ["- " + text_of(id=name).replace("\n", "\n  ").rstrip() + "\n" for name in ("one", "two")]
    (tmp_path / "x.yml").write_text("".join(items))
    assert [found.id for found in read_signatures(tmp_path / "x.yml")] == ["one", "two"]


@pytest.mark.parametrize(
    ("fields", "line", "said"),
    [
        ({"id": "Licence"}, 1, "is no name"),
        ({"id": "test"}, 1, "is no name"),
        ({"id": "a--b"}, 1, "is no name"),
        ({"title": "''"}, 2, "title is empty"),
        ({"title": "[a, b]"}, 2, "title is a text"),
        ({"title": '"a\\u202eb"'}, 2, "invisible"),
        ({"title": "x" * 121}, 2, "longer than 120"),
        ({"cause": "silent-eror"}, 3, "did you mean silent-error"),
        ({"cause": "none"}, 3, "'none' is not known"),
        ({"cause": "inconclusive"}, 3, "not known"),
        ({"cause": None}, 1, "a signature has no cause"),
        ({"examples": None}, 1, "has no examples"),
        ({"examples": "{matches: [a]}"}, 8, "has no no_matches"),
        ({"examples": "{matches: [], no_matches: [b]}"}, 8, "1 to 50"),
        ({"colour": "red"}, 9, "'colour' is no key of a signature"),
        ({"mecanism": "red"}, 9, "did you mean mechanism"),
        ({"match": "'a(b'"}, 4, "is no pattern of RE2"),
        ({"match": "'(?=a)b'"}, 4, "not allowed"),
        ({"match": "'(a)\\1'"}, 4, "is no pattern of RE2"),
        ({"match": "'a*'"}, 4, "matches an empty line"),
        ({"match": "'\\Aabc'"}, 4, "not allowed"),
        ({"match": "'(?s)abc'"}, 4, "not allowed"),
        ({"match": "'a{99}{99}'"}, 4, "is no pattern of RE2"),
        ({"match": "'\\pL{200}'"}, 4, "too large"),
        ({"match": "'\\pL{1000}'"}, 4, "too large"),
        ({"match": "'" + "a" * 1001 + "'"}, 4, "longer than"),
        ({"match": "{any: [a], all: [b]}"}, 4, "keep one"),
        ({"match": "{any: [a], within: 3}"}, 4, "leave it out"),
        ({"match": "{in_order: [a, b]}"}, 4, "within"),
        ({"match": "{in_order: [a, b], within: -3}"}, 4, "whole number"),
        ({"match": "{in_order: [a, b], within: 99999999999999999999}"}, 4, "whole number"),
        ({"headline": "'{host} is away'"}, 5, "no pattern of match has a group"),
        ({"remedy": "{detail: x}"}, 7, "has no title"),
        ({"links": "[javascript:alert]"}, 9, "is no address"),
        ({"certainty": "established"}, 9, "never established"),
        ({"certainty": "supported"}, 9, "two witnesses"),
        ({"remedy": '{title: a, snippet: "b\\x1b[2Jc"}'}, 7, "invisible"),
        ({"match": '"a\\x1b[2J"'}, 4, "invisible"),
        ({"where": '{path: "a\\u200b"}'}, 9, "invisible"),
        ({"when": "{}"}, 9, "neither status nor phase"),
        ({"when": "{status: Compleeted}"}, 9, "no status of a run"),
        ({"when": "{phase: opened}"}, 9, "did you mean open"),
        ({"where": "{logs: mine}"}, 9, "not known"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_line(fields, line, said, tmp_path):
    told = refusal(tmp_path, text_of(**fields))
    assert told.startswith(f", line {line}: ")
    assert said in told


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "line 1: the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("just words", "is a table"),
        ("a: [1, 2", "no YAML"),
        ("a: 'x\n", "no YAML"),
        ("a: 1\na: 2\n", "line 2: the key 'a' is there twice"),
        ("? [a, b]\n: c\n", "a key is a word"),
        ("a: &x [y]\nb: *x\n", "line 1: anchors"),
        ("a: *x\n", "anchors"),
        ("<<: {a: b}\n", "is no key"),
        ("a: !!python/object/apply:os.system [touch x]\n", "tags"),
        ("!!python/name:os.system x\n", "tags"),
        ("%TAG ! tag:x,2000:\n---\na: !b c\n", "tags"),
        ("a: b\n---\na: b\n", "second document"),
        ("[" * 50_000, "nested too deep"),
        ("- " * 50_000, "nested too deep"),
        ("[" + "a," * 60_000 + "]", "too many values"),
        ("a: \x07\n", "unprintable"),
        (b"title: caf\xe9\n", "not UTF-8"),
        (b"\xff\xfea\0:\0", "not UTF-8"),
        (b"#" * (LARGEST + 1), "larger than 256 KiB"),
    ],
)
def test_a_hostile_file_is_refused_at_once(data, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    begun = time.monotonic()
    assert said in refusal(tmp_path, data)
    assert time.monotonic() - begun < 10
    assert [path.name for path in tmp_path.iterdir()] == ["team.yaml"]


def test_a_bomb_of_aliases_is_refused(tmp_path):
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    assert "line 1: anchors" in refusal(tmp_path, "\n".join(rows))


def test_a_folder_is_read_to_its_end_and_nothing_hidden_in_it(tmp_path):
    for name in ("b.yaml", "a/c.yml", "a/readme.md", ".git/d.yaml", ".e.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [path.name for path in files_in(tmp_path)] == ["c.yml", "b.yaml"]


@pytest.mark.parametrize("name", ["nothing.yaml", "empty", "\0"])
def test_a_path_that_holds_no_rules_is_refused(name, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="name"):
        files_in(tmp_path / name)


@pytest.mark.parametrize("name", ["non-daemon-thread", "non_daemon_thread"])
def test_the_name_of_a_built_in_rule_is_taken(name, tmp_path):
    with pytest.raises(UsageError, match=r"line 1: the id .* is that of a built-in rule; choose another"):
        rulebook(RulesAsked((file_of(tmp_path, id=name),), plugins=False))


def test_the_name_of_another_signature_is_taken(tmp_path):
    files = file_of(tmp_path, "a.yaml", id="x-y"), file_of(tmp_path, "b.yaml", id="x_y")
    with pytest.raises(UsageError, match=r"b\.yaml, line 1: the id x_y is that of a signature of a\.yaml"):
        rulebook(RulesAsked(files, plugins=False))


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    path = file_of(tmp_path)
    assert len(rulebook(RulesAsked((path, tmp_path), plugins=False)).signatures) == 1
