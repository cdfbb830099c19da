from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnose.evidence.manifest import (
    Manifest,
    Origin,
    Part,
    PartState,
    UnreadableManifestError,
    manifest_from,
    manifest_row,
)

PLAIN = {"format": "run-evidence-bundle", "version": 1}
texts = st.none() | st.text(max_size=20)
counts = st.none() | st.integers(0, 1 << 40)
manifests = st.builds(
    Manifest,
    version=st.just(1),
    captured_at=st.none() | st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year > 1),
    captured_by=texts,
    origin=st.builds(Origin, **dict.fromkeys(Origin.__slots__, texts)),
    clock_skew_s=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    parts=st.dictionaries(
        st.text(max_size=10), st.builds(Part, st.sampled_from(PartState), texts, counts, counts), max_size=4
    ),
)


@given(manifests)
def test_what_was_written_reads_back_equal(manifest):
    assert manifest_from(manifest_row(manifest)) == manifest


def test_what_is_not_said_is_not_known():
    assert manifest_from(PLAIN) == Manifest(version=1)


def test_fields_of_a_later_day_are_ignored():
    row = PLAIN | {"mood": "good", "parts": {"run": {"state": "complete", "mood": "bad"}}}
    assert manifest_from(row).parts == {"run": Part(PartState.COMPLETE)}


@pytest.mark.parametrize("word", [None, "other", 1, ["run-evidence-bundle"]])
def test_another_format_is_no_bundle(word):
    with pytest.raises(UnreadableManifestError, match="is not a bundle"):
        manifest_from({"format": word, "version": 1})


def test_a_newer_version_is_refused_naming_both():
    with pytest.raises(UnreadableManifestError, match="of version 7, and this program reads up to version 1"):
        manifest_from(PLAIN | {"version": 7})


@pytest.mark.parametrize("version", [None, "1", 0, -1, True, 1.0])
def test_a_version_that_is_no_number_is_refused(version):
    with pytest.raises(UnreadableManifestError, match="names no version"):
        manifest_from(PLAIN | {"version": version})


@pytest.mark.parametrize("part", [None, "complete", {}, {"state": "splendid"}, {"state": ["complete"]}])
def test_a_part_without_a_known_state_has_failed(part):
    part = manifest_from(PLAIN | {"parts": {"run": part}}).parts["run"]
    assert part.state is PartState.FAILED
    assert part.reason


def test_a_field_of_the_wrong_type_is_not_known():
    row = PLAIN | {"captured_at": 5, "captured_by": [], "origin": "here", "clock_skew_s": "1"}
    row["parts"] = {"run": {"state": "partial", "reason": 5, "items": -1, "bytes": True}}
    assert manifest_from(row) == Manifest(version=1, parts={"run": Part(PartState.PARTIAL)})


@pytest.mark.parametrize("skew", [float("inf"), 10**400, True])
def test_a_skew_that_is_no_number_of_seconds_is_not_known(skew):
    assert manifest_from(PLAIN | {"clock_skew_s": skew}).clock_skew_s is None


def test_only_complete_is_complete():
    assert [state for state in PartState if Part(state).is_complete] == [PartState.COMPLETE]
