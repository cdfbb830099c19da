import pytest
from building import STD_LOG, WRAPPER, iso, line, run_row
from judging import answer, blob, completed, every, exited, finding, points, record, spawned, verdict

from diagnose.rules.still_working.still_working import still_working

ALIVE = every(range(0, 360, 5), "etapa {n} pronta")


def test_metrics_at_their_own_pace_are_life():
    found = verdict(run_row(), logs=ALIVE, metrics=points(range(0, 360, 5)))
    assert found == ("still-working", "still-working", "supported")


def test_a_log_alone_is_a_suspicion():
    assert verdict(run_row(), logs=ALIVE)[::2] == ("still-working", "suspected")


def test_a_counter_that_grows_is_more_than_a_voice():
    log = every(range(0, 360, 5), "lote {n}/900")
    assert verdict(run_row(), logs=log) == ("still-working", "still-working", "supported")


def test_a_log_that_says_one_thing_again_and_again_is_no_life():
    assert answer(still_working, run_row(), logs=every(range(360), "batimento")) == "clear"


def test_a_log_whose_end_is_not_here_is_no_life_whatever_it_said_as_far_as_it_was_read():
    rows = {STD_LOG: {"captured": "head", "omitted_bytes": 900, "modified_at": iso(359)}}
    same, counted = every(range(0, 300, 5), "esperando vez"), every(range(0, 300, 5), "lote {n}/900")
    assert answer(still_working, run_row(), logs=same, log_rows=rows) == "clear"
    assert answer(still_working, run_row(), logs=counted, log_rows=rows) == "clear"


def test_a_log_that_ticks_on_after_the_metrics_have_stopped_is_no_life():
    given = {"logs": every(range(360), "batimento {n}"), "metrics": points(range(40))}
    assert answer(still_working, run_row(), **given) == "clear"


DIED = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    lê()\nOSError: sumiu\n'


@pytest.mark.parametrize("end", [DIED, "Killed\n"])
def test_a_counter_before_last_words_is_no_life(end):
    log = every(range(0, 360, 5), "lote {n}/900") + end
    assert answer(still_working, run_row(), logs=log) == "clear"


def test_two_lines_by_turns_that_count_nothing_are_no_life():
    log = "".join(line(n, "na fila" if n % 2 else "0 de 8 prontos") for n in range(360))
    assert answer(still_working, run_row(), logs=log) == "clear"


def test_a_run_that_has_been_silent_for_hours_is_not_working():
    assert answer(still_working, run_row(), logs=every(range(30), "etapa {n}")) == "clear"


def test_the_runtimes_own_lines_say_nothing_of_the_script():
    logs = {STD_LOG: every(range(30), "etapa {n}"), WRAPPER: spawned() + every(range(360), "heartbeat {n}")}
    assert answer(still_working, run_row(), logs=logs) == "clear"


def test_the_log_after_the_exit_of_the_process_is_no_life_but_outputs_are():
    logs = {STD_LOG: ALIVE, WRAPPER: spawned() + exited(10)}
    assert answer(still_working, run_row(), logs=logs) == "clear"
    written = [blob(f"p{n}.bin", minute=n) for n in range(0, 360, 5)]
    assert answer(still_working, run_row(), logs=logs, outputs=written) == "found"


@pytest.mark.parametrize("run", [completed(), run_row("Failed"), run_row("Queued")])
def test_a_run_that_is_not_open_is_not_working(run):
    assert answer(still_working, run, logs=ALIVE) == "clear"


def test_without_a_capture_time_nobody_knows_whether_it_lives():
    assert answer(still_working, run_row(), logs=ALIVE, captured_at=None) == "clear"


def test_without_the_run_nobody_looked():
    assert answer(still_working, None, logs=ALIVE) == "not checked"


def child(name, status, *, ended=None, log=None, metric=None):
    at = {"started_at": iso(1), "ended_at": ended and iso(ended)}
    signs = {"last_log_at": log and iso(log), "last_metric_at": metric and iso(metric)}
    return {"id": name, "status": status, "created_at": iso(), **at, **signs}


DONE = child("ajuste_0", "Completed", ended=90, log=90)


def test_a_parent_whose_child_moves_is_not_stuck():
    found = record(run_row(type="sweep"), children=[DONE, child("ajuste_1", "Running", log=358, metric=357)])
    told = (found["outcome"], found["cause"], found["certainty"])
    assert told == ("in-progress", "still-working", "supported")


def test_one_sign_of_a_child_is_a_suspicion():
    children = [DONE, child("ajuste_1", "Running", log=358)]
    assert verdict(run_row(type="pipeline"), children=children)[::2] == ("still-working", "suspected")


@pytest.mark.parametrize(
    "other",
    [
        child("ajuste_1", "Running", log=300, metric=299),
        child("ajuste_1", "Running"),
        child("ajuste_1", "Queued", log=358),
        child("ajuste_1", "Completed", ended=359, log=358, metric=358),
    ],
)
def test_a_child_that_is_silent_waits_or_has_ended_is_no_life(other):
    assert answer(still_working, run_row(type="sweep"), children=[DONE, other]) == "clear"


def test_a_child_of_a_run_that_has_ended_proves_nothing():
    children = [child("ajuste_1", "Running", log=358, metric=357)]
    assert answer(still_working, completed(), children=children) == "clear"


def earlier(*minutes):
    return [
        {"id": f"e-{n}", "started_at": iso(-9000), "ended_at": iso(-9000 + m)} for n, m in enumerate(minutes)
    ]


@pytest.mark.parametrize(("minutes", "cited"), [((300, 480), True), ((60, 90), False), ((), False)])
def test_earlier_runs_that_took_longer_are_cited(minutes, cited):
    found = finding(still_working, run_row(), logs=ALIVE, siblings=earlier(*minutes))
    assert any("earlier completed runs took up to 8 h" in piece.summary for piece in found.evidence) == cited


def test_a_log_of_which_the_end_is_not_here_may_end_in_repeats():
    rows = {STD_LOG: {"captured": "head", "omitted_bytes": 9000, "modified_at": iso(359.9)}}
    given = {"logs": every(range(0, 200, 5), "etapa {n} pronta"), "log_rows": rows}
    assert answer(still_working, run_row(), **given) == "clear"
    assert answer(still_working, run_row(), **given, metrics=points(range(0, 360, 5))) == "found"
