import pytest
from building import DRIVER, STD_LOG, fact, line, missing, run_row

from diagnose.evidence.counters import counter_in
from diagnose.evidence.logs import LogLine
from diagnose.evidence.progress import Progress


def count_of(text):
    counter = counter_in(LogLine(STD_LOG, 1, text, None))
    return counter and (counter.done, counter.total)


def progress(logs, **given):
    return fact(Progress, run_row(), logs=logs, **given)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Epoch 3/10", (3, 10)),
        ("[ 7 / 20 ] loss 0.3", (7, 20)),
        ("batch 12 of 40 done", (12, 40)),
        ("Schritt 3 von 9", (3, 9)),
        ("étape 2 sur 5", (2, 5)),
        ("paso 2 de 5", (2, 5)),
        ("шаг 4 из 8", (4, 8)),
        ("第3/10轮", (3, 10)),
        ("第 3／10 步", (3, 10)),
        ("wrote 1,500/20,000 rows", (1500, 20000)),
        ("2026-11-20 08:10:21 INFO epoch 3/10", (3, 10)),
        (" 45%|████▌     | 45/100 [00:10<00:12]", (45, 100)),
        ("30%|###       |", (30, 100)),
        ("[=====>    ] 50%", (50, 100)),
        ("50%[====>     ] 1.2M", (50, 100)),
        ("|██████    | 62.5%", (62, 100)),
        ("Epoch 3/10 batch 200/200", (3, 10)),
        ("Epoch 10/10 batch 50/200", (50, 200)),
        ("Epoch 10/10 batch 200/200", (10, 10)),
    ],
)
def test_a_count_against_a_total_is_progress(text, counted):
    assert count_of(text) == counted


@pytest.mark.parametrize(
    "text",
    [
        "2026/11/20 started",
        "11/20/2026 08:00:00 started",
        "11/20 08:00:00 started",
        "models/v1/2 loaded",
        "reading /data/12/34",
        "data/2026/11",
        "bound to 10.0.0.0/24",
        "peer 10.0.0.1 joined",
        "host 127.0.0.1:8080/2",
        "torch 2.1/2.4",
        "GET /x HTTP/1.1",
        "ratio 3.5/10",
        "score 3/10.5",
        "using 4/4 GPUs",
        "memory 30/32 GB",
        "8/8 workers are up",
        "Attempt 5/5 failed",
        "retry 3 of 3",
        "retrying (2/5)",
        "10/3",
        "0/0",
        "accuracy 98%",
        "accuracy=100%",
        "[INFO] 50% of memory",
        "disk usage > 90%",
        "| cpu | 98% |",
        "250%|####",
        "99999999999/99999999999",
        "",
    ],
)
def test_what_is_no_count_of_work_is_none(text):
    assert count_of(text) is None


def test_the_last_count_is_where_it_stands():
    found = progress("epoch 1/3\nepoch 2/3\n")
    assert (found.counter.done, found.counter.is_complete, found.is_under_way) == (2, False, True)


def test_the_segments_of_a_progress_bar_are_read_one_by_one():
    assert progress("  0%| | 0/9\r 50%|# | 4/9\r100%|##| 9/9\n").counter.is_complete


def test_a_bar_that_fills_up_in_each_epoch_does_not_end_the_work():
    assert progress("Epoch 1/10\n50/50 [==]\nEpoch 2/10\n50/50 [==]\n").counter.done == 2


def test_an_inner_loop_that_starts_again_does_not_keep_the_work_going():
    text = "".join(f"batch {n}/1000\n" * (n > 0) for n in (100, 900)) + "epoch 1/2\n"
    text += "batch 100/1000\nbatch 900/1000\nepoch 2/2\n"
    assert progress(text).counter.is_complete


def test_a_log_whose_end_is_not_here_tells_no_progress():
    found = progress("epoch 2/3\n", log_rows={STD_LOG: {"captured": "head"}})
    assert (found.counter, found.last_line, found.last_statement) == (None, None, None)


def test_of_several_logs_the_one_written_last_counts_in_whatever_order_they_are_listed():
    logs = {"user_logs/a.txt": line(9, "epoch 3/3"), "user_logs/b.txt": line(5, "epoch 1/3")}
    turned = dict(reversed(logs.items()))
    assert progress(logs).counter.done == 3
    assert progress(logs) == progress(turned)


def test_the_last_statement_of_the_main_flow_ends_the_work():
    code = {"train.py": 'for n in range(3):\n    print(f"step {n}")\nprint("wrote the report")\n'}
    found = progress("step 0\nstep 2\nwrote the report\n", code=code)
    assert (found.is_over, found.last_statement.number) == (True, 3)


def test_a_statement_in_the_middle_of_the_main_flow_does_not_end_it():
    code = {"train.py": 'print("reading")\nprint("wrote the report")\n'}
    assert not progress("reading\n", code=code).is_over


def test_without_the_source_a_full_counter_does_not_end_the_work():
    assert not progress("epoch 3/3\n").is_over


@pytest.mark.parametrize("text", ["Training finished", "fertig", "¡Listo!", "训练完成", "terminé", "готово"])
def test_a_word_of_an_end_in_the_last_line_is_a_hint(text):
    found = progress(f"hello\n{text}\n")
    assert (found.is_said_to_be_over, found.is_over) == (True, False)


def test_a_word_of_an_end_before_the_last_line_is_none():
    assert not progress("download finished\ntraining\n").is_said_to_be_over


def test_a_counter_that_is_not_full_contradicts_a_word_of_an_end():
    assert not progress("epoch 2/10\nvalidation finished\n").is_said_to_be_over


def test_a_word_of_an_end_in_the_text_of_an_exception_is_none():
    log = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nValueError: Schritt beendet\n'
    assert not progress(log).is_said_to_be_over


FELL = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    lies()\nOSError: weg\n'


@pytest.mark.parametrize("end", [FELL, "Killed\n", "Segmentation fault (core dumped)\n"])
def test_a_count_before_the_failure_that_a_log_ends_with_leaves_no_work(end):
    found = progress(f"epoch 2/10\n{end}")
    assert (found.is_under_way, found.broken_off is None) == (False, False)


@pytest.mark.parametrize("more", ["epoch 3/10\n", "".join(f"zeile {n}\n" for n in range(50))])
def test_a_failure_that_the_log_goes_on_after_did_not_break_it_off(more):
    logged = FELL.replace(", in <module>", ", in lies")
    assert progress(f"epoch 2/10\n{logged}{more}").is_under_way


def test_a_count_that_is_said_again_and_again_is_not_under_way():
    assert not progress("epoch 2/10: sammle\n" * 20).is_under_way
    assert progress("epoch 2/10\n" + "sammle\n" * 20).is_under_way


def test_the_v1_driver_says_that_the_script_returned():
    log = "Preparing to call script [t.py]\nThe experiment completed successfully. Finalizing run...\n"
    assert progress({DRIVER: log}).is_over


def test_without_logs_it_is_missing():
    assert missing(Progress, run_row()) == "they are not collected"


@pytest.mark.parametrize("log", ["", "\n\n\n", "\0\0", "\x1b[0m\n", b"\xff\xfe\xfa", "x" * 200_000])
def test_a_log_that_says_nothing_is_survived(log):
    assert progress(log).counter is None
