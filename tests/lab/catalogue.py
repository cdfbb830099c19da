"""All samples, by what they show. A broken program stands beside its mended twin."""

from . import samples_endings, samples_lingering, samples_outputs, samples_silent

SAMPLES = (
    *samples_lingering.SAMPLES,
    *samples_outputs.SAMPLES,
    *samples_silent.SAMPLES,
    *samples_endings.SAMPLES,
)
