import base64
import gzip

import pytest
from building import STD_LOG, WRAPPER, iso
from judging import answer, blob, completed, exited, failed, finding, spawned, verdict

from diagnose.rule import Certainty
from diagnose.rules.lingering_child_process.writer_cut_off import writer_cut_off

CODE = (
    "import os, queue, threading\n"
    "q = queue.Queue()\n"
    "def zapis():\n"
    "    while True:\n"
    "        n, d = q.get()\n"
    "        with open(os.path.join(OUT, f'kus_{n}.bin'), 'wb') as f:\n"
    "            f.write(d)\n"
    "        print(f'kus_{n}.bin zapsan', flush=True)\n"
    "        q.task_done()\n"
    "threading.Thread(target=zapis, daemon=True).start()\n"
    "work()\n"
)
LOG = "".join(f"kus_{n}.bin zapsan\n" for n in range(9)) + "hotovo\n"
ROW = [blob(f"kus_{n}.bin", size=8192, minute=10 + 5 * n) for n in range(9)]
SHORT = [*ROW, blob("kus_9.bin", size=900, minute=59.5)]
WHOLE = {"logs": LOG, "outputs": SHORT, "code": {"main.py": CODE}}


def test_the_last_of_equal_parts_that_a_daemon_thread_was_writing():
    assert verdict(completed(), **WHOLE) == ("lingering-child-process", "writer-cut-off", "supported")


@pytest.mark.parametrize(
    "changed",
    [
        {"code": {"main.py": CODE + "q.join()\n"}},
        {"code": {"main.py": CODE.replace("kus_", "jine_")}},
        {"code": {"main.py": CODE.replace(", daemon=True", "")}},
        {"logs": LOG.replace("hotovo", "kus_9.bin zapsan")},
        {"logs": "hotovo\n"},
        {"outputs": [*ROW, blob("kus_9.bin", size=900, minute=50)]},
        {"outputs": [*ROW, blob("kus_9.bin", size=8192, minute=59.5)]},
        {"outputs": [blob(f"kus_{n}.bin", size=700 * n + 900, minute=58) for n in range(10)]},
    ],
    ids=["queue waited for", "other names", "no daemon", "named by the log", "log names none", "long before", "whole", "uneven"],
)  # fmt: skip
def test_a_short_last_part_is_not_always_cut_off(changed):
    assert answer(writer_cut_off, completed(), **{**WHOLE, **changed}) == "clear"


def test_a_failed_run_is_another_matter():
    assert answer(writer_cut_off, failed(), **WHOLE) == "clear"


PACK = {"run.sh": "python prep.py\nnohup python balit.py >/dev/null 2>&1 &\nsleep 9\n", "balit.py": "open('vse.tar', 'wb')\n"}  # fmt: skip
OPEN = [blob("vse.tar", size=0, committed=False, uncommitted_bytes=5_000)]
SHELL = completed(command="bash run.sh")
ENDED = {STD_LOG: "hotovo\n", WRAPPER: spawned() + exited(55)}


def test_blocks_that_a_command_in_the_background_never_committed_are_its_doing():
    given = {"logs": ENDED, "outputs": OPEN, "code": PACK}
    assert verdict(SHELL, **given) == ("lingering-child-process", "writer-cut-off", "supported")


def test_a_compressed_file_that_breaks_off_tells_the_same():
    cut = gzip.compress(b"radek\n" * 900)[:-12]

    whole = {"head": base64.b64encode(cut).decode(), "tail": base64.b64encode(cut).decode()}
    outputs = [blob("vse.gz", size=len(cut), **whole)]
    code = {**PACK, "balit.py": "import gzip\ngzip.open('vse.gz', 'wb')\n"}
    found = finding(writer_cut_off, SHELL, logs=ENDED, outputs=outputs, code=code)
    assert found.certainty is Certainty.SUPPORTED


def test_blocks_of_another_name_stay_the_scripts_own_and_are_less_sure():
    given = {"logs": ENDED, "outputs": OPEN, "code": {**PACK, "balit.py": "open('jine.tar', 'wb')\n"}}
    assert verdict(SHELL, **given) == ("unflushed-output", "uncommitted-blocks", "supported")


def test_without_the_source_nobody_knows_who_wrote():
    given = {"logs": ENDED, "outputs": OPEN}
    assert verdict(SHELL, **given) == ("unflushed-output", "uncommitted-blocks", "supported")


@pytest.mark.parametrize("name", ["tool.jl", "src/lib.rs", "prep.R"])
def test_nor_with_a_source_in_a_language_that_is_not_read(name):
    code = {"main.py": "print(1)\n", name: "x\n"}
    assert verdict(completed(), logs=ENDED, outputs=OPEN, code=code)[2] == "supported"


def test_a_source_that_leaves_nothing_at_work_makes_it_established():
    code = {"main.py": "f = open('vse.tar', 'wb')\nf.write(b'x')\n"}
    found = verdict(completed(ended_at=iso(60)), logs=ENDED, outputs=OPEN, code=code)
    assert found == ("unflushed-output", "uncommitted-blocks", "established")
