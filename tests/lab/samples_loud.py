"""Memory or disk ended the run, in the open or without a word."""

from .sample import Label, NamedOutput, Sample, pair

KILL = "resource-kill"

_WATCHED = Sample(
    name="memwatch_killed_the_training",
    program="watched_training.py",
    more_files=("memwatch.py",),
    label=Label(
        "failed",
        KILL,
        "host-out-of-memory",
        "The training keeps every window of frames; the team's memory watch killed it (SIGKILL) and said so.",
        ("loud-failure",),
    ),
    started="2026-11-18T21:00:00Z",
    scale=900,
    watch_s=3 * 3600,
    outputs=(NamedOutput("model"),),
    experiment="frames",
)

SAMPLES = (
    Sample(
        name="prompt_without_anybody_there",
        program="asks_overwrite.py",
        label=Label(
            "failed",
            "loud-failure",
            "python-exception",
            "The script asks whether to overwrite a version; standard input is /dev/null, as it is in a job, so that input() raised EOFError and the script ended with exit code 1.",
        ),
        started="2026-11-18T14:00:00Z",
        scale=1200,
        watch_s=3 * 3600,
        inputs={"versions.json": '["churn-v1", "churn-v2", "churn-v3"]\n'},
        outputs=(NamedOutput("model"),),
        experiment="churn-score",
    ),
    *pair(
        Sample(
            name="sort_ended_by_a_full_disk",
            program="sort_disk_full.py",
            script="sort.py",
            label=Label(
                "failed",
                KILL,
                "disk-full",
                "The local disk was full (ENOSPC) when the sixth run was to be written: the OSError ended the script with exit code 1.",
                ("loud-failure",),
            ),
            started="2026-11-17T23:00:00Z",
            scale=900,
            watch_s=3 * 3600,
            full=("run5.txt",),
            outputs=(NamedOutput("trips"),),
            runtime="2023",
            experiment="trips",
            region="japaneast",
        ),
        "The runs are written to the large disk.",
    ),
    *pair(
        Sample(
            name="memory_limit_ended_the_join",
            program="memory_limit.py",
            script="join.py",
            label=Label(
                "failed",
                KILL,
                "host-out-of-memory",
                "All days are kept in memory under a limit of 640 MiB: a MemoryError ended the script with exit code 1.",
                ("loud-failure",),
            ),
            started="2026-11-14T02:00:00Z",
            scale=900,
            watch_s=3 * 3600,
            outputs=(NamedOutput("clicks"),),
            experiment="clicks",
            region="centralindia",
        ),
        "Only the day's count is kept.",
    ),
    *pair(
        Sample(
            name="loader_worker_killed",
            program="loader_grows.py",
            more_files=("memwatch.py",),
            label=Label(
                "failed",
                KILL,
                "worker-killed",
                "The data loader's worker keeps every tile that it has read and was killed (SIGKILL) for its memory by a watch that says nothing; the main process failed with PyTorch's message about the worker.",
                ("loud-failure",),
            ),
            started="2026-11-15T03:00:00Z",
            scale=900,
            watch_s=4 * 3600,
            environment={"MEMWATCH_QUIET": "1"},
            needs=("torch",),
            outputs=(NamedOutput("modell"),),
            experiment="kartruter",
            region="norwayeast",
        ),
        "The worker keeps only the tile that it is at.",
    ),
    *pair(
        _WATCHED,
        "Only the last eight windows are kept.",
    ),
    Sample(
        name="killed_without_a_word",
        program="watched_training.py",
        more_files=("memwatch.py",),
        environment={"MEMWATCH_QUIET": "1"},
        label=Label(
            "failed",
            KILL,
            "host-out-of-memory",
            "The training keeps every window of frames and was killed (SIGKILL) for its memory by a watch that says nothing: the log just stops, and the exit code is 137.",
            ("loud-failure", "inconclusive"),
        ),
        started="2026-11-13T13:00:00Z",
        scale=900,
        watch_s=3 * 3600,
        outputs=(NamedOutput("model"),),
        origin="local",
        compute="local",
        experiment="frames",
    ),
)
