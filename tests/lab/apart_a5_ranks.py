"""Runs apart, fifth author: processes that wait for each other."""

from .sample import Label, NamedOutput, Sample, pair

RANKS = "distributed-hang"
GLOO = {"GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1"}

SAMPLES = (
    *pair(
        Sample(
            name="a5_fundus_broadcast",
            program="a5_glaucoma.py",
            script="grade_fundus.py",
            label=Label(
                "stuck",
                RANKS,
                "mismatched-collective",
                "Each rank decides by its own validation loss whether to take part in a broadcast; they differ, and are in different collectives from then on.",
            ),
            started="2026-11-17T13:00:00Z",
            scale=400,
            watch_s=6 * 3600,
            ranks=3,
            needs=("torch",),
            environment=GLOO,
            outputs=(NamedOutput("weights"),),
            experiment="fundus",
            compute="cpu-mid",
            region="uksouth",
        ),
        "The ranks decide by the mean of their losses.",
    ),
    *pair(
        Sample(
            name="a5_irrigation_file",
            program="a5_sulama.py",
            script="sulama.py",
            label=Label(
                "stuck",
                RANKS,
                "rank-lags",
                "From period 18 on rank 0 no longer writes the file of coefficients; the other ranks wait for it, and rank 0 waits for them in the next all-reduce.",
                ("inconclusive",),
            ),
            started="2026-11-15T23:00:00Z",
            scale=500,
            watch_s=8 * 3600,
            ranks=4,
            needs=("torch",),
            environment=GLOO,
            outputs=(NamedOutput("model"),),
            experiment="sulama-tahmini",
            region="turkeycentral",
        ),
        "The file is always written.",
    ),
    *pair(
        Sample(
            name="a5_recall_world_size",
            program="a5_zhibo.py",
            script="zhaohui.py",
            label=Label(
                "stuck",
                RANKS,
                "rank-never-joined",
                "The configuration says three processes and the job starts two: both wait for the third when the group is made.",
            ),
            started="2026-11-18T06:00:00Z",
            scale=500,
            watch_s=6 * 3600,
            ranks=2,
            needs=("torch",),
            environment=GLOO,
            outputs=(NamedOutput("zhaohui"),),
            experiment="zhibo-zhaohui",
            region="chinanorth3",
        ),
        "The configuration says two.",
    ),
    *pair(
        Sample(
            name="a5_pangenome_memory",
            program="a5_pangenome.sh",
            script="run.sh",
            more_files=("a5_pangenome.py=pangenome.py",),
            command="bash {script}",
            label=Label(
                "stuck",
                "resource-kill",
                "out-of-memory",
                "The process of shard 2 ended with a MemoryError at the limit that the wrapper sets; the other three wait for it at the barrier, and the main process for them.",
                (RANKS,),
            ),
            started="2026-11-13T12:00:00Z",
            scale=900,
            watch_s=8 * 3600,
            outputs=(NamedOutput("matrix"),),
            runtime="2023",
            experiment="pangenome",
            size="STANDARD_DS2_V2",
            region="swedencentral",
        ),
        "The distances are held in tiles.",
        program="a5_pangenome.sh",
        more_files=("a5_pangenome__mended.py=pangenome.py",),
    ),
)
