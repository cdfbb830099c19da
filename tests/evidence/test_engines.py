import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnose.evidence.engines import compiled, engine_for
from diagnose.evidence.literals import required_literals
from diagnose.evidence.logscan.loglines import LogPattern

ATOMS = [
    "a",
    "b",
    "ab",
    "[ab]",
    "[^a]",
    ".",
    r"\w",
    r"\s",
    r"\d",
    r"\b",
    "(?:a|bc)",
    "(?P<n>b)",
    "c{2,3}",
    "a+",
    "b*",
    "c?",
    "^a",
    "b$",
]
REGEXES = st.tuples(
    st.sampled_from(["", "(?i)"]), st.lists(st.sampled_from(ATOMS), min_size=1, max_size=4).map("".join)
).map("".join)
TEXTS = st.lists(
    st.sampled_from([b"a", b"b", b"c", b"A", b"B", b" ", b"7", b"\n", b"\xc3\xa9"]), max_size=40
).map(b"".join)
ENGINES = ["hyperscan", "re"]


def usable(regex):
    regex = regex.replace("(?P<n>", "(", regex.count("(?P<n>") - 1)  # a name may be given once
    try:
        engine_for([regex], "hyperscan")
    except ValueError:
        return None
    return regex


@given(st.lists(REGEXES, min_size=1, max_size=3), TEXTS)
@settings(deadline=None, max_examples=300)
def test_no_line_that_matches_is_left_out(regexes, text):
    regexes = [regex for given in regexes if (regex := usable(given))]
    for name in ENGINES:
        nominated = engine_for(regexes, name).nominate(text)
        for number, regex in enumerate(regexes):
            lines = {text.count(b"\n", 0, end - 1) for end, of in nominated if of == number}
            matching = {n for n, line in enumerate(text.split(b"\n")) if re.search(regex.encode(), line)}
            assert matching <= lines, (name, regex)


@pytest.mark.parametrize("name", ENGINES)
def test_a_saturated_pattern_is_still_nominated_once_in_a_block(name):
    engine = engine_for(["foo", r"[0-9]{3}", "bar"], name)
    engine.saturate(frozenset({0, 1}))
    numbers = [number for _, number in engine.nominate(b"foo bar 123\n" * 5)]
    assert [numbers.count(n) for n in range(3)] == [1, 1, 5]


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_without_patterns_finds_nothing(name):
    assert list(engine_for([], name).nominate(b"text\n")) == []


@pytest.mark.parametrize("regex", ["x*", "", "(unclosed", "a|"])
@pytest.mark.parametrize("name", ENGINES)
def test_a_useless_pattern_is_refused_by_name(regex, name):
    with pytest.raises(ValueError, match=re.escape(repr(regex))):
        engine_for(["fine", regex], name)


def test_what_only_hyperscan_refuses_is_named():
    with pytest.raises(ValueError, match=r"a\{1,40000\}.*too large"):
        engine_for(["fine", "a{1,40000}"], "hyperscan")


@pytest.mark.parametrize(
    "regex",
    [
        "a(?=b)",
        "a(?!b)",
        "(?<=a)b",
        "(?<!a)b",
        r"(a)\1",
        "(?P<x>a)(?P=x)",
        "(?>a)",
        "a++",
        "a*+",
        r"\Aa",
        r"a\Z",
        "(?i:a)",
        "a(?i)",
        "(?s)a",
        "[[:alpha:]]",
        "a{,3}",
        "(?(1)a)",
        "a\nb",
    ],
)
def test_a_pattern_outside_the_common_subset_is_refused(regex):
    with pytest.raises(ValueError, match="subset"):
        LogPattern("odd", regex)


@pytest.mark.parametrize(
    "regex", ["(?i)a", r"a\+\+", "(?:a|b)", "(?P<name>a)", r"\\1", "[+*]+a", r"[(?=]", r"a\.{2,3}"]
)
def test_a_pattern_of_the_common_subset_is_taken(regex):
    assert compiled(LogPattern("fine", regex).regex)


@pytest.mark.parametrize(
    ("regex", "literals"),
    [
        ("CUDA out of memory", (b"CUDA out of memory",)),
        (r"exit code (?P<c>[0-9]+)$", (b"exit code ",)),
        ("(?i)Connection RESET", (b"connection reset",)),
        ("(?:MemoryError|OSError: x)", (b"MemoryError", b"OSError: x")),
        ("(?:abc)?x", None),
        ("(?:abcd)+x", (b"abcd",)),
        ("[0-9]+", None),
        ("ab", None),
        ("naïve", ("naïve".encode(),)),
    ],
)
def test_the_text_that_a_match_must_contain(regex, literals):
    assert required_literals(regex) == literals


def test_without_hyperscan_the_other_engine_is_taken(monkeypatch):
    monkeypatch.setattr("diagnose.evidence.engines.hyperscan", None)
    assert engine_for(["a"]).name == "re"


def test_threads_that_look_at_the_same_time_find_what_each_would_alone():
    regexes = [r"alpha \d+", "beta", r"(?i)gamma"]
    texts = [f"alpha {n}\nbeta\nGAMMA {n}\n".encode() * 200 for n in range(16)]
    alone = [list(engine_for(regexes).nominate(text)) for text in texts]
    for _ in range(5):
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(lambda text: list(engine_for(regexes).nominate(text)), texts)) == alone
