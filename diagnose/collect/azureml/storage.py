"""Blobs through azure-storage-blob: listed with what was never committed, and read by ranges of a known size."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from azure.core.credentials import AzureSasCredential
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobClient, BlobProperties, ContainerClient

from diagnose.collect.azureml.clouds import host_of
from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.paging import Pages
from diagnose.collect.azureml.workspace import Service
from diagnose.evidence.bundle import PartState

RANGE = 4 << 20
"""Bytes of one read."""
BLOBS_MAX = 200_000
"""Blobs of one listing that are kept; the listing says that there are more."""
_API_VERSION = "2025-11-05"
"""One that is served everywhere, sovereign clouds included, and not the newest of the client."""
_PER_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where blobs lie: an account's host, a container, and what their names begin with."""

    host: str
    container: str
    prefix: str

    @classmethod
    def at(cls, url: str) -> "Place | None":
        """The place behind `https://account.blob.core.windows.net/container/prefix`; None for another address."""
        host, parts = host_of(url), urlsplit(url)
        container, _, prefix = unquote(parts.path).lstrip("/").partition("/")
        # The same account has a second door for hierarchical namespaces.
        return cls(host.replace(".dfs.", ".blob.", 1), container, prefix) if host and container else None


@dataclass(frozen=True, slots=True)
class Listed:
    """One blob as the listing tells it. Sizes in bytes, times UTC; `committed` False: only blocks that nobody committed."""

    place: Place
    name: str
    size: int
    created_at: datetime | None
    modified_at: datetime | None
    etag: str | None
    content_type: str | None
    content_md5: bytes | None
    blob_type: str | None
    committed: bool
    lease: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a blob, and what its answer says of the whole."""

    data: bytes
    total: int
    modified_at: datetime | None
    etag: str | None


class Storage:
    """The storage accounts of one workspace, by identity unless a key was asked for; raises GapError."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.secrets: dict[tuple[str, str], str | AzureSasCredential] = {}
        """Keys and SAS tokens by host and container: only filled where the user said --use-datastore-secrets."""

    def listing(self, what: str, place: Place) -> Iterator[Listed]:
        """The blobs below a place, folder markers left out; raises GapError, in the middle too."""
        self._check(what, place.host)
        marker: str | None = None
        turned, count = Pages(what), 0
        while True:
            page, marker = self._service.patience.ask(what, place.host, partial(self._page, place, marker))
            for each in page:
                if _is_folder(each):
                    continue
                count += 1
                if count > BLOBS_MAX:
                    reason = f"there are more than {BLOBS_MAX:,} blobs; the later ones were not listed"
                    raise GapError(Gap(what, PartState.PARTIAL, reason))
                yield _listed(place, each)
            if not turned.goes_on(marker, len(page)):
                return

    def holds(self, what: str, place: Place, below: str) -> bool:
        """Whether there is any blob below a folder of the place, by one question; raises GapError."""
        self._check(what, place.host)
        folder = replace(place, prefix=place.prefix + below)
        page, _ = self._service.patience.ask(what, place.host, partial(self._page, folder, None, 2))
        return any(not _is_folder(each) for each in page)

    def _page(
        self, place: Place, marker: str | None, most: int = _PER_PAGE
    ) -> tuple[list[BlobProperties], str | None]:
        pages = self._container(place).list_blobs(
            name_starts_with=place.prefix,
            include=["uncommittedblobs", "metadata"],
            results_per_page=most,
        )
        by_page: Any = pages.by_page(continuation_token=marker)
        return list(next(by_page, [])), by_page.continuation_token

    def uncommitted_bytes(self, what: str, blob: Listed) -> int:
        """Bytes in blocks that were staged for a blob and never committed."""

        def attempt() -> int:
            client = self._container(blob.place).get_blob_client(blob.name)
            _, uncommitted = client.get_block_list("uncommitted")
            return sum(block.size or 0 for block in uncommitted)

        return self._service.patience.ask(what, blob.place.host, attempt)

    def piece(self, what: str, blob: Listed, offset: int, length: int) -> Piece:
        """At most `length` bytes (up to RANGE) of a listed blob from `offset` on."""
        self._check(what, blob.place.host)

        def attempt() -> Piece:
            return _piece(self._container(blob.place, RANGE).get_blob_client(blob.name), offset, length)

        return self._service.patience.ask(what, blob.place.host, attempt)

    def piece_at(self, what: str, url: str, offset: int, length: int) -> Piece:
        """The same behind a URL that carries its own permission; no token goes with it."""
        host = host_of(url) or ""
        self._check(what, host)

        def attempt() -> Piece:
            # RefusedError and ValueError of a hostile URL are for the patience to tell.
            client = BlobClient.from_blob_url(url, **self._settings(RANGE))
            return _piece(client, offset, length)

        return self._service.patience.ask(what, host, attempt)

    def _check(self, what: str, host: str) -> None:
        """A URL found in data is only followed to blob storage of the cloud that was signed in to."""
        if not self._service.cloud.is_storage(host):
            name = re.sub("[^A-Za-z0-9.-]", "?", host)[:80] or "no host at all"
            raise GapError(
                Gap(
                    what,
                    PartState.FAILED,
                    f"it is said to lie on {name}, which is no blob storage of this cloud",
                )
            )

    def _container(self, place: Place, get_size: int = 1 << 20) -> ContainerClient:
        credential: Any = self.secrets.get((place.host, place.container)) or self._service.tokens
        return ContainerClient(
            f"https://{place.host}", place.container, credential=credential, **self._settings(get_size)
        )

    def _settings(self, get_size: int) -> Mapping[str, Any]:
        return {
            "transport": self._service.wire.transport,
            "api_version": _API_VERSION,
            "retry_total": 0,
            "max_single_get_size": get_size,
            "max_chunk_get_size": get_size,
        }


