import pytest
from building import iso, run_row
from judging import answer, cause, completed, every, finding, verdict

from diagnose.rules.still_working.long_step import long_step

WORK = every(range(1, 13), "vika {n}/12")
CODE = """
import time
def laske(malli):
    for rivi in malli: rivi.paino()
for n in range(1, 13):
    askel(n)
    print(f"vika {n}/12")
malli.sovita_loppuun = 1
laske(malli)
print("malli tallessa")
"""


def source(text=CODE):
    return {"opeta.py": text}


def test_the_source_comes_to_a_long_function_after_the_last_round():
    assert verdict(run_row(), logs=WORK, code=source()) == ("still-working", "long-step", "suspected")


@pytest.mark.parametrize("call", ["malli.fit(x)", "subprocess.run(['xz', 'malli'])", "shutil.copytree(a, b)"])
def test_libraries_that_work_by_themselves_do_so_too(call):
    assert (
        cause(run_row(), logs=WORK, code=source(CODE.replace("\nlaske(malli)", f"\n{call}")))
        == "still-working"
    )


@pytest.mark.parametrize(
    "call",
    [
        "säie.join()",
        "jono.get()",
        "requests.get(osoite)",
        "palvelin.serve_forever()",
        "input('jatka? ')",
        "with lukko: laske(malli)",
        "while not valmis(): laske(malli)",
        "dist.all_reduce(paino)",
    ],
)
def test_a_call_that_waits_for_somebody_is_no_work(call):
    head = "import requests, threading\nlukko = threading.Lock()\n"
    code = head + CODE.replace("\nlaske(malli)", f"\n{call}")
    assert cause(run_row(), logs=WORK, code=source(code)) == "inconclusive"


def test_a_wait_inside_the_function_is_one_too():
    code = CODE.replace("rivi.paino()", "rivi.join()")
    assert answer(long_step, run_row(), logs=WORK, code=source(code)) == "clear"


def test_a_counter_that_is_not_full_stopped_within_its_own_pace():
    log = every(range(1, 9), "vika {n}/12")
    assert answer(long_step, run_row(), logs=log, code=source()) == "clear"


def test_after_the_last_statement_there_is_nothing_to_be_in():
    log = WORK + every(range(13, 14), "malli tallessa")
    assert answer(long_step, run_row(), logs=log, code=source()) == "clear"


def test_a_failure_at_the_end_of_the_log_says_otherwise():
    log = (
        'Traceback (most recent call last):\n  File "opeta.py", line 6, in <module>\n    x\nKeyError: 1\n'
        + WORK
    )
    assert answer(long_step, run_row(), logs=log, code=source()) == "clear"


def test_a_stopped_process_works_at_nothing():
    table = [{"pid": 9, "state": "stopped", "started_at": iso(), "seen_at": iso(350)}]
    assert answer(long_step, run_row(), logs=WORK, code=source(), processes=table) == "clear"


def test_a_closed_run_is_in_no_step():
    assert answer(long_step, completed(), logs=WORK, code=source()) == "clear"


def test_without_source_nothing_says_what_comes_next():
    assert answer(long_step, run_row(), logs=WORK) == "clear"


def test_earlier_runs_that_took_longer_are_cited():
    earlier = [{"id": "e-1", "started_at": iso(-9000), "ended_at": iso(-8400)}]
    found = finding(long_step, run_row(), logs=WORK, code=source(), siblings=earlier)
    assert "1 earlier completed run took up to 10 h; this one is at 6 h." in [
        p.summary for p in found.evidence
    ]


def test_a_pause_whose_stated_length_has_long_passed_is_not_what_it_is_in():
    code = 'import time\nprint("kezdődik a munka")\ntime.sleep({pause})\nwith Pool(3) as p:\n    p.map(f, range(9))\nprint("kész")\n'
    log = every([1], "kezdődik a munka")
    for pause, told in (("3", "clear"), ("90000", "found"), ("pause", "found")):
        given = {"olvas.py": code.replace("{pause}", pause)}
        assert answer(long_step, run_row(), logs=log, code=given) == told
