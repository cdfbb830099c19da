import json
import os
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import click
import pytest
from calling import Caller, sample

from diagnose import commands
from diagnose.errors import UsageError

STUCK = "monitor_thread_outlives_training"


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Caller(capsys)


@pytest.fixture
def bundle(tmp_path):
    """A bundle of its own, to be broken."""
    return Path(shutil.copytree(sample(STUCK), tmp_path / "bundle"))


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def changed(bundle, member, **fields):
    path = bundle / member
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | fields), encoding="utf-8")
    return bundle


def test_without_a_format_the_text_comes_out_and_ends_with_the_path_of_the_report(call, tmp_path):
    answer = call(sample())
    [report] = files(tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.endswith(f"\n\n{report}\n")
    assert report.startswith("diagnose-")
    assert (tmp_path / report).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_with_a_format_only_that_comes_out(call, tmp_path):
    answer = call(sample(), "-f", "json")
    assert json.loads(answer.out)["schema"] == "run-verdict"
    assert (answer.err, files(tmp_path)) == ("", [])


def test_html_always_goes_to_a_file(call, tmp_path):
    for how in ([], ["-o", "-"]):
        answer = call(sample(), "-f", "html", *how)
        [report] = files(tmp_path)
        assert (answer.code, answer.out, answer.err) == (0, "", f"diagnose: wrote {report}\n")


def test_formats_can_be_repeated(call, tmp_path):
    answer = call(sample(), "-f", "json", "-f", "html", "-f", "json")
    assert answer.out.count('"schema"') == 1
    assert len(files(tmp_path)) == 1


def test_a_file_that_is_named_holds_what_standard_output_would(call, tmp_path):
    for form in ("json", "markdown", "text", "junit"):
        given = [sample(), sample(STUCK), "-f", form]
        call(*given, "-o", "all")
        lines = [
            said.splitlines() for said in (call(*given).out, (tmp_path / "all").read_text(encoding="utf-8"))
        ]
        if form != "json":  # generated.at is in it
            assert lines[0] == lines[1]
        assert len(lines[0]) == len(lines[1])


def test_a_folder_gets_a_file_for_each_run_and_format(call, tmp_path):
    (tmp_path / "reports").mkdir()
    assert call(sample(), sample(STUCK), "-f", "json", "-f", "html", "-o", "reports").code == 0
    assert sorted(Path(name).suffix for name in files(tmp_path / "reports")) == [
        ".html",
        ".html",
        ".json",
        ".json",
    ]


def test_runs_of_one_name_do_not_overwrite_each_other(call, tmp_path):
    call(sample(), sample())
    assert len(files(tmp_path)) == 2


def test_several_runs_are_json_lines_and_one_suite(call):
    lines = call(sample(), sample(STUCK), "-f", "json").out.splitlines()
    assert len({json.loads(line)["run"]["id"] for line in lines}) == 2
    suites = ET.fromstring(call(sample(), sample(STUCK), "-f", "junit").out)
    assert suites.get("tests") == "2"


def test_one_run_that_cannot_be_read_never_stops_the_rest(call):
    answer = call("nosuch.zip", sample(), "-f", "json")
    assert answer.code == 4
    assert len(answer.out.splitlines()) == 1
    assert answer.err == "diagnose: nosuch.zip does not exist; check the path.\n"


def test_runs_of_which_none_can_be_read_are_exit_3(call):
    answer = call("nosuch.zip", "neither.zip")
    assert (answer.code, answer.out, answer.err.count("\n")) == (3, "", 2)


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [
        ("lingering-child-process", 10),
        ("silent-error, lingering-child-process", 10),
        ("silent-error", 0),
        ("any", 10),
        ("any,none", 10),
        ("silent-eror", 2),
        ("", 2),
        ("any,bogus", 2),
    ],
)
def test_fail_on_decides_the_exit_code(fail_on, code, call):
    assert call(sample(STUCK), "-f", "text", "--fail-on", fail_on).code == code


