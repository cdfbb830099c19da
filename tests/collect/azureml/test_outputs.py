import base64
from dataclasses import replace

import pytest
from answering import ACCOUNT, Blob, listing_of, needs_recordings, part_of, recorded, refusal_of

from diagnose.collect.azureml import outputs
from diagnose.collect.azureml.gaps import Gap
from diagnose.collect.azureml.jobs import Datastore
from diagnose.collect.azureml.outputs import (
    Found,
    list_output,
    outputs_part,
    rows,
)
from diagnose.collect.azureml.storage import Place
from diagnose.collect.azureml.whereabouts import Locations, resolved, spelled_out
from diagnose.evidence.bundle import PartState

STORES = {
    store.name: store
    for store in (
        Datastore("workspaceblobstore", "acct", "azureml-blobstore-1", "core.windows.net"),
        Datastore("workspaceartifactstore", "acct", "azureml", "core.windows.net"),
        Datastore("mine", "other", "box", None),
    )
}
OUT = Place(ACCOUNT, "box", "out/")
DENIED = Gap("the output", PartState.DENIED, "403")


@pytest.fixture
def where(service):
    return Locations(service, STORES, "acct")


def found(storage, *places):
    return list_output(storage, "model", places or (OUT,))


def made(storage, *places):
    """The rows of the output, and the gaps."""
    return rows([found(storage, *places)], storage, lambda _: False)


def row_of(storage):
    [row], gaps = made(storage)
    return row, gaps


def state(storage):
    listed = found(storage)
    return outputs_part([listed], *rows([listed], storage, lambda _: False), None).state


def text(value):
    return base64.b64decode(value)


# --- where they lie ----------------------------------------------------------------------------------------------

LONG = "azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores"
LONGER = "azureml://subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/datastores"


@pytest.mark.parametrize(
    "uri",
    [
        "azureml://datastores/mine/paths/a/b",
        "azureml://datastores/mine/paths/a/b/",
        "azureml://datastores/mine/a/b",
        "azureml://Datastores/mine/paths//a/b",
        f"{LONG}/mine/paths/a/b/",
        f"{LONGER}/mine/paths/a/b",
        "https://other.blob.core.windows.net/box/a/b",
        "https://other.blob.core.windows.net/box/a/b/?sig=x",
    ],
)
def test_every_form_of_a_uri_leads_to_its_place(where, uri):
    assert where.named(uri) == Place("other.blob.core.windows.net", "box", "a/b/")


def test_the_root_of_a_datastore_is_a_place(where):
    assert where.named("azureml://datastores/mine/paths/") == Place("other.blob.core.windows.net", "box", "")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "azureml://datastores/unknown/paths/a",
        "azureml://locations/eastus/workspaces/w/data/d/versions/1",
        "azureml://datastores/mine",
        "abfss://box@other.dfs.core.windows.net/a",
        "file:///etc/passwd",
        "http://other.blob.core.windows.net/box/a",
        "https://other.blob.core.windows.net/",
        "/mnt/outputs",
        "\n",
    ],
)
def test_a_uri_that_leads_to_no_known_place_is_not_guessed_at(where, uri):
    assert where.named(uri) is None


def test_the_artifacts_lie_in_the_artifact_store(where):
    assert where.artifacts("dcid.r") == Place(ACCOUNT, "azureml", "ExperimentRun/dcid.r/")


def test_the_artifacts_are_found_without_the_datastores(service):
    place = Locations(service, {}, "acct").artifacts("dcid.r")
    assert place == Place(ACCOUNT, "azureml", "ExperimentRun/dcid.r/")


def test_without_an_account_nobody_knows_where_the_artifacts_lie(service):
    assert Locations(service, {}, None).artifacts("dcid.r") is None


def test_an_output_without_a_uri_lies_where_the_runtimes_put_it(where):
    assert [place.prefix for place in where.default("r", "model")] == ["azureml/r/model/", "dataset/r/model/"]


def test_without_the_default_datastore_there_is_no_default_place(service):
    assert Locations(service, {}, "acct").default("r", "model") == []


@pytest.mark.parametrize(
    ("uri", "plain"),
    [
        (
            "azureml://datastores/${{default_datastore}}/paths/azureml/${{name}}/${{output_name}}/",
            "azureml://datastores/workspaceblobstore/paths/azureml/r/model/",
        ),
        (
            "azureml://datastores/mine/paths/${{inputs.x}}/${{other}}",
            "azureml://datastores/mine/paths/${{inputs.x}}/${{other}}",
        ),
        ("", ""),
    ],
)
def test_an_expression_in_a_uri_is_spelled_out(uri, plain):
    assert spelled_out(uri, "r", "model") == plain


