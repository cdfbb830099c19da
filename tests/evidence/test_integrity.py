import bz2
import csv
import gzip
import io
import json
import lzma
import pickle
import random
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnose.evidence.integrity import IntegrityState, judge

INTACT, TRUNCATED, UNKNOWN = IntegrityState.INTACT, IntegrityState.TRUNCATED, IntegrityState.UNKNOWN
NOISE = random.Random(7).randbytes


def judged(name, data):
    return judge(f"outputs/{name}", len(data), data[:4096], data[-4096:])


def state(name, data):
    return judged(name, data).state


# --- good files, written by the library or, where it is absent here, by hand as its specification says


def parquet(size=9000, magic=b"PAR1"):
    footer = b"\x15\x04" + b"\x19" * 200
    return magic + b"\x15" + NOISE(size) + footer + struct.pack("<I", len(footer)) + magic


def orc():
    # footerLength 50, metadataLength 20, version 0.12, magic
    postscript = b"\x08\x32\x10\x00\x22\x02\x00\x0c\x28\x14\x82\xf4\x03\x03ORC"
    return b"ORC" + NOISE(5000) + bytes([len(postscript)]).join([postscript, b""])


def arrow():
    footer = NOISE(120)
    return b"ARROW1\0\0" + NOISE(5000) + footer + struct.pack("<I", len(footer)) + b"ARROW1"


def feather():
    footer = NOISE(120)
    return b"FEA1" + NOISE(5000) + footer + struct.pack("<I", len(footer)) + b"FEA1"


def zipped(size=3000, comment=b"", compression=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for number in range(4):
            archive.writestr(f"data/{number}", NOISE(size))
        archive.comment = comment
    return out.getvalue()


def tarred(size=700):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number in range(3):
            info = tarfile.TarInfo(f"d/{number}")
            info.size = size
            archive.addfile(info, io.BytesIO(b"\x01" * size))
    return out.getvalue()


def hdf5(version, payload=5000):
    signature = b"\x89HDF\r\n\x1a\n"
    start = {0: 24, 1: 28}.get(version, 12)
    widths = bytes([version, 0, 0, 0, 0, 8, 8, 0]) if version < 2 else bytes([version, 8, 8, 0])
    prefix = (signature + widths).ljust(start, b"\x01")
    end = start + 32 + payload
    return prefix + struct.pack("<QQQQ", 0, 2**64 - 1, end, 48) + NOISE(payload)


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def safetensors(tensors=3, size=3000):
    header = {
        f"w{number}": {"dtype": "U8", "shape": [size], "data_offsets": [number * size, (number + 1) * size]}
        for number in range(tensors)
    }
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + NOISE(tensors * size)


def sqlite(tmp_path, rows=400):
    path = tmp_path / "made.db"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as database:
        database.execute("create table t(a, b)")
        database.executemany("insert into t values(?, ?)", [(number, "x" * 20) for number in range(rows)])
    database.close()
    return path.read_bytes()


def zstd(blocks=3, size=1000, checksum=0):
    frame = b"\x28\xb5\x2f\xfd" + bytes([0x40 | checksum << 2, 0x50]) + struct.pack("<H", 5)
    for number in range(blocks):
        frame += (size << 3 | (number == blocks - 1)).to_bytes(3, "little") + NOISE(size)
    return frame + (b"CRC." if checksum else b"")


def png(size=6000):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", NOISE(size)) + chunk(b"IEND", b"")
    )


def jpeg(size=9000):
    segments = b"".join(
        b"\xff" + kind + struct.pack(">H", 2 + len(data)) + data
        for kind, data in ((b"\xe0", b"JFIF\0" + bytes(9)), (b"\xdb", b"\x01" * 65), (b"\xda", b"\x03" * 10))
    )
    return b"\xff\xd8" + segments + NOISE(size).replace(b"\xff", b"\xff\0") + b"\xff\xd9"


