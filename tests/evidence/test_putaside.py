import base64

import pytest
from building import fact, line, missing
from judging import blob, completed, every, verdict

from diagnose.evidence.putaside import PutAside


def table(name, rows, text="{n};geweigerd;{n}"):
    data = "".join(text.format(n=n) + "\n" for n in range(rows)).encode()
    ends = [base64.b64encode(part).decode() for part in (data[:4096], data[-4096:])]
    return blob(name, len(data), head=ends[0], tail=ends[1])


REFUSED = every(range(2, 42), "ERROR meting {n} geweigerd: buiten bereik")
LOG = REFUSED + line(43, "INFO 1960 goed, 40 geweigerd")
OUTPUTS = [table("goed.csv", 1960), table("geweigerd.csv", 41)]


def test_what_is_refused_counted_and_kept_in_an_output_of_its_own_is_no_failure():
    found = fact(PutAside, completed(), logs=LOG, outputs=OUTPUTS)
    assert (found.blob.name, found.count) == ("geweigerd.csv", 40)
    assert verdict(completed(), logs=LOG, outputs=OUTPUTS)[0] == "none"


def test_another_error_among_them_is_still_one():
    log = LOG.replace("INFO 1960", "ERROR model niet opgeslagen\n2026-11-20 08:43:00 INFO 1960")
    assert verdict(completed(), logs=log, outputs=OUTPUTS)[0] == "silent-error"


def test_where_the_outputs_were_not_seen_it_may_be_so_and_nothing_is_said():
    assert fact(PutAside, completed(), logs=LOG).blob is None
    partial = {"outputs": OUTPUTS[:1], "parts": {"outputs": "partial"}}
    assert verdict(completed(), logs=LOG, **partial)[0] == "inconclusive"


@pytest.mark.parametrize(
    ("what", "log", "outputs"),
    [
        ("nobody counts", REFUSED, OUTPUTS),
        ("none holds them", LOG, [OUTPUTS[0], table("geweigerd.csv", 12)]),
        ("the others are not there", LOG, [table("goed.csv", 300), OUTPUTS[1]]),
        ("most were refused", LOG.replace("1960", "60"), [table("goed.csv", 60), OUTPUTS[1]]),
        ("a few", line(2, "ERROR meting 2 geweigerd") + line(9, "INFO 1960 goed, 1 geweigerd"), OUTPUTS),
        ("errors of many kinds", LOG.replace("meting", "{}").format(*map(chr, range(97, 137))), OUTPUTS),
    ],
)
def test_errors_that_nobody_put_aside_stay_errors(what, log, outputs):
    assert "of its own" in missing(PutAside, completed(), logs=log, outputs=outputs), what
    assert verdict(completed(), logs=log, outputs=outputs)[0] == "silent-error", what
