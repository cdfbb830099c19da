"""The blobs of a run, put into Azurite as old as the bundle says they are."""

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from . import times
from .scenario import PROCESSES, ends_of
from .workspace import ARTIFACT_STORE, BLOB_STORE

AT_A_TIME = 8
BLOCK = 8 << 20
_OCTETS = "application/octet-stream"


@dataclass(frozen=True)
class Blob:
    """A blob to be made: its content is `head`, so many zeros, and `tail`."""

    container: str
    name: str
    head: bytes
    created_at: datetime
    modified_at: datetime
    filler: int = 0
    tail: bytes = b""
    kind: str = "block"
    content_type: str = _OCTETS
    md5: str | None = None
    committed: bool = True
    staged: int = 0
    leased: bool = False

    @property
    def size(self):
        return len(self.head) + self.filler + len(self.tail)


def blobs_of(workspace, run):
    """All that the bundle says is in storage."""
    artifacts, default = workspace.containers[ARTIFACT_STORE], workspace.containers[BLOB_STORE]
    logs = dict(run.logs)
    if run.processes is not None:
        logs[PROCESSES] = (run.processes, run.captured_at)
    for path, (content, at) in logs.items():
        # The v1 SDK tails `logs/` with append blobs; all other log writers use block blobs.
        kind = "append" if run.is_v1 and path.startswith("logs/azureml/") else "block"
        at = at or run.captured_at  # noqa: PLW2901  # a log without a time
        made = min(run.at("started_at") or at, at) if kind == "append" else at
        yield Blob(
            artifacts, run.artifact_prefix + path, content, made, at, kind=kind, content_type="text/plain"
        )
    for row in run.outputs:
        container, prefix = workspace.place(run, row["output"])
        yield _output(run, row, container, prefix)
    for path, content in run.code.items():
        at = run.created_at
        yield Blob(default, f"{workspace.code_prefix(run)}/{path}", content, at, at)


def _output(run, row, container, prefix):
    size = row.get("size") or 0
    head, tail = ends_of(row)
    head = head[:size]
    tail = tail[len(tail) - min(len(tail), size - len(head)) :]
    modified = times.parsed(row.get("modified_at")) or run.captured_at
    return Blob(
        container,
        prefix + row["path"],
        head,
        times.parsed(row.get("created_at")) or modified,
        modified,
        filler=size - len(head) - len(tail),
        tail=tail,
        kind="append" if row.get("blob_type") == "append" else "block",
        content_type=row.get("content_type") or _OCTETS,
        md5=row.get("content_md5"),
        committed=row.get("committed") is not False,
        staged=row.get("uncommitted_bytes") or 0,
        leased=row.get("lease") == "locked",
    )


