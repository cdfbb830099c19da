"""Runs apart, fifth author: a process that waits for itself."""

from .sample import Label, NamedOutput, Sample, pair

DEADLOCK = "in-process-deadlock"

SAMPLES = (
    *pair(
        Sample(
            name="a5_books_fork",
            program="a5_kniga.py",
            script="knigi.py",
            label=Label(
                "stuck",
                DEADLOCK,
                "fork-with-held-lock",
                "The pool is forked while a thread holds the counters' lock: its copies in the workers are locked for ever, and the main process waits in map().",
                ("inconclusive", "lingering-child-process"),
            ),
            started="2026-11-16T07:00:00Z",
            scale=900,
            watch_s=7 * 3600,
            outputs=(NamedOutput("knigi"),),
            origin="local",
            compute="local",
            experiment="starye-knigi",
        ),
        "The workers are spawned, not forked.",
    ),
    *pair(
        Sample(
            name="a5_recipes_both_pipes",
            program="a5_dizionario.py",
            script="ricettario.py",
            more_files=("a5_normalizza.py=normalizza.py",),
            label=Label(
                "stuck",
                DEADLOCK,
                "full-pipe",
                "The script writes all of its lines to a filter before it reads any: with the largest region the filter waits to write its answers, and the script to write its lines.",
                ("inconclusive",),
            ),
            started="2026-11-12T15:00:00Z",
            scale=900,
            watch_s=6 * 3600,
            outputs=(NamedOutput("ricette"),),
            origin="local",
            compute="local",
            experiment="ricettario",
        ),
        "communicate() writes and reads at once.",
    ),
    *pair(
        Sample(
            name="a5_turbine_alarm",
            program="a5_turbine.py",
            script="fatigue.py",
            label=Label(
                "stuck",
                DEADLOCK,
                "lock-taken-twice",
                "The alarm's handler runs in the main thread while that holds the tally's lock, and waits for the same lock.",
                ("inconclusive",),
            ),
            started="2026-11-18T17:00:00Z",
            scale=900,
            watch_s=9 * 3600,
            outputs=(NamedOutput("spectra"),),
            experiment="turbine-fatigue",
            region="norwayeast",
        ),
        "The lock may be taken again by its holder.",
    ),
    *pair(
        Sample(
            name="a5_tenders_nested_pool",
            program="a5_tender.py",
            script="tenders.py",
            label=Label(
                "stuck",
                DEADLOCK,
                "executor-starvation",
                "Five regions' tasks fill the four workers and wait for tasks that they gave to the same executor; none of those can begin. faulthandler wrote the stacks every two hours.",
            ),
            started="2026-11-19T21:00:00Z",
            scale=900,
            watch_s=9 * 3600,
            outputs=(NamedOutput("tenders"),),
            runtime="2023",
            experiment="public-tenders",
            region="italynorth",
        ),
        "The lots have workers of their own.",
    ),
    *pair(
        Sample(
            name="a5_trains_read_ahead",
            program="a5_treinen.py",
            script="spoor.py",
            label=Label(
                "stuck",
                DEADLOCK,
                "threads-wait-for-each-other",
                "For a line without rides the reading thread goes on without saying that its place is free: it waits for that, and the main thread for the next rides. A heartbeat thread writes every two minutes.",
                ("inconclusive",),
            ),
            started="2026-11-17T21:00:00Z",
            scale=900,
            watch_s=8 * 3600,
            outputs=(NamedOutput("bomen"),),
            experiment="spoor-vertraging",
            region="westeurope",
        ),
        "The thread says that its place is free.",
    ),
)
