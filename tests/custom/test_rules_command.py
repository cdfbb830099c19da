import json
import os
import subprocess
import sys

import pytest
from calling import Caller, sample
from signatures import file_of, text_of

from diagnose.errors import UsageError
from diagnose.settings import places, rules_asked

RUNNING = "monitor_thread_outlives_training"


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("DIAGNOSE_RULES", "DIAGNOSE_PLUGINS"):
        monkeypatch.delenv(name, raising=False)
    return Caller(capsys)


def test_the_examples_of_a_signature_are_run(call, tmp_path):
    answer = call("rules", "test", file_of(tmp_path))
    assert (answer.code, answer.err) == (0, "")
    [heading, row, _, total] = answer.out.splitlines()
    assert heading.split() == ["rule", "from", "matches", "no_matches", "result"]
    assert row.split() == ["licence-refused", "team.yaml:1", "1/1", "1/1", "ok"]
    assert total == "1 tested, 0 failed."


def test_an_example_that_does_not_hold_is_named(call, tmp_path):
    path = file_of(
        tmp_path, examples="{matches: [no seat free on a, seats], no_matches: [no seat free on b]}"
    )
    answer = call("rules", "test", path)
    assert answer.code == 3
    assert "1/2" in answer.out
    assert "0/1" in answer.out
    assert "licence-refused: example 2 of matches is not found: seats\n" in answer.out
    assert "example 1 of no_matches is found, and should not be: no seat free on b\n" in answer.out


def test_a_rule_file_that_is_not_right_is_wrong_usage(call, tmp_path):
    path = file_of(tmp_path, cause="bad-luck")
    for typed in (
        ["rules", "test", path],
        ["rules", "--rules", path],
        ["demo", "--rules", path, "-f", "json"],
        [sample(), "--rules", path],
    ):
        answer = call(*typed)
        assert (answer.code, answer.out) == (2, "")
        assert f"{path}, line 3: cause 'bad-luck' is not known" in answer.err


def test_nothing_to_test_is_wrong_usage(call):
    assert call("rules", "test", "--no-plugins").code == 2


def test_the_option_the_variable_and_the_file_all_count(call, tmp_path, monkeypatch):
    file_of(tmp_path, "mine.yaml")
    (tmp_path / "diagnose.toml").write_text('rules = ["mine.yaml"]\n')
    assert "(mine.yaml)" in call("rules").out
    assert call("rules", "test").code == 0
    file_of(tmp_path, "theirs.yaml")
    monkeypatch.setenv("DIAGNOSE_RULES", "theirs.yaml")
    assert "(theirs.yaml)" in call("rules").out
    file_of(tmp_path, "typed.yaml")
    assert "(typed.yaml)" in call("rules", "--rules", "typed.yaml").out
    assert "from: typed.yaml" in call("rules", "licence-refused", "--rules", "typed.yaml").out


def test_several_files_add_up(call, tmp_path):
    one, two = file_of(tmp_path, "a.yaml", id="one"), file_of(tmp_path, "b.yaml", id="two")
    assert "2 tested" in call("rules", "test", one, "--rules", two).out


def test_one_rule_is_explained_at_a_time(call):
    assert call("rules", "non_daemon_thread", "empty_output").code == 2


def test_a_run_is_diagnosed_with_them(call, tmp_path):
    path = file_of(tmp_path, match="'.'", headline="Everything is a licence.")
    record = json.loads(call(sample(RUNNING), "--rules", path, "-f", "json").out)
    assert [each["rule"] for each in record["rules"]["found"] if each.get("origin") == "team.yaml"] == [
        "licence_refused"
    ]
    for form in ("text", "markdown", "junit", "html"):
        answer = call(sample(RUNNING), "--rules", path, "-f", form)
        assert answer.code == 0


def test_a_plugin_that_does_not_load_is_one_warning(call, tmp_path, monkeypatch):
    info = tmp_path / "site" / "our_team-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: our-team\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[diagnose.rules]\nx = nothing_of_that_name\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    answer = call(sample(RUNNING), "-f", "json")
    assert answer.code == 0
    assert answer.err.count("\n") == 1
    assert "The rules of our-team 1 (entry point x) were not asked" in answer.err
    assert json.loads(answer.out)["cause"] == "lingering-child-process"
    assert "could not be loaded" in call("rules").out
    tested = call("rules", "test")
    assert tested.code == 3
    assert "Of a Python rule: that it loads" in tested.out
    for off in (["--no-plugins"], []):
        if not off:
            monkeypatch.setenv("DIAGNOSE_PLUGINS", "off")
        assert call(sample(RUNNING), "-f", "json", *off).err == ""


@pytest.mark.parametrize("where", ["no rules", "no plugins"])
def test_re2_and_yaml_are_for_those_who_have_rule_files(where, tmp_path):
    program = (
        "import sys\nfrom diagnose.cli import main\n"
        "try: main(['rules'])\nexcept SystemExit: pass\nprint(sorted({'re2', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "DIAGNOSE_PLUGINS": "on" if where == "no rules" else "off"},
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    upward = places._upward
    ours = lambda cwd: [folder for folder in upward(cwd) if folder.is_relative_to(tmp_path)]  # noqa: E731
    monkeypatch.setattr(places, "_upward", ours)
    return tmp_path


def test_paths_of_a_settings_file_are_from_its_folder(desk):
    (desk / "pyproject.toml").write_text('[tool.diagnose]\nrules = "a"\nplugins = false\n')
    (desk / "below").mkdir()
    asked = rules_asked((), {}, desk / "below")
    assert (asked.paths, asked.plugins) == ((desk / "a",), False)
    assert rules_asked((), {"DIAGNOSE_RULES": os.pathsep.join("xy"), "DIAGNOSE_PLUGINS": "1"}, desk).plugins
    assert not rules_asked((), {"DIAGNOSE_PLUGINS": "1"}, desk, no_plugins=True).plugins


@pytest.mark.parametrize(
    ("table", "environ"),
    [
        ("rules = 3", {}),
        ("rules = ['']", {}),
        ("plugins = 'perhaps'", {}),
        ("", {"DIAGNOSE_PLUGINS": "perhaps"}),
    ],
)
def test_a_setting_that_can_be_none_is_refused(table, environ, desk):
    (desk / "diagnose.toml").write_text(table)
    with pytest.raises(UsageError):
        rules_asked((), environ, desk)


def test_an_empty_name_is_refused(desk):
    with pytest.raises(UsageError, match="empty name"):
        rules_asked(("",), {}, desk)


def test_a_settings_file_that_cannot_be_read_is_told_of_and_is_no_obstacle(call, tmp_path):
    (tmp_path / "diagnose.toml").write_text("rules = [")
    answer = call(sample(RUNNING), "-f", "json")
    assert answer.code == 0
    assert "is not TOML" in answer.err
    assert "not used" in answer.err


def test_the_signature_of_the_tests_is_right(tmp_path):
    assert text_of().startswith("id: licence-refused\n")
