import pytest
from building import fact

from diagnose.evidence.outputs import Outputs
from diagnose.evidence.series import series_in


def series_of(*paths, output="data"):
    rows = [{"output": output, "path": path, "size": 1} for path in paths]
    return list(series_in(fact(Outputs, outputs=rows).all))


def missing_of(*paths):
    return {name for series in series_of(*paths) for name in map(series.name_of, series.missing)}


def test_a_gap_in_numbered_parts_is_named_as_they_are():
    assert missing_of("part-0001.csv", "part-0002.csv", "part-0003.csv", "part-0005.csv") == {"part-0004.csv"}


def test_whole_series_miss_nothing():
    [series] = series_of(*(f"part-{n}.csv" for n in range(12)))
    assert (series.numbers, series.missing) == (tuple(range(12)), ())


def test_steps_of_a_hundred_are_a_series():
    assert missing_of(*(f"ckpt-{n}.pt" for n in (100, 200, 300, 500))) == {"ckpt-400.pt"}


def test_two_files_show_no_step():
    assert series_of("a1.csv", "a2.csv") == []


def test_ids_are_no_counters():
    assert missing_of("img-1041.png", "img-5.png", "img-77821.png", "img-912.png") == set()


def test_a_stated_total_tells_even_of_one_file():
    assert missing_of("model-00001-of-00003.safetensors") == {
        "model-00002-of-00003.safetensors",
        "model-00003-of-00003.safetensors",
    }


def test_a_stated_total_may_count_from_zero():
    assert missing_of("train-0-of-3.parquet", "train-2-of-3.parquet") == {"train-1-of-3.parquet"}


@pytest.mark.parametrize("total", [0, 1, 999_999_999])
def test_a_total_that_cannot_be_is_no_series_of_missing_files(total):
    assert missing_of(f"x-1-of-{total}.bin") == set()


def test_a_total_of_tens_of_thousands_is_counted_off():
    [series] = series_of(*(f"p-{n}-of-60000.bin" for n in range(1, 60_000)))
    assert series.missing == (60_000,)


def test_the_order_of_the_files_decides_nothing():
    paths = [f"s{n}/part-{n % 4}.csv" for n in range(16)] + ["b-1-of-2", "b-1-of-3"]
    assert series_of(*paths) == series_of(*paths[::-1])


def test_folders_are_series_of_their_own():
    assert missing_of("a/p1", "a/p2", "a/p3", "b/p5", "b/p6", "b/p7") == set()


@pytest.mark.parametrize("name", ["#-{}.csv", "{}\u0663.csv", "\u202e{}.csv", "{}"])
def test_odd_names_are_read_too(name):
    assert series_of(*(name.format(n) for n in (1, 2, 3)))