def pdf():
    return b"%PDF-1.7\n" + NOISE(5000).replace(b"%", b"_") + b"\nstartxref\n5000\n%%EOF"


def records(count):
    return [
        {"step": number, "note": 'he said "so, [no" \\', "losses": [1.5, {"x": number}]}
        for number in range(count)
    ]


def lines(count):
    return b"".join(json.dumps(record).encode() + b"\n" for record in records(count))


def table(count, newline="\r\n", delimiter=","):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=newline, delimiter=delimiter)
    writer.writerow(["step", "note", "loss"])
    writer.writerows([n, 'two\nlines, "quoted"' if n % 5 == 0 else "plain", n / 7] for n in range(count))
    return out.getvalue().encode()


def field(number, data):
    """A field of a protobuf message, with its length in front."""
    return bytes([number << 3 | 2]) + varint(len(data)) + data


def varint(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def onnx(size=6000, *, opsets=True, version=8):
    parts = bytes([0x08, version]) + field(2, b"pytorch") + field(3, b"2.4.1") + field(7, NOISE(size))
    return parts + (field(8, b"\x10\x11") if opsets else b"")


def avro(blocks=3, size=2000):
    mark = NOISE(16)
    schema = b'{"type": "record", "name": "r", "fields": []}'
    entries = [(b"avro.schema", schema), (b"avro.codec", b"null")]
    header = b"Obj\x01" + zigzag(len(entries))
    header += b"".join(zigzag(len(key)) + key + zigzag(len(value)) + value for key, value in entries)
    block = zigzag(40) + zigzag(size) + NOISE(size) + mark
    return header + b"\0" + mark + block * blocks


def zigzag(number):
    return varint(number << 1)


GOOD = {
    "a.parquet": parquet(),
    "small.parquet": parquet(50),
    "encrypted.parquet": parquet(magic=b"PARE"),
    "a.orc": orc(),
    "a.arrow": arrow(),
    "a.feather": feather(),
    "a.npz": zipped(),
    "a.pt": zipped(40_000),
    "a.whl": zipped(compression=zipfile.ZIP_DEFLATED),
    "small.zip": zipped(100, b"a comment"),
    "a.tar": tarred(),
    "big.tar": tarred(40_000),
    **{f"v{version}.h5": hdf5(version) for version in range(4)},
    "a.npy": npy(np.arange(3000.0)),
    "zeros.npy": npy(np.zeros((100, 100), dtype="<f4")),
    "text.npy": npy(np.array(["abc", "de"])),
    "fields.npy": npy(np.ones(700, dtype=[("x", "<i4"), ("y", "<f8", (3,))])),
    "objects.npy": npy(np.array([{"a": 1}, None], dtype=object)),
    "a.safetensors": safetensors(),
    "a.zst": zstd(),
    "checked.zst": zstd(checksum=1),
    "small.gz": gzip.compress(NOISE(900), mtime=0),
    "a.bz2": bz2.compress(NOISE(30_000)),
    "small.bz2": bz2.compress(NOISE(900)),
    "a.xz": lzma.compress(NOISE(30_000)),
    "small.xz": lzma.compress(NOISE(900)),
    "small.pkl": pickle.dumps(records(20), 2),
    "framed.pkl": pickle.dumps(records(20), 5),
    "small.json": json.dumps(records(20)).encode(),
    "a.json": json.dumps(records(3000)).encode(),
    "indented.json": json.dumps({"runs": records(900)}, indent=2).encode(),
    "a.onnx": onnx(),
    "small.onnx": onnx(300),
    "a.pb": b"\x08\x01" + field(2, NOISE(9000)),
    "a.avro": avro(),
    "one block.avro": avro(1),
    "a.png": png(),
    "a.jpg": jpeg(),
    "small.jpg": jpeg(500),
    "a.pdf": pdf(),
}
"""Formats that show a cut at every byte, once their first bytes are there to be known by."""

# Known by fields behind the first bytes: a file cut before them is of no format that could be told.
KNOWN_FROM = {"safetensors": 9, "tar": 108, "onnx": 2, "pb": 3}


def harmless(name, data):
    """Cuts that lose nothing, or leave what a writer of this format might have left."""
    if name.endswith("tar"):
        padding = len(data.rstrip(b"\0"))
        # Whole blocks of the padding may go; and behind a member there need be none at all.
        return {cut for cut in range(512, len(data), 512) if cut > padding + 1024 or behind_member(data, cut)}
    if name.endswith("avro"):
        mark = data[-16:]
        return {cut for cut in range(len(data)) if data[:cut].endswith(mark)}
    return set()


def behind_member(data, cut):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        ends = [member.offset_data + -(-member.size // 512) * 512 for member in archive.getmembers()]
    return any(cut - end in (0, 512) for end in ends)


def cuts(data):
    """Every byte of the two ends, and of a small file; between them a sample."""
    size = len(data)
    if size <= 2500:
        return range(1, size)
    return sorted(
        {*range(1, 700), *range(size - 700, size), *range(700, size, max(size // 150, 1))} - {0, size}
    )


def test_whole_files_are_intact_and_keep_their_format():
    judgements = {name: state(name, data) for name, data in GOOD.items()}
    assert set(judgements.values()) == {INTACT}, judgements


@pytest.mark.parametrize("name", GOOD)
def test_no_cut_of_the_tail_passes_for_whole(name):
    data = GOOD[name]
    known_from = KNOWN_FROM.get(name.rpartition(".")[2], 1)
    loss_free = harmless(name, data)
    missed = [
        (cut, judged(name, data[:cut]))
        for cut in cuts(data)
        if cut >= known_from and cut not in loss_free
        if state(name, data[:cut]) is not TRUNCATED
    ]
    assert missed == []


def test_a_database_is_measured_by_its_page_count(tmp_path):
    data = sqlite(tmp_path)
    assert state("a.sqlite", data) is INTACT
    assert {state("a.db", data[:cut]) for cut in cuts(data)} == {TRUNCATED}


@pytest.mark.parametrize("page", [512, 4096, 65536])
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_no_database_is_accused_while_it_is_open_or_after_rows_were_removed(tmp_path, mode, page):
    path = tmp_path / "made.db"
    database = sqlite3.connect(path)
    database.execute(f"pragma page_size={page}")
    database.execute(f"pragma journal_mode={mode}")
    database.execute("create table t(a, b)")
    database.executemany("insert into t values(?, ?)", [(number, "x" * 30) for number in range(900)])
    database.commit()
    seen = {state("a.db", path.read_bytes())} - {IntegrityState.EMPTY}
    database.execute("delete from t where a > 5")
    database.commit()
    database.close()
    assert TRUNCATED not in seen | {state("a.db", path.read_bytes())}


@pytest.mark.parametrize("protocol", [0, 1])
def test_old_pickles_cut_behind_their_first_opcodes_are_found(protocol):
    data = pickle.dumps(records(9), protocol)
    ends = [state("a.pkl", data[:cut]) for cut in range(20, len(data))]
    assert set(ends) == {TRUNCATED}


def test_a_model_cut_behind_its_graph_lacks_its_operator_sets():
    assert (
        judged("a.onnx", onnx(opsets=False)).detail == "the ONNX model ends before a field that it must have"
    )


@pytest.mark.parametrize("suffix", ["jsonl", "ndjson", "json"])
@pytest.mark.parametrize("count", [20, 3000])
def test_json_lines_cut_inside_a_line_are_found(suffix, count):
    data = lines(count)
    name = f"a.{suffix}"
    assert judged(name, data).format == "jsonl"
    for cut in cuts(data):
        whole_lines = data[cut - 1 : cut] == b"\n" or data[cut : cut + 1] == b"\n"
        assert state(name, data[:cut]) is (INTACT if whole_lines else TRUNCATED), cut


@pytest.mark.parametrize(("name", "delimiter"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t")])
@pytest.mark.parametrize("count", [12, 3000])
def test_a_table_cut_inside_a_row_is_never_intact(name, delimiter, count):
    data = table(count, "\n", delimiter)
    assert judged(name, data).state is INTACT
    ends = {state(name, data[:cut]) for cut in cuts(data) if data[cut - 1 : cut] != b"\n"}
    assert ends == {TRUNCATED, UNKNOWN}


def test_a_row_with_too_few_fields_and_no_line_end_was_cut():
    assert judged("a.csv", b"a,b,c\n1,2,3\n4,5").detail == "its last row has 2 of 3 fields and no line end"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("no line end.csv", b"a,b,c\n1,2,3\n4,5,6"),
        ("several lines in the last field.csv", b'a,b\n1,2\n3,"x\ny"'),
        ("uneven.csv", b"title\n\na,b,c\n1,2,3\n4,5"),
        ("remark.csv", b"a,b,c\n1,2,3\n# done"),
        ("one column.csv", b"a\n1\n2"),
        ("nothing known.parquet", b"<html><body>403</body></html>"),
        ("words.json", b"not json, and (never) was"),
        ("javascript.json", b"{'a': 1 // it's fine\n"),
        ("comment.jsonl", b'{"a": 1}\n# end'),
        ("a.onnx", NOISE(5000)),
        ("a.avro", b"Obj\x01" + NOISE(5000)),
        ("hidden middle.onnx", onnx(300) + b"".join(field(14, NOISE(500)) for _ in range(40))),
        ("text.pb", b'node { name: "x" op: "Const" }' * 9),
        ("without closing blocks.tar", tarred().rstrip(b"\0") + bytes(-len(tarred().rstrip(b"\0")) % 512)),
        ("closing word.csv", b"a,b,c\n1,2,3\n4,5,6\nTotal"),
        ("a diary.pkl", b"(see also the other file) and more"),
        ("large user block.h5", bytes(4096) + hdf5(0)),
        ("old protocol.pkl", pickle.dumps(records(300), 0)),
        ("a.txt", b"PAR1 is how a Parquet file begins"),
        ("orc.csv", b"ORC,troll\n1,2\n3,4"),
        ("a.bin", b"\x80\x02" + NOISE(5000)),
        ("a.gz", gzip.compress(NOISE(30_000), mtime=0)),
        ("long header.safetensors", safetensors(200, 30)),
        ("old torch.pt", pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + NOISE(9000)),
        ("comment.zip", zipped(4000, b"a very long comment " * 300)),
        ("two in one.npy", npy(np.arange(900)) + npy(np.arange(900))),
        ("followed.pkl", pickle.dumps([1], 4) + NOISE(9000)),
        ("with film.jpg", jpeg() + NOISE(9000)),
    ],
)
def test_what_cannot_be_proven_is_unknown(name, data):
    assert state(name, data) is UNKNOWN


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("model.pt", tarred(), "tar"),
        ("model.pt", pickle.dumps(records(30), 4), "pickle"),
        ("model.keras", hdf5(2), "hdf5"),
        ("part-00000", parquet(), "parquet"),
        ("table.csv", parquet(), "parquet"),
        ("table.parquet", json.dumps(records(30)).encode(), "json"),
        ("log.jsonl", json.dumps(records(3000), indent=1).encode(), "json"),
        ("two documents.json", b'{"a": 1}\n{"b": 2}', "jsonl"),
        ("a.JSON", b'\xef\xbb\xbf{"a": [NaN]}\r\n\r\n', "json"),
        ("number.json", b"12\n", "json"),
        ("padded.parquet", parquet() + bytes(300), "parquet"),
        ("padded.json", json.dumps(records(3000)).encode() + bytes(511), "json"),
        ("padded.pkl", pickle.dumps(records(3000), 2) + bytes(100), "pickle"),
        ("several.pkl", pickle.dumps(1, 4) + pickle.dumps(2, 4), "pickle"),
        ("commented.zip", zipped(5000, b"PK\5\6 comment"), "zip"),
        ("zipapp.pyz", b"#!/usr/bin/env python3\n" + zipped(), "zip"),
        ("protocol 0.pkl", pickle.dumps(records(9), 0), "pickle"),
        ("protocol 1.p", pickle.dumps(records(9), 1), "pickle"),
        ("no rows.avro", avro(0), "avro"),
        ("before operator sets.onnx", onnx(opsets=False, version=2), "onnx"),
        ("infinite.json", b'{"a": [NaN, -Infinity]}\n\n \t', "json"),
        ("null.json", b"null\n", "json"),
        ("only a header.csv", b"a,b,c\n", "csv"),
        ("blank lines behind.csv", b"a,b\r\n1,2\r\n\r\n", "csv"),
        ("two streams.bz2", bz2.compress(b"a") + bz2.compress(b"b"), "bzip2"),
        ("two streams.xz", lzma.compress(b"a") + lzma.compress(b"b"), "xz"),
        ("padded.gz", gzip.compress(b"a", mtime=0) + bytes(100), "gzip"),
        ("empty.zip", b"PK\5\6" + bytes(18), "zip"),
        ("empty.tar", bytes(10240), "tar"),
        ("user block.h5", bytes(512) + hdf5(0)[:-512] + bytes(1024), "hdf5"),
        ("preallocated.h5", hdf5(0) + bytes(9000), "hdf5"),
        ("members.gz", gzip.compress(b"a", mtime=0) + gzip.compress(b"b", mtime=0), "gzip"),
        ("revised.pdf", pdf() + pdf(), "pdf"),
    ],
)
def test_content_decides_over_the_name_and_writers_have_their_ways(name, data, form):
    found = judged(name, data)
    assert (found.state, found.format) == (INTACT, form), found


@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_cut_inside_a_string_that_ends_like_it_is_not_called_whole(indent):
    data = json.dumps([{"note": 'a "quoted ]} bracket', "n": n} for n in range(2000)], indent=indent).encode()
    assert state("a.json", data) is INTACT
    assert INTACT not in {state("a.json", data[:cut]) for cut in range(60_000, 60_400)}


def test_zero_bytes_are_empty_in_every_format():
    assert (judge("a/b.parquet", 0, b"", b"").state, judge("a/b.parquet", 0, None, None).format) == (
        "empty",
        "parquet",
    )
    assert judge("_SUCCESS", 0, None, None).state == "empty"


@pytest.mark.parametrize("name", ["a.parquet", "a.json", "a.csv", "a.npz", "a.pkl", "a.npy"])
def test_room_that_was_made_and_never_written_is_found(name):
    assert state(name, bytes(9000)) is TRUNCATED
    assert state("a.raw", bytes(9000)) is UNKNOWN


def test_a_tail_of_nuls_is_said():
    cut = parquet()[:6000] + bytes(4096)
    assert judged("a.parquet", cut).state is TRUNCATED
    assert "NUL" in judged("a.parquet", cut).detail


def test_an_archive_cut_behind_a_member_that_is_an_archive_itself_is_not_called_whole():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as outer:
        outer.writestr("first", NOISE(6000))
        outer.writestr("inner.zip", zipped(3000))
        outer.writestr("last", NOISE(3000))
    data = out.getvalue()
    inner_end = data.index(b"PK\5\6") + 22
    assert state("a.zip", data) is INTACT
    assert state("a.zip", data[:inner_end]) is not INTACT


def test_a_64_bit_archive_is_followed_to_its_own_record(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    data = zipped()
    assert b"PK\6\6" in data
    assert state("a.pt", data) is INTACT
    assert {state("a.pt", data[:cut]) for cut in cuts(data)} == {TRUNCATED}
    assert state("a.pt", data[:4000] + data[4500:]) is TRUNCATED


def test_a_footer_larger_than_its_file_shows_a_hole():
    hollow = b"PAR1\x15" + NOISE(50) + struct.pack("<I", 9999) + b"PAR1"
    assert state("a.parquet", hollow) is TRUNCATED


def test_an_hdf5_file_still_open_for_writing_was_not_closed():
    data = bytearray(hdf5(3))
    data[11] = 1
    assert judged("a.h5", bytes(data)).detail == "still marked as open for writing: it was never closed"


def test_ends_that_were_not_read_or_do_not_fit_are_unknown():
    data = parquet()
    assert judge("a.parquet", len(data), None, None).detail == "its beginning was not read"
    assert judge("a.parquet", None, data[:4096], data[-4096:]).detail == "its size is not known"
    assert judge("a.parquet", len(data), data[:4096], None).detail == "its end was not read"
    assert judge("a.parquet", 40, data[:60], data[-60:]).state is UNKNOWN
    assert judge("a.json", 6, b'{"a":1', b'{"a":2').state is UNKNOWN


def test_formats_whose_beginning_tells_need_no_end():
    data = npy(np.arange(3000.0))
    assert judge("a.npy", len(data), data[:512], None).state is INTACT
    assert judge("a.npy", len(data) - 1, data[:512], None).state is TRUNCATED


def test_a_bomb_is_inflated_within_bounds():
    bomb = bz2.compress(bytes(45_000_000))
    assert len(bomb) < 8192
    assert state("a.bz2", bomb) is UNKNOWN


@settings(max_examples=400, deadline=None)
@given(
    name=st.sampled_from([*GOOD, "a.csv", "a.jsonl", "a.db", "a", "", "/", "a.\ud800"]),
    data=st.one_of(st.binary(max_size=300), st.sampled_from(sorted(GOOD.values())).map(bytes)),
    noise=st.lists(st.tuples(st.integers(0, 5000), st.binary(min_size=1, max_size=9)), max_size=4),
    size=st.one_of(st.none(), st.integers(-1, 2**65)),
)
def test_hostile_bytes_never_raise(name, data, noise, size):
    hostile = bytearray(data)
    for at, patch in noise:
        hostile[at : at + len(patch)] = patch
    judged(name, bytes(hostile))
    judge(name, size, bytes(hostile[:4096]), bytes(hostile[-4096:]))


@pytest.mark.parametrize(
    "hostile", [b"[" * 4096, b'{"a":' * 800, b"9" * 4096, b'"' * 4095, b"(" * 4096, b"\\" * 4096]
)
@pytest.mark.parametrize(
    "wrap", [b"%s", b'"%s', b"\x93NUMPY\x01\x00\x00\x0f%s", b"\x80\x04I%s\n.", b"a,b\n%s"]
)
@pytest.mark.parametrize("suffix", ["json", "jsonl", "npy", "pkl", "csv", "safetensors"])
def test_deep_or_endless_content_is_unknown_or_cut(hostile, wrap, suffix):
    assert state(f"a.{suffix}", wrap % hostile) is not IntegrityState.EMPTY


def test_this_repository_accuses_none_of_its_own_files():
    here = Path(__file__).parent
    found = [
        judge(path.name, path.stat().st_size, path.read_bytes()[:4096], path.read_bytes()[-4096:])
        for path in here.rglob("*.py")
    ]
    assert all(one.state is not TRUNCATED for one in found)


def test_a_gzip_file_whose_end_states_more_than_it_can_hold_was_cut_off():
    whole = gzip.compress(NOISE(30_000), mtime=0)
    assert judged("a.gz", whole).state is UNKNOWN
    assert judged("a.gz", whole[:-12] + b"\x00\x00\xff\xff").state is TRUNCATED
    assert judged("a.gz", whole + bytes(512)).state is UNKNOWN
    large = whole[:4096] + bytes(5 << 20) + b"\xff\xff\xff\xff"
    assert judged("a.gz", large).state is UNKNOWN
