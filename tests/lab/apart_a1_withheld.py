"""Set apart for measuring: runs of the same authors of which the capture did not get everything."""

from dataclasses import replace

from . import apart_a1_lingering, apart_a1_outputs, apart_a1_silent, apart_a1_well
from .sample import Label

_KNOWN = {
    sample.name: sample
    for module in (apart_a1_lingering, apart_a1_outputs, apart_a1_silent, apart_a1_well)
    for sample in module.SAMPLES
}


def _open_to_doubt(name: str, *others: str) -> Label:
    label = _KNOWN[name].label
    return replace(label, acceptable=(*label.acceptable, *others))


SAMPLES = (
    replace(
        _KNOWN["a1_weight_shards"],
        name="a1_weight_shards_unlisted",
        started="2026-11-19T10:20:00Z",
        label=_open_to_doubt("a1_weight_shards", "inconclusive"),
        denied={"outputs": "403 on the datastore"},
    ),
    replace(
        _KNOWN["a1_postcode_refresh"],
        name="a1_postcode_refresh_unlisted",
        started="2026-11-16T23:30:00Z",
        label=Label(
            "completed",
            "inconclusive",
            None,
            "The run is well, but its outputs were refused to the capture: that nothing is wrong cannot be said.",
        ),
        denied={"outputs": "403 on the datastore"},
    ),
    replace(
        _KNOWN["a1_order_replay"],
        name="a1_order_replay_unread",
        started="2026-10-30T04:00:00Z",
        label=_open_to_doubt("a1_order_replay", "inconclusive"),
        denied={"logs": "403 on the artifact store"},
    ),
    replace(
        _KNOWN["a1_gece_egitimi"],
        name="a1_gece_egitimi_log_only",
        started="2026-11-08T22:45:00Z",
        label=_open_to_doubt("a1_gece_egitimi", "inconclusive"),
        denied={"outputs": "403 on the datastore", "code": "no snapshot"},
    ),
    replace(
        _KNOWN["a1_quake_detector"],
        name="a1_quake_detector_no_code",
        started="2026-11-06T23:00:00Z",
        denied={"code": "no snapshot", "metrics": "403 on the metric service"},
    ),
)
