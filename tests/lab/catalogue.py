"""All samples, by what they show. A broken program stands beside its mended twin."""

from . import (
    apart_a1_lingering,
    apart_a1_outputs,
    apart_a1_silent,
    apart_a1_well,
    apart_a1_withheld,
    apart_a2_endings,
    apart_a2_more,
    apart_a2_outputs,
    apart_a2_service,
    apart_a2_waiting,
    apart_a2_well,
    samples_endings,
    samples_lingering,
    samples_loud,
    samples_outputs,
    samples_service,
    samples_silent,
    samples_stacks,
    samples_undone,
    samples_unnoticed,
    samples_waiting,
    samples_well,
)

SAMPLES = (
    *samples_lingering.SAMPLES,
    *samples_outputs.SAMPLES,
    *samples_silent.SAMPLES,
    *samples_undone.SAMPLES,
    *samples_endings.SAMPLES,
    *samples_unnoticed.SAMPLES,
    *samples_waiting.SAMPLES,
    *samples_stacks.SAMPLES,
    *samples_service.SAMPLES,
    *samples_loud.SAMPLES,
    *samples_well.SAMPLES,
)
"""What lies in `sample_runs/`: rules are made on these."""

APART = (
    *apart_a1_lingering.SAMPLES,
    *apart_a1_outputs.SAMPLES,
    *apart_a1_silent.SAMPLES,
    *apart_a1_well.SAMPLES,
    *apart_a1_withheld.SAMPLES,
    *apart_a2_waiting.SAMPLES,
    *apart_a2_endings.SAMPLES,
    *apart_a2_service.SAMPLES,
    *apart_a2_outputs.SAMPLES,
    *apart_a2_more.SAMPLES,
    *apart_a2_well.SAMPLES,
)
"""What lies in `tests/quality/runs/`: written by people who had not seen a rule (`a1`, `a2` tell whom)."""
