import base64
import json

import pytest
from building import iso, line, run_row
from judging import answer, blob, completed, every, finding, record

from diagnose.rule import Certainty
from diagnose.rules.silent_error.item_left_out import item_left_out

TOWNS = ("Gießen", "Hanau", "Kassel", "Fulda", "Marburg", "Wetzlar", "Bad Nauheim", "Limburg")
THROWN = "from concurrent.futures import ThreadPoolExecutor\npool.submit(rechne, ort)\npool = ThreadPoolExecutor()\n"
LOG = every(range(30), "Runde {n}")


def made(towns, name="{}.csv"):
    return [blob(name.format(town), minute=10 + n) for n, town in enumerate(towns)]


def index(data, name="orte.json", minute=40):
    whole = (data if isinstance(data, str) else json.dumps(data)).encode()
    return blob(name, len(whole), minute=minute, head=base64.b64encode(whole).decode())


THERE = [town for town in TOWNS if town != "Fulda"]


@pytest.mark.parametrize(
    "listed",
    [
        index({"orte": TOWNS, "stand": "fertig"}),
        index([{"nummer": n, "ort": town} for n, town in enumerate(TOWNS)]),
        index("\n".join(TOWNS), "orte.txt"),
        index("\n".join(f"{town}.csv" for town in TOWNS), "MANIFEST"),
        index("nummer,ort\n" + "\n".join(f"{n},{town}" for n, town in enumerate(TOWNS)), "orte.tsv.csv"),
    ],
)
def test_an_index_that_names_one_without_a_file_between_others_is_suspected(listed):
    told = record(completed(), outputs=[*made(THERE), listed], logs=LOG)
    assert (told["cause"], told["mechanism"], told["certainty"]) == (
        "silent-error",
        "item-left-out",
        "suspected",
    )
    assert told["headline"].startswith("Fulda is listed")


def test_a_log_that_lists_them_at_its_end_is_one_too():
    log = LOG + line(41, f"fertig: {', '.join(TOWNS)}")
    found = finding(item_left_out, completed(), outputs=made(THERE, "werte_{}.csv"), logs=log)
    assert found.subjects == {"Fulda"}


@pytest.mark.parametrize(
    "source",
    [
        THROWN,
        "async def alle():\n    await asyncio.gather(*orte, return_exceptions=True)\n",
        "try:\n    rechne()\nexcept Exception:\n    pass\n",
    ],
)
def test_a_place_that_loses_a_failure_supports_it(source):
    given = {"outputs": [*made(THERE), index(TOWNS)], "logs": LOG, "code": {"orte.py": source}}
    assert finding(item_left_out, completed(), **given).certainty is Certainty.SUPPORTED


@pytest.mark.parametrize(
    ("what", "outputs", "log"),
    [
        ("all are there", [*made(TOWNS), index(TOWNS)], LOG),
        ("the log says why", [*made(THERE), index(TOWNS)], LOG + line(31, "Fulda ohne Messungen")),
        ("another has it", [*made(THERE), index(TOWNS), blob("sonst/fulda_und_umland.bin")], LOG),
        ("the last ones", [*made(TOWNS[:7]), index(TOWNS)], LOG),
        ("a plan", [*made(THERE), index(TOWNS, minute=1)], LOG),
        ("few of the files", [*made(THERE), *made("abcdefgh"), index(TOWNS)], LOG),
        ("many are not there", [*made([*TOWNS[:4], TOWNS[7]]), index(TOWNS)], LOG),
        ("any order", [*made(reversed(THERE)), index(TOWNS)], LOG),
        ("figures", [*made(THERE), index(list(range(8)))], LOG),
    ],
)
def test_lists_of_something_else_are_left_alone(what, outputs, log):
    assert answer(item_left_out, completed(), outputs=outputs, logs=log) == "clear", what


def test_what_is_said_of_all_alike_explains_nothing():
    log = LOG + "".join(line(31, f"{town} begonnen") for town in TOWNS)
    assert answer(item_left_out, completed(), outputs=[*made(THERE), index(TOWNS)], logs=log) == "found"


def test_a_listing_that_is_not_complete_lacks_nothing_for_certain():
    given = {"outputs": [*made(THERE), index(TOWNS)], "logs": LOG, "parts": {"outputs": "partial"}}
    assert answer(item_left_out, completed(), **given) == "not checked"


def test_an_open_run_is_still_at_it():
    given = {"outputs": [*made(THERE), index(TOWNS)], "logs": LOG}
    assert answer(item_left_out, run_row(), **given) == "clear"
    assert answer(item_left_out, run_row("Failed", ended_at=iso(60)), **given) == "clear"


POOL = (
    "from multiprocessing import Pool\n"
    "def fertig(n):\n"
    "    print('Bezirk', n, 'gerechnet und abgelegt', flush=True)\n"
    "with Pool(3) as pool:\n"
    "    for n in range(1, 31):\n"
    "        pool.apply_async(rechne, (n,), callback=fertig)\n"
    "    pool.close()\n"
    "    pool.join()\n"
)
DONE = "Bezirk {} gerechnet und abgelegt\n"
ROW = "".join(DONE.format(n) for n in (1, 3, 2, 4, 5, 6, 8, 9, 10, 12, 11, 13)) + "alles abgelegt\n"


def test_tasks_of_which_no_line_tells_are_lost_where_nobody_asks_for_results():
    given = {"outputs": [], "logs": ROW, "code": {"main.py": POOL}}
    told = record(completed(), **given)
    assert (told["cause"], told["certainty"]) == ("silent-error", "supported")
    assert "Bezirk 7".lower() in told["headline"].lower()


@pytest.mark.parametrize(
    ("what", "log", "code"),
    [
        (
            "results are asked for",
            ROW,
            POOL.replace("        pool.apply_async", "        r = pool.apply_async"),
        ),
        ("errors are told", ROW, POOL.replace("callback=fertig", "callback=fertig, error_callback=print")),
        ("a condition", ROW, POOL.replace("    print", "    if n:\n        print")),
        ("no source", ROW, None),
        ("it is spoken of", ROW + "Bezirk 7 ohne Daten\n", POOL),
        ("from elsewhere on", ROW.replace("Bezirk 1 ", "Ort 1 "), POOL),
        ("the last ones", "".join(DONE.format(n) for n in range(1, 13)), POOL),
        ("every other", "".join(DONE.format(n) for n in range(1, 30, 2)), POOL),
        ("told twice", ROW + DONE.format(3), POOL),
        ("few", "".join(DONE.format(n) for n in (1, 2, 4, 5)), POOL),
    ],
)
def test_numbers_that_are_missing_in_a_log_are_not_always_lost(what, log, code):
    given = {"code": {"main.py": code}} if code else {}
    assert answer(item_left_out, completed(), outputs=[], logs=log, **given) == "clear", what
