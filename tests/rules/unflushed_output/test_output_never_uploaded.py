import pytest
from building import STD_LOG, run_row
from judging import answer, blob, completed, failed, finding, runtime, verdict

from diagnose.rules.unflushed_output.output_never_uploaded import output_never_uploaded


def declared(**fields):
    return [{"name": "gewichten", "type": "uri_folder", "mode": "upload", **fields}]


RUN = completed(expected_outputs=declared())
LOG = "start\nklaar\n"
CAPABILITY = "system_logs/data_capability/data-capability.log"
SKIPPED = runtime(59, "/mnt/azureml/wd/gewichten is empty. Skip upload")


def test_a_declared_output_with_nothing_under_it_was_never_uploaded():
    found = verdict(RUN, logs=LOG, outputs=[blob("b.bin")])
    assert found == ("unflushed-output", "output-never-uploaded", "supported")


def test_the_runtimes_word_for_the_empty_folder_establishes_it():
    found = verdict(RUN, logs={STD_LOG: LOG, CAPABILITY: SKIPPED}, outputs=[blob("b.bin")])
    assert found[2] == "established"


def test_where_the_files_went_by_the_log_is_quoted():
    log = "gewichten opgeslagen in ./lokaal/laag_1.npz\nlezen van bron.csv\n"
    found = finding(output_never_uploaded, RUN, logs=log, outputs=[blob("b.bin")])
    [said] = [piece for piece in found.evidence if piece.kind == "log"]
    assert said.summary == "The log says that ./lokaal/laag_1.npz was written, and no output holds it."


def test_the_line_of_the_upload_session_names_the_output():
    words = "INFO 2026-11-20 08:59:18,340 data_sessions.py:655 [14] - [UriUploadSession]:/mnt/azureml/cr/j/0a/cap/data-capability/wd/gewichten/ is empty. Skip uploading."
    run = completed()
    found = finding(output_never_uploaded, run, logs={CAPABILITY: words + "\n"})
    assert found.subjects == {"gewichten"}


def test_the_runtimes_word_is_enough_without_a_listing():
    assert answer(output_never_uploaded, RUN, logs={CAPABILITY: SKIPPED}) == "found"


def test_an_output_with_one_blob_was_uploaded():
    assert answer(output_never_uploaded, RUN, outputs=[blob("b.bin", output="gewichten")]) == "clear"


@pytest.mark.parametrize("run", [run_row(expected_outputs=declared()), failed(expected_outputs=declared())])
def test_only_a_completed_run_should_have_uploaded(run):
    assert answer(output_never_uploaded, run, outputs=[]) == "clear"


@pytest.mark.parametrize("fields", [{"name": "default"}, {"type": "table"}])
def test_outputs_that_lie_elsewhere_are_not_missed(fields):
    run = completed(expected_outputs=declared(**fields))
    assert answer(output_never_uploaded, run, outputs=[blob("b.bin")]) == "clear"


def test_an_output_in_the_runs_own_artifact_store_is_listed_there():
    uri = "azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.r-1/outputs/"
    run = completed(expected_outputs=declared(uri=uri))
    rows = [blob("outputs/gewichten.bin", output="artifacts")]
    assert answer(output_never_uploaded, run, outputs=rows) == "clear"


def test_a_listing_that_is_not_complete_misses_nothing_for_certain():
    given = {"outputs": [blob("b.bin")], "parts": {"outputs": "partial"}}
    assert answer(output_never_uploaded, RUN, **given) == "clear"


def test_without_the_run_nobody_looked():
    assert answer(output_never_uploaded, None, outputs=[]) == "not checked"
