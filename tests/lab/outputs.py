"""Outputs as the service would list them: what a mount committed, what an upload took, what stayed open."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

EDGE = 4096  # bytes that a bundle may hold of either end


@dataclass(frozen=True, slots=True)
class Blob:
    """One row of outputs.jsonl; times are lab seconds, None where the service would not know."""

    output: str
    path: str
    data: bytes
    created: float | None
    modified: float | None
    committed: bool = True
    uncommitted_bytes: int | None = None

    def row(self, iso) -> dict[str, object]:
        """The row as bundles write it; nothing is read of what is not committed."""
        row: dict[str, object] = {
            "output": self.output,
            "path": self.path,
            "size": len(self.data),
            "created_at": iso(self.created),
            "modified_at": iso(self.modified),
            "blob_type": "block",
            "committed": self.committed,
        }
        if self.uncommitted_bytes is not None:
            row["uncommitted_bytes"] = self.uncommitted_bytes
        if not self.committed:
            return row
        digest = hashlib.md5(self.data, usedforsecurity=False).digest()
        return row | {
            "etag": "0x8D" + hashlib.sha1(self.data, usedforsecurity=False).hexdigest()[:13].upper(),
            "content_type": "application/octet-stream",
            "content_md5": base64.b64encode(digest).decode(),
            "lease": "unlocked",
            "head": base64.b64encode(self.data[:EDGE]).decode(),
            "tail": base64.b64encode(self.data[-EDGE:]).decode(),
        }


class Folder:
    """One output folder on the node, looked at often enough to know when each file appeared."""

    def __init__(self, output: str, root: Path, mode: str, prefix: str = "") -> None:
        self.output, self.root, self.mode, self.prefix = output, root, mode, prefix
        self.first_seen: dict[Path, float] = {}

    def look(self, now: float) -> None:
        """Notes files that are new; `now` is real time."""
        for path in self.files():
            self.first_seen.setdefault(path, now)

    def files(self) -> list[Path]:
        """All files below the folder, sorted."""
        return sorted(path for path in self.root.rglob("*") if path.is_file() and not path.is_symlink())

    def listing(self, lab, open_paths: set[str]) -> list[Blob]:
        """A mount as its blobs are now: a file that is still open for writing has nothing readable."""
        blobs = []
        for path in self.files():
            state = path.stat()
            name = self.prefix + path.relative_to(self.root).as_posix()
            if str(path) in open_paths:
                blobs.append(Blob(self.output, name, b"", None, None, False, state.st_size))
                continue
            created = min(self.first_seen.get(path, state.st_mtime), state.st_mtime)
            blobs.append(Blob(self.output, name, path.read_bytes(), lab(created), lab(state.st_mtime)))
        return blobs

    def uploaded(self, at: float, taken: int | None = None) -> list[Blob]:
        """The folder as an upload at the lab time `at` takes it: every file as it is just then.

        With `taken`, the upload stood still after so many files, with blocks of one more that nobody committed.
        """
        blobs = [
            Blob(self.output, self.prefix + path.relative_to(self.root).as_posix(), path.read_bytes(), at, at)
            for path in self.files()
        ]
        if taken is None or taken >= len(blobs):
            return blobs
        begun = blobs[taken]
        staged = len(begun.data) // 2
        return [*blobs[:taken], Blob(self.output, begun.path, b"", None, None, False, staged)]
