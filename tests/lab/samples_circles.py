"""Open runs that wait for themselves, for each other or for a service, and one that only looks as if nothing told of it."""

from .sample import Label, NamedOutput, Sample, pair

DEADLOCK = "in-process-deadlock"

SAMPLES = (
    *pair(
        Sample(
            name="pool_tasks_within_tasks",
            program="nested_parishes.py",
            script="pfarreien.py",
            label=Label(
                "stuck",
                DEADLOCK,
                "pool-waits-for-itself",
                "Three parishes at once take all three workers, and each waits for tasks that it gave to the same pool.",
                ("inconclusive",),
            ),
            started="2026-11-17T06:00:00Z",
            scale=600,
            watch_s=6 * 3600,
            outputs=(NamedOutput("personen"),),
            experiment="kirchenbuecher",
            region="germanywestcentral",
        ),
        "The inner tasks have a pool of their own.",
    ),
    *pair(
        Sample(
            name="lock_held_at_the_fork",
            program="forked_ledgers.py",
            script="registri.py",
            label=Label(
                "stuck",
                DEADLOCK,
                "fork-with-held-lock",
                "A thread holds the lock of the counts when the workers are forked: their copies of it stay locked.",
                ("inconclusive", "lingering-child-process"),
            ),
            started="2026-11-18T09:00:00Z",
            scale=600,
            watch_s=5 * 3600,
            outputs=(NamedOutput("registri"),),
            origin="local",
            compute="local",
            experiment="registri-di-bordo",
        ),
        "The workers are spawned.",
    ),
    *pair(
        Sample(
            name="ranks_wait_for_a_third",
            program="ranks_of_three.py",
            label=Label(
                "stuck",
                "distributed-hang",
                "rank-never-joined",
                "The script says three processes and the job starts two: both wait for the third when the group is formed.",
            ),
            started="2026-11-19T04:00:00Z",
            scale=500,
            watch_s=6 * 3600,
            ranks=2,
            needs=("torch",),
            outputs=(NamedOutput("codificador"),),
            experiment="jugadas",
            region="spaincentral",
        ),
        "The script asks the job how many there are.",
    ),
    *pair(
        Sample(
            name="gauge_service_never_up",
            program="gauge_service.py",
            script="poziomy.py",
            label=Label(
                "stuck",
                "waiting-on-external",
                "looks-again-later",
                "Nothing listens at the service's port: the script tries to connect every three and a half minutes, and says how many minutes it has been at it.",
            ),
            started="2026-11-20T02:00:00Z",
            scale=1200,
            watch_s=7 * 3600,
            outputs=(NamedOutput("poziomy"),),
            experiment="poziomy-wody",
            region="polandcentral",
        ),
        "It goes without the service after a while.",
    ),
    Sample(
        name="bars_without_a_time",
        program="mosaic_bars.py",
        script="mosaic.py",
        label=Label(
            "in-progress",
            "still-working",
            None,
            "Nothing hangs: the eighth of fourteen sheets is being stitched. No line tells its time, and the outputs may not be read.",
            ("inconclusive",),
        ),
        started="2026-11-20T20:00:00Z",
        scale=600,
        watch_s=7600,
        denied={
            "outputs": "403 AuthorizationPermissionMismatch on the storage account",
            "code": "403 AuthorizationPermissionMismatch on the storage account",
        },
        outputs=(NamedOutput("mosaic"),),
        experiment="aerial-mosaics",
        region="northeurope",
    ),
)
