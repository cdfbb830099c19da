import pytest
from calling import Caller

from diagnose import samples
from diagnose.errors import UsageError


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Caller(capsys)


def test_the_first_sample_is_there():
    assert samples.FIRST in samples.names()
    assert samples.path_of(None) == samples.folder() / samples.FIRST


def test_a_name_with_dashes_is_the_same_sample():
    assert samples.path_of(samples.FIRST.replace("_", "-")) == samples.path_of(None)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("monitor_thread", "Did you mean monitor_thread_outlives_training?"),
        ("qqq", "diagnose demo --list"),
        ("", "--list"),
    ],
)
def test_an_unknown_sample_is_wrong_usage_with_a_hint(name, hint):
    with pytest.raises(UsageError) as error:
        samples.path_of(name)
    assert hint in str(error.value)


def test_a_sample_cannot_be_a_path_elsewhere():
    with pytest.raises(UsageError):
        samples.path_of("../sample_runs/" + samples.FIRST)


def test_the_list_is_one_name_a_line(call):
    assert call("demo", "--list").out.splitlines() == samples.names()


def test_the_report_of_a_demo_is_called_after_the_sample(call, tmp_path):
    call("demo")
    assert [path.name for path in tmp_path.iterdir()] == [f"diagnose-{samples.FIRST}.html"]
