"""Runs that lie beside one another tell of one another what such a run leaves."""

from building import bundle_of, iso, run_row
from judging import blob, completed
from samples import AT

from diagnose.collect.beside import MEMBER, earlier_run, with_siblings
from diagnose.evidence.bundle import Missing, open_bundle, write_bundle
from diagnose.evidence.siblings import Siblings, template_of
from diagnose.pipeline import judge


def run(number, *blobs, **fields):
    times = {"started_at": iso(100 * number), "ended_at": iso(100 * number + 50)}
    row = {"status": "Completed", "id": f"loop_{number}", "experiment": "nacht", **times, **fields}
    return bundle_of(run_row(**row), logs="klaar\n", outputs=list(blobs))


def beside(bundle, *others):
    return with_siblings(bundle, [run for other in others if (run := earlier_run(other))])


BOTH = (blob("model.bin"), blob("verslag.pdf"))


def test_the_completed_runs_before_it_become_evidence_newest_first():
    seen = beside(run(3), run(1, *BOTH), run(2, *BOTH), run(3), run(4, *BOTH)).get(Siblings)
    assert [sibling.run_id for sibling in seen.all] == ["loop_2", "loop_1"]
    assert seen.longest_s == 3000
    assert seen.always == {"resultaat/model.bin": (2048, 2048), "resultaat/verslag.pdf": (2048, 2048)}


def test_other_experiments_and_runs_that_failed_are_no_siblings():
    others = [run(1, experiment="dag"), run(2, status="Failed"), bundle_of(None, logs="klaar\n")]
    assert isinstance(beside(run(3), *others).get(Siblings), Missing)


def test_a_listing_that_is_not_complete_is_no_listing():
    partial = bundle_of(
        completed(id="loop_1", experiment="nacht", ended_at=iso(50)),
        outputs=[blob("model.bin")],
        parts={"outputs": "partial"},
    )
    [sibling] = beside(run(3), partial).get(Siblings).all
    assert sibling.sizes is None


def test_what_they_left_decides_and_is_kept_with_the_bundle(tmp_path):
    bundle = beside(run(3, blob("model.bin")), run(1, *BOTH), run(2, *BOTH))
    write_bundle(bundle, tmp_path / "kept.zip")
    record = judge(open_bundle(tmp_path / "kept.zip"), AT)
    assert MEMBER in open_bundle(tmp_path / "kept.zip").store.names()
    assert (record["cause"], record["mechanism"]) == ("unflushed-output", "less-than-earlier-runs")
    assert record["certainty"] == "suspected"


def test_names_are_alike_but_for_what_varies():
    assert template_of("m", "2026-11-01/part-00012-0a1b2c3d.parquet") == "m/#-#-#/part-#-#.parquet"
    assert template_of("m", "decade/facade.txt") == "m/decade/facade.txt"
