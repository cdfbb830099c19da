"""Work that was not done, or done on nothing, and only counted or told by the way."""

from .sample import Label, NamedOutput, Sample, pair

SILENT = "silent-error"

SAMPLES = (
    *pair(
        Sample(
            name="season_filter_kept_no_row",
            program="season_filter.py",
            script="medias.py",
            label=Label(
                "false-completion",
                SILENT,
                "trained-on-nothing",
                "The filter keeps the sales from October on, and the data ends in September: 0 rows are selected, the loops run over nothing, and medias.csv has a header and no row.",
            ),
            started="2026-11-17T05:20:00Z",
            scale=600,
            watch_s=3600,
            outputs=(NamedOutput("modelo"),),
            experiment="ventas",
            region="spaincentral",
        ),
        "The season begins in July, and a selection without rows would end the script.",
    ),
    *pair(
        Sample(
            name="pages_failed_and_were_counted",
            program="page_texts.py",
            script="pages.py",
            label=Label(
                "false-completion",
                SILENT,
                "work-skipped",
                "Every fourth page is in another character set and raised; the loop counted 30 failures among 120 pages and the script ended with 0. Their files are missing.",
                ("unflushed-output",),
            ),
            started="2026-11-13T12:00:00Z",
            scale=900,
            watch_s=3 * 3600,
            outputs=(NamedOutput("words"),),
            experiment="scans",
        ),
        "Both character sets are read, and a failed page would end the run as failed.",
    ),
    *pair(
        Sample(
            name="checks_failed_and_were_passed_over",
            program="checked_features.sh",
            script="run.sh",
            command="bash {script}",
            more_files=("merkmale.py", "pruefung.py"),
            label=Label(
                "false-completion",
                SILENT,
                "summary-of-failures",
                "One of two checks of the features failed, and unittest said so and ended with 1; the shell script went on to its last command, and features that are a hundred times too large were packed.",
            ),
            started="2026-11-16T18:10:00Z",
            scale=600,
            watch_s=2 * 3600,
            outputs=(NamedOutput("merkmale"),),
            experiment="kunden",
            region="germanywestcentral",
        ),
        "set -euo pipefail, and features that are scaled.",
        program="checked_features__mended.sh",
    ),
    *pair(
        Sample(
            name="printed_loss_turned_nan",
            program="printed_loss.py",
            script="treinar.py",
            label=Label(
                "false-completion",
                SILENT,
                "nan-loss",
                "The step is too large: the loss grows, overflows and is infinite to the end. The script prints it, logs no metric, and saves weights that mean nothing.",
                ("inconclusive",),
            ),
            started="2026-11-14T16:00:00Z",
            scale=900,
            watch_s=2 * 3600,
            outputs=(NamedOutput("pesos"),),
            experiment="curvas",
            region="brazilsouth",
        ),
        "The step is small, and a loss that is no number would end the run.",
    ),
    *pair(
        Sample(
            name="pool_worker_was_killed",
            program="pair_pool.py",
            script="pairs.py",
            label=Label(
                "false-completion",
                SILENT,
                "worker-killed",
                "A worker of the pool was killed with signal 9 in chapter 7; BrokenProcessPool was caught and printed, and the counts of the first chapters were written as if they were all.",
            ),
            started="2026-11-12T08:40:00Z",
            scale=600,
            watch_s=2 * 3600,
            outputs=(NamedOutput("pairs"),),
            experiment="word-pairs",
        ),
        "No worker is killed, and a broken pool would end the script.",
    ),
)
