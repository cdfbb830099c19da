import base64
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from diagnose.collect.imported import import_evidence, open_evidence
from diagnose.errors import BundleError
from diagnose.evidence.bundle import Bundle, Manifest, Part, PartState, open_bundle, write_bundle
from diagnose.evidence.store import OverlayStore

REAL_LOGS = Path(__file__).parents[2].parent / "shared/azure/logs"
real_logs = pytest.mark.skipif(
    not REAL_LOGS.is_dir(), reason="the real log sets are not beside this checkout"
)

V2 = {
    "artifacts/user_logs/std_log.txt": b"epoch 1\n",
    "artifacts/system_logs/lifecycler/lifecycler.log": b"2026-02-01T19:54:04.075991Z  INFO run_id=r-1\n",
    "artifacts/logs/events.out.tfevents.1": b"\x18\x01\x02\x03\x04\x05\x06\x07",
    "artifacts/outputs/model.pkl": b"\x80\x04\x95weights",
    "named-outputs/scores/part-0.parquet": b"PAR1",
}
V1 = {
    "azureml-logs/70_driver_log.txt": b"[2021-01-10T19:30:31.851539] Entering context manager injector.\n",
    "azureml-logs/process_info.json": b"{}",
    "logs/azureml/99_azureml.log": b"2021-01-10 19:30:57,937|azureml|DEBUG|x\n",
    "outputs/model.pkl": b"\x80\x04\x95weights",
}


def folder(top, members):
    for name, data in members.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(data)
    return top


def archived(path, top):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for file in sorted(top.rglob("*")):
                archive.write(file, file.relative_to(top.parent))
    else:
        with tarfile.open(path, "w:gz") as archive:
            archive.add(top, top.name)
    return path


def log_paths(bundle):
    return [row["path"] for row in bundle.rows("logs")]


def refusal(path):
    with pytest.raises(BundleError) as caught:
        open_evidence(path)
    sentence = str(caught.value)
    assert "\n" not in sentence.replace(str(path), "")
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize("form", ["folder", "zip", "tar.gz"])
def test_a_download_is_a_bundle(tmp_path, form):
    path = folder(tmp_path / "mango_pizza", V2)
    if form != "folder":
        path = archived(tmp_path / f"download.{form}", path)
    bundle = open_evidence(path)
    assert log_paths(bundle) == ["system_logs/lifecycler/lifecycler.log", "user_logs/std_log.txt"]
    assert bundle.part("logs") == Part(PartState.COMPLETE, None, 2, 53)
    assert bundle.document("run.json") == {"id": "r-1"}
    assert (bundle.manifest.origin.kind, bundle.manifest.captured_at) == ("import", None)
    with bundle.store.open("logs/user_logs/std_log.txt") as stream:
        assert stream.read() == b"epoch 1\n"
    assert [(row["output"], row["path"], row["size"]) for row in bundle.rows("outputs")] == [
        ("artifacts", "logs/events.out.tfevents.1", 8),
        ("artifacts", "outputs/model.pkl", 10),
        ("scores", "part-0.parquet", 4),
    ]


def test_the_old_layout_is_a_bundle_too(tmp_path):
    bundle = open_evidence(folder(tmp_path / "r-7", V1))
    assert log_paths(bundle) == [
        "azureml-logs/70_driver_log.txt",
        "azureml-logs/process_info.json",
        "logs/azureml/99_azureml.log",
    ]
    assert bundle.part("logs").is_complete
    assert bundle.document("run.json") == {"id": "r-7"}


def test_what_a_download_cannot_tell_is_said(tmp_path):
    bundle = open_evidence(folder(tmp_path, V2))
    states = {name: part.state.value for name, part in bundle.manifest.parts.items()}
    assert states == {
        "run": "partial",
        "children": "not-collected",
        "metrics": "not-collected",
        "outputs": "partial",
        "logs": "complete",
        "code": "not-collected",
    }
    assert all(part.reason for part in bundle.manifest.parts.values() if not part.is_complete)