def test_fail_on_any_lets_a_healthy_run_pass(call):
    assert call(sample(), "-f", "text", "--fail-on", "any").code == 0
    assert call(sample(), "-f", "text", "--fail-on", "none").code == 10


def test_an_unknown_cause_is_told_before_any_work(call):
    with pytest.raises(UsageError, match="Did you mean silent-error"):
        commands.causes_of("silent-eror")
    assert call("nosuch.zip", "--fail-on", "bogus").code == 2


@pytest.mark.parametrize("kept", ["kept", "kept.zip"])
def test_the_bundle_is_kept_and_gives_the_same_verdict(kept, call):
    first = call(sample(STUCK), "-f", "text", "--keep-bundle", kept)
    assert first.code == 0
    assert call(kept, "-f", "text").out == first.out


def test_the_bundle_is_not_kept_over_something_else(call, tmp_path):
    (tmp_path / "mine.zip").write_text("mine")
    assert call(sample(), "-f", "text", "--keep-bundle", "mine.zip").code == 3
    assert (tmp_path / "mine.zip").read_text() == "mine"


@pytest.mark.parametrize(
    "given",
    [
        [""],
        ["-"],
        ["x", "-o", ""],
        ["x", "--keep-bundle", ""],
        ["x", "y", "--keep-bundle", "z.zip"],
        ["x", "y", "-o", "one.html"],
        ["x", "-f", "json", "-f", "text", "-o", "one"],
        ["x", "-o", "missing/one.html"],
        ["x", "-o", "missing/"],
        ["x", "-f", "json", "--open"],
    ],
)
def test_options_that_do_not_fit_together_are_told_before_any_work(given, call, tmp_path):
    answer = call(*given)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert files(tmp_path) == []


