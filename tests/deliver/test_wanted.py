import pytest

from diagnose.deliver.wanted import Wanted, file_name
from diagnose.errors import UsageError


@pytest.mark.parametrize(
    ("run", "name"),
    [
        ("brave_pear_7xq2", "diagnose-brave_pear_7xq2.html"),
        ("../../etc/passwd", "diagnose-etc-passwd.html"),
        ("C:\\x", "diagnose-C-x.html"),
        ("a\0b\u202ec\nd", "diagnose-a-b-c-d.html"),
        ("训练", "diagnose-run.html"),
        ("...", "diagnose-run.html"),
        ("", "diagnose-run.html"),
        ("x" * 1000, f"diagnose-{'x' * 120}.html"),
    ],
)
def test_a_report_has_a_name_that_every_system_can_hold(run, name):
    assert file_name(run, "html", set()) == name


def test_a_name_is_given_once_whatever_its_case():
    taken = set()
    assert [file_name(run, "json", taken) for run in ("a", "A", "a-2")] == [
        "diagnose-a.json",
        "diagnose-A-2.json",
        "diagnose-a-2-2.json",
    ]


def test_a_folder_takes_any_number_of_files(tmp_path):
    Wanted(("html", "json"), str(tmp_path)).check(7)


def test_a_file_takes_one_text_of_all_runs_or_one_report(tmp_path):
    Wanted(("json",), str(tmp_path / "all.jsonl")).check(7)
    Wanted((), str(tmp_path / "one.html")).check(1)
    for formats, runs in (((), 2), (("html",), 2), (("json", "text"), 1)):
        with pytest.raises(UsageError, match="names one file, and several come out"):
            Wanted(formats, str(tmp_path / "one")).check(runs)


def test_the_folder_of_a_file_must_be_there(tmp_path):
    with pytest.raises(UsageError, match="is not a folder; make it first"):
        Wanted((), str(tmp_path / "no" / "one.html")).check(1)
