import base64

import pytest
from answering import ACCOUNT, Answer, Blob, needs_recordings, recorded, refusal_of
from azure.core.credentials import AzureSasCredential

from diagnose.collect.azureml import storage as storages
from diagnose.collect.azureml.gaps import GapError
from diagnose.collect.azureml.storage import Place
from diagnose.evidence.bundle import PartState

BOX = Place(ACCOUNT, "box", "out/")
XML = {"Content-Type": "application/xml"}


def listed(storage, place=BOX):
    return list(storage.listing("the blobs", place))


def one(storage):
    [blob] = listed(storage)
    return blob


def page(*names, marker=""):
    blobs = "".join(
        f"<Blob><Name>{name}</Name><Properties><BlobType>BlockBlob</BlobType></Properties></Blob>"
        for name in names
    )
    text = f"<EnumerationResults><Blobs>{blobs}</Blobs><NextMarker>{marker}</NextMarker></EnumerationResults>"
    return Answer(200, text.encode(), XML)


# --- places ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "place"),
    [
        (f"https://{ACCOUNT}/box/a/b", Place(ACCOUNT, "box", "a/b")),
        (f"https://{ACCOUNT}/box/a%20b/?sig=x", Place(ACCOUNT, "box", "a b/")),
        (f"https://{ACCOUNT}/box", Place(ACCOUNT, "box", "")),
        (f"https://{ACCOUNT}/", None),
        (f"http://{ACCOUNT}/box/a", None),
        (f"wasbs://box@{ACCOUNT}/a", None),
        ("azureml://datastores/d/paths/a", None),
        ("", None),
    ],
)
def test_a_place_behind_a_url(url, place):
    assert Place.at(url) == place


# --- listings ----------------------------------------------------------------------------------------------------


def test_all_pages_of_a_listing_are_read(world, storage):
    world.holds(**{f"out__{number:02}": Blob(b"x") for number in range(8)}, other=Blob())
    assert [blob.name for blob in listed(storage)] == [f"out/{number:02}" for number in range(8)]
    assert len(world.asked) == 3


def test_a_blob_is_told_as_it_lies(world, storage):
    world.holds(out__a=Blob(b"hello", lease="locked", kind="AppendBlob"))
    blob = one(storage)
    assert (blob.size, blob.blob_type, blob.lease, blob.committed) == (5, "append", "locked", True)
    assert (blob.etag, str(blob.modified_at)) == ("0x1", "2026-11-20 08:00:00+00:00")


def test_what_nobody_committed_is_listed_as_such(world, storage):
    world.holds(out__a=Blob(committed=False, blocks=(3, 4)))
    blob = one(storage)
    assert (blob.committed, blob.size, blob.modified_at) == (False, 0, None)
    assert storage.uncommitted_bytes("the blocks", blob) == 7


def test_an_empty_file_is_a_file(world, storage):
    world.holds(out__a=Blob())
    assert one(storage).committed


def test_a_folder_is_no_file(world, storage):
    world.holds(out__folder=Blob(is_folder=True), out__folder__a=Blob(b"x"))
    assert [blob.name for blob in listed(storage)] == ["out/folder/a"]


def test_a_page_that_comes_again_and_again_is_a_gap(world, storage):
    world.says("/box", page("out/a", marker="same"))
    with pytest.raises(GapError, match="again and again"):
        listed(storage)
    assert len(world.asked) == 2


def test_an_empty_page_is_not_the_end(world, storage):
    world.says("/box", page(marker="1"), page("out/a"))
    assert [blob.name for blob in listed(storage)] == ["out/a"]


def test_more_blobs_than_are_kept_are_a_gap(world, storage, monkeypatch):
    monkeypatch.setattr(storages, "BLOBS_MAX", 2)
    world.holds(**{f"out__{number}": Blob(b"x") for number in range(3)})
    listing = storage.listing("the blobs", BOX)
    assert [next(listing).name, next(listing).name] == ["out/0", "out/1"]
    with pytest.raises(GapError, match="more than 2 blobs"):
        next(listing)


def test_what_came_before_the_trouble_is_given(world, storage):
    world.says("/box", page("out/a", marker="1"), refusal_of(500))
    listing = storage.listing("the blobs", BOX)
    assert next(listing).name == "out/a"
    with pytest.raises(GapError, match="500"):
        next(listing)


def test_a_busy_page_costs_no_other(world, storage):
    world.says("/box", page("out/a", marker="1"), refusal_of(429), page("out/b"))
    assert [blob.name for blob in listed(storage)] == ["out/a", "out/b"]


