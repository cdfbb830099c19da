"""Evidence that lies on disk, read without its secrets: everything that looks at it looks through this."""

import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, cast

from diagnose.evidence.logscan.text import sniff, utf8_chunks
from diagnose.evidence.store import Store
from diagnose.redact import lines
from diagnose.redact.redactor import Redactor

_PIECE = 256 << 10
_RAW = (
    ".parquet",
    ".pt",
    ".pth",
    ".safetensors",
    ".npy",
    ".npz",
    ".h5",
    ".png",
    ".jpg",
    ".gz",
    ".zip",
    ".whl",
)


class RedactedStore:
    """The members of another store without their secrets, under names without any. Nothing is copied."""

    def __init__(self, base: Store, redactor: Redactor) -> None:
        self.where, self._base, self._redactor = base.where, base, redactor
        self._names = {redactor.text("names", name): name for name in base.names()}

    def names(self) -> Sequence[str]:
        """The files, sorted."""
        return sorted(self._names)

    def ignored(self) -> Mapping[str, str]:
        """As the other store says."""
        return {self._redactor.text("names", name): why for name, why in self._base.ignored().items()}

    def size(self, name: str) -> int:
        """Bytes of the file as it lies there, which may be a few more or less than are read."""
        return self._base.size(self._names.get(name, name))

    def open(self, name: str) -> BinaryIO:
        """A stream without secrets."""
        stream = self._base.open(self._names.get(name, name))
        if name.endswith(".jsonl.gz"):
            return _buffered(_Packed(gzip.GzipFile(fileobj=stream), name, self._redactor), stream)
        if name.endswith(_RAW) and not name.startswith("logs/"):
            return stream
        return _buffered(_Pieces(self._pieces(name, stream)), stream)

    def _pieces(self, name: str, stream: BinaryIO) -> Iterator[bytes]:
        head = stream.read(_PIECE)
        if _is_json(name):
            yield from lines.cleaned(
                _rest(head, stream), name, self._redactor, every=self._redactor.looks_at_all
            )
        elif sniff(head[:4096])[1]:
            yield from self._redactor.stream(
                name, utf8_chunks(cast("BinaryIO", _Ahead(head, stream)), _PIECE)
            )
        else:
            yield from self._redactor.stream(name, _rest(head, stream))


def _is_json(name: str) -> bool:
    top = "/" not in name or name.startswith("raw/")
    return top and name.endswith((".json", ".jsonl"))


def _rest(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    piece = head
    while piece:
        yield piece
        piece = stream.read(_PIECE)


class _Ahead:
    """A stream of which the beginning was read already."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int) -> bytes:
        """At most so many bytes."""
        if self._head:
            given, self._head = self._head[:size], self._head[size:]
            return given
        return self._stream.read(size)


class _Pieces(io.RawIOBase):
    """Pieces of any size as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held, self.below = pieces, memoryview(b""), None

    below: BinaryIO | None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the one buffer BufferedReader gives
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._held = memoryview(piece)
        size = min(len(buffer), len(self._held))
        buffer[:size] = self._held[:size]
        self._held = self._held[size:]
        return size

    def close(self) -> None:
        if self.below is not None:
            self.below.close()
        super().close()


class _Packed(_Pieces):
    """A gzipped list of rows, unpacked, redacted and packed again."""

    def __init__(self, plain: gzip.GzipFile, name: str, redactor: Redactor) -> None:
        super().__init__(self._packed(plain, name, redactor))

    @staticmethod
    def _packed(plain: gzip.GzipFile, name: str, redactor: Redactor) -> Iterator[bytes]:
        kept = io.BytesIO()
        with gzip.GzipFile(fileobj=kept, mode="wb", compresslevel=1, mtime=0) as target:
            rows = iter(lambda: plain.read(_PIECE), b"")
            for piece in lines.cleaned(rows, name, redactor, every=redactor.looks_at_all):
                target.write(piece)
                yield kept.getvalue()
                kept.seek(0)
                kept.truncate()
        yield kept.getvalue()


def _buffered(raw: _Pieces, below: BinaryIO) -> BinaryIO:
    raw.below = below
    return cast("BinaryIO", io.BufferedReader(raw, _PIECE))
