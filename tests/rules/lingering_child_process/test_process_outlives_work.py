import pytest
from building import DRIVER, iso, line, moment, run_row
from judging import answer, cause, every, finding, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_process.process_outlives_work import process_outlives_work

CODE = {"kor.py": 'for steg in range(9):\n    print(f"steg {steg}")\nprint("allt skrivet")\n'}
WORK = every(range(9), "steg {n}") + line(9, "allt skrivet")


def test_a_silent_run_whose_source_has_nothing_more_to_say_outlives_its_work():
    found = verdict(run_row(), logs=WORK, code=CODE)
    assert found == ("lingering-child-process", "process-outlives-work", "supported")


def test_words_of_an_end_alone_stay_a_suspicion():
    log = every(range(9), "langkah {n}") + line(9, "finished, goodbye")
    assert finding(process_outlives_work, run_row(), logs=log).certainty is Certainty.SUSPECTED


def test_words_of_an_end_beside_a_counter_that_is_not_full_are_none():
    log = every(range(1, 9), "langkah {n}/40") + line(9, "validation done")
    assert answer(process_outlives_work, run_row(), logs=log) == "clear"


def test_words_of_an_end_after_which_the_source_goes_on_are_none():
    code = {"kor.py": 'print("download complete")\nhitung()\nprint("hasil disimpan")\n'}
    log = every(range(9), "langkah {n}") + line(9, "download complete")
    assert cause(run_row(), logs=log, code=code) in ("inconclusive", "still-working")


def test_the_last_line_of_the_first_of_two_scripts_ends_nothing():
    code = {**CODE, "sedan.py": "import kor\nanpassa()\n"}
    run = run_row(command="python kor.py && python sedan.py")
    assert cause(run, logs=WORK, code=code) in ("inconclusive", "still-working")


def test_moments_after_the_last_line_nothing_is_said():
    given = {"logs": WORK, "code": CODE, "captured_at": moment(12)}
    assert answer(process_outlives_work, run_row(), **given) == "clear"


def test_a_rank_that_is_done_says_nothing_for_the_ranks_that_work():
    logs = {
        "user_logs/std_log_process_0.txt": every(range(359), "steg {n}/900"),
        "user_logs/std_log_process_1.txt": every(range(20), "steg {n}/20") + line(20, "all done"),
    }
    assert cause(run_row(), logs=logs) == "still-working"


def test_without_logs_nobody_looked():
    assert answer(process_outlives_work, run_row(), code=CODE) == "not checked"


def test_a_driver_log_whose_end_is_not_here_may_tell_of_more():
    log = (
        "After variable expansion, calling script [a.py] with arguments:[]\n"
        "[2026-11-20T08:10:00.1] The experiment completed successfully. Finalizing run...\n"
    )
    whole = answer(process_outlives_work, run_row(), logs={DRIVER: log})
    rows = {DRIVER: {"captured": "head", "omitted_bytes": 900}}
    cut = answer(process_outlives_work, run_row(), logs={DRIVER: log}, log_rows=rows)
    assert (whole, cut) == ("found", "clear")


def earlier(minutes):
    return [{"id": f"e-{n}", "started_at": iso(-9000), "ended_at": iso(-9000 + minutes)} for n in range(3)]


@pytest.mark.parametrize(("minutes", "far_beyond"), [(20, True), (200, False), (400, False)])
def test_earlier_runs_that_were_far_shorter_are_a_witness_of_their_own(minutes, far_beyond):
    found = finding(process_outlives_work, run_row(), logs=WORK, code=CODE, siblings=earlier(minutes))
    told = [piece for piece in found.evidence if piece.voice == "earlier runs"]
    assert bool(told) == far_beyond


def test_a_script_that_the_driver_says_failed_speaks_against_it():
    log = "calling script [kor.py] with arguments:[]\n[2026-11-20T08:10:00.1] The experiment failed. Finalizing run...\n"
    assert verdict(run_row("Finalizing"), logs={DRIVER: log})[2] in ("suspected", "none")
