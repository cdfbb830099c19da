import pytest
from building import STD_LOG, WRAPPER, iso
from judging import answer, blob, cause, completed, exited, failed, finding, spawned, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_process.wrote_after_close import wrote_after_close

LOG = "começou\nacabou\n"


def late(*minutes):
    return [blob(f"fatia_{n}.bin", minute=60 + n) for n in minutes]


def test_writes_that_go_on_after_the_end_are_those_of_a_child():
    found = verdict(completed(), logs=LOG, outputs=late(1, 3, 5, 7))
    assert found == ("lingering-child-process", "wrote-after-close", "established")


def test_one_write_after_the_end_is_not_established():
    found = finding(wrote_after_close, completed(), outputs=late(1))
    assert found.certainty < Certainty.ESTABLISHED


def test_a_process_seen_beyond_the_end_is_one_too():
    child = {"pid": 9, "name": "compactador", "started_at": iso(5), "seen_at": iso(70)}
    assert finding(wrote_after_close, completed(), outputs=[], processes=[child]).certainty == 3


@pytest.mark.parametrize("minutes", [0.1, 0.25, 0.4])
def test_clocks_that_differ_by_seconds_make_no_late_write(minutes):
    assert answer(wrote_after_close, completed(), outputs=late(minutes)) == "clear"


def test_the_services_own_upload_after_the_exit_is_none():
    run = completed(expected_outputs=[{"name": "resultaat", "type": "uri_folder", "mode": "upload"}])
    assert answer(wrote_after_close, run, outputs=late(1, 1.5, 2)) == "clear"


def test_a_copy_that_somebody_made_hours_later_is_none():
    assert cause(completed(), logs=LOG, outputs=late(300, 300.1, 300.2, 300.3)) == "none"


def test_a_file_that_a_person_added_hours_later_is_none():
    outputs = [blob("modelo.bin"), blob("README.md", minute=240)]
    assert cause(completed(), logs=LOG, outputs=outputs) == "none"


MOUNTED = completed(expected_outputs=[{"name": "resultaat", "type": "uri_folder", "mode": "rw_mount"}])
EXITED = {STD_LOG: LOG, WRAPPER: spawned() + exited(50)}


def test_a_mounted_output_that_changes_after_the_exit_has_another_writer():
    found = finding(wrote_after_close, MOUNTED, logs=EXITED, outputs=[blob("indice.bin", minute=55)])
    assert (found.mechanism, found.certainty) == ("detached-child", Certainty.SUPPORTED)


def test_a_mounted_output_that_was_copied_hours_later_has_none():
    given = {"logs": EXITED, "outputs": [blob("indice.bin", minute=350)]}
    assert answer(wrote_after_close, MOUNTED, **given) == "clear"


def test_a_failed_run_is_another_matter():
    assert answer(wrote_after_close, failed(), outputs=late(1, 2, 3)) == "clear"


def test_an_end_before_the_start_is_no_end_to_measure_from():
    assert answer(wrote_after_close, completed(ended_at=iso(-90)), outputs=late(-148, -147, -146)) == "clear"


def test_without_a_listing_nobody_looked():
    assert answer(wrote_after_close, completed(), parts={"outputs": "denied"}) == "not checked"


def test_a_completed_run_without_an_end_has_no_late_writes():
    assert answer(wrote_after_close, completed(ended_at=None), outputs=late(1, 2, 3)) == "clear"
