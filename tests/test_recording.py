"""The record keeps its schema, its bounds and its names, whatever the evidence holds."""

import json
import random

import jsonschema
import pytest
from building import STD_LOG, WRAPPER, bundle_of, iso, moment, run_row
from judging import blob, completed, every, execution_ended, exited, failed, points, record, spawned
from samples import AT, FOLDER

from diagnose.engine import evaluate
from diagnose.recording import EVIDENCE_LIMIT, record_of, ruleset
from diagnose.rule import Cause, Evidence, EvidenceKind, Finding, rule
from diagnose.rules import all_rules
from diagnose.verdict import decide

SCHEMA = json.loads((FOLDER.parent / "diagnose" / "report" / "verdict.schema.json").read_text())
WORK = every(range(1, 50), "шаг {n}")


def many(count):
    """A verdict that rests on very many pieces."""

    def talks():
        yield Finding("much", tuple(Evidence(EvidenceKind.LOG, f"piece {n}") for n in range(count)))

    talks.__module__ = "diagnose.rules.none.nothing_wrong"
    bundle = bundle_of(completed())
    talker = rule(title="Talks", cause=Cause.SILENT_ERROR, remedy=())(talks)
    return record_of(decide(bundle, evaluate(bundle, [talker])), bundle, AT)


@pytest.mark.parametrize(
    ("run", "given"),
    [
        (None, {}),
        (run_row(), {"logs": WORK}),
        (completed(), {"logs": WORK, "outputs": [blob("карта.parquet", 0)], "metrics": points(range(50))}),
        (failed(exit_code=1, error={"message": "no"}), {"logs": b"\x00\xff\xfe broken \xc3\n"}),
        ({"status": ["x"], "id": 7, "ended_at": "never", "tags": "none"}, {"captured_at": None}),
        (run_row(type="pipeline"), {"children": [{"id": f"c-{n}", "status": "Running"} for n in range(99)]}),
    ],
)
def test_every_record_keeps_the_published_schema(run, given):
    jsonschema.validate(record(run, **given), SCHEMA)


def test_a_record_survives_json():
    told = record(completed(), logs=WORK, outputs=[blob("карта.parquet", 0)])
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_the_evidence_is_bounded_and_its_ids_are_counted_on():
    told = many(500)
    assert [piece["id"] for piece in told["evidence"]] == [f"E{n}" for n in range(1, EVIDENCE_LIMIT + 1)]


def test_no_hypothesis_names_evidence_that_the_record_does_not_hold():
    told = many(500)
    known = {piece["id"] for piece in told["evidence"]}
    named = {i for each in told["hypotheses"] for i in (*each["for"], *each["against"])}
    assert named <= known


def test_the_drawing_data_is_bounded():
    told = record(
        run_row(),
        logs={f"user_logs/rank_{n}.txt": every(range(99), "шаг {n}") for n in range(40)},
        metrics=[point for n in range(40) for point in points(range(60), f"потеря_{n}")],
        outputs=[blob(f"часть-{n}.bin", minute=n / 9) for n in range(900)],
    )["timeline"]
    assert [len(told[lane]) for lane in ("logs", "metrics", "outputs")] == [8, 8, 113]
    assert (told["logs_total"], told["metrics_total"], told["outputs_total"]) == (40, 40, 900)


def test_the_same_evidence_gives_the_same_ids_in_whatever_order_it_is_listed():
    rows = [blob(f"часть-{n}.parquet", 0, minute=n) for n in range(9)]
    first = record(completed(), logs=WORK, outputs=rows)
    random.Random(5).shuffle(rows)
    assert record(completed(), logs=WORK, outputs=rows) == first


def test_nothing_but_the_time_of_its_making_comes_from_a_clock():
    bundle = bundle_of(completed(), logs=WORK)
    decided = decide(bundle, evaluate(bundle, all_rules()))
    first, second = (record_of(decided, bundle, at) for at in (AT, moment(0)))
    assert {key for key in first if first[key] != second[key]} == {"generated"}


