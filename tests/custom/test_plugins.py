import sys

import pytest
from building import bundle_of
from judging import completed, every
from samples import AT

from diagnose.custom.plugins import plugins
from diagnose.custom.rulebook import rulebook
from diagnose.pipeline import judge
from diagnose.settings import RulesAsked

RULE = '''"""A tool of ours says that it gave up.

Signs: its last line.
Near misses: none.
Safety constraint: only its own words.
"""

from diagnose.evidence.logs import LogPattern, Logs
from diagnose.pieces import Evidence
from diagnose.rule import Cause, Finding, Step, quote, rule

GAVE_UP = LogPattern("our tool gave up", r"ourtool: giving up")


@rule(title="Our tool gave up", cause=Cause.SILENT_ERROR, remedy=Step("Start it again"), watches=(GAVE_UP,))
def our_tool_gave_up(logs: Logs):
    hits = logs.matches(GAVE_UP)
    if hits:
        yield Finding("Our tool gave up.", (quote(hits.kept[0], "It says so.", direct=True),))
'''
WORK = every(range(1, 50), "korak {n}")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Installs a package with one module and an entry point, as pip leaves one."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(source=RULE, value="our_rules", name="our-team", module="our_rules"):
        (tmp_path / f"{module}.py").write_text(source)
        info = tmp_path / f"{name}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[diagnose.rules]\n{name} = {value}\n")
        sys.modules.pop(module, None)
        return tmp_path

    yield install
    for name in ("our_rules", "other_rules"):
        sys.modules.pop(name, None)


def book(**more):
    return rulebook(RulesAsked(**more))


def record(**more):
    return judge(bundle_of(completed(), logs=WORK + "ourtool: giving up\n"), AT, book(**more).rules)


def test_a_module_with_rules_is_asked_like_the_projects_own(installed):
    installed()
    told = record()
    assert (told["cause"], told["mechanism"], told["certainty"]) == (
        "silent-error",
        "our-tool-gave-up",
        "established",
    )
    [found] = [each for each in told["rules"]["found"] if "origin" in each]
    assert found["origin"] == "our-team 1.2"
    assert told["generated"]["ruleset"] != judge(bundle_of(completed()), AT)["generated"]["ruleset"]


@pytest.mark.parametrize(
    ("more", "value"),
    [
        ("RULES = [our_tool_gave_up]", "our_rules:RULES"),
        ("def rules():\n    return (our_tool_gave_up,)", "our_rules:rules"),
        ("", "our_rules:our_tool_gave_up"),
    ],
)
def test_a_list_a_function_and_a_rule_will_do(more, value, installed):
    installed(f"{RULE}\n\n{more}\n", value)
    [plugin] = [each for each in plugins(()) if each.name == "our-team"]
    assert [rule.name for rule in plugin.rules] == ["our_tool_gave_up"]
    assert plugin.trouble is None


@pytest.mark.parametrize(
    ("source", "value", "why"),
    [
        ("raise RuntimeError('no\\nway')", "our_rules", "RuntimeError: no way"),
        ("import sys; sys.exit(7)", "our_rules", "SystemExit: 7"),
        ("import nothing_of_that_name", "our_rules", "ModuleNotFoundError"),
        ("def broken(:", "our_rules", "SyntaxError"),
        ("X = 1", "our_rules:Y", "AttributeError"),
        ("X = 1", "our_rules:X", "TypeError"),
        ("X = [1]", "our_rules:X", "which is no rule"),
        ("", "our_rules", "holds no rule"),
        (RULE.replace("our_tool_gave_up", "non_daemon_thread"), "our_rules", "has the name of another rule"),
        (RULE.replace("logs: Logs", "logs"), "our_rules", "which is no fact"),
        (RULE.replace("(logs: Logs", "(logs: 'Logs'"), "our_rules", "which is no fact"),
        (RULE.replace("giving up", "giving (up"), "our_rules", "ValueError"),
        (RULE.replace("Near misses: none.", ""), "our_rules", "ValueError"),
        (RULE.replace("watches=(GAVE_UP,)", "watches=('x',)"), "our_rules", "no LogPattern"),
    ],
)
def test_one_that_does_not_load_is_told_of_and_takes_nothing_down(source, value, why, installed):
    installed(source, value)
    found = book()
    [warning] = found.warnings
    assert why in warning
    assert "our-team" in warning
    assert "--no-plugins" in warning
    told = record()
    [broke] = told["rules"]["broke"]
    assert broke["origin"] == "our-team 1.2"
    assert why in broke["error"]
    assert told["cause"] == judge(bundle_of(completed(), logs=WORK), AT)["cause"]
    assert "inconclusive" not in [each["cause"] for each in told["hypotheses"]]


def test_one_that_breaks_later_breaks_alone(installed):
    installed(RULE.replace("    if hits:", "    raise KeyError('oh')\n    if hits:"))
    [broke] = record()["rules"]["broke"]
    assert broke["rule"] == "our_tool_gave_up"


def test_one_that_did_not_load_leaves_no_clean_bill_of_health(installed):
    given = {"logs": WORK, "outputs": []}
    before = judge(bundle_of(completed(), **given), AT)["cause"]
    installed("raise ValueError")
    after = judge(bundle_of(completed(), **given), AT, book().rules)["cause"]
    assert after in (before, "inconclusive")
    assert after != "none"


def test_two_packages_may_not_have_rules_of_one_name(installed):
    installed()
    installed(name="the-other", value="other_rules", module="other_rules")
    troubles = [plugin.trouble for plugin in plugins(()) if plugin.name in ("our-team", "the-other")]
    assert troubles[0] is None
    assert "name of another rule" in troubles[1]


def test_they_can_be_left_out_and_are_then_not_even_looked_at(installed):
    installed("raise RuntimeError")
    assert list(book(plugins=False).warnings) == []
    assert record(plugins=False)["rules"]["broke"] == []
    assert "our_rules" not in sys.modules


def test_what_lies_in_the_current_folder_is_evidence_and_no_package(installed, monkeypatch):
    monkeypatch.chdir(installed("raise RuntimeError"))
    monkeypatch.syspath_prepend("")
    assert "our-team" not in [plugin.name for plugin in plugins(())]
    assert "our_rules" not in sys.modules


def test_a_package_whose_entry_points_are_unreadable_is_told_of_only_if_they_name_rules(installed):
    folder = installed()
    path = folder / "our-team-1.2.dist-info" / "entry_points.txt"
    path.write_bytes(b"[diagnose.rules]\n\xff\xfe = x\n")
    assert all(plugin.name != "our-team" for plugin in plugins(()))
    path.write_text("[diagnose.rules]\nno value\n")
    [plugin] = [plugin for plugin in plugins(()) if plugin.package == "our-team 1.2"]
    assert plugin.trouble


def test_what_it_prints_while_it_loads_is_no_result(installed, capsys):
    installed(f"print('hello')\n{RULE}".replace("print('hello')\n", "", 1) + "\nprint('hello')\n")
    assert list(book().warnings) == []
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "hello\n")


def test_who_only_judges_asks_the_projects_own_rules(installed):
    installed("raise RuntimeError")
    assert judge(bundle_of(completed(), logs=WORK), AT)["rules"]["broke"] == []
