import pytest
from judging import answer, blob, completed, failed, finding, record, verdict

from diagnose.rule import Certainty
from diagnose.rules.unflushed_output.said_but_not_there import said_but_not_there

THERE = [blob("zona_norte.csv"), blob("zona_este.csv"), blob("zona_oeste.csv")]
SAID = "".join(f"-> zona_{zone}.csv (812 filas)\n" for zone in ("norte", "este", "sur", "oeste"))
PLAIN = {"hacer.py": "print('-> %s (%d filas)' % (nombre, n))\n"}


def told(log, outputs=THERE, run=None, **given):
    return answer(said_but_not_there, run or completed(), logs=log, outputs=outputs, **given)


def test_a_file_that_the_same_statement_names_beside_others_that_are_there():
    found = verdict(completed(), logs=SAID, outputs=THERE, code=PLAIN)
    assert found == ("unflushed-output", "said-but-not-there", "supported")


@pytest.mark.parametrize(
    "line",
    [
        "wrote outputs/summary.json",
        "Bericht ./outputs/summary.json gespeichert",
        "сохранено в /mnt/azureml/cr/j/0a/exe/wd/outputs/summary.json",
        "exporté : /mnt/azureml/cr/j/0a/cap/data-capability/wd/resultaat/summary.json",
        "已保存 outputs/summary.json",
        "saved outputs/model.pkl",
        "Model saved in /mnt/batch/tasks/shared/LS_root/jobs/w/azureml/r_1/mounts/workspaceblobstore/azureml/r_1/outputs/a.pt",
    ],
)
def test_a_path_below_an_output_of_which_words_say_that_it_was_written(line):
    assert told(line + "\n") == "found"


def test_below_an_output_one_twin_that_is_there_is_enough():
    log = "outputs/zona_norte.csv: 3 filas\noutputs/zona_sur.csv: 4 filas\noutputs/zona_x.csv: 9 filas\n"
    assert told(log) == "found"
    assert told("outputs/zona_sur.csv: 4 filas\noutputs/zona_x.csv: 9 filas\n") == "clear"


def test_the_name_is_what_links_it_to_an_error_before_it():
    found = finding(said_but_not_there, completed(), logs=SAID, outputs=THERE, code=PLAIN)
    assert found.subjects == {"zona_sur.csv"}


def test_an_error_before_it_that_names_the_file_is_the_cause_and_this_its_evidence():
    error = 'Traceback (most recent call last):\n  File "hacer.py", line 3, in guardar\nOSError: [Errno 5] zona_sur.csv\n'
    told = record(completed(), logs=error + "sigo\n" * 50 + SAID, outputs=THERE, code=PLAIN)
    first = told["hypotheses"][0]
    pieces = {piece["id"]: piece["kind"] for piece in told["evidence"]}
    assert told["cause"] == "silent-error"
    assert "absence" in {pieces[number] for number in first["for"]}


def test_source_that_removes_or_packs_files_leaves_a_suspicion():
    code = {"hacer.py": "import os\nos.remove(nombre)\n"}
    found = finding(said_but_not_there, completed(), logs=SAID, outputs=THERE, code=code)
    assert found.certainty is Certainty.SUSPECTED
    packed = [*THERE, blob("todo.tar.gz")]
    found = finding(said_but_not_there, completed(), logs=SAID, outputs=packed, code=PLAIN)
    assert found.certainty is Certainty.SUSPECTED


@pytest.mark.parametrize(
    "line",
    [
        "wrote /tmp/summary.json",
        "wrote outputs/cache/summary.json",
        "wrote summary.json",
        "wrote data/summary.json",
        "failed to save outputs/summary.json",
        "could not write outputs/summary.json: kept in memory",
        "no outputs/summary.json found, starting anew",
        "outputs/summary.json will be written at the end",
        "loading outputs/summary.json",
        "saved https://store/outputs/summary.json",
        "saved outputs/epoch_3.ckpt",
        "Model weights saved in outputs/checkpoint-500/weights.bin",
        "saved outputs/summary",
    ],
)
def test_what_is_elsewhere_or_was_not_said_to_be_written_is_none(line):
    assert told(line + "\n") == "clear"


def test_what_was_removed_again_is_no_loss():
    assert told("wrote outputs/summary.json\nremoved outputs/summary.json\n") == "clear"


@pytest.mark.parametrize(
    "name", ["summary.json.gz", "summary.json/part-0", "Summary.json", "summary.zip", "summary/a.txt"]
)
def test_what_is_there_under_a_longer_name_in_a_folder_or_packed_is_there(name):
    assert told("wrote outputs/summary.json\n", [blob(name)]) == "clear"


def test_the_oldest_of_a_numbered_row_were_thinned_out():
    log = "".join(f"frame_{n}.png rendered\n" for n in range(1, 9))
    kept = [blob(f"frame_{n}.png") for n in (4, 5, 6, 7, 8)]
    assert told(log, kept) == "clear"


def test_where_most_of_what_a_statement_names_is_elsewhere_it_speaks_of_inputs():
    log = "".join(f"in: {name}.csv\n" for name in ("a1", "b2", "c3", "d4", "norte"))
    assert told(log) == "clear"


def test_a_listing_that_is_not_complete_lacks_nothing():
    assert told(SAID, parts={"outputs": "partial"}) == "clear"


def test_a_run_that_failed_or_has_no_log_is_not_asked():
    assert told(SAID, run=failed()) == "clear"
    assert answer(said_but_not_there, completed(), outputs=THERE) == "not checked"


def test_the_best_few_of_numbered_models_were_kept():
    log = "".join(f"saved fold model outputs/fold_{n}.joblib\n" for n in (1, 2, 3))
    assert told(log, [blob("fold_2.joblib")]) == "clear"
    improved = "Epoch 1: val_loss improved from inf to 0.98, saving model to outputs/weights.01-0.98.hdf5\n"
    assert told(improved, [blob("weights.02-0.81.hdf5")]) == "clear"
    assert told(improved, [blob("report.html")]) == "found"


def test_what_a_later_file_of_its_kind_may_be_or_the_source_removes_accuses_nobody():
    log = "saved to outputs/state.json\n"
    removes = {"hacer.py": "import os\nos.remove(nombre)\n"}
    for given in ({"outputs": [blob("final-2026.json")]}, {"outputs": [blob("a.bin")], "code": removes}):
        found = finding(said_but_not_there, completed(), logs=log, **given)
        assert found.certainty is Certainty.NONE
    found = finding(said_but_not_there, completed(), logs=log, outputs=[blob("final-2026.json")], code=PLAIN)
    assert found.certainty is Certainty.SUPPORTED


def test_accents_are_compared_as_they_are_read():
    assert told("saved outputs/\u00dcbersicht.html\n", [blob("U\u0308bersicht.html")]) == "clear"