def test_any_folder_of_logs_is_evidence_and_not_known_to_be_all_of_it(tmp_path):
    members = {"train.log": b"x\n", "nohup.out": b"y\n", "core": b"\x7fELF\x01", "model.bin": b"z"}
    bundle = open_evidence(folder(tmp_path / "mine", members))
    assert log_paths(bundle) == ["nohup.out", "train.log"]
    assert bundle.part("logs") == Part(
        PartState.PARTIAL, "nothing says that these are all logs of the run", 2, 4
    )
    assert bundle.part("outputs").state is PartState.NOT_COLLECTED
    assert bundle.document("run.json") == {"id": "mine"}


def test_a_folder_called_artifacts_alone_does_not_make_its_logs_complete(tmp_path):
    bundle = open_evidence(folder(tmp_path, {"train.log": b"x\n", "artifacts/model.bin": b"z"}))
    assert log_paths(bundle) == ["train.log"]
    assert bundle.part("logs").state is PartState.PARTIAL
    assert [row["path"] for row in bundle.rows("outputs")] == ["model.bin"]


def test_one_log_is_evidence(tmp_path):
    folder(tmp_path, {"train.log": b"x\n", "other.log": b"y\n"})
    bundle = open_evidence(tmp_path / "train.log")
    assert log_paths(bundle) == ["train.log"]
    assert bundle.part("logs").state is PartState.PARTIAL
    assert bundle.document("run.json") == {"id": "train"}


def test_one_log_of_the_service_keeps_its_path(tmp_path):
    folder(tmp_path, V2)
    bundle = open_evidence(tmp_path / "artifacts/system_logs/lifecycler/lifecycler.log")
    assert log_paths(bundle) == ["system_logs/lifecycler/lifecycler.log"]
    assert bundle.document("run.json") == {"id": "r-1"}


def test_a_folder_named_code_is_code_but_maybe_not_all(tmp_path):
    bundle = open_evidence(folder(tmp_path, {"train.log": b"x", "code/src/train.py": b"print(1)"}))
    assert bundle.part("code").state is PartState.PARTIAL
    assert bundle.has("code/src/train.py")


def test_every_unicode_trap_in_a_name_survives(tmp_path):
    traps = [
        "A.log",
        "a.log",
        "\u202egol.log",
        "na\u0308.log",
        "nä.log",
        "two\nlines.log",
        "<b>.log",
        " .log",
        "💥.log",
    ]
    bundle = open_evidence(folder(tmp_path, dict.fromkeys(traps, b"x\n")))
    assert log_paths(bundle) == sorted(traps)
    write_bundle(bundle, tmp_path / "out.zip")
    assert log_paths(open_bundle(tmp_path / "out.zip")) == sorted(traps)


