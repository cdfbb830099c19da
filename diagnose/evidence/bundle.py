"""A bundle: everything that is known about one run, with what is missing and why."""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self, TypeVar, cast

from diagnose.errors import BundleError
from diagnose.evidence import saving
from diagnose.evidence.documents import BrokenJsonError, read_lines, read_object
from diagnose.evidence.manifest import (
    Manifest,
    Origin,
    Part,
    PartState,
    UnreadableManifestError,
    manifest_from,
)
from diagnose.evidence.members import guarded, quoted
from diagnose.evidence.store import FileStore, OverlayStore, Store, open_store

if TYPE_CHECKING:
    from diagnose.evidence.logs import LogPattern

__all__ = [
    "Bundle",
    "Fact",
    "Manifest",
    "Missing",
    "Origin",
    "Part",
    "PartState",
    "bundle_in",
    "check_target",
    "open_bundle",
    "write_bundle",
]


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not there, why it is not, and how to get it."""

    name: str
    reason: str
    remedy: str | None = None


class Fact(Protocol):
    """Something known about a run, in its own type."""

    @classmethod
    def read(cls, bundle: "Bundle") -> Self | Missing:
        """The fact, or why it is missing."""


F = TypeVar("F", bound=Fact)


class Redaction(Protocol):
    """What took the secrets out of a bundle, and takes out of other texts what it found there."""

    def value(self, name: str, value: object) -> object:
        """A text, or a document of them, without any secret that is known."""

    def told(self) -> Mapping[str, object]:
        """How many of which kinds were found where."""

    def settle(self, store: Store) -> None:
        """Learn all that a store holds, before it is written elsewhere."""


class Bundle:
    """The evidence of one run: typed facts on top, named byte streams below.

    A broken part is noticed when it is read: it turns `failed`, with the reason, and the rest stays good.
    """

    def __init__(self, store: Store, manifest: Manifest) -> None:
        self.store = store
        self.manifest = manifest
        self.redaction: Redaction | None = None
        self.watched: tuple[LogPattern, ...] = ()
        self._broken: dict[str, Part] = {}
        self._facts: dict[type[Fact], object] = {}

    def watch(self, patterns: "Iterable[LogPattern]") -> None:
        """Logs are read for these patterns only; facts read earlier, for others, are forgotten."""
        self.watched = tuple(patterns)
        self._facts.clear()

    def get(self, fact: type[F]) -> F | Missing:
        """The fact, read once."""
        if fact not in self._facts:
            self._facts[fact] = fact.read(self)
        return cast("F | Missing", self._facts[fact])

    def settle(self, fact: type[Fact], missing: Missing) -> None:
        """The fact cannot be had: from now on `get` answers with the reason."""
        self._facts[fact] = missing

    def part(self, name: str) -> Part:
        """The part as it is known by now: what the manifest says, unless reading has shown it broken."""
        return self._broken.get(name) or self.manifest.parts.get(name) or Part(PartState.NOT_COLLECTED)

    def mark_failed(self, name: str, reason: str) -> None:
        """The part is broken. The first reason wins."""
        if self.part(name).state is not PartState.FAILED:
            self._broken[name] = replace(self.part(name), state=PartState.FAILED, reason=reason)

    def has(self, member: str) -> bool:
        """Whether there is a readable file of exactly that name."""
        try:
            self.store.size(member)
        except (KeyError, OSError):
            return False
        return True

    def document(self, name: str) -> Mapping[str, object] | None:
        """The object in a JSON file such as `run.json`; None when it is absent or broken.

        Its part has then failed, unless the manifest promised nothing.
        """
        part = name.partition("/")[0].partition(".")[0]
        try:
            with self.store.open(name) as stream:
                return read_object(stream)
        except KeyError:
            self._promised(part, name, 0)
        except (BrokenJsonError, OSError) as error:
            self.mark_failed(part, _trouble(name, error))
        return None

    def rows(self, part: str, member: str | None = None) -> Iterator[Mapping[str, object]]:
        """The rows of `member` (`<part>.jsonl` unless named), plain or gzipped, in file order.

        A broken line ends them and marks the part failed; so do fewer rows than a complete part promises.
        What `part()` says is therefore final after the last row only.
        """
        name, count = member or f"{part}.jsonl", 0
        try:
            with self._lines(name) as stream:
                for count, row in enumerate(read_lines(stream), start=1):  # noqa: B007  # counted for below
                    yield row
        except KeyError:
            pass
        except (BrokenJsonError, OSError) as error:
            self.mark_failed(part, _trouble(name, error))
        if name == f"{part}.jsonl":
            self._promised(part, name, count)

    @contextmanager
    def _lines(self, name: str) -> Iterator[BinaryIO]:
        try:
            plain = self.store.open(name)
        except KeyError:
            with self.store.open(f"{name}.gz") as packed:
                unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=packed))
                with guarded(unpacked, f"{name}.gz", self.store.size(f"{name}.gz")) as stream:
                    yield stream
        else:
            with plain:
                yield plain

    def _promised(self, part: str, name: str, count: int) -> None:
        """A file cut between two lines, or left out, shows only against what the manifest promised."""
        promised = self.part(part)
        if not promised.is_complete or promised.items == 0:
            return
        if not self.has(name) and not self.has(f"{name}.gz"):
            # Log files may stand on their own, without the list of them.
            if not any(other.startswith(f"{part}/") for other in self.store.names()):
                self.mark_failed(part, f"{name} is not in the bundle, though bundle.json calls it complete")
        elif name.endswith(".jsonl") and count < (promised.items or 0):
            self.mark_failed(part, f"{name} has {count} rows, and bundle.json promises {promised.items}")


def open_bundle(path: Path) -> Bundle:
    """The bundle at `path`: a folder or a zip file, with all of it inside one folder or not.

    Raises BundleError when there is none, or it is damaged, unsafe, or of a newer version. A broken part
    is not an error: see `Bundle`.
    """
    bundle = bundle_in(open_store(path))
    if bundle is None:
        raise BundleError(
            f"{path} is not a bundle: it holds no bundle.json; give a bundle, a download or a folder of logs."
        )
    return bundle


def bundle_in(store: Store) -> Bundle | None:
    """The bundle that a store holds, None when it holds no `bundle.json`; raises as `open_bundle` does."""
    found = _rooted(store)
    if found is None:
        return None
    try:
        with found.open("bundle.json") as stream:
            manifest = manifest_from(read_object(stream))
    except UnreadableManifestError as error:
        raise BundleError(f"{store.where} {error}.") from error
    except (BrokenJsonError, OSError) as error:
        trouble = _trouble("bundle.json", error)
        raise BundleError(f"{store.where} is broken: {trouble}; get a fresh copy of it.") from error
    return Bundle(found, _without_ignored(manifest, found.ignored()))


def write_bundle(bundle: Bundle, path: Path) -> None:
    """Write a bundle to `path`: a zip file if it ends so, else a folder; whole or not at all.

    Replaces an older bundle there, and nothing else. Raises BundleError, and leaves everything as it was.
    """
    saving.save(bundle.store, bundle.manifest, path, lambda: _marks(bundle))


def _marks(bundle: Bundle) -> Mapping[str, object]:
    return {"redaction": bundle.redaction.told()} if bundle.redaction else {}


def check_target(path: Path) -> None:
    """Raises BundleError where `write_bundle` would, as far as that can be known before there is a bundle."""
    saving.check_target(path)


def _rooted(store: Store) -> Store | None:
    """The store as seen from its `bundle.json`: at the top, or in the one folder that holds it all."""
    if isinstance(store, FileStore):  # a bundle is more than its manifest
        return None
    names = {*store.names(), *store.ignored()}
    if "bundle.json" in names:
        return store
    tops = {name.partition("/")[0] for name in names} - {"__MACOSX", ".DS_Store"}
    inside = f"{tops.pop()}/" if len(tops) == 1 else ""
    if not inside or f"{inside}bundle.json" not in names:
        return None
    mapped = {name.removeprefix(inside): name for name in names if name.startswith(inside)}
    return OverlayStore(store, {}, mapped, store.where)


def _without_ignored(manifest: Manifest, ignored: Mapping[str, str]) -> Manifest:
    """A file among the logs or the code that may not be read leaves its part incomplete."""
    parts = dict(manifest.parts)
    for name, why in ignored.items():
        part = name.partition("/")[0]
        if part in parts and parts[part].is_complete:
            parts[part] = replace(parts[part], state=PartState.PARTIAL, reason=f"{quoted(name)} {why}")
    return replace(manifest, parts=parts)


def _trouble(name: str, error: BrokenJsonError | OSError) -> str:
    if isinstance(error, BrokenJsonError):
        return f"{name} {error}"
    return f"{name} cannot be read: {error.strerror or error}"
