from building import fact

from diagnose.evidence.announced import Announced


def named(log):
    return [(each.path, each.says_written) for each in fact(Announced, logs=log).all]


def test_every_file_that_a_line_names_is_one_with_what_the_words_say_of_it():
    log = "wrote outputs/a.csv and outputs/b.parquet (3 MB)\nreading 'data/c.npz'\nfailed to save d.json\n"
    assert named(log) == [
        ("outputs/a.csv", True),
        ("outputs/b.parquet", True),
        ("data/c.npz", False),
        ("d.json", False),
    ]


def test_addresses_other_suffixes_and_folders_are_no_files():
    assert named("saved https://x/a.csv\nsaved a.py\nsaved a.csv.old\nwrote a.zip/b\n") == []


def test_lines_of_one_statement_share_their_shape():
    log = "nord: écrit x/carte_nord.csv en 3.2 s\nsud: écrit y/carte_sud.csv en 11 s\n"
    assert len({each.shape for each in fact(Announced, logs=log).all}) == 1


def test_words_inside_the_path_say_nothing():
    assert named("path saved/written.csv\n") == [("saved/written.csv", False)]