def test_a_name_outside_unicode_survives_spelled_out(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9.log")).write_bytes(b"x\n")
    (tmp_path / "back\\slash.log").write_bytes(b"y\n")
    bundle = open_evidence(tmp_path)
    assert log_paths(bundle) == ["back%5Cslash.log", "caf%E9.log"]
    assert bundle.has("logs/caf%E9.log")


def test_a_log_that_is_a_link_is_listed_and_not_read(tmp_path):
    folder(tmp_path / "run", {"user_logs/a.txt": b"x"})
    (tmp_path / "run/user_logs/b.txt").symlink_to("/etc/passwd")
    bundle = open_evidence(tmp_path / "run")
    assert [(row["path"], row["captured"]) for row in bundle.rows("logs")] == [
        ("user_logs/a.txt", "whole"),
        ("user_logs/b.txt", "none"),
    ]
    reason = "'user_logs/b.txt' is a link, which is not followed"
    assert bundle.part("logs") == Part(PartState.PARTIAL, reason, 2, 1)
    assert not bundle.has("logs/user_logs/b.txt")


def test_a_log_without_permission_is_listed_and_not_read(tmp_path, monkeypatch):
    folder(tmp_path, {"user_logs/a.txt": b"x", "user_logs/b.txt": b"y"})
    open_file = os.open

    def guarded(path, *flags):
        if str(path).endswith("b.txt"):
            raise PermissionError(13, "Permission denied")
        return open_file(path, *flags)

    monkeypatch.setattr(os, "open", guarded)
    part = open_evidence(tmp_path).part("logs")
    assert (part.state, part.reason) == (
        PartState.PARTIAL,
        "'user_logs/b.txt' cannot be read: Permission denied",
    )


def test_a_download_without_logs_is_evidence_of_its_outputs(tmp_path):
    bundle = open_evidence(folder(tmp_path, {"named-outputs/scores/part-0.parquet": b"PAR1"}))
    assert bundle.part("logs").state is PartState.NOT_COLLECTED
    [row] = bundle.rows("outputs")
    assert base64.b64decode(row["tail"]) == b"PAR1"


def test_an_import_can_be_kept_as_a_bundle(tmp_path):
    bundle = open_evidence(folder(tmp_path / "run", V2))
    write_bundle(bundle, tmp_path / "kept")
    kept = open_evidence(tmp_path / "kept")
    assert kept.manifest == bundle.manifest
    assert {name: list(kept.rows(name)) for name in ("logs", "outputs")} == {
        name: list(bundle.rows(name)) for name in ("logs", "outputs")
    }


def test_a_bundle_is_opened_as_what_it_is(tmp_path):
    store = OverlayStore(None, {"run.json": b'{"id": "r"}'}, {}, "memory")
    write_bundle(Bundle(store, Manifest(captured_by="somebody")), tmp_path / "b.zip")
    assert open_evidence(tmp_path / "b.zip").manifest.captured_by == "somebody"


def test_an_import_reads_the_logs_of_a_bundle_when_told_to(tmp_path):
    store = OverlayStore(None, {"logs/user_logs/std_log.txt": b"x"}, {}, "memory")
    write_bundle(Bundle(store, Manifest()), tmp_path / "b")
    assert log_paths(import_evidence(tmp_path / "b")) == ["user_logs/std_log.txt"]


def test_nothing_there_is_said(tmp_path):
    assert refusal(tmp_path / "no") == f"{tmp_path / 'no'} does not exist; check the path."


def test_an_empty_folder_is_said(tmp_path):
    assert "is empty; give a bundle" in refusal(tmp_path)


def test_an_empty_archive_is_said(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w"):
        pass
    assert "is empty; give a bundle" in refusal(tmp_path / "a.zip")


def test_a_folder_without_a_log_is_said(tmp_path):
    assert "holds no log among its 2 files" in refusal(folder(tmp_path, {"a.png": b"\x89PNG", "b.py": b"1"}))


def test_a_folder_of_bundles_is_not_mistaken_for_one_run(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_bundle(Bundle(OverlayStore(None, {"logs/a.txt": b""}, {}, "m"), Manifest()), tmp_path / name)
    assert "holds 2 bundles; give one of them" in refusal(tmp_path)


def test_the_manifest_alone_is_no_bundle(tmp_path):
    write_bundle(Bundle(OverlayStore(None, {}, {}, "memory"), Manifest()), tmp_path / "b")
    assert f"give its folder, {tmp_path / 'b'}" in refusal(tmp_path / "b/bundle.json")


def test_a_file_that_is_no_log_is_said(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1\0\1\2\3")
    assert "neither a bundle, an archive nor a text log" in refusal(tmp_path / "a.parquet")


def test_a_folder_of_links_only_is_said(tmp_path):
    (tmp_path / "a.log").symlink_to("/etc/passwd")
    assert "No log in" in refusal(tmp_path)


@real_logs
def test_a_real_failed_step_tells_its_id_its_statuses_and_its_error():
    bundle = open_evidence(REAL_LOGS / "v2_2026-02_pipelinestep_failed_exit1")
    run = bundle.document("run.json")
    assert run["id"] == "ebeb8029-b651-4f17-bb10-adb4e9042a86"
    assert run["parent_id"] == "tough_tray_vkndrpzld5"
    assert [change["status"] for change in run["status_history"]] == [
        "Preparing",
        "Queued",
        "Running",
        "Finalizing",
        "Failed",
    ]
    assert (run["status"], run["error"]["code"], run["error"]["component"]) == (
        "Failed",
        "UserError",
        "CommonRuntime",
    )
    assert "exited with status code 1" in run["error"]["message"]
    assert bundle.part("logs").is_complete
    assert bundle.part("logs").items == 12


@real_logs
def test_a_real_completed_command_does_not_tell_its_status():
    bundle = open_evidence(REAL_LOGS / "v2_2023-08_command_completed_computeinstance")
    assert bundle.document("run.json") == {"id": "mango_pizza_t4ddxk7vq5"}
    assert len(log_paths(bundle)) == 10