@pytest.mark.parametrize(
    "host", ["evil.example", "", "acct.blob.core.chinacloudapi.cn", "management.azure.com"]
)
def test_only_storage_of_the_cloud_is_asked(world, storage, host):
    with pytest.raises(GapError, match="no blob storage of this cloud"):
        listed(storage, Place(host, "box", ""))
    assert world.asked == []


def test_a_hostile_host_is_told_on_one_line(storage):
    with pytest.raises(GapError) as caught:
        listed(storage, Place("evil\n\x1b[31m" + "x" * 500, "box", ""))
    assert caught.value.gap.reason.isprintable()
    assert len(caught.value.gap.reason) < 200


@needs_recordings
def test_a_recorded_listing_with_a_blob_that_was_never_committed(world, storage):
    text = recorded("blob_list_include_uncommitted")
    world.says("/box", Answer(200, text.encode(), XML))
    first, second = listed(storage)
    assert (first.name, first.committed, first.size) == ("blob1", False, 0)
    assert (second.name, second.committed, second.size, second.etag) == (
        "blob2",
        True,
        11,
        "0x8D759751A31AAC9",
    )
    assert second.content_md5 == base64.b64decode("XrY7u+Ae7tCTyyK7j1rNww==")


# --- reading -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offset", "length", "data"), [(0, 3, b"012"), (7, 9, b"789"), (0, 10, b"0123456789")]
)
def test_a_piece_of_a_blob(world, storage, offset, length, data):
    world.holds(out__a=Blob(b"0123456789"))
    piece = storage.piece("the bytes", one(storage), offset, length)
    assert (piece.data, piece.total, piece.etag) == (data, 10, "0x1")


def test_an_empty_blob_has_no_bytes(world, storage):
    world.holds(out__a=Blob())
    piece = storage.piece("the bytes", one(storage), 0, 10)
    assert (piece.data, piece.total) == (b"", 0)


def test_beyond_the_end_there_is_nothing(world, storage):
    world.holds(out__a=Blob(b"short"))
    piece = storage.piece("the bytes", one(storage), 50, 10)
    assert (piece.data, piece.total) == (b"", 5)


def test_a_blob_that_was_deleted_is_gone(world, storage):
    world.holds(out__a=Blob(b"x"))
    blob = one(storage)
    world.blobs.clear()
    with pytest.raises(GapError) as caught:
        storage.piece("the bytes", blob, 0, 1)
    assert (caught.value.gap.state, caught.value.gap.code) == (PartState.GONE, "BlobNotFound")


def test_a_url_with_its_own_permission_is_asked_without_a_token(world, storage):
    world.holds(a=Blob(b"hello"))
    piece = storage.piece_at("the log", f"https://{ACCOUNT}/box/a?sig=secret", 0, 5)
    assert piece.data == b"hello"
    [request] = world.requests
    assert "sig=secret" in request.url
    assert "Authorization" not in request.headers


def test_a_listing_is_asked_with_a_token(world, storage):
    world.holds(out__a=Blob())
    listed(storage)
    assert world.requests[0].headers["Authorization"] == "Bearer token-1"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/box/a?sig=x",
        f"http://{ACCOUNT}/box/a",
        f"https://{ACCOUNT}:8443/box/a",
        f"https://me@{ACCOUNT}/box/a",
        f"https://{ACCOUNT}/",
        f"https://{ACCOUNT}/box",
        "https://[::1/x",
        "file:///etc/passwd",
        "no url",
        "",
    ],
)
def test_a_url_that_leads_elsewhere_is_a_gap(world, storage, url):
    with pytest.raises(GapError):
        storage.piece_at("the log", url, 0, 5)
    assert world.asked == []


def test_no_gap_holds_a_signature(world, storage):
    world.says("/box/a", refusal_of(403, "AuthenticationFailed"))
    with pytest.raises(GapError) as caught:
        storage.piece_at("the log", f"https://{ACCOUNT}/box/a?sig=secret", 0, 5)
    assert "secret" not in repr(caught.value.gap)


def test_a_key_that_was_read_is_used_for_its_container_alone(world, storage):
    storage.secrets[ACCOUNT, "box"] = AzureSasCredential("sv=1&sig=secret")
    world.holds(out__a=Blob())
    listed(storage)
    listed(storage, Place(ACCOUNT, "other", ""))
    assert ["sig=secret" in request.url for request in world.requests] == [True, False]
    assert "Authorization" not in world.requests[0].headers
