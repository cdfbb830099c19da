"""Redaction never changes a verdict, and no planted secret is left in what is told: over all sample runs."""

import json
import random
import sys
from pathlib import Path

import pytest
from samples import AT, BROKEN, FOLDER, MENDED, bundle_of, judgement, members_of, open_bundle

from diagnose.collect.redact import without_secrets
from diagnose.pipeline import judge

sys.path.insert(0, str(Path(__file__).parent))
from secretcorpus import KEYED, SHAPED, password


def planted(members, record, rng):
    """Secrets at the end of quoted lines and of some others; and the values."""
    quoted = {}
    for piece in record["evidence"]:
        source = piece["source"] or {}
        if source.get("line"):
            quoted.setdefault(f"logs/{source['path']}", set()).add(source["line"])
    changed, values = dict(members), []
    for name in sorted(members):
        if not name.startswith("logs/"):
            continue
        lines = members[name].split(b"\n")
        for number in range(1, len(lines)):
            if number in quoted.get(name, ()) or rng.random() < 0.02:
                text, value = secret(rng)
                values.append(value)
                lines[number - 1] = lines[number - 1].rstrip(b"\r") + b" " + text.encode()
        changed[name] = b"\n".join(lines)
    return changed, values


def secret(rng):
    if rng.random() < 0.5:
        value = SHAPED[rng.choice(sorted(SHAPED))](rng)
        return value, value
    value = password(rng)
    return rng.choice([each for each in KEYED[:30] if "\n" not in each]).format(v=value), value


def told(record):
    said = judgement(record)
    del said["headline"]
    return said


@pytest.mark.parametrize("name", [*BROKEN, *MENDED[::4]])
def test_a_sample_run_is_judged_alike_with_and_without_secrets_in_it(name):
    plain = judge(open_bundle(FOLDER / name), AT)
    clean = judge(without_secrets(open_bundle(FOLDER / name)), AT)
    assert judgement(clean) == judgement(plain)
    members, values = planted(members_of(name), plain, random.Random(name))
    kept, taken = judge(bundle_of(members), AT), judge(without_secrets(bundle_of(members)), AT)
    assert told(taken) == told(kept)
    said = json.dumps(taken, ensure_ascii=False)
    assert not [value for value in values if value in said]
