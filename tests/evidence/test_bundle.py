import gzip
import json
import zipfile
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnose.errors import BundleError
from diagnose.evidence.bundle import Bundle, Manifest, Missing, Part, PartState, open_bundle
from diagnose.evidence.store import OverlayStore

COMPLETE = Part(PartState.COMPLETE)
MANIFEST = b'{"format": "run-evidence-bundle", "version": 1, "parts": {"run": {"state": "complete"}}}'


def bundle_of(members, **parts):
    return Bundle(OverlayStore(None, members, {}, "memory"), Manifest(parts=parts))


def folder(top, **members):
    for name, data in members.items():
        (top / name.replace("_json", ".json")).write_bytes(data)
    return top


@dataclass(frozen=True)
class Greeting:
    word: str

    @classmethod
    def read(cls, bundle):
        row = bundle.document("run.json")
        return Missing("greeting", "nobody said it") if row is None else cls(str(row["word"]))


def test_a_folder_with_a_manifest_is_a_bundle(tmp_path):
    bundle = open_bundle(folder(tmp_path, bundle_json=MANIFEST, run_json=b'{"id": "r"}'))
    assert bundle.part("run") == COMPLETE
    assert bundle.document("run.json") == {"id": "r"}
    assert bundle.part("metrics") == Part(PartState.NOT_COLLECTED)


@pytest.mark.parametrize("inside", ["", "mango_pizza/", "a b/"])
def test_a_zip_may_hold_it_all_in_one_folder(tmp_path, inside):
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{inside}bundle.json", MANIFEST)
        archive.writestr(f"{inside}run.json", '{"id": "r"}')
        archive.writestr("__MACOSX/._bundle.json", b"\0")
    bundle = open_bundle(path)
    assert bundle.document("run.json") == {"id": "r"}


def failure(path):
    with pytest.raises(BundleError) as caught:
        open_bundle(path)
    sentence = str(caught.value)
    assert sentence.startswith(str(path))
    assert "\n" not in sentence
    return sentence.removeprefix(f"{path} ")


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path):
    assert failure(folder(tmp_path, run_json=b"{}")).startswith(
        "is not a bundle: it holds no bundle.json; give"
    )


def test_a_log_is_no_bundle(tmp_path):
    (tmp_path / "train.log").write_text("epoch 1\n")
    assert failure(tmp_path / "train.log").startswith("is not a bundle")


def test_another_format_is_no_bundle(tmp_path):
    assert failure(folder(tmp_path, bundle_json=b'{"name": "webpack"}')).startswith("is not a bundle")


def test_a_newer_version_is_refused_naming_both(tmp_path):
    sentence = failure(folder(tmp_path, bundle_json=MANIFEST.replace(b'"version": 1', b'"version": 2')))
    assert sentence.startswith("is a bundle of version 2, and this program reads up to version 1; update it")


def test_a_broken_manifest_is_named_with_its_line(tmp_path):
    sentence = failure(folder(tmp_path, bundle_json=b'{\n"format": "run-evidence-bundle"\n"version": 1}'))
    assert "is broken: bundle.json line 3: not JSON" in sentence


def test_a_manifest_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").write_bytes(MANIFEST)
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle/bundle.json").symlink_to(tmp_path / "elsewhere")
    assert "is a link, which is not followed" in failure(tmp_path / "bundle")


def test_a_log_that_is_a_link_leaves_the_logs_incomplete(tmp_path):
    folder(tmp_path, bundle_json=MANIFEST.replace(b'"run"', b'"logs"'))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/a.txt").symlink_to("/etc/passwd")
    part = open_bundle(tmp_path).part("logs")
    assert part == Part(PartState.PARTIAL, "'logs/a.txt' is a link, which is not followed")


@pytest.mark.parametrize("packed", [False, True])
def test_rows_are_read_plain_and_gzipped(packed):
    data = b'{"id": "a"}\n{"id": "b"}\n'
    members = {"children.jsonl.gz": gzip.compress(data)} if packed else {"children.jsonl": data}
    bundle = bundle_of(members, children=Part(PartState.COMPLETE, items=2))
    assert list(bundle.rows("children")) == [{"id": "a"}, {"id": "b"}]
    assert bundle.part("children").is_complete


