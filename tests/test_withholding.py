"""Less evidence may make a verdict less certain or inconclusive; it never makes it a cause that is not true.

Parts are withheld, logs are cut, rows are shuffled and words are redacted, over all sample runs.
"""

import gzip
import json
import random
import re

import pytest
from samples import AT, BROKEN, NAMES, bundle_of, cause_of, label_of, members_of, record_of

from diagnose.pipeline import judge

PARTS = ("run", "children", "metrics", "outputs", "logs", "code", "processes")
STATES = ("denied", "failed", "gone", "not-collected")


def withheld(members, parts, state="denied"):
    """The bundle as a capture leaves it that was refused these parts."""
    kept = {name: data for name, data in members.items() if part_of(name) not in parts}
    manifest = json.loads(members["bundle.json"])
    for part in parts:
        manifest["parts"][part] = {"state": state, "reason": "403 for this test"}
    if "run" in parts:
        kept["run.json"] = b"{}"
    return {**kept, "bundle.json": json.dumps(manifest).encode()}


def part_of(member):
    if member in ("bundle.json", "run.json"):
        return member.removesuffix(".json") if member == "run.json" else None
    return member.split("/")[0].split(".")[0]


def cut(members, *, keep):
    """Every log cut to its first or last half, as a capture with a cap leaves it; the listing says so."""
    listing = [json.loads(line) for line in lines_of(members, "logs.jsonl")]
    changed = dict(members)
    for row in listing:
        data = members.get(f"logs/{row['path']}")
        if data is None or row["captured"] != "whole":
            continue
        lines = data.splitlines(keepends=True)
        half = lines[: len(lines) // 2] if keep == "head" else lines[len(lines) // 2 :]
        changed[f"logs/{row['path']}"] = b"".join(half)
        row |= {"captured": keep, "omitted_bytes": len(data) - len(b"".join(half))}
    return {**changed, "logs.jsonl": "\n".join(map(json.dumps, listing)).encode()}


def lines_of(members, name):
    data = members.get(name) or gzip.decompress(members.get(f"{name}.gz", gzip.compress(b"")))
    return [line for line in data.decode().splitlines() if line]


def shuffled(members, seed):
    """The rows of every listing in another order."""
    rng, changed = random.Random(seed), dict(members)
    for part in ("children", "metrics", "outputs", "logs", "processes"):
        if f"{part}.jsonl" in members or f"{part}.jsonl.gz" in members:
            rows = lines_of(members, f"{part}.jsonl")
            rng.shuffle(rows)
            changed.pop(f"{part}.jsonl.gz", None)
            changed[f"{part}.jsonl"] = ("\n".join(rows) + "\n").encode() if rows else b""
    return changed


REDACTED = re.compile(
    rb"/mnt/azureml/\S+|\b[0-9a-f]{24,}\b|https?://\S+|\b[\w.+-]+@[\w-]+\.\w+\b|\b\d+\.\d+\.\d+\.\d+\b"
)


def redacted(members):
    """Paths, digests, addresses and URLs of the user's logs made tokens, line for line."""
    return {
        name: REDACTED.sub("⟦redacted:1⟧".encode(), data) if name.startswith("logs/user_logs/") else data
        for name, data in members.items()
    }


def without_runtime_logs(members):
    kept = {n: d for n, d in members.items() if not n.startswith("logs/system_logs/")}
    rows = [json.loads(line) for line in lines_of(members, "logs.jsonl")]
    listing = [row for row in rows if not row["path"].startswith("system_logs/")]
    manifest = json.loads(members["bundle.json"])
    manifest["parts"]["logs"] = {"state": "partial", "reason": "the runtime's logs were denied"}
    kept |= {
        "logs.jsonl": "\n".join(map(json.dumps, listing)).encode(),
        "bundle.json": json.dumps(manifest).encode(),
    }
    return kept


CHANGES = {
    **{f"without {part}": (lambda m, p=part: withheld(m, {p})) for part in PARTS},
    "first halves of logs": lambda m: cut(m, keep="head"),
    "last halves of logs": lambda m: cut(m, keep="tail"),
    "shuffled": lambda m: shuffled(m, 7),
    "redacted": redacted,
    "without the runtime's logs": without_runtime_logs,
}


def may_be(name):
    """The causes that are no error where less is seen: without the source the later link of a chain is all there is."""
    return {cause_of(name), "inconclusive", *label_of(name).get("acceptable", ())}


# Every change of a broken run; of a mended twin, of which there is less to lose, every third, another one of each.
CASES = [
    (name, change)
    for turn, name in enumerate(NAMES)
    for number, change in enumerate(CHANGES)
    if name in BROKEN or (turn + number) % 3 == 0
]


@pytest.mark.parametrize(("name", "change"), CASES)
def test_less_evidence_never_makes_another_cause(name, change):
    cause = judge(bundle_of(CHANGES[change](members_of(name))), AT)["cause"]
    assert cause in may_be(name)


@pytest.mark.parametrize("name", NAMES)
def test_any_subset_of_the_parts_never_makes_another_cause(name):
    rng = random.Random(name)
    members = members_of(name)
    for _ in range(4 if name in BROKEN else 2):
        parts = {part for part in PARTS if rng.random() < 0.4}
        cause = judge(bundle_of(withheld(members, parts, rng.choice(STATES))), AT)["cause"]
        assert cause in may_be(name), parts


@pytest.mark.parametrize("name", NAMES)
def test_shuffling_and_redacting_change_nothing(name):
    members = members_of(name)
    before = record_of(name)
    for changed in (shuffled(members, 1), redacted(members)):
        after = judge(bundle_of(changed), AT)
        assert (after["outcome"], after["cause"], after["certainty"]) == (
            before["outcome"],
            before["cause"],
            before["certainty"],
        )
