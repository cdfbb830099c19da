"""The source code that a run was submitted with: its code asset, or the snapshot of older runs."""

import re
from collections.abc import Iterator
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
    return _keep([(blob.name.removeprefix(prefix), blob) for blob in listed], storage, spool)


def keep_snapshot(snapshot: str, service: Service, storage: Storage, spool: Spool) -> Part:
    """The files of a snapshot below `code/`; raises GapError. The path is the one that azureml-core asks."""
    if not re.fullmatch(r"[A-Za-z0-9-]{1,80}", snapshot):
        raise GapError(Gap(WHAT, PartState.FAILED, "its snapshot has a name that is not known here"))
    tree = service.data(WHAT, "content/v1.0", f"/snapshots/{snapshot}/sas")
    files = [(path, url) for path, url in _files(tree, "", 0) if path.endswith(_SOURCES)][:FILES_MAX]
    count = size = 0
    for path, url in files:
        if refusal(path) is None:
            piece = storage.piece_at(f"the source {path}", url, 0, FILE_MAX)
            size += spool.write(f"code/{path}", [piece.data])
            count += 1
    return Part(PartState.COMPLETE, None, count, size)


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


def _keep(found: list[tuple[str, Listed]], storage: Storage, spool: Spool) -> Part:
    chosen, left_out, size = list[tuple[str, Listed]](), 0, 0
    for path, blob in sorted(found, key=lambda item: item[0]):
        size += blob.size
        if refusal(path) or blob.size > FILE_MAX or size > ALL_MAX or len(chosen) >= FILES_MAX:
            left_out += 1
        else:
            chosen.append((path, blob))

    def keep(item: tuple[str, Listed]) -> int | Gap:
        path, blob = item
        try:
            data = (
                storage.piece(f"the source {path}", blob, 0, min(blob.size, RANGE)).data if blob.size else b""
            )
        except GapError as error:
            return error.gap
        return spool.write(f"code/{path}", [data])

    results = each(keep, chosen, AT_ONCE)
    kept = [result for result in results if isinstance(result, int)]
    gaps = [result for result in results if isinstance(result, Gap)]
    if gaps:
        return gaps[0].part(len(kept), sum(kept))
    if left_out:
        return Part(
            PartState.PARTIAL, f"{left_out:,} large or oddly named files were left out", len(kept), sum(kept)
        )
    return Part(PartState.COMPLETE, None, len(kept), sum(kept))
