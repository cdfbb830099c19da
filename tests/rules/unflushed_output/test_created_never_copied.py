import pytest
from judging import answer, blob, completed, finding, runtime

from diagnose.rule import Certainty
from diagnose.rules.unflushed_output.created_never_copied import created_never_copied

RSLEX = "system_logs/data_capability/rslex.log.2026-11-20-08"
MOUNT = "/mnt/azureml/cr/j/0a1b/cap/data-capability/wd/resultaat"


def created(path, minute=10):
    return runtime(
        minute, f"x: [rslex-fuse::DirectVolumeMount] create path={path} mode=33188 mount_point={MOUNT}"
    )


def copied(path, minute=11, size=2048):
    return runtime(
        minute,
        f'copy: x: [StreamCopier::copy()] copied file size={size} source_handler="Local" source_resource_id=/tmp/.tmpX/whole_file_cache/{path} destination={path} duration=0.05 sequential=true',
    )


def told(log, outputs, run=None, **given):
    return answer(created_never_copied, run or completed(), logs={RSLEX: log}, outputs=outputs, **given)


LOOSE = blob("index.bin", 0, committed=False, uncommitted_bytes=900)
LOG = created("model.bin") + copied("model.bin") + created("index.bin")


def test_a_file_that_was_created_never_copied_and_never_committed_is_supported():
    found = finding(created_never_copied, completed(), logs={RSLEX: LOG}, outputs=[blob("model.bin"), LOOSE])
    assert (found.certainty, found.mechanism) == (Certainty.SUPPORTED, "created-never-copied")
    assert found.subjects == {"index.bin"}


def test_one_that_is_not_listed_at_all_may_have_been_renamed():
    found = finding(created_never_copied, completed(), logs={RSLEX: LOG}, outputs=[blob("model.bin")])
    assert found.certainty is Certainty.SUSPECTED


def test_a_copy_of_no_bytes_comes_before_the_real_one_and_is_none():
    assert told(LOG + copied("index.bin", size=0), [blob("model.bin"), LOOSE]) == "found"


@pytest.mark.parametrize(
    ("log", "outputs"),
    [
        (
            LOG,
            [blob("model.bin"), blob("index.bin")],
        ),  # copied at the very end, behind the last line of the log
        (LOG + copied("index.bin"), [blob("model.bin")]),
        ("", [LOOSE]),
        (created("a b/index.bin"), [blob("a b/index.bin")]),
    ],
)
def test_what_was_copied_or_can_be_read_was_not_lost(log, outputs):
    assert told(log, outputs) == "clear"


def test_more_files_than_are_kept_prove_nothing():
    log = "".join(created(f"{n}.bin") for n in range(300))
    assert told(log, [blob("model.bin")]) == "clear"


def test_an_open_run_or_a_listing_that_is_not_complete_lacks_nothing():
    assert told(LOG, [LOOSE], run={"id": "r", "status": "Running"}) == "clear"
    assert told(LOG, [LOOSE], parts={"outputs": "partial"}) == "clear"
