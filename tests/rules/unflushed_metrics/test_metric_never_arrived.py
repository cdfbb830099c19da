import pytest
from building import iso, line
from judging import answer, blob, completed, every, failed, finding, points, record, verdict

from diagnose.rule import Certainty
from diagnose.rules.unflushed_metrics.metric_never_arrived import metric_never_arrived

SOURCE = """
from azureml.core import Run
run = Run.get_context()
for tur in range(30):
    run.log("tap", egit(tur), step=tur)
    print(f"tur bitti {tur}")
run.log("dogruluk", olc())
print("olcum tamam, rapor yaziliyor")
rapor()
"""
LOG = every(range(30), "tur bitti {n}") + line(31, "olcum tamam, rapor yaziliyor")
TAPS = points(range(30), "tap")


def given(source=SOURCE, metrics=TAPS, **more):
    return {"code": {"egit.py": source}, "logs": LOG, "metrics": metrics, **more}


def test_a_metric_that_the_program_passed_by_and_that_is_not_there_is_lost():
    found = verdict(completed(), **given(), outputs=[blob("rapor.bin")])
    assert found == ("unflushed-metrics", "metric-never-arrived", "supported")


def test_the_call_and_the_line_behind_it_are_quoted():
    pieces = finding(metric_never_arrived, completed(), **given()).evidence
    assert [p.source.line for p in pieces if p.kind == "code"] == [7]
    assert [p.source.text[20:] for p in pieces if p.kind == "log"] == ["olcum tamam, rapor yaziliyor"]


def test_a_name_with_a_value_in_it_is_lost_where_no_series_has_its_words():
    source = SOURCE.replace('"dogruluk"', 'f"dogruluk/{sehir}"')
    assert finding(metric_never_arrived, completed(), **given(source)).subjects == {"dogruluk/*"}


def test_soon_after_the_end_it_may_still_arrive():
    told = record(completed(ended_at=iso(355)), **given(), outputs=[blob("rapor.bin")])
    assert told["cause"] != "unflushed-metrics"


def test_where_nothing_arrived_a_way_to_lose_it_is_needed_and_it_is_a_suspicion():
    left = SOURCE + "import os\nos._exit(0)\n"
    assert answer(metric_never_arrived, completed(), **given(metrics=[])) == "clear"
    found = finding(metric_never_arrived, completed(), **given(left, metrics=[]))
    assert found.certainty is Certainty.SUSPECTED


@pytest.mark.parametrize(
    ("what", "source"),
    [
        ("a call in a branch", SOURCE.replace('run.log("dogruluk"', 'if asil:\n    run.log("dogruluk"')),
        ("a call in a loop", SOURCE.replace('run.log("dogruluk"', 'for s in sehirler:\n    run.log("dogruluk"')),
        ("a call with a condition", SOURCE.replace('run.log("dogruluk", olc())', 'asil and run.log("dogruluk", olc())')),
        ("another client", SOURCE.replace('run.log("dogruluk"', 'izleyici.log("dogruluk"')),
        ("a name that is put together elsewhere", SOURCE.replace('"dogruluk"', "ad")),
        ("a client of its own making", SOURCE + "class Izleyici:\n    def log(self, ad, deger): pass\n"),
        ("a child run", SOURCE + "alt = run.child_run()\n"),
        ("a nested run", SOURCE + "mlflow.start_run(nested=True)\n"),
        ("a run that is named", SOURCE.replace("olc())", "olc(), run_id=kimlik)")),
        ("a logger", SOURCE.replace('run.log("dogruluk"', 'logging.log("dogruluk"')),
        ("a statement that was not reached", SOURCE.replace("olcum tamam", "hicbir zaman")),
    ],
)  # fmt: skip
def test_what_need_not_have_been_sent_is_not_missed(what, source):
    assert answer(metric_never_arrived, completed(), **given(source)) == "clear", what


def test_a_client_that_puts_words_around_the_name_lost_nothing():
    arrived = [*TAPS, *points([30], "deneme/Dogruluk_son")]
    assert answer(metric_never_arrived, completed(), **given(metrics=arrived)) == "clear"


def test_metrics_that_were_not_all_collected_lack_nothing_for_certain():
    some = given(parts={"metrics": "partial"})
    assert answer(metric_never_arrived, completed(), **some) == "not checked"


def test_a_run_that_failed_lost_more_than_its_metrics():
    assert answer(metric_never_arrived, failed(), **given()) == "clear"
