"""Runs that are well, and look a little as if they were not."""

from .network import Trouble
from .sample import HEALTHY, Label, NamedOutput, Sample

SAMPLES = (
    Sample(
        name="long_refit_without_a_word",
        program="quiet_refit.py",
        script="ajuste.py",
        label=Label(
            "in-progress",
            "still-working",
            "long-step",
            "After twelve folds of minutes the script refits on all data for eleven hours and prints nothing: it is at work.",
            ("inconclusive",),
        ),
        started="2026-11-20T04:00:00Z",
        scale=2400,
        watch_s=5 * 3600,
        outputs=(NamedOutput("modelo"),),
        experiment="cosecha",
        region="spaincentral",
    ),
    Sample(
        name="healthy_error_is_a_class_label",
        program="confusion_labels.py",
        script="classify.py",
        label=Label(
            *HEALTHY,
            "'error', 'fatal' and 'timeout' are class labels; a missing prior has a default, and each retry succeeded.",
        ),
        started="2026-11-19T18:00:00Z",
        scale=900,
        watch_s=3 * 3600,
        outputs=(NamedOutput("matrix"),),
        experiment="ops-log-classes",
    ),
    Sample(
        name="healthy_heartbeat_and_joined_workers",
        program="joined_workers.py",
        script="convertir.py",
        label=Label(
            *HEALTHY, "The heartbeat thread is a daemon, and the workers are told to end and are joined."
        ),
        started="2026-11-16T05:00:00Z",
        scale=900,
        watch_s=3 * 3600,
        outputs=(NamedOutput("images"),),
        origin="local",
        compute="local",
        experiment="conversion",
    ),
    Sample(
        name="healthy_optional_task_failed",
        program="optional_mirror.py",
        script="places.py",
        label=Label(
            *HEALTHY,
            "A background task that may fail did so; its exception was fetched, and the script took the other way that it has.",
        ),
        started="2026-11-15T21:00:00Z",
        scale=900,
        watch_s=2 * 3600,
        troubles=(Trouble("/mirror", "503"),),
        outputs=(NamedOutput("places"),),
        runtime="2023",
        experiment="gazetteer",
        region="uksouth",
    ),
    Sample(
        name="healthy_early_stopping",
        program="early_stopping.py",
        label=Label(
            *HEALTHY,
            "The training stopped at epoch 37 of 100 because the validation loss had not improved for eight epochs, and saved the model.",
        ),
        started="2026-11-17T10:00:00Z",
        scale=1200,
        watch_s=3 * 3600,
        outputs=(NamedOutput("model"),),
        experiment="early-stop",
        region="swedencentral",
    ),
)
