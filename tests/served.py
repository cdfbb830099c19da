"""What two captures of one run have in common: everything that a service can tell of it."""

import json

from diagnose.evidence.instants import parse_instant

WHOLE_SECONDS = {
    "outputs": ("created_at", "modified_at"),
    "logs": ("modified_at",),
    "children": ("last_log_at",),
}
"""Times that blob storage keeps to the second."""
UNTOLD = {"run.json": {"exit_code"}, "metrics": {"ingested_at"}, "outputs": {"etag"}}
"""What no answer of the service holds (or, of an etag, the storage makes anew)."""


def facts(bundle):
    """Everything in a bundle that a service can tell, in a form that two captures share."""
    told = {"run.json": without_nulls(bundle.document("run.json"), UNTOLD["run.json"])}
    properties = told["run.json"].pop("properties", {})
    properties.pop("ContentSnapshotId", None)  # leads to the code, which is compared
    told["run.json"] |= {"properties": properties} if properties else {}
    for part in ("children", "metrics", "outputs", "logs", "processes"):
        rows = [row_of(part, row, bundle) for row in bundle.rows(part)]
        told[part] = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, default=str))
    parts = bundle.manifest.parts.items()
    told["parts"] = {name: (part.state, part.items or None) for name, part in parts}
    told["siblings"] = [sibling_of(row) for row in bundle.rows("siblings")]
    files = [name for name in bundle.store.names() if name.startswith(("logs/", "code/"))]
    return told | {name: bytes_of(bundle, name) for name in files}


def bytes_of(bundle, name):
    with bundle.store.open(name) as stream:
        return stream.read()


def row_of(part, row, bundle):
    """A row without what the service does not tell; a log of which the sample has the ends is served as these."""
    row = without_nulls(row, UNTOLD.get(part, set()))
    if part == "logs" and row["captured"] == "ends":
        row |= {"captured": "whole", "omitted_bytes": 0, "size": bundle.store.size(f"logs/{row['path']}")}
    for key in WHOLE_SECONDS.get(part, ()):
        if key in row:
            row[key] = row[key].replace(microsecond=0)
    return row


def sibling_of(row):
    """An earlier run; in which order it left its outputs tells nothing."""
    left = row["outputs"] and sorted(row["outputs"], key=lambda blob: (blob["output"], blob["path"]))
    return without_nulls(row) | {"outputs": left}


def without_nulls(value, untold=frozenset()):
    """Absent and null are the same, and so are two spellings of one moment."""
    if isinstance(value, dict):
        kept = {key: without_nulls(each) for key, each in value.items() if key not in untold}
        return {key: each for key, each in kept.items() if each is not None and each not in ({}, [])}
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    return parse_instant(value) or value if isinstance(value, str) else value
