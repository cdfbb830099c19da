"""All samples, by what they show. A broken program stands beside its mended twin."""

from . import (
    samples_endings,
    samples_lingering,
    samples_loud,
    samples_outputs,
    samples_silent,
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
    *samples_loud.SAMPLES,
    *samples_well.SAMPLES,
)
