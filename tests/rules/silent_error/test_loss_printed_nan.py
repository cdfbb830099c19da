import pytest
from judging import answer, completed, failed, points, verdict

from diagnose.rules.silent_error.loss_printed_nan import loss_printed_nan


def printed(text, values):
    return "".join(f"{text.format(n=n, value=value)}\n" for n, value in enumerate(values))


LOST = ["1.2", "0.8", "nan", "nan", "nan", "nan"]


@pytest.mark.parametrize(
    "text",
    [
        "põlvkond {n} loss: {value} - val_acc: 0.9",
        "{{'loss': {value}, 'lr': 0.1}}",
        '{{"step": {n}, "train_loss": {value}}}',
        "[{n}/9] Verlust = {value}",
        "loss=tensor({value}, device='cuda:0')",
    ],
)
def test_without_metrics_a_loss_that_the_log_prints_is_suspected(text):
    found = verdict(completed(), logs=printed(text, LOST) + "valmis\n", metrics=[], outputs=[])
    assert found == ("silent-error", "values-not-finite", "suspected")


@pytest.mark.parametrize(
    "values",
    [
        ["nan", "0.8", "0.7", "0.6"],
        ["1.2", "nan", "nan", "0.6"],
        ["1.2", "0.8", "nan", "nan"],
        ["nan"] * 6,
        ["1.2", "0.8", "0.7"],
    ],
)
def test_a_loss_that_recovers_never_was_or_is_undefined_once_is_none(values):
    log = printed("samm {n} loss: {value}", values)
    assert answer(loss_printed_nan, completed(), logs=log, metrics=[]) == "clear"


def test_metrics_that_are_finite_are_believed_before_the_log():
    given = {"logs": printed("samm {n} loss: {value}", LOST), "metrics": points(range(9))}
    assert answer(loss_printed_nan, completed(), **given) == "clear"


def test_a_failed_run_is_explained_by_its_failure():
    log = printed("samm {n} loss: {value}", LOST)
    assert answer(loss_printed_nan, failed(), logs=log, metrics=[]) == "clear"


def test_without_logs_nobody_looked():
    assert answer(loss_printed_nan, completed(), metrics=[]) == "not checked"