BROKEN = {
    "a broken line": (
        {"children.jsonl": b'{"id": "a"}\n{"id": \n{"id": "c"}\n'},
        "children.jsonl line 2: not JSON",
    ),
    "no object": ({"children.jsonl": b'{"id": "a"}\n[1]\n'}, "children.jsonl line 2: not a JSON object"),
    "a folder": ({"children.jsonl/a": b""}, "children.jsonl cannot be read: 'children.jsonl' is a folder"),
    "bad gzip": ({"children.jsonl.gz": b"no gzip"}, "cannot be read"),
    "cut gzip": ({"children.jsonl.gz": gzip.compress(b'{"id": "a"}\n' * 99)[:-9]}, "cannot be read"),
    "gzip bomb": ({"children.jsonl.gz": gzip.compress(b"\n" * (4 << 20))}, "more than 200 times its size"),
    "too few": (
        {"children.jsonl": b'{"id": "a"}\n'},
        "children.jsonl has 1 rows, and bundle.json promises 2",
    ),
    "none": ({}, "children.jsonl is not in the bundle, though bundle.json calls it complete"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_part_fails_with_a_reason_and_the_rest_is_read(name):
    members, reason = BROKEN[name]
    parts = {"children": Part(PartState.COMPLETE, items=2), "run": COMPLETE}
    bundle = bundle_of({"run.json": b'{"id": "r"}', **members}, **parts)
    assert list(bundle.rows("children")) in ([], [{"id": "a"}])
    assert bundle.part("children").state is PartState.FAILED
    assert reason in bundle.part("children").reason
    assert bundle.document("run.json") == {"id": "r"}
    assert bundle.part("run") == COMPLETE


def test_none_there_was_needs_no_file():
    bundle = bundle_of({}, children=Part(PartState.COMPLETE, items=0))
    assert list(bundle.rows("children")) == []
    assert bundle.part("children").is_complete


@pytest.mark.parametrize("state", [state for state in PartState if state is not PartState.COMPLETE])
def test_what_was_not_promised_is_not_missed(state):
    part = Part(state, "because", items=2)
    bundle = bundle_of({}, children=part)
    assert list(bundle.rows("children")) == []
    assert bundle.part("children") == part


def test_logs_without_a_list_of_them_have_not_failed():
    bundle = bundle_of({"logs/user_logs/std_log.txt": b"x"}, logs=COMPLETE)
    assert list(bundle.rows("logs")) == []
    assert bundle.part("logs") == COMPLETE


def test_a_document_that_was_promised_and_is_absent_has_failed():
    bundle = bundle_of({}, run=COMPLETE)
    assert bundle.document("run.json") is None
    assert bundle.part("run").reason == "run.json is not in the bundle, though bundle.json calls it complete"


def test_a_broken_document_is_named_with_its_line():
    bundle = bundle_of({"run.json": b'{\n"id": NaN}'}, run=COMPLETE)
    assert bundle.document("run.json") is None
    assert bundle.part("run") == Part(PartState.FAILED, "run.json line 1: NaN is not JSON")


def test_the_first_reason_wins():
    bundle = bundle_of({}, run=Part(PartState.COMPLETE, items=1))
    bundle.mark_failed("run", "first")
    bundle.mark_failed("run", "second")
    assert bundle.part("run") == Part(PartState.FAILED, "first", items=1)
    assert bundle.manifest.parts["run"].is_complete


def test_a_part_that_nobody_named_can_fail_too():
    bundle = bundle_of({"processes.jsonl": b"{"})
    assert list(bundle.rows("processes")) == []
    assert bundle.part("processes").state is PartState.FAILED


def test_has_tells_files_from_folders_and_links(tmp_path):
    folder(tmp_path, bundle_json=MANIFEST)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/a").write_text("")
    (tmp_path / "run.json").symlink_to("bundle.json")
    bundle = open_bundle(tmp_path)
    assert [bundle.has(name) for name in ("bundle.json", "logs/a", "logs", "run.json", "no")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_fact_is_read_once():
    members = {"run.json": b'{"word": "hello"}'}
    bundle = bundle_of(members, run=COMPLETE)
    first = bundle.get(Greeting)
    members.clear()
    assert first == Greeting("hello")
    assert bundle.get(Greeting) is first


def test_a_missing_fact_is_a_value():
    assert bundle_of({}, run=COMPLETE).get(Greeting) == Missing("greeting", "nobody said it")


def test_watching_for_something_else_forgets_what_was_read():
    bundle = bundle_of({"run.json": b'{"word": "hello"}'}, run=COMPLETE)
    first = bundle.get(Greeting)
    bundle.watch(["pattern"])
    assert bundle.watched == ("pattern",)
    assert bundle.get(Greeting) is not first


garbage = st.binary(max_size=200) | st.text(alphabet='{}[]":,\\u0d89aeE+-.tfn1 \n', max_size=200).map(
    str.encode
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=garbage)
def test_whatever_lies_in_a_bundle_is_read_or_failed_with_a_reason(tmp_path, data):
    manifest = {"format": "run-evidence-bundle", "version": 1, "parts": {}}
    for part in ("run", "children", "metrics"):
        manifest["parts"][part] = {"state": "complete", "items": 1}
    (tmp_path / "bundle.json").write_text(json.dumps(manifest))
    for name in ("run.json", "children.jsonl", "metrics.jsonl.gz"):
        (tmp_path / name).write_bytes(data)
    bundle = open_bundle(tmp_path)
    found = {"run": bundle.document("run.json") is not None}
    found |= {part: len(list(bundle.rows(part))) >= 1 for part in ("children", "metrics")}
    for part, was_there in found.items():
        assert bundle.part(part).is_complete <= was_there
        assert bundle.part(part).is_complete or bundle.part(part).reason


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=garbage)
def test_a_garbled_manifest_is_one_sentence(tmp_path, data):
    (tmp_path / "bundle.json").write_bytes(data)
    assert failure(tmp_path)