def test_the_ruleset_is_the_version_with_a_digest():
    assert ruleset().rpartition("+")[2].isalnum()
    assert record()["generated"]["ruleset"] == ruleset()


CODE = {"a.py": 'for n in range(9):\n    print(f"этап {n}")\nprint("всё записано на диск")\n'}
OVER = every(range(9), "этап {n}") + every([10], "всё записано на диск")


def test_the_idle_tail_begins_where_the_work_ended():
    assert record(run_row(), logs=OVER, code=CODE)["idle_tail_s"] == 350 * 60


def test_without_a_sign_of_the_end_it_begins_with_the_last_sign_of_life():
    assert record(run_row(), logs=WORK)["idle_tail_s"] == 311 * 60


def test_a_run_that_works_or_has_not_begun_has_no_idle_tail():
    alive = {"logs": every(range(361), "шаг {n}/900"), "metrics": points(range(361))}
    assert record(run_row(), **alive)["idle_tail_s"] is None
    assert record(run_row("Queued", started_at=None))["idle_tail_s"] is None


def test_what_was_not_examined_is_listed_with_its_reason():
    told = record(completed(), logs=WORK, parts={"outputs": "denied", "metrics": "gone"})
    named = {each["part"]: each["why"] for each in told["not_examined"]}
    assert (named["outputs"], named["metrics"], named["code"]) == ("denied", "gone", "not collected")


def test_a_log_that_was_cut_is_listed_with_what_was_left_out():
    rows = {STD_LOG: {"captured": "tail", "omitted_bytes": 1_500_000}}
    told = record(completed(), logs=WORK, log_rows=rows)["not_examined"]
    assert {"part": STD_LOG, "why": "captured: tail, 1,500,000 bytes left out"} in told


def test_the_runtimes_logs_that_were_cut_are_one_entry():
    logs = {f"system_logs/lifecycler/a{n}.log": "x\n" for n in range(9)}
    told = record(completed(), logs=logs, log_rows={path: {"captured": "head"} for path in logs})
    [entry] = [each for each in told["not_examined"] if each["part"] == "logs of the runtime"]
    assert entry["why"].startswith("9 files not captured whole")


def test_everything_that_was_seen_is_not_listed():
    every_part = {"children": [], "metrics": [], "outputs": [], "processes": [{"pid": 5}], "code": CODE}
    assert record(completed(), logs=WORK, **every_part)["not_examined"] == []


def test_all_rules_are_named_once_by_their_answer():
    told = record(completed(), logs=WORK)["rules"]
    assert sorted(each["rule"] for answers in told.values() for each in answers) == [
        r.name for r in all_rules()
    ]


def test_the_last_signs_of_life_stand_by_channel():
    told = record(run_row(), logs=WORK, metrics=points(range(5)), outputs=[blob("a.bin", minute=7)])
    signs = told["last_sign_of_life"]
    assert [signs[name] for name in ("log", "metric", "output")] == [f"{iso(n)}" for n in (49, 4, 7)]


def test_an_end_before_the_start_gives_no_duration():
    assert record(completed(ended_at=iso(-5)))["run"]["duration_s"] is None
    assert record(completed())["run"]["duration_s"] == 3600


def test_the_users_process_is_a_phase_of_the_timeline():
    logs = {STD_LOG: WORK, WRAPPER: spawned(1) + exited(50) + execution_ended(50)}
    names = [phase["name"] for phase in record(completed(), logs=logs)["timeline"]["phases"]]
    assert "User process" in names


def test_a_mark_stands_on_the_lane_of_its_log():
    log = "2026-11-20 08:00:30 ERROR не записано: OSError: [Errno 5] I/O\n" + WORK
    told = record(completed(), logs=log)
    [lane] = told["timeline"]["logs"]
    assert {mark["evidence"] for mark in lane["marks"]} & {piece["id"] for piece in told["evidence"]}