@needs_recordings
def test_a_recorded_asset_leads_to_the_place_of_the_output(world, service, where):
    answer = recorded("data_batchGetResolvedUris")
    [asset] = answer["values"]
    world.says("/batchGetResolvedUris", answer)
    uris = resolved(service, {"outputs": {"path_1": {"assetId": asset}, "none": {"assetId": None}, "x": 7}})
    assert world.bodies() == [{"values": [asset]}]
    place = where.named(uris["path_1"])
    assert place.prefix == "azureml/225e2fc1-55bf-457d-8b16-9add86cceb55/component_out_path_1/"


@pytest.mark.parametrize(
    "run", [{}, {"outputs": None}, {"outputs": {"x": {"assetId": None}}}, {"outputs": [1]}]
)
def test_outputs_without_assets_are_not_asked_about(world, service, run):
    assert resolved(service, run) == {}
    assert world.asked == []


@pytest.mark.parametrize(
    "answer", [{}, {"values": None}, {"values": {"a": None}}, {"values": {"a": {"uri": 7.5}}}]
)
def test_an_asset_without_a_place_has_none(world, service, answer, where):
    world.says("/batchGetResolvedUris", answer)
    uris = resolved(service, {"outputs": {"model": {"assetId": "a"}}})
    assert where.named(uris.get("model", "")) is None


# --- what lies there ---------------------------------------------------------------------------------------------


def test_an_output_is_listed_at_the_first_place_that_holds_any(world, storage):
    world.holds(second__a=Blob(b"x"), third__b=Blob(b"x"))
    places = [replace(OUT, prefix=f"{name}/") for name in ("first", "second", "third")]
    assert list(found(storage, *places).by_path()) == ["a"]


def test_an_output_that_nobody_may_list_is_a_gap(world, storage):
    world.says("/box", refusal_of(403))
    assert found(storage).gap.state is PartState.DENIED
    assert state(storage) is PartState.DENIED


def test_an_output_that_holds_nothing_is_known_to_be_empty(world, storage):
    assert state(storage) is PartState.COMPLETE


def test_an_output_of_which_nobody_knows_the_place_is_not_known_to_be_empty(storage):
    listed = list_output(storage, "model", [])
    part = outputs_part([listed], [], [], None)
    assert (part.state, part.items) == (PartState.FAILED, 0)


def test_what_cannot_be_known_makes_no_complete_part():
    assert not outputs_part([Found("model", OUT)], [], [], DENIED).is_complete


def test_a_neighbour_with_a_longer_name_is_another_output(world, storage, where):
    world.blobs["other.blob.core.windows.net", "box"] |= {"out/a": Blob(b"x"), "output2/b": Blob(b"x")}
    listed = found(storage, where.named("azureml://datastores/mine/paths/out"))
    assert list(listed.by_path()) == ["a"]


def test_an_output_that_is_one_file_is_not_taken_for_an_empty_folder(world, storage, where):
    world.blobs["other.blob.core.windows.net", "box"] |= {"out/model.pt": Blob(b"weights")}
    listed = found(storage, where.named("azureml://datastores/mine/paths/out/model.pt"))
    told, gaps = rows([listed], storage, lambda _: False)
    assert [row["size"] for row in told] == [7]
    assert outputs_part([listed], told, gaps, None).items == 1


def test_logs_among_the_artifacts_are_no_outputs(world, storage):
    world.holds(out__logs__a=Blob(b"x"), out__outputs__b=Blob(b"x"))
    listed = [list_output(storage, name, [OUT]) for name in ("artifacts", "named")]
    told, _ = rows(listed, storage, lambda path: path.startswith("logs/"))
    assert [(row["output"], row["path"]) for row in told] == [
        ("artifacts", "outputs/b"),
        ("named", "logs/a"),
        ("named", "outputs/b"),
    ]


def test_rows_come_sorted(world, storage):
    world.holds(**{f"out__{name}": Blob(b"x") for name in "cab"})
    told, _ = rows([replace(found(storage), output="z"), found(storage)], storage, lambda _: False)
    assert [(row["output"], row["path"]) for row in told] == [
        *(("model", name) for name in "abc"),
        *(("z", name) for name in "abc"),
    ]


def test_a_folder_marker_is_no_row(world, storage):
    world.holds(out__sub=Blob(is_folder=True), out__sub__a=Blob(b"x"))
    told, _ = made(storage)
    assert [row["path"] for row in told] == ["sub/a"]


# --- what is looked into -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 4097, 8192])
def test_a_small_blob_is_read_once(world, storage, size):
    world.holds(out__a=Blob(bytes(size)))
    row, gaps = row_of(storage)
    assert (len(text(row["head"])), len(text(row["tail"])), gaps) == (min(size, 4096), min(size, 4096), [])
    assert world.paths() == ["box", "a"]


def test_a_blob_is_told_as_the_listing_tells_it(world, storage):
    world.holds(out__a=Blob(b"x", lease="unlocked"))
    row, _ = row_of(storage)
    assert {
        key: row[key] for key in ("output", "path", "size", "committed", "blob_type", "lease", "etag")
    } == {
        "output": "model",
        "path": "a",
        "size": 1,
        "committed": True,
        "blob_type": "block",
        "lease": "unlocked",
        "etag": "0x1",
    }
    assert row["modified_at"] == row["created_at"] == "2026-11-20T08:00:00Z"


