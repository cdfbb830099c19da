from pathlib import PurePosixPath

import pytest

from diagnose.collect.layouts import Place, Role, layout_above, layout_of

V2 = ["user_logs/std_log.txt", "system_logs/lifecycler/lifecycler.log", "outputs/model.pkl"]
V1 = ["azureml-logs/70_driver_log.txt", "logs/azureml/99_azureml.log", "outputs/model.pkl"]


def places(names, given="/runs/mango_pizza"):
    layout = layout_of(names, PurePosixPath(given))
    return [layout.place(name) for name in names]


def paths(names, given="/runs/mango_pizza"):
    return [place.path for place in places(names, given)]


@pytest.mark.parametrize("wrapping", ["", "artifacts/", "mango_pizza/", "a/b/artifacts/", "x/mango_pizza/"])
@pytest.mark.parametrize("layout", [V1, V2])
def test_paths_are_the_services_however_wrapped(wrapping, layout):
    assert paths([wrapping + name for name in layout]) == layout


@pytest.mark.parametrize("layout", [V1, V2])
def test_the_folders_say_what_is_log_and_what_is_output(layout):
    assert [place.role for place in places(layout)] == [Role.LOG, Role.LOG, Role.OUTPUT]


def test_named_outputs_keep_their_names():
    names = ["artifacts/user_logs/std_log.txt", "named-outputs/model/best/weights.bin"]
    assert places(names)[1] == Place(Role.OUTPUT, "best/weights.bin", "model")


def test_every_other_artifact_is_an_output():
    names = ["artifacts/user_logs/std_log.txt", "artifacts/mlflow/MLmodel", "artifacts/plot.png"]
    assert places(names)[1:] == [Place(Role.OUTPUT, "mlflow/MLmodel"), Place(Role.OUTPUT, "plot.png")]


def test_litter_of_packers_does_not_hide_the_wrapping():
    names = ["mango/user_logs/std_log.txt", "__MACOSX/mango/._user_logs", ".DS_Store"]
    layout = layout_of(names, PurePosixPath("/tmp/x.zip"))
    assert (layout.root, layout.run_name, layout.is_download) == ("mango/", "mango", True)
    assert layout.place("__MACOSX/mango/._user_logs").role is Role.OTHER


@pytest.mark.parametrize(
    ("given", "run_name"),
    [
        ("/runs/mango_pizza", "mango_pizza"),
        ("/runs/mango_pizza.zip", "mango_pizza"),
        ("/runs/mango_pizza.tar.gz", "mango_pizza"),
        ("/runs/mango_pizza/artifacts", "mango_pizza"),
        ("/runs/mango_pizza/artifacts/logs", "mango_pizza"),
        ("/", None),
    ],
)
def test_the_run_is_called_what_its_folder_is_called(given, run_name):
    assert layout_of(V2, PurePosixPath(given)).run_name == run_name


def test_any_folder_of_logs_is_no_download():
    names = ["train.log", "rank1/stderr.txt", "data.parquet"]
    layout = layout_of(names, PurePosixPath("/runs/mine"))
    assert not layout.is_download
    assert [layout.place(name).role for name in names] == [Role.LOG, Role.LOG, Role.OTHER]


@pytest.mark.parametrize(
    "name",
    [
        "a.log",
        "a.LOG",
        "a.txt",
        "a.out",
        "a.err",
        "stdout",
        "rslex.log.2026-02-01-19",
        "a.log.1",
        "rank.out.3",
    ],
)
def test_these_read_like_logs(name):
    assert places([name, "other/x"])[0].role is Role.LOG


@pytest.mark.parametrize("name", ["a.py", "a.parquet", "a.json", "events.out.tfevents.169.host", ".git/HEAD"])
def test_these_do_not(name):
    assert places([name, "other/x.log"])[0].role is Role.OTHER


def test_json_in_a_folder_of_logs_is_a_log():
    assert places(["logs/a.jsonl", "x.log"])[0].role is Role.LOG
    assert places(["a.jsonl", "x.log"], "/runs/my-logs")[0].role is Role.LOG


@pytest.mark.parametrize(
    ("given", "name", "path"),
    [
        ("/runs/r/user_logs", "std_log.txt", "user_logs/std_log.txt"),
        ("/runs/r/system_logs", "lifecycler/lifecycler.log", "system_logs/lifecycler/lifecycler.log"),
        ("/runs/r/system_logs/lifecycler", "lifecycler.log", "system_logs/lifecycler/lifecycler.log"),
        ("/runs/r/logs/azureml", "executionlogs.txt", "logs/azureml/executionlogs.txt"),
        ("/runs/r/azureml-logs", "70_driver_log.txt", "azureml-logs/70_driver_log.txt"),
    ],
)
def test_a_folder_from_inside_a_download_keeps_the_services_paths(given, name, path):
    layout = layout_of([name], PurePosixPath(given))
    assert layout.place(name) == Place(Role.LOG, path)
    assert not layout.is_download
    assert layout.run_name == "r"


@pytest.mark.parametrize(
    ("given", "above", "run_name"),
    [
        ("/runs/r/system_logs/lifecycler/lifecycler.log", "system_logs/lifecycler/", "r"),
        ("/runs/r/artifacts/user_logs/std_log.txt", "user_logs/", "r"),
        ("/home/me/train.log", "", "train"),
    ],
)
def test_a_single_file_keeps_the_services_folder(given, above, run_name):
    layout = layout_above(PurePosixPath(given))
    assert (layout.above, layout.run_name, layout.is_download) == (above, run_name, False)


def test_a_folder_of_outputs_may_be_the_home_of_the_logs():
    names = ["outputs/2026-11-20/train.log", "outputs/2026-11-20/model.pkl", "conf.yaml"]
    assert [place.role for place in places(names)] == [Role.LOG, Role.OUTPUT, Role.OTHER]
    assert places(["train.log", "model.pkl"], "/home/me/outputs")[0].role is Role.LOG


def test_nothing_at_all_has_a_layout_too():
    assert not layout_of([], PurePosixPath("/runs/empty")).is_download
