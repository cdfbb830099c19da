import contextlib
import gzip
import io
import random
import stat
import struct
import tarfile
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnose.errors import BundleError
from diagnose.evidence.archive import TarStore, ZipStore

in_tmp_path = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def zipped(path, *members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def renamed(path, name):
    """A zip with one member whose name no polite program would write."""
    stand_in = "x" * len(name.encode())
    zipped(path, (stand_in, b"data"))
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), name.encode()))
    return path


def refusal(path, store=ZipStore):
    with pytest.raises(BundleError) as caught:
        store(path)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../escape.txt", "climbs out with '..'"),
        ("logs/../../escape.txt", "climbs out with '..'"),
        ("/etc/passwd", "has an absolute path"),
        ("C:/windows.txt", "starts with a drive letter"),
        ("c:windows.txt", "starts with a drive letter"),
        ("logs\\..\\up.txt", "has a backslash in its name"),
        ("logs/a\0.txt", "has a NUL in its name"),
    ],
)
def test_a_name_that_leads_elsewhere_refuses_the_archive(tmp_path, name, why):
    assert f"its member {name!r} {why}" in refusal(renamed(tmp_path / "a.zip", name))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["logs/a.txt", "./logs/a.txt", "logs//a.txt"])
def test_a_name_that_is_there_twice_refuses_the_archive(tmp_path, second):
    path = zipped(tmp_path / "a.zip", ("logs/a.txt", b"1"), (second, b"2"))
    assert "is there twice" in refusal(path)


@pytest.mark.parametrize(
    ("kind", "why"), [(stat.S_IFLNK, "is a link"), (stat.S_IFIFO, "is no ordinary file")]
)
def test_a_link_or_device_refuses_the_archive(tmp_path, kind, why):
    info = zipfile.ZipInfo("logs/a.txt")
    info.external_attr = (kind | 0o777) << 16
    assert why in refusal(zipped(tmp_path / "a.zip", (info, b"/etc/passwd")))


def test_an_encrypted_archive_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.txt", b"x"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "is encrypted" in refusal(path)


def test_a_method_that_inflates_without_bounds_is_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.txt", b"x" * 100), method=zipfile.ZIP_LZMA)
    assert "a method other than deflate" in refusal(path)


