"""What a bundle says about itself: where it comes from, what was got, what is missing and why."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from diagnose.evidence.instants import format_instant, parse_instant

FORMAT = "run-evidence-bundle"
VERSION = 1


class PartState(StrEnum):
    """How much of a part is there. Only `COMPLETE` lets anyone conclude from an absence."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    DENIED = "denied"
    FAILED = "failed"
    GONE = "gone"
    NOT_COLLECTED = "not-collected"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the evidence, how much of it is there, and why not more."""

    state: PartState
    reason: str | None = None
    items: int | None = None
    bytes: int | None = None

    @property
    def is_complete(self) -> bool:
        """All of it is here; that there was none counts as complete, with `items` 0."""
        return self.state is PartState.COMPLETE


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the evidence was taken. `kind`: azureml, local or import; `sdk`: v1 or v2."""

    kind: str | None = None
    subscription_id: str | None = None
    resource_group: str | None = None
    workspace: str | None = None
    region: str | None = None
    sdk: str | None = None
    portal_url: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """From `bundle.json`. `captured_at` is the service's clock; `clock_skew_s` is service minus laptop."""

    version: int = VERSION
    captured_at: datetime | None = None
    captured_by: str | None = None
    origin: Origin = field(default_factory=Origin)
    clock_skew_s: float | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    gaps: tuple[Mapping[str, object], ...] = ()
    """Each thing that a capture asked for and did not get: what, state, reason, status, code, request_id, attempts."""


class UnreadableManifestError(ValueError):
    """No bundle's `bundle.json`, or of a version unknown here; the message is the rest of a sentence."""


def manifest_from(row: Mapping[str, object]) -> Manifest:
    """Raises UnreadableManifestError for another format or a newer version; ignores unknown fields."""
    if row.get("format") != FORMAT:
        raise UnreadableManifestError(f'is not a bundle: its bundle.json does not say "format": "{FORMAT}"')
    version, parts = row.get("version"), row.get("parts", {})
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise UnreadableManifestError("is not a bundle: its bundle.json names no version")
    if version > VERSION:
        raise UnreadableManifestError(
            f"is a bundle of version {version}, and this program reads up to version {VERSION}; "
            "update it with pip install --upgrade azureml-diagnose"
        )
    if not isinstance(parts, dict):
        raise UnreadableManifestError("is not a bundle: the parts in its bundle.json are not an object")
    return Manifest(
        version=version,
        captured_at=parse_instant(row.get("captured_at")),
        captured_by=_text(row.get("captured_by")),
        origin=_origin(row.get("origin")),
        clock_skew_s=_seconds(row.get("clock_skew_s")),
        parts={name: _part(part) for name, part in parts.items()},
        gaps=_gaps(row.get("gaps")),
    )


def manifest_row(manifest: Manifest) -> dict[str, object]:
    """The `bundle.json` of a manifest; `manifest_from` reads it back to an equal value."""
    origin = manifest.origin
    row: dict[str, object] = {
        "format": FORMAT,
        "version": manifest.version,
        "captured_at": format_instant(manifest.captured_at),
        "captured_by": manifest.captured_by,
        "origin": {name: getattr(origin, name) for name in Origin.__slots__},
        "clock_skew_s": manifest.clock_skew_s,
        "parts": {name: _part_row(part) for name, part in sorted(manifest.parts.items())},
    }
    return row | {"gaps": [dict(gap) for gap in manifest.gaps]} if manifest.gaps else row


def _part_row(part: Part) -> dict[str, object]:
    row = {"state": part.state.value, "reason": part.reason, "items": part.items, "bytes": part.bytes}
    return {key: value for key, value in row.items() if value is not None}


def _part(row: object) -> Part:
    if not isinstance(row, dict):
        return Part(PartState.FAILED, "bundle.json does not describe it as an object")
    try:
        state = PartState(str(row.get("state")))
    except ValueError:
        return Part(
            PartState.FAILED, f"bundle.json gives it the unknown state {str(row.get('state'))[:40]!r}"
        )
    return Part(state, _text(row.get("reason")), _count(row.get("items")), _count(row.get("bytes")))


def _origin(row: object) -> Origin:
    if not isinstance(row, dict):
        return Origin()
    return Origin(**{name: _text(row.get(name)) for name in Origin.__slots__})


def _gaps(value: object) -> tuple[Mapping[str, object], ...]:
    return tuple(gap for gap in value if isinstance(gap, dict)) if isinstance(value, list) else ()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None