def test_the_report_is_opened(call, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(click, "launch", lambda url: opened.append(url) or 0)
    call(sample(), sample(STUCK), "--open")
    assert opened == [str(tmp_path / f"diagnose-{_id(sample())}.html")]


def _id(path):
    return json.loads((Path(path) / "run.json").read_text(encoding="utf-8"))["id"]


def test_a_browser_that_does_not_open_is_told_and_no_failure(call, monkeypatch):
    monkeypatch.setattr(click, "launch", lambda _: 1)
    answer = call(sample(), "--open")
    assert answer.code == 0
    assert "could not be opened" in answer.err


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A machine on which nothing says which workspace is meant."""
    for name in [name for name in os.environ if name.startswith(("DIAGNOSE_", "AZURE"))]:
        monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "home")


def test_a_run_id_without_a_workspace_says_how_to_name_it(nowhere, call):
    answer = call("brave_pear")
    assert answer.code == 3
    assert answer.err.startswith("diagnose: brave_pear is not on disk. To ask Azure: Nothing says which ")
    assert "--workspace-name" in answer.err


@pytest.mark.parametrize("typed", ["https://example.com/", "/subscriptions/1/resourceGroups/g"])
def test_an_address_of_no_run_is_wrong_usage(nowhere, typed, call):
    answer = call(typed)
    assert (answer.code, len(answer.err.splitlines())) == (2, 1)


@pytest.mark.parametrize("typed", ["train.log", "evidence.zip", "./brave_pear", "no such", "~x"])
def test_a_mistyped_path_is_not_asked_of_azure(nowhere, typed, call):
    answer = call(typed)
    assert answer.code == 3
    assert "does not exist" in answer.err


def test_what_is_no_evidence_is_one_sentence_and_exit_3(call, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "bundle.json").write_text('{"schema":')
    os.mkfifo(tmp_path / "pipe")
    for name in (
        "empty",
        "loop",
        "cut.zip",
        "half",
        "pipe",
        "/dev/null",
        "no such",
        "x" * 5000,
        "a\x1b[2J\nb",
    ):
        answer = call(name)
        assert (answer.code, answer.out, answer.err.count("\n")) == (3, "", 1)
        assert "\x1b" not in answer.err


def test_a_folder_without_permission_is_one_sentence(call, monkeypatch, tmp_path):
    def denied(_):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "secret").mkdir()
    monkeypatch.setattr(os, "scandir", denied)
    answer = call("secret")
    assert answer.code == 3
    assert answer.err.startswith("diagnose: secret cannot be read: Permission denied; ")


def test_a_bundle_of_which_all_was_denied_is_inconclusive_and_says_what_would_decide_it(call, bundle):
    parts = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))["parts"]
    for member in bundle.iterdir():
        if member.name != "bundle.json":
            shutil.rmtree(member) if member.is_dir() else member.unlink()
    changed(bundle, "bundle.json", parts={name: {"state": "denied", "reason": "403"} for name in parts})
    answer = call(bundle, "-f", "json")
    verdict = json.loads(answer.out)
    assert (answer.code, verdict["cause"], verdict["certainty"]) == (0, "inconclusive", "none")
    assert verdict["not_examined"]
    assert any(each["missing"] for each in verdict["hypotheses"]) or verdict["next_steps"]


def test_times_that_cannot_be_do_not_stop_a_verdict(call, bundle):
    for times in (
        {"created_at": "2099-01-01T00:00:00Z", "started_at": "2099-01-01T00:00:00Z"},
        {"started_at": "2026-11-13T00:00:00Z", "ended_at": "2026-11-12T00:00:00Z", "status": "Completed"},
        {"created_at": "0001-01-01T00:00:00+14:00", "ended_at": "9999-12-31T23:59:59-14:00"},
        {"created_at": "yesterday", "started_at": 5},
    ):
        changed(bundle, "run.json", **times)
        for form in ("json", "text", "html", "markdown", "junit"):
            assert call(bundle, "-f", form).code == 0


@pytest.mark.parametrize(
    "name",
    [
        "\u202eevil",
        "a\u200bb",
        "a\0b",
        "👩‍💻",
        "x" * 100_000,
        "../../../etc/passwd",
        "CON",
        "\ud800",
        "a/b\\c:d",
        "...",
        " ",
    ],
    ids=range(11),
)
def test_no_name_leads_a_report_astray(name, call, bundle, tmp_path):
    changed(bundle, "run.json", id=name, display_name=name, experiment=name)
    answer = call(bundle)
    [report] = set(files(tmp_path)) - {"bundle"}
    assert answer.code == 0
    assert report.isascii()
    assert len(report) < 160
    assert answer.out.endswith(f"\n{report}\n")


def test_a_run_that_tells_no_name_is_called_after_what_was_typed(call, bundle, tmp_path):
    (bundle / "run.json").write_text("{")
    call(bundle)
    assert set(files(tmp_path)) == {"bundle", "diagnose-bundle.html"}


def test_a_log_of_one_endless_line_and_metrics_that_are_no_numbers_do_not_stop_a_verdict(call, bundle):
    (bundle / "logs" / "user_logs" / "std_log.txt").write_bytes(b"x " * 2_000_000)
    rows = [
        f'{{"name": "loss", "step": 1, "at": null, "value": {word}}}' for word in ("NaN", "Infinity", "1e999")
    ]
    (bundle / "metrics.jsonl").write_text("\n".join(rows))
    for form in ("text", "html", "markdown", "junit"):
        assert call(bundle, "-f", form).code == 0
    verdict = json.loads(call(bundle, "-f", "json").out, parse_constant=pytest.fail)
    assert {"metrics.jsonl line 1"} <= {each["why"].partition(":")[0] for each in verdict["not_examined"]}


def test_many_runs_use_few_files(call, bundle):
    resource = pytest.importorskip("resource")
    commands.write_bundle(commands.open_evidence(bundle), Path("one.zip"))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (40, hard))
    try:
        answer = call("-f", "json", *["one.zip"] * 50)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert (answer.code, answer.out.count("\n")) == (0, 50)
