"""Failures that were swallowed, or only logged."""

from .network import Trouble
from .sample import Label, NamedOutput, Sample, pair

SILENT = "silent-error"
SALES = "store,month,amount\n" + "".join(
    f"s{n % 7},2026-{n % 12 + 1:02d},{n * 37 % 991}.50\n" for n in range(240)
)
REGIONS = "store,region\n" + "".join(f"s{n},{'north' if n % 2 else 'south'}\n" for n in range(7))

SAMPLES = (
    *pair(
        Sample(
            name="missing_lookup_returned_false",
            program="lookup_returns_false.py",
            script="summary.py",
            label=Label(
                "false-completion",
                SILENT,
                "swallowed-exception",
                "The region lookup was not found; the exception was logged, the function returned False, nobody looked, and the script went on to say that both files were written.",
            ),
            started="2026-11-18T06:00:00Z",
            scale=300,
            watch_s=3600,
            inputs={"sales.csv": SALES, "regions.csv": REGIONS},
            outputs=(NamedOutput("summary"),),
            experiment="sales-summary",
        ),
        "The right file is read, and a failure would end the script with exit code 1.",
    ),
    *pair(
        Sample(
            name="model_registration_only_logged",
            program="registration_logged.py",
            script="register.py",
            label=Label(
                "false-completion",
                SILENT,
                "registration-failed",
                "The network to the model registry was down; four attempts failed, the failure was logged and returned as False, and the step went on to say that the model was published.",
            ),
            started="2026-11-19T08:25:00Z",
            scale=480,
            watch_s=2 * 3600,
            troubles=(Trouble("/modelmanagement", "reset"),),
            outputs=(NamedOutput("model"),),
            origin="local",
            compute="local",
            experiment="fraud",
            region="eastus2",
        ),
        "It tries for longer, the network comes back, and a failure would end the run.",
        troubles=(Trouble("/modelmanagement", "reset", until_s=2100),),
    ),
    *pair(
        Sample(
            name="score_push_status_ignored",
            program="push_status_ignored.py",
            script="push_scores.py",
            label=Label(
                "false-completion",
                SILENT,
                "http-status-ignored",
                "The delivery service answered 500 to most batches; the script printed the status and went on, and said that all were sent.",
            ),
            started="2026-11-18T23:00:00Z",
            scale=900,
            watch_s=3 * 3600,
            troubles=(Trouble("/scores", "500", since_s=700),),
            experiment="score-push",
            region="japaneast",
        ),
        "A status of 400 or more raises; the service was well.",
        troubles=(),
    ),
    *pair(
        Sample(
            name="score_push_failure_unseen",
            program="push_failure_unseen.py",
            script="push_scores.py",
            label=Label(
                "false-completion",
                SILENT,
                "http-status-ignored",
                "The delivery service answered 503 to every batch; the script looked at no status and printed none. Nothing but the code tells.",
                ("none", "inconclusive"),
            ),
            started="2026-11-14T01:00:00Z",
            scale=900,
            watch_s=3 * 3600,
            troubles=(Trouble("/scores", "503"),),
            experiment="score-push",
        ),
        "A status of 400 or more raises; the service was well.",
        troubles=(),
    ),
    *pair(
        Sample(
            name="upload_failure_only_logged",
            program="upload_swallowed.py",
            script="terrain.py",
            label=Label(
                "false-completion",
                SILENT,
                "swallowed-exception",
                "The network broke in the middle of upload_file; the exception was logged, the source removed, the run went on to say that the terrain is ready. An empty artifact stayed.",
                ("unflushed-output",),
            ),
            started="2026-11-15T14:00:00Z",
            scale=600,
            watch_s=2 * 3600,
            troubles=(Trouble("/artifact/v2.0/block", "reset", since_s=2250),),
            experiment="terrain",
            region="northeurope",
        ),
        "The upload is tried again, the outage is short, and the source goes only when it is there.",
        troubles=(Trouble("/artifact/v2.0/block", "reset", since_s=2200, until_s=2330),),
    ),
    *pair(
        Sample(
            name="helper_exit_code_ignored",
            program="return_code_ignored.py",
            script="words.py",
            more_files=("convert.py",),
            label=Label(
                "false-completion",
                SILENT,
                "exit-code-ignored",
                "convert.py was given the wrong file name and ended with a traceback and exit code 1; subprocess.run without check went on, and the output is empty.",
            ),
            started="2026-11-12T15:30:00Z",
            scale=480,
            watch_s=3600,
            outputs=(NamedOutput("words"),),
            origin="local",
            compute="local",
            experiment="word-count",
        ),
        "The right file name, and check=True.",
    ),
    *pair(
        Sample(
            name="shell_pipe_masks_failure",
            program="run_pipe_masks.sh",
            script="run.sh",
            command="bash {script}",
            more_files=("fetch.py", "aggregate.py"),
            label=Label(
                "false-completion",
                SILENT,
                "exit-code-ignored",
                "aggregate.py failed with a traceback, but its output went through tee, whose exit code 0 is all that the shell saw; an empty report was packed.",
            ),
            started="2026-11-20T18:45:00Z",
            scale=480,
            watch_s=3600,
            outputs=(NamedOutput("report"),),
            runtime="2023",
            origin="local",
            compute="local",
            experiment="stations-report",
        ),
        "set -euo pipefail, and an aggregation that reads both decimal signs.",
        program="run_pipe_masks__mended.sh",
    ),
)
