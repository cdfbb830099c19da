"""Runs apart, fifth author: parents whose children end, or do not."""

from .sample import Label, Sample, pair

CHILD_RUN = "lingering-child-run"

SAMPLES = (
    *pair(
        Sample(
            name="a5_claims_scoring_step",
            program="a5_cl_prepare.py",
            special="pipeline",
            steps=("reused:a5_cl_prepare.py", "a5_cl_train.py", "a5_cl_score.py"),
            label=Label(
                "stuck",
                CHILD_RUN,
                "silent-step",
                "The last step waits for a sentinel that its reader never puts: it has been silent for many hours, is still Running and holds the pipeline open. The reused step is well.",
            ),
            started="2026-11-17T01:00:00Z",
            scale=900,
            watch_s=10 * 3600,
            experiment="claims-triage",
            region="westeurope",
        ),
        "The reader puts the sentinel.",
        program="a5_cl_prepare.py",
        steps=("reused:a5_cl_prepare.py", "a5_cl_train.py", "a5_cl_score__mended.py"),
    ),
    *pair(
        Sample(
            name="a5_rates_sweep",
            program="a5_trial_rates.py",
            special="sweep",
            steps=("a5_trial_rates.py",) * 4,
            label=Label(
                "stuck",
                CHILD_RUN,
                "silent-trial",
                "Trial 2 missed a notification and waits for good; the three others completed, and the sweep stays open for it.",
            ),
            started="2026-11-18T03:00:00Z",
            scale=900,
            watch_s=11 * 3600,
            experiment="rates-sweep",
            region="canadacentral",
        ),
        "Every batch is notified.",
        steps=("a5_trial_rates__mended.py",) * 4,
    ),
    Sample(
        name="a5_rates_sweep_early",
        program="a5_trial_rates__mended.py",
        special="sweep",
        steps=(
            "a5_trial_rates__mended.py",
            "canceled@1900:a5_trial_rates__mended.py",
            "a5_trial_rates__mended.py",
        ),
        label=Label(
            "in-progress",
            "still-working",
            None,
            "An hour in: one trial was ended by the early termination, as it should be; the two others log their metrics every few minutes.",
        ),
        started="2026-11-19T03:00:00Z",
        scale=900,
        watch_s=5400,
        experiment="rates-sweep",
        region="canadacentral",
    ),
    Sample(
        name="a5_claims_training_step",
        program="a5_cl_prepare.py",
        special="pipeline",
        steps=("a5_cl_prepare.py", "a5_cl_train.py"),
        label=Label(
            "in-progress",
            "still-working",
            None,
            "The training step prints a line every hundred seconds and did so just before the capture.",
        ),
        started="2026-11-20T05:00:00Z",
        scale=600,
        watch_s=1600,
        experiment="claims-triage",
        region="westeurope",
    ),
)
