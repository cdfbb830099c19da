import pytest
from answering import pages_of, refusal_of, then_only

from diagnose.collect.azureml import artifacts
from diagnose.collect.azureml.artifacts import artifact_paths, content_url
from diagnose.collect.azureml.gaps import GapError

BOX = "dcid.r"


def rows(*paths):
    return {"value": [{"path": path} for path in paths]}


def test_the_paths_of_all_pages_are_found(world, service):
    world.says(f"/ExperimentRun/{BOX}", pages_of(rows("a", "b"), rows(), rows("user_logs/std_log.txt")))
    assert list(artifact_paths(service, BOX)) == ["a", "b", "user_logs/std_log.txt"]


@pytest.mark.parametrize("value", [None, 7, [None, {}, {"path": None}, {"path": ""}, {"path": []}, "a"]])
def test_a_row_without_a_path_is_no_artifact(world, service, value):
    world.says(f"/{BOX}", {"value": value})
    assert list(artifact_paths(service, BOX)) == []


def test_more_paths_than_are_kept_are_a_gap(world, service, monkeypatch):
    monkeypatch.setattr(artifacts, "PATHS_MAX", 2)
    world.says(f"/{BOX}", rows("a", "b", "c"))
    paths = artifact_paths(service, BOX)
    assert [next(paths), next(paths)] == ["a", "b"]
    with pytest.raises(GapError, match="more than 2"):
        next(paths)


def test_no_path_of_a_large_page_is_lost(world, service):
    paths = [f"outputs/{number}" for number in range(12_000)]
    world.says(f"/{BOX}", rows(*paths))
    assert list(artifact_paths(service, BOX)) == paths


def test_what_came_before_the_trouble_is_given(world, service):
    world.says(f"/{BOX}", then_only(rows("a"), refusal_of(403)))
    paths = artifact_paths(service, BOX)
    assert next(paths) == "a"
    with pytest.raises(GapError, match="the list of artifacts"):
        next(paths)


def test_a_container_of_any_name_stays_one_step_of_the_path(world, service):
    world.says("", rows())
    list(artifact_paths(service, "dcid/../x?y"))
    assert world.asked[0][2].endswith("/artifacts/ExperimentRun/dcid%2F..%2Fx%3Fy")


def test_an_artifact_has_an_address(world, service):
    world.says("/contentinfo", {"contentUri": "https://acct.blob.core.windows.net/azureml/x?sig=1"})
    assert content_url(service, BOX, "logs/a b&c").endswith("?sig=1")
    assert world.requests[0].url.endswith(f"/ExperimentRun/{BOX}/contentinfo?path=logs%2Fa+b%26c")


@pytest.mark.parametrize("answer", [{}, {"contentUri": None}, {"contentUri": []}])
def test_an_artifact_without_an_address_is_a_gap(world, service, answer):
    world.says("/contentinfo", answer)
    with pytest.raises(GapError, match="the artifact service names none"):
        content_url(service, BOX, "a")
