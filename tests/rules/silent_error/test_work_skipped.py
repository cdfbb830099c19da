import pytest
from building import line
from judging import answer, blob, completed, every, failed, verdict

from diagnose.rules.silent_error.work_skipped import work_skipped

WORK = every(range(1, 20), "vaihe {n} valmis")


@pytest.mark.parametrize(
    "text",
    [
        "processed 120, failed 30",
        "ok: 120 failed: 30",
        '{"event": "summary", "processed": 120, "failed": 30}',
        "30 of 150 files failed",
        "120 verarbeitet, 30 fehlgeschlagen",
        "traités : 120, échoués : 30",
        "procesados: 120, fallidos: 30",
        "processados=120 falhas=30",
        "обработано: 120, не удалось: 30",
        "成功 120 件, 失敗 30 件",
        "处理 120 条，失败 30 条",
        "skipped 14 of 20 pages: unreadable",
        "12 documents written, 30 errors",
    ],
)
def test_a_count_of_failures_beside_what_was_done_is_suspected(text):
    found = verdict(completed(), logs=WORK + line(21, text) + "valmis\n", outputs=[blob("tulos.bin")])
    assert found == ("silent-error", "work-skipped", "suspected")


def test_gaps_in_the_outputs_support_it():
    outputs = [blob(f"osa-{n:02d}.bin") for n in range(12) if n not in (3, 7)]
    found = verdict(completed(), logs=WORK + "processed 10, failed 2\n", outputs=outputs)
    assert found[0] == "silent-error"
    assert found[2] == "supported"


def test_failures_that_are_told_one_by_one_support_it():
    log = line(0.5, "osa 3: OSError: [Errno 5] Input/output error") + WORK + "processed 10, failed 1\n"
    found = verdict(completed(), logs=log, outputs=[blob("tulos.bin")])
    assert found[::2] == ("silent-error", "supported")


def test_a_counter_of_things_that_stops_is_suspected():
    log = "".join(line(n, f"indexed {n * 12}/1000 files") for n in range(20)) + "valmis\n"
    found = verdict(completed(), logs=log, outputs=[blob("hakemisto.bin")])
    assert found == ("silent-error", "work-skipped", "suspected")


@pytest.mark.parametrize(
    "text",
    [
        "skipped 0, failed 0, processed 120",
        "processed 120, skipped 30 duplicates",
        "processed 120, skipped 30 (already done)",
        "skipped 14 of 20 pages, cached",
        "processed 120, skipped 3",
        "machines with failure: 34, without failure: 966",
        "class failure: 34 rows, class normal: 966 rows",
        "test errors: 12 of 400",
        "error rate 3 of 100 rows",
        "4 passed, 1 failed as expected",
        "Trial 3 pruned, 12 completed, 0 failed",
        "connected after 3 failed attempts, 120 rows loaded",
        "failed 3.1 s after 20 files",
        "fail2ban 3 rules stored",
        "quality check: 12 parts failed, 988 ok",
        "events: login ok 120, login failed 30",
        "copied 12 files, skipped 40 (up to date)",
    ],
)
def test_zero_counts_and_what_is_left_out_on_purpose_are_none(text):
    assert answer(work_skipped, completed(), logs=f"{WORK}{text}\nvalmis\n") == "clear"


def test_the_last_count_is_the_one_that_counts():
    log = f"{WORK}processed 10, failed 2\nsecond pass\nprocessed 12, failed 0\n"
    assert answer(work_skipped, completed(), logs=log) == "clear"


@pytest.mark.parametrize(
    "text", ["epoch {n}/100 loss 0.1", "trial {n}/100", "read {n}/100 rows of part {n}", "hits {n}/100"]
)
def test_what_ends_early_by_design_is_none(text):
    last = 99 if "rows" in text else 30
    log = "".join(line(n, text.format(n=n)) for n in range(1, last)) + "valmis\n"
    assert answer(work_skipped, completed(), logs=log) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    assert answer(work_skipped, failed(), logs=WORK + "processed 120, failed 30\n") == "clear"


def test_without_logs_nobody_looked():
    assert answer(work_skipped, completed(), outputs=[]) == "not checked"


@pytest.mark.parametrize(
    "text",
    [
        "Omitidos 300 días ya procesados, 65 días por procesar",
        "300 Tage übersprungen, da schon verarbeitet, 65 Tage neu",
    ],
)
def test_what_was_done_before_is_left_out_on_purpose(text):
    assert answer(work_skipped, completed(), logs=f"{WORK}{text}\n") == "clear"
