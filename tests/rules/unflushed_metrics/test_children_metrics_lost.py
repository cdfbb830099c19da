import pytest
from building import iso, line, run_row
from judging import answer, cause, completed, failed, points, verdict

from diagnose.rules.unflushed_metrics.children_metrics_lost import children_metrics_lost

CODE = """import multiprocessing
def sovita(n):
    run = Run.get_context()
    for kierros in range(1, 61):
        run.log(f"virhe_{n}", laske(), step=kierros)
    print(f"malli {n}: 60 rounds")
for n in (3, 7):
    multiprocessing.Process(target=sovita, args=(n,)).start()
"""
LOG = line(61, "malli 3: 60 rounds") + line(61, "malli 7: 60 rounds")
SHORT = [*points(range(1, 35), "virhe_3"), *points(range(1, 33), "virhe_7")]
WHOLE = [*points(range(1, 61), "virhe_3"), *points(range(1, 61), "virhe_7")]
RUN = completed(ended_at=iso(62))


def code(text=CODE):
    return {"opeta.py": text}


def test_series_of_children_that_end_before_what_the_log_states_are_cut():
    found = verdict(RUN, logs=LOG, metrics=SHORT, code=code())
    assert found == ("unflushed-metrics", "children-metrics-lost", "supported")


def test_a_log_without_stamps_is_judged_by_the_end_of_the_run():
    log = "malli 3: 60 rounds\nmalli 7: 60 rounds\n"
    assert cause(RUN, logs=log, metrics=SHORT, code=code()) == "unflushed-metrics"


@pytest.mark.parametrize(
    "given", [{}, {"code": code(CODE.replace("    print", "    run.flush()\n    print"))}]
)
def test_without_a_source_that_shows_how_it_is_a_suspicion(given):
    found = verdict(RUN, logs=LOG, metrics=SHORT, **given)
    assert found[2] in ("suspected", "supported")
    assert answer(children_metrics_lost, RUN, logs=LOG, metrics=SHORT, **given) == "found"


def test_one_short_series_beside_whole_equals_is_a_suspicion():
    rows = [*points(range(1, 35), "virhe_3"), *points(range(1, 61), "virhe_7")]
    found = verdict(RUN, logs=LOG, metrics=rows, code=code())
    assert found[0] in ("unflushed-metrics", "none")
    assert answer(children_metrics_lost, RUN, logs=LOG, metrics=rows, code=code()) == "found"


@pytest.mark.parametrize(
    ("log", "rows"),
    [
        (LOG, WHOLE),
        (LOG.replace("60 rounds", "stopped early after 34 of 60 rounds"), SHORT),
        (LOG.replace("60 rounds", "33 rounds"), SHORT),
        (LOG.replace("60 rounds", "4000 updates"), WHOLE),
        (line(61, "60 rounds for each model"), SHORT),
        ("", SHORT),
    ],
)
def test_whole_series_early_stops_other_units_and_general_words_are_none(log, rows):
    assert answer(children_metrics_lost, RUN, logs=log, metrics=rows, code=code()) == "clear"


def test_what_is_stated_beforehand_tells_of_no_step_taken():
    log = line(0.5, "malli 3: 60 rounds") + line(0.5, "malli 7: 60 rounds")
    assert answer(children_metrics_lost, RUN, logs=log, metrics=SHORT, code=code()) == "clear"


def test_an_end_right_after_the_last_point_left_no_time_for_more():
    given = {"logs": "malli 3: 60 rounds\nmalli 7: 60 rounds\n", "metrics": SHORT, "code": code()}
    assert answer(children_metrics_lost, completed(ended_at=iso(36)), **given) == "clear"


def test_soon_after_the_end_the_rest_may_still_arrive():
    run = completed(ended_at=iso(355))
    assert cause(run, logs=LOG, metrics=SHORT, code=code()) != "unflushed-metrics"


def test_part_of_the_metrics_proves_no_loss():
    given = {"logs": LOG, "metrics": SHORT, "code": code(), "parts": {"metrics": "partial"}}
    assert answer(children_metrics_lost, RUN, **given) == "clear"


@pytest.mark.parametrize("run", [failed(exit_code=1), run_row()])
def test_only_a_run_that_says_completed_is_accused(run):
    assert answer(children_metrics_lost, run, logs=LOG, metrics=SHORT, code=code()) == "clear"


def test_without_metrics_nobody_looked():
    assert answer(children_metrics_lost, RUN, logs=LOG) == "not checked"
