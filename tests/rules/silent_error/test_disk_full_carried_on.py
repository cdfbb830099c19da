import pytest
from building import line
from judging import answer, blob, cause, completed, every, failed, verdict

from diagnose.rules.silent_error.disk_full_carried_on import disk_full_carried_on

WORK = every(range(1, 50), "vòng {n} xong")


@pytest.mark.parametrize(
    "words",
    [
        "ERROR không ghi được: [Errno 28] No space left on device",
        "OSError: [Errno 122] Disk quota exceeded: '/mnt/ket_qua'",
    ],
)
def test_a_full_disk_that_the_program_went_on_from_is_a_silent_error(words):
    found = verdict(completed(), logs=line(0.5, words) + WORK)
    assert found == ("silent-error", "disk-full", "supported")


def test_the_missing_file_is_its_consequence():
    log = line(0.5, "ERROR [Errno 28] No space left on device: 'bang.parquet'") + WORK
    assert cause(completed(), logs=log, outputs=[blob("bang.parquet", 0)]) == "silent-error"


def test_a_disk_with_room_made_and_the_write_repeated_is_mended():
    log = line(0.3, "ERROR [Errno 28] No space left on device") + line(0.5, "đã dọn cache, writing it again")
    assert answer(disk_full_carried_on, completed(), logs=log + WORK) == "clear"


@pytest.mark.parametrize(
    "text",
    [
        "sample: text='No space left on device: disk is dead' label=3",
        "còn lại 3 GB trên đĩa",
        "no space left in the waiting list",
    ],
)
def test_talk_of_disk_space_is_none(text):
    assert answer(disk_full_carried_on, completed(), logs=line(0.5, text) + WORK) == "clear"


def test_a_run_that_ended_by_it_has_another_cause():
    log = WORK + line(59, "OSError: [Errno 28] No space left on device")
    assert answer(disk_full_carried_on, failed(exit_code=1), logs=log) == "clear"


def test_without_logs_nobody_looked():
    assert answer(disk_full_carried_on, completed()) == "not checked"


def test_what_works_again_was_got_over():
    one = "OSError: [Errno 28] No space left on device: 'wal'\n    recovered after 52 s\nsiguiente\n"
    assert answer(disk_full_carried_on, completed(), logs=one * 2) == "clear"


def test_it_is_never_established_for_the_write_may_have_been_repeated():
    log = "OSError: [Errno 28] No space left on device: 'a.bin'\nsigue\nlisto\n"
    assert verdict(completed(), logs=log)[2] in ("supported", "suspected")
