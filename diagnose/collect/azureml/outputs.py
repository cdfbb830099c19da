"""Every blob below a run's outputs and artifacts: what the listing says of it, and its first and last bytes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.storage import Listed, Place, Storage
from diagnose.collect.azureml.threads import each
from diagnose.collect.azureml.workspace import Json
from diagnose.collect.written import END, base64_of
from diagnose.evidence.bundle import Part, PartState
from diagnose.evidence.formats import BY_NAME
from diagnose.evidence.instants import format_instant
from diagnose.evidence.outputs import ARTIFACTS

PROBED_MAX = 2_000
"""Blobs of which the ends are read: at most 16 MiB in all, whatever the size of the outputs."""
BLOCK_LISTS_MAX = 500
AT_ONCE = 12


@dataclass
class Found:
    """The blobs of one output, as far as they could be listed, and why there may be more."""

    output: str
    place: Place | None
    blobs: list[Listed] = field(default_factory=list)
    gap: Gap | None = None

    def by_path(self) -> dict[str, Listed]:
        """The blobs by their path below the output."""
        return {_below(blob, self.place): blob for blob in self.blobs}


def list_output(storage: Storage, output: str, places: Iterable[Place]) -> Found:
    """The blobs at the first of the places that holds any; never raises GapError."""
    found = Found(output, None)
    for place in places:
        found = Found(output, place)
        try:
            found.blobs.extend(storage.listing(f"the output {output}", place))
            if not found.blobs:
                found = _one_file(storage, output, place) or found
        except GapError as error:
            found.gap = error.gap
        if found.blobs or found.gap:
            return found
    return found


def _one_file(storage: Storage, output: str, place: Place) -> Found | None:
    """An output that is a file and no folder: its name is the whole of its place."""
    name = place.prefix.rstrip("/")
    if not name:
        return None
    above = replace(place, prefix=f"{name.rpartition('/')[0]}/")
    listed = storage.listing(f"the output {output}", replace(place, prefix=name))
    blobs = [replace(blob, place=above) for blob in listed if blob.name == name]
    return Found(output, above, blobs) if blobs else None


def rows(
    found: Iterable[Found], storage: Storage, is_log: Callable[[str], bool]
) -> tuple[list[Json], list[Gap]]:
    """The rows of `outputs.jsonl`, sorted, with what could not be looked into. Logs among the artifacts are left out."""
    blobs = [
        (each_found.output, blob, path)
        for each_found in found
        for blob in each_found.blobs
        if (path := _below(blob, each_found.place)) and not (each_found.output == ARTIFACTS and is_log(path))
    ]
    blobs.sort(key=lambda item: (item[0], item[2]))
    looked = _looked_into([blob for _, blob, _ in blobs], storage)
    made = [_row(output, blob, path, looked.get(blob, _Looked())) for output, blob, path in blobs]
    return made, [one.gap for one in looked.values() if one.gap]


def outputs_part(found: Iterable[Found], made: list[Json], gaps: list[Gap], unknown: Gap | None) -> Part:
    """The part of a bundle; complete only where every output is known and was listed to its end.

    `unknown`: why nobody could say which outputs there are.
    """
    size = sum(value for row in made if isinstance(value := row.get("size"), int))
    missing = [one.gap for one in found if one.gap] + ([unknown] if unknown else [])
    if not missing and any(one.place is None for one in found):
        missing.append(Gap("the outputs", PartState.FAILED, "the place of one of them is not known"))
    if missing:
        return missing[0].part(len(made), size)
    if gaps:
        gone = sum(gap.state is PartState.GONE for gap in gaps)
        why = "were deleted between listing and reading" if gone == len(gaps) else "could not be looked into"
        return Part(
            PartState.PARTIAL, f"{len(gaps):,} of the blobs {why}; {gaps[0].sentence}", len(made), size
        )
    return Part(PartState.COMPLETE, None, len(made), size)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was seen of one blob beyond its listing."""

    head: bytes | None = None
    tail: bytes | None = None
    uncommitted: int | None = None
    gap: Gap | None = None


def _looked_into(blobs: list[Listed], storage: Storage) -> dict[Listed, _Looked]:
    """The block lists of the doubtful ones and the ends of the others, the ones that a format can judge first."""
    doubtful = [blob for blob in blobs if _is_doubtful(blob)][:BLOCK_LISTS_MAX]
    readable = sorted((blob for blob in blobs if blob.committed and blob.size), key=_rank)[:PROBED_MAX]
    chosen = list(dict.fromkeys([*doubtful, *readable]))
    return dict(zip(chosen, each(lambda blob: _look(blob, storage), chosen, AT_ONCE), strict=True))


def _is_doubtful(blob: Listed) -> bool:
    """Whether blocks may lie there that nobody committed: it has no byte, or somebody holds it."""
    return blob.blob_type in ("block", None) and (
        not blob.committed or blob.size == 0 or blob.lease == "locked"
    )


_JUDGED = {suffix for form in BY_NAME for suffix in form.suffixes}


def _rank(blob: Listed) -> tuple[bool, str]:
    return blob.name.rpartition(".")[2].lower() not in _JUDGED, blob.name


def _look(blob: Listed, storage: Storage) -> _Looked:
    looked = _Looked()
    if _is_doubtful(blob):
        try:
            blocks = storage.uncommitted_bytes(f"the blocks of {blob.name}", blob)
            looked = replace(looked, uncommitted=blocks if blocks or not blob.committed else None)
        except GapError as error:
            looked = replace(looked, gap=error.gap)
    if not blob.committed:
        return looked
    what, is_small = f"the bytes of {blob.name}", blob.size <= 2 * END
    try:
        # One read brings both ends of a small blob; of an empty one there is nothing to read.
        head = storage.piece(what, blob, 0, blob.size if is_small else END).data if blob.size else b""
        looked = replace(looked, head=head[:END])
        tail = head if is_small else storage.piece(what, blob, blob.size - END, END).data
        return replace(looked, tail=tail[-END:])
    except GapError as error:
        return replace(looked, gap=error.gap)


def _below(blob: Listed, place: Place | None) -> str:
    return blob.name.removeprefix(place.prefix) if place else blob.name


def _row(output: str, blob: Listed, path: str, looked: _Looked) -> Json:
    row: dict[str, object] = {
        "output": output,
        "path": path,
        "size": blob.size,
        "created_at": format_instant(blob.created_at),
        "modified_at": format_instant(blob.modified_at),
        "blob_type": blob.blob_type,
        "committed": blob.committed,
    }
    if looked.uncommitted is not None:
        row["uncommitted_bytes"] = looked.uncommitted
    if not blob.committed:
        return row
    return row | {
        "etag": blob.etag,
        "content_type": blob.content_type,
        "content_md5": base64_of(blob.content_md5),
        "lease": blob.lease,
        "head": base64_of(looked.head),
        "tail": base64_of(looked.tail),
    }
