import base64

import pytest
from judging import answer, blob, completed, every, failed, points, verdict

from diagnose.rules.silent_error.worked_on_nothing import worked_on_nothing

WORK = every(range(1, 20), "vaihe {n} valmis")


def table(path, text):
    data = text.encode()
    ends = base64.b64encode(data).decode()
    return blob(path, len(data), head=ends, tail=ends)


@pytest.mark.parametrize(
    "text",
    [
        "loaded 0 samples from /mnt/in",
        "Num examples = 0",
        "0 Dateien gefunden",
        "0 lignes lues",
        "se encontraron 0 archivos",
        "0 arquivos carregados",
        "wczytano 0 plików",
        "загружено 0 файлов",
        "读取 0 条数据",
        "rows: 0 after the join",
        "dataset shape: (0, 12)",
        '{"event": "loaded", "rows": 0}',
        "wrote 0 embeddings",
        "kausi: 0 rows selected",
        "join returned 0 records",
        "0 Zeilen ausgewählt",
        "skipped 40 of 40 documents (no text)",
        "120 files, 120 failed, 0 converted",
    ],
)
def test_a_count_of_nothing_under_a_completed_run_is_suspected(text):
    found = verdict(completed(), logs=f"{text}\n{WORK}", outputs=[blob("malli.bin")])
    assert found == ("silent-error", "trained-on-nothing", "suspected")


def test_a_table_without_a_row_supports_it():
    outputs = [table("ennuste.csv", "tunnus,pisteet\n")]
    found = verdict(completed(), logs=f"loaded 0 rows\n{WORK}", outputs=outputs)
    assert found == ("silent-error", "trained-on-nothing", "supported")


@pytest.mark.parametrize("value", [0.0, "NaN"])
def test_a_loss_that_never_was_anything_supports_it(value):
    given = {"metrics": points(range(5), name="loss", value=value), "outputs": []}
    found = verdict(completed(), logs=f"loaded 0 rows\n{WORK}", **given)
    assert found == ("silent-error", "trained-on-nothing", "supported")


@pytest.mark.parametrize(
    "text",
    [
        "0 errors in 2000 rows",
        "0 missing values, 0 duplicate rows found",
        "0 rows dropped",
        "found 0 new files, nothing to do",
        "found 0 outliers in 2000 rows",
        "rank 3: loaded 0 samples",
        "[worker 2] got 0 files",
        "validation set: 0 samples used",
        "test size: 0",
        "step 0, image 0 written",
        "batch 0 loaded",
        "processed 0/2000 files",
        "read 0 of 2000 rows",
        "0.0 files/s",
        "skipped 0 of 2000 rows",
        "0 fehlende Zeilen gefunden",
        "0 rivillä ei ole arvoa",
        "image_0.png loaded",
        "loaded 10 rows",
        "exit code: 0",
        "num_workers: 0",
        "already there: skipped 40 of 40 documents",
        "loss = 0",
        "removed: 0 rows",
        "rows with nulls: 0",
        "retries: 0, files: 12",
        "0 files changed, 12 files kept",
        "queue: 0 items left",
        "seed: 0",
        "offset 0 of the file",
        "[0 records] were late",
        "cached 0 files",
        "device cuda:0 loaded 12 rows",
        "page 0 of results, 12 rows",
        "num_warmup_steps: 0",
        "Number of trainable parameters: 0",
        "images kept: epoch 3: 0 images discarded from 300",
        "0 files need encoding, 12 used as they are",
        "Generating train split: 0 examples [00:00, ? examples/s]",
        "found 0 files, waiting",
        "class 0: 0 examples found of 12",
    ],
)
def test_what_counts_nothing_bad_and_what_is_numbered_from_zero_is_none(text):
    assert answer(worked_on_nothing, completed(), logs=f"{text}\n{WORK}") == "clear"


def test_a_second_folder_that_has_some_makes_up_for_an_empty_one():
    log = f"a: found 0 images\nb: found 431 images\n{WORK}"
    assert answer(worked_on_nothing, completed(), logs=log) == "clear"


def test_a_table_without_a_row_alone_accuses_nobody():
    outputs = [table("osumat.csv", "tunnus,pisteet\n")]
    assert answer(worked_on_nothing, completed(), logs=WORK, outputs=outputs) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    assert answer(worked_on_nothing, failed(), logs=f"loaded 0 rows\n{WORK}") == "clear"


def test_without_logs_nobody_looked():
    assert answer(worked_on_nothing, completed(), outputs=[]) == "not checked"


@pytest.mark.parametrize(
    "text", ["scored 41233 transactions\nwrote outputs/alerts.csv with 0 rows", "Files with zero rows: 0"]
)
def test_an_empty_answer_beside_what_was_worked_through_is_none(text):
    assert answer(worked_on_nothing, completed(), logs=f"{WORK}{text}\n") == "clear"


def test_an_empty_file_without_anything_worked_through_is_found():
    assert (
        answer(worked_on_nothing, completed(), logs=f"{WORK}wrote outputs/alerts.csv with 0 rows\n")
        == "found"
    )


READS = """
rivit = lue(kansio)
print("luettu:", len(rivit))
for kierros in range(12):
    virhe = sovita(rivit)
    print(f"kierros {kierros}/12, ero {virhe:.4f}")
"""
FLAT = "luettu: 0\n" + "".join(f"kierros {n}/12, ero 0.0000\n" for n in range(1, 13))
ZEROS = blob("malli.json", 20, head=base64.b64encode(b'{"a": 0.0, "b": 0.0}').decode())


def test_a_length_of_nothing_counts_in_any_words_where_the_source_works_on_it():
    found = verdict(completed(), logs=FLAT, outputs=[blob("malli.bin")], code={"sovita.py": READS})
    assert found == ("silent-error", "trained-on-nothing", "suspected")


def test_a_result_of_zeros_supports_it():
    found = verdict(completed(), logs=FLAT, outputs=[ZEROS], code={"sovita.py": READS})
    assert found == ("silent-error", "trained-on-nothing", "supported")


@pytest.mark.parametrize(
    ("what", "log", "source"),
    [
        ("it is asked for", FLAT, READS.replace("for kierros", "if not rivit:\n    lopeta()\nfor kierros")),
        ("it is filled later", FLAT, READS.replace("lue(kansio)", "[]")),
        ("it was picked out", FLAT, READS.replace("lue(kansio)", "[r for r in kaikki if r.outo]")),
        ("it is not worked on", FLAT, READS.replace("sovita(rivit)", "sovita(muut)")),
        ("figures are not zero", FLAT.replace("12/12, ero 0.0000", "12/12, ero 0.0100"), READS),
        ("something else was counted", FLAT + "tarkastettu: 5000\n", READS),
        ("what is better not there", FLAT.replace("luettu", "errors"), READS.replace("luettu", "errors")),
        ("another count", FLAT.replace("luettu: 0", "luettu: 80"), READS),
    ],
)
def test_a_zero_that_may_be_an_answer_accuses_nobody(what, log, source):
    given = {"logs": log, "outputs": [blob("malli.bin")], "code": {"sovita.py": source}}
    assert answer(worked_on_nothing, completed(), **given) == "clear", what


def test_without_the_source_a_zero_a_flat_figure_and_a_result_of_zeros_are_needed():
    assert verdict(completed(), logs=FLAT, outputs=[ZEROS])[2] == "suspected"
    assert answer(worked_on_nothing, completed(), logs=FLAT, outputs=[blob("malli.bin")]) == "clear"
    log = FLAT.replace("0.0000", "0.2000")
    assert answer(worked_on_nothing, completed(), logs=log, outputs=[ZEROS]) == "clear"
