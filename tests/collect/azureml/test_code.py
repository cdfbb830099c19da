import pytest
from answering import ACCOUNT, Blob, refusal_of

from diagnose.collect.azureml import code
from diagnose.collect.azureml.code import keep_asset, keep_snapshot
from diagnose.collect.azureml.gaps import GapError
from diagnose.evidence.bundle import Part, PartState

ASSET = "/subscriptions/s/resourceGroups/g/providers/x/workspaces/w/codes/c0de/versions/1"
SNAPSHOT = "c621cc3a-9fc7-44a3-9ca2-eafbaa9755e3"


def files(spool):
    """What lies below `code/`, by path."""
    top = spool.path / "code"
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}


@pytest.fixture
def asset(world, service, storage, spool):
    """Keeps the code that lies below `src` of the container `box`."""
    world.says("/codes/c0de/versions/1", {"properties": {"codeUri": f"https://{ACCOUNT}/box/src"}})
    return lambda name=ASSET: keep_asset(name, service, storage, spool)


@pytest.fixture
def snapshot(world, service, storage, spool):
    """Keeps the snapshot whose tree has these files, of which the addresses are the names in the container `box`."""

    def keep(tree, name=SNAPSHOT):
        world.says(f"/snapshots/{SNAPSHOT}/sas", tree)
        return keep_snapshot(name, service, storage, spool)

    return keep


def folder(**children):
    return {"children": children}


def file(name):
    return {"sasUrl": f"https://{ACCOUNT}/box/{name}?sig=1"}


# --- code assets -------------------------------------------------------------------------------------------------


def test_the_files_of_an_asset_are_kept(world, asset, spool):
    world.holds(
        **{"src__train.py": Blob(b"import torch\n"), "src__lib__a.py": Blob(b""), "srcs": Blob(b"no")}
    )
    assert asset() == Part(PartState.COMPLETE, None, 2, 13)
    assert files(spool) == {"train.py": b"import torch\n", "lib/a.py": b""}


@pytest.mark.parametrize("name", [ASSET, "azureml:c0de:1", f"azureml:{ASSET}"])
def test_an_asset_is_known_by_each_of_its_names(world, asset, name):
    world.holds(**{"src__a.py": Blob(b"x")})
    assert asset(name).items == 1


def test_an_asset_may_be_one_file(world, asset, spool):
    world.holds(src=Blob(b"x"))
    assert asset().items == 1
    assert files(spool) == {"src": b"x"}


@pytest.mark.parametrize("name", ["", "c0de", "/codes/a/b/versions/1", "git+https://x", "./src"])
def test_an_asset_with_another_name_is_a_gap(world, asset, name):
    with pytest.raises(GapError, match="the code: it is named in a form that is not known here"):
        asset(name)
    assert world.asked == []


@pytest.mark.parametrize(
    "answer", [{}, {"properties": {"codeUri": "http://x/y"}}, {"properties": {"codeUri": 7}}]
)
def test_an_asset_without_a_place_is_a_gap(world, asset, answer):
    world.says("/versions/1", answer)
    with pytest.raises(GapError, match="the service does not say where it lies"):
        asset()


def test_code_at_a_strangers_is_not_fetched(world, asset):
    world.says("/versions/1", {"properties": {"codeUri": "https://evil.example/box/src"}})
    with pytest.raises(GapError, match="no blob storage of this cloud"):
        asset()


@pytest.mark.parametrize("name", ["src__..__..__x.py", "src__a\\b.py"])
def test_a_file_that_leads_out_is_left_out_and_said(world, asset, spool, name):
    world.holds(**{name: Blob(b"evil"), "src__z.py": Blob(b"x")})
    part = asset()
    assert (part.state, part.items, part.reason) == (
        PartState.PARTIAL,
        1,
        "1 large or oddly named files were left out",
    )
    assert files(spool) == {"z.py": b"x"}


def test_a_large_file_is_no_source_code(world, asset, spool, monkeypatch):
    monkeypatch.setattr(code, "FILE_MAX", 10)
    world.holds(**{"src__a.bin": Blob(bytes(11)), "src__z.py": Blob(bytes(10))})
    assert asset().state is PartState.PARTIAL
    assert list(files(spool)) == ["z.py"]


