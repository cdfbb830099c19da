"""Runs that the service holds or fails, though the script is not to blame."""

from .sample import Label, NamedOutput, Sample, pair

SERVICE = "service-side"

SAMPLES = (
    *pair(
        Sample(
            name="finalising_for_hours_with_whole_outputs",
            program="relief_index.py",
            script="gipfel.py",
            label=Label(
                "stuck",
                SERVICE,
                "finalisation-stuck",
                "The process ended with exit code 0 and both files of its output are committed and whole; the service has been finalising the run for seven hours.",
                ("inconclusive",),
            ),
            started="2026-11-18T04:00:00Z",
            scale=1200,
            watch_s=8 * 3600,
            stays="Finalizing",
            outputs=(NamedOutput("gipfel"),),
            experiment="relief",
            region="austriaeast",
        ),
        "The service finalised it as usual.",
        program="relief_index.py",
        stays="",
    ),
)
