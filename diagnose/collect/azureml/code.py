"""The source code that a run was submitted with: its code asset, or the snapshot of older runs."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.spool import Spool, refusal
from diagnose.collect.azureml.storage import RANGE, Listed, Place, Storage
from diagnose.collect.azureml.threads import each
from diagnose.collect.azureml.workspace import Json, Service
from diagnose.evidence import fields
from diagnose.evidence.bundle import Part, PartState

WHAT = "the code"
FILES_MAX = 500
FILE_MAX = 1 << 20
"""Bytes: what is larger is no source code."""
ALL_MAX = 32 << 20
AT_ONCE = 8

_ASSET = re.compile(r"(?:/codes/|^azureml:)(?P<name>[^/:]+)(?:/versions/|:)(?P<version>[^/:]+)$")


def keep_asset(asset: str, service: Service, storage: Storage, spool: Spool) -> Part:
    """The files of a code asset (its ARM id) below `code/` of the spool; raises GapError."""
    found = _ASSET.search(asset)
    if found is None:
        raise GapError(Gap(WHAT, PartState.FAILED, "it is named in a form that is not known here"))
    below = f"/codes/{quote(found['name'], safe='')}/versions/{quote(found['version'], safe='')}"
    told = fields.table(service.arm(WHAT, below), "properties")
    place = Place.at(fields.text(told, "codeUri") or "")
    if place is None:
        raise GapError(Gap(WHAT, PartState.FAILED, "the service does not say where it lies"))
    prefix = place.prefix.rstrip("/") + "/"
    listed = list(storage.listing(WHAT, Place(place.host, place.container, prefix)))
    if not listed:  # one file, and not a folder
        listed = list(storage.listing(WHAT, place))
        prefix = place.prefix.rpartition("/")[0] + "/"

    def read(blob: Listed) -> bytes:
        return (
            storage.piece(f"the source {blob.name.removeprefix(prefix)}", blob, 0, min(blob.size, RANGE)).data
            if blob.size
            else b""
        )

    return _keep([(blob.name.removeprefix(prefix), blob.size, partial(read, blob)) for blob in listed], spool)


def keep_snapshot(snapshot: str, service: Service, storage: Storage, spool: Spool) -> Part:
    """The files of a snapshot below `code/`; raises GapError. The path is the one that azureml-core asks."""
    if not re.fullmatch(r"[A-Za-z0-9-]{1,80}", snapshot):
        raise GapError(Gap(WHAT, PartState.FAILED, "its snapshot has a name that is not known here"))
    tree = service.data(WHAT, "content/v1.0", f"/snapshots/{snapshot}/sas")
    files = [(path, url) for path, url in _files(tree, "", 0) if path.endswith(_SOURCES)]

    def read(path: str, url: str) -> bytes:
        piece = storage.piece_at(f"the source {path}", url, 0, FILE_MAX)
        if piece.total > FILE_MAX:
            raise GapError(Gap(WHAT, PartState.PARTIAL, "one of its files is too large for source code"))
        return piece.data

    return _keep([(path, 0, partial(read, path, url)) for path, url in files], spool)


_SOURCES = (".py", ".sh", ".yml", ".yaml", ".json", ".toml", ".cfg", ".ini", ".txt", ".R", ".ipynb")
_DEPTH_MAX = 20


def _files(node: Json, above: str, depth: int) -> Iterator[tuple[str, str]]:
    """The files of a snapshot's tree with the URLs that may read them."""
    children = fields.table(node, "children")
    for name in sorted(map(str, children)):
        child = fields.table(children, name)
        url = fields.text(child, "sasUrl")
        if url:
            yield above + name, url
        elif depth < _DEPTH_MAX:
            yield from _files(child, f"{above}{name}/", depth + 1)


def _keep(found: list[tuple[str, int, Callable[[], bytes]]], spool: Spool) -> Part:
    """The files of `(path, bytes, read)`; what is left out or cannot be read makes the part partial."""
    chosen, left_out, size = list[tuple[str, Callable[[], bytes]]](), 0, 0
    for path, expected, read in sorted(found, key=lambda item: item[0]):
        fits = expected <= FILE_MAX and size + expected <= ALL_MAX and len(chosen) < FILES_MAX
        if refusal(path) or not fits:
            left_out += 1
        else:
            chosen.append((path, read))
            size += expected

    def keep(item: tuple[str, Callable[[], bytes]]) -> int | Gap:
        path, read = item
        try:
            return spool.write(f"code/{path}", [read()])
        except GapError as error:
            return error.gap

    results = each(keep, chosen, AT_ONCE)
    kept = [result for result in results if isinstance(result, int)]
    gaps = [result for result in results if isinstance(result, Gap)]
    if gaps:
        return gaps[0].part(len(kept), sum(kept))
    if left_out:
        reason = f"{left_out:,} large or oddly named files were left out"
        return Part(PartState.PARTIAL, reason, len(kept), sum(kept))
    return Part(PartState.COMPLETE, None, len(kept), sum(kept))