def test_a_large_file_takes_no_room_from_the_others(world, asset, spool, monkeypatch):
    monkeypatch.setattr(code, "FILE_MAX", 10)
    monkeypatch.setattr(code, "ALL_MAX", 20)
    world.holds(**{"src__a.bin": Blob(bytes(100)), "src__z.py": Blob(b"x")})
    asset()
    assert list(files(spool)) == ["z.py"]


@pytest.mark.parametrize("bound", ["FILES_MAX", "ALL_MAX"])
def test_more_code_than_is_kept_is_said(world, asset, spool, monkeypatch, bound):
    monkeypatch.setattr(code, bound, 2)
    world.holds(**{f"src__{number}.py": Blob(b"x") for number in range(3)})
    assert (asset().state, len(files(spool))) == (PartState.PARTIAL, 2)


def test_a_file_where_another_has_a_folder_costs_that_file_only(world, asset, spool):
    world.holds(**{"src__a": Blob(b"x"), "src__a__b.py": Blob(b"x"), "src__z.py": Blob(b"x")})
    assert asset().state is PartState.PARTIAL
    assert "z.py" in files(spool)


def test_a_file_that_cannot_be_read_costs_no_other(world, asset, spool):
    world.holds(**{"src__a.py": Blob(b"x"), "src__b.py": Blob(b"x")})
    world.says("/src/a.py", refusal_of(404, "BlobNotFound"))
    part = asset()
    assert (part.state, part.items, list(files(spool))) == (PartState.PARTIAL, 1, ["b.py"])
    assert "the source a.py" in part.reason


# --- snapshots of older runs -------------------------------------------------------------------------------------


def test_the_files_of_a_snapshot_are_kept(world, snapshot, spool):
    world.holds(one=Blob(b"import torch\n"), two=Blob(b"x: 1\n"))
    part = snapshot(folder(**{"train.py": file("one"), "conf": folder(**{"a.yml": file("two")})}))
    assert part == Part(PartState.COMPLETE, None, 2, 18)
    assert files(spool) == {"train.py": b"import torch\n", "conf/a.yml": b"x: 1\n"}


def test_an_empty_source_file_is_a_file(world, snapshot, spool):
    world.holds(one=Blob(b""))
    assert snapshot(folder(**{"__init__.py": file("one")})).items == 1


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a?b", "x" * 99])
def test_a_snapshot_with_another_name_is_a_gap(world, snapshot, name):
    with pytest.raises(GapError, match="a name that is not known here"):
        snapshot({}, name)
    assert world.asked == []


@pytest.mark.parametrize("tree", [{}, folder(), {"children": None}, {"children": {"a.py": None, "b.py": []}}])
def test_a_snapshot_of_no_known_shape_holds_nothing(snapshot, tree):
    assert snapshot(tree).items == 0


def test_a_snapshot_without_end_ends(world, snapshot):
    world.holds(one=Blob(b"x"))
    tree = folder(**{"x.py": file("one")})
    for _ in range(100):
        tree = folder(a=tree)
    assert snapshot(tree).items == 0


def test_a_file_of_a_snapshot_that_leads_out_is_left_out_and_said(world, snapshot, spool):
    world.holds(one=Blob(b"evil"))
    part = snapshot(folder(**{"..": folder(**{"x.py": file("one")})}))
    assert files(spool) == {}
    assert not part.is_complete


def test_more_files_of_a_snapshot_than_are_kept_are_said(world, snapshot, monkeypatch):
    monkeypatch.setattr(code, "FILES_MAX", 1)
    world.holds(one=Blob(b"x"), two=Blob(b"x"))
    part = snapshot(folder(**{"a.py": file("one"), "b.py": file("two")}))
    assert (part.state, part.items) == (PartState.PARTIAL, 1)


def test_half_of_a_file_of_a_snapshot_is_said_to_be_half(world, snapshot, monkeypatch):
    monkeypatch.setattr(code, "FILE_MAX", 4)
    world.holds(one=Blob(b"0123456789"))
    assert not snapshot(folder(**{"a.py": file("one")})).is_complete


def test_a_file_of_a_snapshot_that_cannot_be_read_costs_no_other(world, snapshot, spool):
    world.holds(two=Blob(b"x"))
    part = snapshot(folder(**{"a.py": file("gone"), "b.py": file("two")}))
    assert (part.state, list(files(spool))) == (PartState.PARTIAL, ["b.py"])