def test_a_bomb_is_refused_by_its_ratio(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.txt", bytes(8 << 20)))
    assert "more than 200 times its size" in refusal(path)


def test_a_small_log_of_one_repeated_line_is_no_bomb(tmp_path):
    store = ZipStore(zipped(tmp_path / "a.zip", ("a.txt", b"\n" * (1 << 20))))
    assert store.size("a.txt") == 1 << 20


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_said(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.txt", bytes(8 << 20)))
    data = path.read_bytes().replace(struct.pack("<L", 8 << 20), struct.pack("<L", 1000))
    path.write_bytes(data)
    with ZipStore(path).open("a.txt") as stream, pytest.raises(OSError, match="is damaged"):
        stream.read()


def test_too_many_members_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("diagnose.evidence.archive.MEMBERS_MAX", 2)
    path = zipped(tmp_path / "a.zip", *((f"{n}.txt", b"") for n in range(3)))
    assert "more than 2 members" in refusal(path)


def test_too_many_bytes_in_all_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("diagnose.evidence.archive.TOTAL_MAX", 2 << 30)
    path = zipped(tmp_path / "a.zip", ("a", b"x"), ("b", b"x"))
    data = path.read_bytes()
    # The table of contents says 1.5 GiB for each, stored; reading would show the lie, but nobody gets there.
    one = struct.pack("<LL", 3, 1)
    path.write_bytes(data.replace(one, struct.pack("<LL", 3 << 28, 3 << 29)))
    assert "more than 2 GiB" in refusal(path)


def test_members_that_share_bytes_are_refused(tmp_path):
    noise = random.Random(1).randbytes(10_000)
    path = zipped(tmp_path / "a.zip", ("a", noise), ("b", noise), method=zipfile.ZIP_STORED)
    data = path.read_bytes()
    second = data.index(b"PK\x03\x04", 4)
    contents = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    shared = data[:second] + data[contents:end] + data[end:]
    shared = bytearray(shared)
    struct.pack_into("<L", shared, len(shared) - 6, second)  # where the contents now begin
    path.write_bytes(shared)
    assert "overlap" in refusal(path)


@pytest.mark.parametrize("kept", [0, 3, 10, 60, -30, -1])
def test_a_truncated_zip_is_one_sentence(tmp_path, kept):
    path = zipped(tmp_path / "a.zip", ("a.txt", b"hello"), ("b.txt", b"world"))
    path.write_bytes(path.read_bytes()[:kept])
    assert "is not a whole zip file" in refusal(path)


def test_a_huge_table_of_contents_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", *((f"{n}.txt", b"") for n in range(100)))
    monkeypatch.setattr("diagnose.evidence.archive._READ_MAX", 1000)
    assert "table of contents" in refusal(path)


def test_a_damaged_member_shows_while_reading_and_leaves_the_others(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.txt", b"hello"), ("b.txt", b"world"), method=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"hello", b"HELLO"))
    store = ZipStore(path)
    with store.open("a.txt") as stream, pytest.raises(OSError, match=r"'a\.txt' is damaged: Bad CRC"):
        stream.read()
    with store.open("b.txt") as stream:
        assert stream.read() == b"world"


names = st.text(min_size=1, max_size=40) | st.from_regex(r"(\.\.|[a-zC:/\\.]){1,12}", fullmatch=True)


@in_tmp_path
@given(name=names)
def test_whatever_a_member_is_called_it_is_refused_or_stays_inside(tmp_path, name):
    try:
        path = zipped(tmp_path / "a.zip", (name, b"data"))
    except (UnicodeEncodeError, IndexError):  # not even Python writes these
        return
    try:
        found = ZipStore(path).names()
    except BundleError:
        found = []
        refusal(path)
    for member in found:
        steps = member.split("/")
        assert not {"", ".", ".."} & set(steps)
        assert "\\" not in member
        assert member[1:2] != ":" or not member[0].isascii() or not member[0].isalpha()


@in_tmp_path
@given(position=st.integers(0, 400), byte=st.integers(0, 255))
def test_one_wrong_byte_is_refused_or_read_as_an_error_or_as_it_was(tmp_path, position, byte):
    path = zipped(tmp_path / "a.zip", ("logs/a.txt", b"hello " * 20), ("b.txt", b"world"))
    data = bytearray(path.read_bytes())
    data[position % len(data)] = byte
    path.write_bytes(data)
    with contextlib.suppress(BundleError, OSError):
        store = ZipStore(path)
        for name in store.names():
            with store.open(name) as stream:
                assert stream.read() in (b"hello " * 20, b"world", b"")


def tarred(path, *infos, mode="w"):
    with tarfile.open(path, mode) as archive:
        for info, data in infos:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize(
    ("name", "why"),
    [("../a.txt", "climbs out"), ("/etc/passwd", "absolute path"), ("a\\b", "backslash"), ("C:a", "drive")],
)
def test_a_tar_name_that_leads_elsewhere_refuses_the_archive(tmp_path, name, why):
    path = tarred(tmp_path / "a.tar", (tarfile.TarInfo(name), b"data"))
    assert why in refusal(path, TarStore)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (tarfile.SYMTYPE, "is a link"),
        (tarfile.LNKTYPE, "is a link"),
        (tarfile.FIFOTYPE, "is no ordinary file"),
        (tarfile.CHRTYPE, "is no ordinary file"),
        (tarfile.GNUTYPE_SPARSE, "is no ordinary file"),
    ],
)
def test_a_link_or_device_in_a_tar_refuses_the_archive(tmp_path, kind, why):
    info = tarfile.TarInfo("a.txt")
    info.type, info.linkname = kind, "/etc/passwd"
    assert why in refusal(tarred(tmp_path / "a.tar", (info, b"")), TarStore)


def test_a_name_twice_in_a_tar_refuses_the_archive(tmp_path):
    path = tarred(tmp_path / "a.tar", (tarfile.TarInfo("a"), b"1"), (tarfile.TarInfo("./a"), b"2"))
    assert "is there twice" in refusal(path, TarStore)


def test_a_gzipped_tar_that_inflates_too_far_is_refused(tmp_path):
    path = tarred(tmp_path / "a.tgz", (tarfile.TarInfo("a"), bytes(4 << 20)), mode="w:gz")
    assert "more than 200 times its size" in refusal(path, TarStore)


@pytest.mark.parametrize("kept", [0, 100, 511, 512, 600, 1024, 1100, 1535])
def test_a_truncated_tar_is_one_sentence(tmp_path, kept):
    path = tarred(tmp_path / "a.tar", (tarfile.TarInfo("a"), b"1" * 400), (tarfile.TarInfo("b"), b"2" * 40))
    path.write_bytes(path.read_bytes()[:kept])
    assert any(word in refusal(path, TarStore) for word in ("is not a whole tar file", "is cut off"))


def test_a_truncated_gzipped_tar_is_one_sentence(tmp_path):
    path = tarred(tmp_path / "a.tgz", (tarfile.TarInfo("a"), b"1" * 400), mode="w:gz")
    path.write_bytes(path.read_bytes()[:-20])
    assert "is not a whole tar file" in refusal(path, TarStore)


def test_a_gzipped_log_is_told_from_a_gzipped_tar(tmp_path):
    path = tmp_path / "train.log.gz"
    path.write_bytes(gzip.compress(b"epoch 1\n" * 100))
    assert "unpack it first if it is a gzipped log" in refusal(path, TarStore)


def test_two_streams_of_one_tar_do_not_disturb_each_other(tmp_path):
    path = tarred(
        tmp_path / "a.tgz", (tarfile.TarInfo("a"), b"aa"), (tarfile.TarInfo("b"), b"bb"), mode="w:gz"
    )
    store = TarStore(path)
    with store.open("a") as first, store.open("b") as second:
        assert (second.read(1), first.read(2), second.read(1)) == (b"b", b"aa", b"b")


@in_tmp_path
@given(position=st.integers(0, 3000), byte=st.integers(0, 255), mode=st.sampled_from(["w", "w:gz"]))
def test_one_wrong_byte_in_a_tar_is_refused_or_read(tmp_path, position, byte, mode):
    infos = [(tarfile.TarInfo("logs/a.txt"), b"hello " * 20), (tarfile.TarInfo("b" * 150), b"world")]
    path = tarred(tmp_path / "a.tar", *infos, mode=mode)
    data = bytearray(path.read_bytes())
    data[position % len(data)] = byte
    path.write_bytes(data)
    with contextlib.suppress(BundleError, OSError):
        store = TarStore(path)
        for name in store.names():
            with store.open(name) as stream:
                assert len(stream.read()) == store.size(name)
