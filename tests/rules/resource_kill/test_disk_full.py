import pytest
from building import line, run_row
from judging import answer, cause, completed, every, failed, verdict

from diagnose.rules.resource_kill.disk_full import disk_full

WORK = every(range(1, 40), "boucle {n} finie")
TRACE = 'Traceback (most recent call last):\n  File "trie.py", line 9, in <module>\n    range_tout()\n'


@pytest.mark.parametrize(
    "words",
    ["OSError: [Errno 28] No space left on device: '/tmp/tri'", "OSError: [Errno 122] Disk quota exceeded"],
)
def test_the_systems_words_that_end_a_failed_run_name_the_disk(words):
    log = WORK + TRACE + f"{words}\n"
    assert verdict(failed(exit_code=1), logs=log) == ("resource-kill", "disk-full", "established")


def test_the_first_link_of_a_chain_is_the_disk():
    chain = f"{TRACE}OSError: [Errno 28] No space left on device\n\nDuring handling of the above exception, another exception occurred:\n\n"
    log = WORK + chain + TRACE + "RuntimeError: point de reprise 3 non écrit\n"
    assert cause(failed(exit_code=1), logs=log) == "resource-kill"


def test_a_full_disk_that_the_program_got_over_did_not_end_it():
    log = line(0.5, "ERROR [Errno 28] No space left on device") + line(0.6, "cache vidé, retrying")
    assert cause(failed(exit_code=1), logs=log + WORK + TRACE + "KeyError: 'poids'\n") == "loud-failure"


def test_talk_of_disk_space_is_none():
    log = WORK + TRACE + "ValueError: le disque virtuel est trop petit\n"
    assert cause(failed(exit_code=1), logs=log) == "loud-failure"


def test_a_completed_run_was_not_ended_by_its_disk():
    assert (
        answer(disk_full, completed(), logs=WORK + TRACE + "OSError: [Errno 28] No space left on device\n")
        == "clear"
    )


def test_without_the_run_nobody_looked():
    assert answer(disk_full, None, logs=WORK) == "not checked"


def test_where_nobody_says_how_it_ended_the_last_words_do():
    died = 'Traceback (most recent call last):\n  File "zapis.py", line 7, in <module>\n    f()\nOSError: [Errno 28] No space left on device\n'
    assert answer(disk_full, run_row(None), logs=died) == "found"
    assert answer(disk_full, run_row(None), logs=died + every(range(50, 58), "krok {n}/90")) == "not checked"
