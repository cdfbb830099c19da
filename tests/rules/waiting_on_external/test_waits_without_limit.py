import pytest
from building import run_row
from judging import answer, every, verdict

from diagnose.rules.waiting_on_external.waits_without_limit import waits_without_limit

WORK = every(range(1, 13), "karo {n}/12")
CODE = """
import os, time, fcntl, requests
for n in range(1, 13):
    nokta(n)
    print(f"karo {n}/12")
yanıt = requests.get(adres)
print("karolar bitti")
"""


def source(wait="yanıt = requests.get(adres)"):
    return {"çiz.py": CODE.replace("yanıt = requests.get(adres)", wait)}


@pytest.mark.parametrize(
    ("wait", "mechanism"),
    [
        ("yanıt = requests.get(adres)", "unanswered-request"),
        ("def sor():\n    return requests.post(adres, json={})\nsor()", "unanswered-request"),
        ("while not os.path.exists(yol):\n    time.sleep(5)", "waits-for-file"),
        ("fcntl.flock(dosya, fcntl.LOCK_EX)", "waits-for-lock"),
        ("oturum = requests.Session()\noturum.get(adres)", "unanswered-request"),
        ("import ftplib\nftp = ftplib.FTP(adres)", "unanswered-request"),
        (
            "from http.client import HTTPConnection\nh = HTTPConnection(adres)\nh.getresponse()",
            "unanswered-request",
        ),
        ("import socket\ns = socket.socket()\ns.bind(adres)\nuç, _ = s.accept()", "waits-for-message"),
        ("import redis\nr = redis.Redis(adres)\nr.blpop('iş')", "waits-for-message"),
        ("while True:\n    if os.path.exists(yol):\n        break\n    time.sleep(60)", "polls-outside"),
        ("while len(os.listdir(yol)) < 4:\n    time.sleep(60)", "polls-outside"),
        ("while requests.head(adres, timeout=9).status_code != 200:\n    time.sleep(60)", "polls-outside"),
        (
            "while True:\n    try:\n        veri = oku(yol)\n        break\n    except OSError:\n        time.sleep(60)",
            "polls-outside",
        ),
    ],
)
def test_the_log_stops_where_the_source_waits_for_something_outside(wait, mechanism):
    code = {
        "çiz.py": CODE.split("for n", maxsplit=1)[0]
        + 'print("karo 12/12")\n'
        + wait
        + '\nprint("karolar bitti")\n'
    }
    assert verdict(run_row(), logs=WORK, code=code) == ("waiting-on-external", mechanism, "supported")


@pytest.mark.parametrize(
    "wait",
    [
        "yanıt = requests.get(adres, timeout=30)",
        "fcntl.flock(dosya, fcntl.LOCK_EX | fcntl.LOCK_NB)",
        "while not bitti:\n    nokta(1)",
        "oturum = requests.Session()\noturum.get(adres, timeout=9)",
        "import socket\nsocket.setdefaulttimeout(30)\ns = socket.socket()\nuç, _ = s.accept()",
        "import redis\nr = redis.Redis(adres)\nr.blpop('iş', timeout=60)",
        "while len(os.listdir(yol)) < 4 and time.time() < son:\n    time.sleep(60)",
        "n = 0\nwhile not os.listdir(yol) and n < 9:\n    n += 1\n    time.sleep(60)",
        "while çocuk.poll() is None:\n    os.listdir(yol)\n    time.sleep(60)",
        "while True:\n    if os.listdir(yol):\n        break\n    print('bekliyor')\n    time.sleep(60)",
        "while True:\n    for ad in os.listdir(yol):\n        nokta(ad)\n    time.sleep(60)",
        "model.fit(x)\nyanıt = requests.get(adres)",
        "print('başka bir satır')\nyanıt = requests.get(adres)",
    ],
)
def test_a_limit_other_work_or_another_line_before_it_is_no_such_wait(wait):
    code = {
        "çiz.py": CODE.split("for n", maxsplit=1)[0]
        + 'print("karo 12/12")\n'
        + wait
        + '\nprint("karolar bitti")\n'
    }
    assert answer(waits_without_limit, run_row(), logs=WORK, code=code) == "clear"


def test_a_run_that_moves_does_not_wait():
    log = every(range(1, 359), "karo 12/12")
    assert answer(waits_without_limit, run_row(), logs=log, code=source()) == "clear"


def test_a_failure_at_the_end_of_the_log_says_otherwise():
    log = (
        WORK
        + 'Traceback (most recent call last):\n  File "çiz.py", line 6, in <module>\n    x\nKeyError: 1\n'
    )
    assert answer(waits_without_limit, run_row(), logs=log, code=source()) == "clear"


def test_a_closed_run_waits_no_longer():
    assert answer(waits_without_limit, run_row("Completed"), logs=WORK, code=source()) == "clear"
