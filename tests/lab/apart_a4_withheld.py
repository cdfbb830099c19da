"""Runs apart, fourth author: the same programs on other days, of which the capture did not get everything."""

from dataclasses import replace

from . import apart_a4_endings, apart_a4_outputs, apart_a4_silent, apart_a4_well
from .sample import Label

_KNOWN = {
    sample.name: sample
    for module in (apart_a4_silent, apart_a4_outputs, apart_a4_endings, apart_a4_well)
    for sample in module.SAMPLES
}


def _open_to_doubt(name: str, *others: str) -> Label:
    label = _KNOWN[name].label
    return replace(label, acceptable=(*label.acceptable, *others))


SAMPLES = (
    replace(
        _KNOWN["a4_klantadressen"],
        name="a4_klantadressen_unlisted",
        started="2026-11-16T23:00:00Z",
        label=_open_to_doubt("a4_klantadressen", "inconclusive"),
        denied={"outputs": "403 on the datastore"},
    ),
    replace(
        _KNOWN["a4_cohort_calls"],
        name="a4_cohort_calls_no_code",
        started="2026-11-19T18:30:00Z",
        denied={"code": "no snapshot"},
    ),
    replace(
        _KNOWN["a4_adapter_tuning"],
        name="a4_adapter_tuning_unlisted",
        started="2026-11-17T16:20:00Z",
        label=Label(
            "completed",
            "inconclusive",
            None,
            "The run is well, but its outputs were refused to the capture: that nothing is wrong cannot be said.",
        ),
        denied={"outputs": "403 on the datastore"},
    ),
    replace(
        _KNOWN["a4_ledger_recon"],
        name="a4_ledger_recon_log_only",
        started="2026-11-18T04:20:00Z",
        denied={"outputs": "403 on the datastore", "code": "no snapshot"},
    ),
    replace(
        _KNOWN["a4_fjernvarme"],
        name="a4_fjernvarme_no_code",
        started="2026-11-18T02:30:00Z",
        denied={"code": "no snapshot", "metrics": "403 on the metric service"},
    ),
    replace(
        _KNOWN["a4_assistant_golden_set"],
        name="a4_assistant_golden_set_uncounted",
        started="2026-11-20T15:00:00Z",
        label=_open_to_doubt("a4_assistant_golden_set", "inconclusive"),
        denied={"metrics": "403 on the metric service"},
    ),
)
