import pytest
from building import run_row
from judging import answer, blob, cause, completed, verdict

from diagnose.rules.unflushed_output.missing_part import missing_part

LOG = "inizio\nscritto tutto\n"
SOURCE = {"main.py": "print(1)\n"}


def rows(*names):
    return [blob(name) for name in names]


def numbered(template, *numbers):
    return rows(*(template.format(n) for n in numbers))


def test_a_part_that_the_names_own_total_counts_is_missing():
    parts = numbered("part-{:05d}-of-00004.bin", 0, 1, 3)
    assert verdict(completed(), logs=LOG, outputs=parts, code=SOURCE) == (
        "unflushed-output",
        "missing-part",
        "established",
    )


def test_a_gap_among_the_parts_of_one_whole_is_supported():
    parts = numbered("shard_{}.bin", 0, 1, 2, 4, 5, 6)
    assert verdict(completed(), logs=LOG, outputs=parts) == ("unflushed-output", "missing-part", "supported")


def test_a_member_that_the_log_names_was_due():
    given = {"logs": "scrivo regione_3.bin\n", "outputs": numbered("regione_{}.bin", 0, 1, 2, 4, 5, 6)}
    assert answer(missing_part, completed(), **given) == "found"


def test_an_end_before_the_count_that_the_log_states_is_one():
    given = {"logs": "esporto 8 regioni\n", "outputs": numbered("regioni_{}.bin", 0, 1, 2, 3)}
    assert answer(missing_part, completed(), **given) == "found"


@pytest.mark.parametrize(
    ("template", "numbers"),
    [
        ("epoch={}.ckpt", (1, 2, 3, 7, 8)),
        ("migliore_{}.pt", (2, 3, 4, 6)),
        ("pnl_202610{:02d}.csv", (5, 6, 7, 8, 9, 12, 13)),
        ("negozio_{}.csv", (104, 105, 106, 108)),
        ("passo_{}.bin", (1, 2, 4, 8, 16)),
    ],
)
def test_a_gap_alone_is_none(template, numbers):
    assert cause(completed(), logs=LOG, outputs=numbered(template, *numbers)) == "none"


def test_checkpoints_that_the_log_names_may_have_been_removed_again():
    given = {"logs": "saving epoch_3.ckpt as top 2\n", "outputs": numbered("epoch_{}.ckpt", 0, 1, 2, 4, 5, 6)}
    assert answer(missing_part, completed(), **given) == "clear"


def test_a_count_that_the_listing_holds_is_met():
    given = {"logs": "prima 9 regioni, poi 4 regioni\n", "outputs": numbered("regioni_{}.bin", 0, 1, 2, 3)}
    assert answer(missing_part, completed(), **given) == "clear"


def test_a_listing_that_is_not_complete_misses_nothing_for_certain():
    given = {"outputs": numbered("shard_{}.bin", 0, 1, 2, 4), "parts": {"outputs": "partial"}}
    assert answer(missing_part, completed(), **given) == "clear"


def test_an_open_run_may_still_write_it():
    assert answer(missing_part, run_row(), outputs=numbered("shard_{}.bin", 0, 1, 2, 4)) == "clear"


def test_an_error_that_names_the_missing_one_is_the_earlier_link():
    log = "ERROR non salvo shard_3.bin: OSError: quota\nproseguo\n" + "lavoro\n" * 30
    assert cause(completed(), logs=log, outputs=numbered("shard_{}.bin", 0, 1, 2, 4, 5)) == "silent-error"


def test_without_a_listing_nobody_looked():
    assert answer(missing_part, completed(), logs=LOG) == "not checked"


def test_a_count_says_nothing_of_names_that_carry_ids():
    given = {"logs": "esporto 8 regioni\n", "outputs": numbered("regioni_{}.bin", 104, 105, 106)}
    assert answer(missing_part, completed(), **given) == "clear"


ROW = numbered("bündel_{}.gz", 0, 1, 2, 4, 5, 6)


def test_what_the_log_tells_otherwise_than_of_those_that_are_there_was_left_out_knowingly():
    done = "".join(f"bündel_{n}.gz fertig\n" for n in (0, 1, 2, 4, 5, 6))
    assert (
        answer(missing_part, completed(), logs=f"{done}bündel_3.gz liegt im Archiv\n", outputs=ROW) == "clear"
    )
    assert answer(missing_part, completed(), logs=f"{done}bündel_3.gz fertig\n", outputs=ROW) == "found"
    assert answer(missing_part, completed(), logs=f"{done}bündel_3.gz: failed\n", outputs=ROW) == "found"


@pytest.mark.parametrize("line", ["reading bündel_3.gz", "eingang/bündel_3.gz", "bündel_3.gz not made"])
def test_an_input_of_that_name_or_one_that_is_said_to_be_left_out_was_not_due(line):
    assert answer(missing_part, completed(), logs=line + "\n", outputs=ROW) == "clear"


def test_spark_leaves_out_the_numbers_of_partitions_without_a_row():
    name = "part-{:05d}-1c2d3e4f-aa11-bb22-cc33-0123456789ab-c000.snappy.parquet"
    parts = numbered(name, 0, 1, 2, 4, 5, 7)
    assert answer(missing_part, completed(), logs=LOG, outputs=parts) == "found"
    assert answer(missing_part, completed(), logs=LOG, outputs=[*parts, blob("_SUCCESS", 0)]) == "clear"


def test_a_count_that_all_rows_together_meet_is_met():
    names = [f"depot-{row}{n}.json" for row in "ABC" for n in range(1, 5)]
    log = "kaikki 12 depot valmiina\n"
    given = {"logs": log, "outputs": [blob(name) for name in names]}
    assert answer(missing_part, completed(), **given) == "clear"
