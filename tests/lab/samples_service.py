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
    *pair(
        Sample(
            name="image_could_not_be_built",
            program="relief_index.py",
            script="gipfel.py",
            special="unstarted",
            service_logs={"azureml-logs/20_image_build_log.txt": "image_build_failed.txt"},
            label=Label(
                "failed",
                SERVICE,
                "image-failed",
                "A package of the environment cannot be resolved, so the image was not built and the user's process never began; only the log of the build says so.",
                ("loud-failure",),
            ),
            started="2026-11-19T10:00:00Z",
            scale=1200,
            watch_s=900,
            service_error={
                "code": "UserError",
                "message": "The run could not be prepared.",
                "component": "ExecutionService",
            },
            outputs=(NamedOutput("gipfel"),),
            experiment="relief",
            region="austriaeast",
        ),
        "The environment is one that was built before.",
        program="relief_index.py",
        special="",
        service_logs={},
        service_error={},
        watch_s=3 * 3600,
    ),
)
