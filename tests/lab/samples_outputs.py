"""Outputs and metrics that were not fully written, committed, uploaded or delivered."""

from dataclasses import replace

from .network import Trouble
from .sample import Label, NamedOutput, Sample, pair, weeks_before

OUTPUT, METRICS = "unflushed-output", "unflushed-metrics"
SALES = "store,month,amount\n" + "".join(
    f"s{n % 6},2026-{n % 12 + 1:02d},{n * 53 % 877}.25\n" for n in range(240)
)
WITH_ORDERS = {"FORECAST_ORDERS": "1"}
ORDERS_LEFT_OUT = Sample(
    name="orders_left_out_unlike_before",
    program="store_forecast.py",
    script="forecast.py",
    label=Label(
        "false-completion",
        OUTPUT,
        "less-than-earlier-runs",
        "A setting was lost when the job was moved: the orders that every earlier run had written were not, and nothing says so.",
        ("none", "inconclusive", "silent-error"),
    ),
    started="2026-11-17T03:00:00Z",
    scale=1200,
    watch_s=2 * 3600,
    inputs={"sales.csv": SALES},
    outputs=(NamedOutput("forecast"),),
    experiment="store-forecast",
)
EARLIER = tuple(weeks_before(ORDERS_LEFT_OUT, weeks, environment=WITH_ORDERS) for weeks in (1, 2, 3))

SAMPLES = (
    *pair(
        replace(ORDERS_LEFT_OUT, earlier=EARLIER),
        "The setting is there, and so are the orders.",
        program="store_forecast.py",
        environment=WITH_ORDERS,
    ),
    *pair(
        Sample(
            name="parquet_parts_cancelled_at_shutdown",
            program="parquet_parts.py",
            script="build_features.py",
            needs=("pyarrow",),
            label=Label(
                "false-completion",
                OUTPUT,
                "missing-parts",
                "The pool was shut down with cancel_futures and without waiting: partitions that had not begun were dropped, and the script said that all twelve were written.",
            ),
            started="2026-11-20T05:40:00Z",
            scale=120,
            watch_s=1800,
            outputs=(NamedOutput("features"),),
            origin="local",
            compute="local",
            experiment="feature-store",
            region="eastus",
        ),
        "The script takes the result of every future before it shuts the pool down.",
    ),
    *pair(
        Sample(
            name="csv_parts_cut_by_os_exit",
            program="csv_parts.py",
            script="split.py",
            label=Label(
                "false-completion",
                OUTPUT,
                "unflushed-buffer",
                "The files were never closed and os._exit(0) skipped the flush of their buffers: each ends in the middle of a line, one has nothing at all.",
            ),
            started="2026-11-14T16:20:00Z",
            scale=900,
            watch_s=3 * 3600,
            outputs=(NamedOutput("readings"),),
            origin="local",
            compute="local",
            experiment="stations",
        ),
        "Every file is flushed, synced and closed, and the interpreter ends the ordinary way.",
    ),
    *pair(
        Sample(
            name="output_left_in_local_folder",
            program="output_left_local.py",
            script="entrenar.py",
            label=Label(
                "false-completion",
                OUTPUT,
                "wrong-folder",
                "The checkpoints went to ./checkpoints on the node instead of the declared output, whose folder stayed empty: nothing was uploaded.",
            ),
            started="2026-11-16T23:10:00Z",
            scale=900,
            watch_s=3 * 3600,
            outputs=(NamedOutput("checkpoints", "upload"),),
            runtime="2023",
            experiment="clasificador",
            region="spaincentral",
        ),
        "The script writes to the folder that the service names in AZURE_ML_OUTPUT_checkpoints.",
    ),
    *pair(
        Sample(
            name="v1_exit_loses_metrics",
            program="v1_exit_loses_metrics.py",
            label=Label(
                "false-completion",
                METRICS,
                "exit-without-flush",
                "The metric service was slow and the client's queue long; os._exit(0) skipped the exit hook, so that the last few hundred points were never sent.",
            ),
            started="2026-11-11T12:30:00Z",
            scale=900,
            watch_s=3 * 3600,
            troubles=(Trouble("/metric", "slow:90"),),
            runtime="v1",
            environment_name="AzureML-Minimal:1",
            experiment="annealing",
            region="westus2",
        ),
        "The script flushes, and ends the ordinary way.",
        troubles=(Trouble("/metric", "slow:20"),),
    ),
    *pair(
        Sample(
            name="upload_cut_by_exit",
            program="upload_cut.py",
            script="embed.py",
            label=Label(
                "false-completion",
                OUTPUT,
                "upload-cut",
                "The upload ran in a thread that nobody waited for; the source was removed and os._exit(0) ended the process in the middle: an empty artifact stayed.",
                ("lingering-child-process",),
            ),
            started="2026-11-20T11:11:00Z",
            scale=240,
            watch_s=3600,
            origin="local",
            compute="local",
            experiment="embeddings",
            region="eastus2",
        ),
        "upload_file runs in the main thread; the source goes when it has returned.",
    ),
    *pair(
        Sample(
            name="flush_timeout_ended_the_run",
            program="flush_timeout.py",
            script="sgd.py",
            label=Label(
                "failed",
                METRICS,
                "flush-timeout",
                "The metric service stopped taking points; run.flush() waited its 300 s and raised, which ended the run, and the exit hook could not deliver the rest either.",
                ("loud-failure",),
            ),
            started="2026-11-17T03:00:00Z",
            scale=900,
            watch_s=4 * 3600,
            troubles=(Trouble("/metric", "503", since_s=1700),),
            origin="local",
            compute="local",
            experiment="sgd",
        ),
        "No flush in the loop; the outage is over after ten minutes, and the client delivers everything.",
        troubles=(Trouble("/metric", "503", since_s=1700, until_s=2300),),
    ),
    *pair(
        Sample(
            name="flush_timeout_ignored",
            program="flush_swallowed.py",
            label=Label(
                "false-completion",
                METRICS,
                "flush-timeout",
                "From the middle on the metric service took nothing; every flush timed out with a warning, the exit hook gave up too, and the last epochs' metrics are not there.",
                ("silent-error",),
            ),
            started="2026-11-16T04:40:00Z",
            scale=1200,
            watch_s=5 * 3600,
            troubles=(Trouble("/metric", "503", since_s=1400),),
            origin="local",
            compute="local",
            experiment="autoencoder",
            region="swedencentral",
        ),
        "One flush at the end, whose failure would end the run; the outage is over by then.",
        troubles=(Trouble("/metric", "503", since_s=1400, until_s=2000),),
    ),
    *pair(
        Sample(
            name="flush_retried_for_ever",
            program="flush_for_ever.py",
            script="darts.py",
            label=Label(
                "stuck",
                "waiting-on-external",
                "flush-retry",
                "The metric service takes nothing since minute twelve; the script flushes again and again and never goes on.",
                (METRICS, "inconclusive"),
            ),
            started="2026-11-19T13:30:00Z",
            scale=2400,
            watch_s=4 * 3600,
            troubles=(Trouble("/metric", "503", since_s=700),),
            experiment="darts",
        ),
        "No flush in the loop; the outage is over after twenty minutes.",
        troubles=(Trouble("/metric", "503", since_s=700, until_s=1900),),
    ),
)