@pytest.mark.parametrize("size", [1, 4095, 4096, 4097, 8191, 8192, 8193, 1_000_000])
def test_no_more_than_four_kib_of_either_end_are_kept(world, storage, size):
    data = bytes(number % 251 for number in range(size))
    world.holds(out__a=Blob(data))
    row, _ = row_of(storage)
    assert text(row["head"]) == data[:4096]
    assert text(row["tail"]) == data[-4096:]


@pytest.mark.parametrize("size", [8192, 8193, 1_000_000])
def test_no_more_than_both_ends_is_read(world, storage, size):
    world.holds(out__a=Blob(bytes(size)))
    wire = storage._service.wire
    made(storage)
    assert sum(call.bytes for call in wire.calls if call.path.endswith("/a")) == 8192


def test_of_an_empty_file_nothing_is_read(world, storage):
    world.holds(out__a=Blob())
    row, _ = row_of(storage)
    assert (row["head"], row["tail"], row["size"]) == ("", "", 0)
    assert [request.url.rpartition("?")[2] for request in world.requests][1:] == [
        "comp=blocklist&blocklisttype=uncommitted"
    ]


def test_what_nobody_committed_is_told_with_its_bytes(world, storage):
    world.holds(out__a=Blob(committed=False, blocks=(100, 23)))
    row, gaps = row_of(storage)
    assert (row["committed"], row["size"], row["uncommitted_bytes"], gaps) == (False, 0, 123, [])
    assert "head" not in row


def test_what_was_emptied_to_be_written_anew_is_told_with_its_bytes(world, storage):
    world.holds(out__a=Blob(blocks=(50,)))
    row, _ = row_of(storage)
    assert (row["committed"], row["uncommitted_bytes"], row["head"]) == (True, 50, "")


def test_a_blob_that_somebody_holds_is_doubtful(world, storage):
    world.holds(out__a=Blob(b"old", lease="locked", blocks=(9,)))
    row, _ = row_of(storage)
    assert (row["lease"], row["uncommitted_bytes"], text(row["head"])) == ("locked", 9, b"old")


@pytest.mark.parametrize("kind", ["AppendBlob", "PageBlob"])
def test_what_has_no_blocks_is_not_asked_for_any(world, storage, kind):
    world.holds(out__a=Blob(kind=kind))
    row, gaps = row_of(storage)
    assert ("uncommitted_bytes" in row, gaps, len(world.asked)) == (False, [], 1)


def test_a_blob_that_was_deleted_meanwhile_keeps_its_row(world, storage):
    world.holds(out__a=Blob(b"x"), out__b=Blob(b"x"))
    world.says("out/a", refusal_of(404, "BlobNotFound"))
    listed = found(storage)
    told, gaps = rows([listed], storage, lambda _: False)
    assert [(row["path"], row["head"] is None) for row in told] == [("a", True), ("b", False)]
    part = outputs_part([listed], told, gaps, None)
    assert (part.state, part.items) == (PartState.PARTIAL, 2)
    assert part.reason.startswith("1 of the blobs were deleted between listing and reading")


def test_bytes_that_may_not_be_read_leave_the_part_incomplete(world, storage):
    world.holds(out__a=Blob(b"x"))
    world.says("out/a", refusal_of(403))
    listed = found(storage)
    told, gaps = rows([listed], storage, lambda _: False)
    assert (told[0]["head"], gaps[0].state) == (None, PartState.DENIED)
    part = outputs_part([listed], told, gaps, None)
    assert (part.state, part.items) == (PartState.PARTIAL, 1)


def test_a_head_that_was_read_is_kept_where_the_tail_is_gone(world, storage):
    data = b"h" * 9000
    world.holds(out__a=Blob(data))
    world.says("out/a", part_of(Blob(data), "bytes=0-4095"), refusal_of(404))
    row, [gap] = row_of(storage)
    assert (text(row["head"]), row["tail"], gap.state) == (data[:4096], None, PartState.GONE)


def test_no_more_blobs_are_looked_into_than_was_meant_and_the_readable_come_first(
    world, storage, monkeypatch
):
    monkeypatch.setattr(outputs, "PROBED_MAX", 1)
    world.holds(**{"out__a.bin": Blob(b"x"), "out__z.parquet": Blob(b"x")})
    told, _ = made(storage)
    assert {row["path"]: row["head"] is not None for row in told} == {"a.bin": False, "z.parquet": True}


def test_an_output_that_broke_off_keeps_what_came_before(world, storage):
    world.holds(**{f"out__{number}": Blob(b"x") for number in range(9)})
    world.says("/box", listing_of(world, "box", "out/"), refusal_of(403))
    listed = found(storage)
    assert (len(listed.blobs), listed.gap.state) == (3, PartState.DENIED)
    assert outputs_part([listed], *rows([listed], storage, lambda _: False), None).state is PartState.PARTIAL
