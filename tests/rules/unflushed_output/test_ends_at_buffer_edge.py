import base64
import random

import pytest
from building import iso, run_row
from judging import answer, blob, completed, every, finding

from diagnose.rule import Certainty
from diagnose.rules.unflushed_output.ends_at_buffer_edge import ends_at_buffer_edge

LEFT_OPEN = "fila = open(carpeta / nombre, 'w')\nfor dato in datos:\n    fila.write(dato)\n"
LOG = every(range(30), "capítulo {n} leído")


def text(name, rows, width, *, cut=True, seed=3):
    """Lines of about a width; cut where a buffer of Python's would have been full, or whole."""
    rng, chunks, held = random.Random(seed), [b""], b""
    for number in range(rows):
        line = (f"{number};" + "".join(rng.choices("aeiou ", k=width - 8 + rng.randrange(8))) + "\n").encode()
        if len(held) + len(line) > 8192:
            chunks.append(held)
            held = b""
        held += line
    data = b"".join(chunks) + (b"" if cut else held)
    ends = [base64.b64encode(part).decode() for part in (data[:4096], data[-4096:])]
    return blob(name, len(data), head=ends[0], tail=ends[1])


FILES = [text(f"tomo_{n}.txt", 700, 30 + 9 * n, seed=n) for n in range(4)]


def test_files_that_all_end_where_a_buffer_was_full_are_suspected():
    found = finding(ends_at_buffer_edge, completed(), outputs=FILES, logs=LOG)
    assert (found.mechanism, found.certainty) == ("unflushed-buffer", Certainty.SUSPECTED)


def test_a_writer_that_nothing_closes_supports_it():
    found = finding(ends_at_buffer_edge, completed(), outputs=FILES, logs=LOG, code={"obra.py": LEFT_OPEN})
    assert found.certainty is Certainty.SUPPORTED


def test_so_does_a_log_that_states_more_lines_in_as_many_files():
    log = LOG + "2800 párrafos en 4 tomos\n"
    found = finding(ends_at_buffer_edge, completed(), outputs=FILES, logs=log)
    assert found.certainty is Certainty.SUPPORTED


def test_a_single_file_needs_both_and_is_suspected():
    given = {"outputs": [text("tomo.txt", 300, 60)], "code": {"obra.py": LEFT_OPEN}}
    assert answer(ends_at_buffer_edge, completed(), **given, logs=LOG) == "clear"
    log = LOG + "300 párrafos en tomo.txt\n"
    assert finding(ends_at_buffer_edge, completed(), **given, logs=log).certainty is Certainty.SUSPECTED


def test_a_page_of_the_c_library_cuts_within_a_line():
    lines = b"".join(b"%04d %s\n" % (n, b"x" * (n % 17)) for n in range(900))
    cut = [lines[:4096], lines[:8192]]
    files = [
        blob(f"m{n}.dat", len(d), head=base64.b64encode(d[:4096]).decode(), tail=base64.b64encode(d[-4096:]).decode())
        for n, d in enumerate(cut)
    ]  # fmt: skip
    assert answer(ends_at_buffer_edge, completed(), outputs=files, logs=LOG) == "found"


@pytest.mark.parametrize(
    ("what", "files"),
    [
        ("files that are closed", [text(f"tomo_{n}.txt", 700, 30 + 9 * n, cut=False) for n in range(4)]),
        ("one that ends elsewhere", [*FILES[:3], text("tomo_3.txt", 700, 57, cut=False)]),
        ("one alone", FILES[:1]),
        ("equals of one length", [text(f"tomo_{n}.txt", 190, 43, seed=9) for n in range(4)]),
    ],
)
def test_files_that_end_where_they_end_are_left_alone(what, files):
    assert answer(ends_at_buffer_edge, completed(), outputs=files, logs=LOG) == "clear", what


def test_a_log_that_states_what_is_there_is_believed():
    rows = sum(
        int(p.summary.split("about ")[1].split()[0])
        for p in finding(ends_at_buffer_edge, completed(), outputs=FILES, logs=LOG).evidence
        if p.kind == "output"
    )
    log = LOG + f"{rows} párrafos\n"
    assert answer(ends_at_buffer_edge, completed(), outputs=FILES, logs=log) == "clear"


def test_an_open_run_is_still_writing():
    assert answer(ends_at_buffer_edge, run_row(), outputs=FILES, logs=LOG) == "clear"
    assert (
        answer(ends_at_buffer_edge, run_row("Failed", ended_at=iso(60)), outputs=FILES, logs=LOG) == "clear"
    )