class Seeder:
    """Puts the blobs of one workspace into its account."""

    def __init__(self, front, workspace):
        self._front = front
        self._workspace = workspace
        self.never_committed = set()
        """The names of blobs of which there are only blocks."""
        self._signature = _signature(workspace)

    def containers(self):
        """Make the containers of the workspace."""
        for name in self._workspace.containers.values():
            self._put(name, "restype=container", self._workspace.now)

    def seed(self, runs):
        """Make the blobs of these runs; returns how many."""
        blobs = [blob for run in runs for blob in blobs_of(self._workspace, run)]
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            list(pool.map(self.put, blobs))
        self.never_committed |= {blob.name for blob in blobs if not blob.committed}
        return len(blobs)

    def put(self, blob):
        """Make one blob."""
        place = f"{blob.container}/{quote(blob.name)}"
        if blob.kind == "append":
            self._append(place, blob)
        elif blob.committed and self._in_one_piece(blob):
            headers = {"x-ms-blob-type": "BlockBlob", "x-ms-blob-content-type": blob.content_type}
            self._put(place, "", blob.modified_at, blob.head + bytes(blob.filler) + blob.tail, headers)
        elif blob.committed:
            self._commit(place, blob)
        if blob.staged or not blob.committed:
            # Azurite forgets blocks that a later Put Blob replaces, so they come last.
            self._block(place, "staged", blob.modified_at, bytes(blob.staged))
        if blob.leased:
            headers = {"x-ms-lease-action": "acquire", "x-ms-lease-duration": "-1"}
            self._put(place, "comp=lease", blob.modified_at, headers=headers)

    def delete(self, target):
        """Take a blob away."""
        self._front.ask("DELETE", self._workspace.blob_host, f"/{target}?{self._signature}")

    def grow(self, target, more, at):
        """Write a blob anew, with more at its end."""
        host, address = self._workspace.blob_host, f"/{target}?{self._signature}"
        status, headers, content = self._front.ask("GET", host, address)
        if status != 200:
            return
        if headers["x-ms-blob-type"] == "AppendBlob":
            self._put(target, "comp=appendblock", at, more)
        else:
            kinds = {"x-ms-blob-type": "BlockBlob", "x-ms-blob-content-type": headers["Content-Type"]}
            self._put(target, "", at, content + more, kinds)

    def _in_one_piece(self, blob):
        # Put Blob sets both times to one, and has no other checksum than the true one.
        made_later = blob.modified_at.replace(microsecond=0) != blob.created_at.replace(microsecond=0)
        return not made_later and (blob.filler == 0 or blob.md5 is None) and blob.size <= BLOCK

    def _append(self, place, blob):
        headers = {"x-ms-blob-type": "AppendBlob", "x-ms-blob-content-type": blob.content_type}
        self._put(place, "", blob.created_at, headers=headers)
        for start in range(0, blob.size, 4 << 20):
            content = (blob.head + bytes(blob.filler) + blob.tail)[start : start + (4 << 20)]
            self._put(place, "comp=appendblock", blob.modified_at, content)

    def _commit(self, place, blob):
        # One block of zeros may stand in the list many times: a large blob costs no memory.
        count, rest = divmod(blob.filler, BLOCK)
        pieces = {
            "head": blob.head,
            "zero": bytes(BLOCK if count else 0),
            "rest": bytes(rest),
            "tail": blob.tail,
        }
        for name, content in pieces.items():
            if content:
                self._block(place, name, blob.created_at, content)
        order = (
            ["head"] * bool(blob.head) + ["zero"] * count + ["rest"] * bool(rest) + ["tail"] * bool(blob.tail)
        )
        listed = "".join(f"<Latest>{_block_id(name)}</Latest>" for name in order)
        headers = {"x-ms-blob-content-type": blob.content_type}
        headers |= {"x-ms-blob-content-md5": blob.md5} if blob.md5 else {}
        body = f'<?xml version="1.0" encoding="utf-8"?><BlockList>{listed}</BlockList>'.encode()
        self._put(place, "comp=blocklist", blob.modified_at, body, headers)

    def _block(self, place, name, at, content):
        self._put(place, f"comp=block&blockid={quote(_block_id(name), safe='')}", at, content)

    def _put(self, place, query, at, body=b"", headers=None):
        target = f"/{place}?{query + '&' if query else ''}{self._signature}"
        known = {"x-ms-version": "2025-11-05", "x-loopback-clock": str(_whole(at)), **(headers or {})}
        known["Content-Length"] = str(len(body))
        status, _, said = self._front.ask("PUT", self._workspace.blob_host, target, known, body)
        if status not in (200, 201, 202):
            raise RuntimeError(f"Azurite answered {status} to PUT {place}?{query}: {said[:500]}")


def _signature(workspace):
    from azure.storage.blob import (  # noqa: PLC0415  # may be missing: see `available`
        AccountSasPermissions,
        ResourceTypes,
        generate_account_sas,
    )

    return generate_account_sas(
        workspace.account,
        workspace.account_key,
        ResourceTypes(service=True, container=True, object=True),
        AccountSasPermissions(read=True, write=True, add=True, create=True, delete=True, list=True),
        times.now() + timedelta(days=3650),
    )


def _block_id(name):
    return base64.b64encode(name.ljust(8).encode()).decode()


def _whole(at):
    return times.milliseconds(at.replace(microsecond=0))