def _piece(client: BlobClient, offset: int, length: int) -> Piece:
    try:
        found = client.download_blob(offset=offset, length=length, max_concurrency=1)
        data, told = found.readall(), found.properties
    except HttpResponseError as error:
        if error.status_code != 416:  # an empty blob has no first byte
            raise
        told = client.get_blob_properties()
        return Piece(b"", told.size, told.last_modified, _bare(told.etag))
    total = _total(told, offset + len(data))
    return Piece(data, total, told.last_modified, _bare(told.etag))


def _total(told: BlobProperties, at_least: int) -> int:
    """The size of the whole blob: of a ranged answer, `size` is that of the range."""
    whole = str(told.content_range or "").rpartition("/")[2]
    return int(whole) if whole.isdecimal() else at_least


def _is_folder(blob: BlobProperties) -> bool:
    """A folder of a hierarchical namespace is listed as an empty blob, and is no empty file."""
    return str((blob.metadata or {}).get("hdi_isfolder", "")).lower() == "true"


_TYPES = {"blockblob": "block", "appendblob": "append", "pageblob": "page"}


def _listed(place: Place, blob: BlobProperties) -> Listed:
    kind = str(getattr(blob.blob_type, "value", blob.blob_type) or "").lower()
    # What has blocks and was never committed is listed without a time (recorded answer of the service).
    times: tuple[datetime | None, datetime | None] = (blob.creation_time, blob.last_modified)
    committed = bool(blob.size) or any(times)
    settings = blob.content_settings
    return Listed(
        place,
        blob.name,
        blob.size or 0,
        *times,
        _bare(blob.etag),
        settings.content_type,
        bytes(settings.content_md5) if settings.content_md5 else None,
        _TYPES.get(kind),
        committed,
        str(blob.lease.status) if blob.lease.status else None,
    )


def _bare(etag: str | None) -> str | None:
    return etag.strip('"') if etag else None
