"""Runs that wait for ever, and whose stacks faulthandler wrote into the log while they did."""

from .network import Trouble
from .sample import Label, NamedOutput, Sample, pair

SAMPLES = (
    *pair(
        Sample(
            name="bounded_queue_without_a_taker",
            program="bounded_labels.py",
            script="etiketten.py",
            label=Label(
                "stuck",
                "in-process-deadlock",
                "queue-full",
                "The checking thread ends after 300 pictures and 420 are handed to it: the main thread waits in queue.put() for room that nobody makes. faulthandler wrote the stacks every 40 minutes.",
                ("inconclusive",),
            ),
            started="2026-11-17T13:00:00Z",
            scale=1200,
            watch_s=4.2 * 3600,
            outputs=(NamedOutput("etiketten"),),
            experiment="etiketten",
            region="germanywestcentral",
        ),
        "The thread takes as many as there are.",
    ),
    *pair(
        Sample(
            name="ring_waits_for_the_shortest_shard",
            program="ring_sums.py",
            script="ring.py",
            label=Label(
                "stuck",
                "distributed-hang",
                "rank-done-early",
                "One of four processes has data for fewer rounds and ends; the three others wait in recv() for its share. faulthandler wrote the stacks of each every hour.",
                ("inconclusive",),
            ),
            started="2026-11-18T20:00:00Z",
            scale=1200,
            watch_s=4.4 * 3600,
            outputs=(NamedOutput("ring"),),
            experiment="ring-mittel",
            region="switzerlandnorth",
        ),
        "All shards have data for all rounds.",
    ),
    *pair(
        Sample(
            name="vector_service_never_answers",
            program="quotes_service.py",
            script="stimmen.py",
            label=Label(
                "stuck",
                "waiting-on-external",
                "unanswered-request",
                "After 50 minutes the vector service takes requests and no longer answers; urlopen() has no time limit. faulthandler wrote the stack every 50 minutes.",
                ("inconclusive",),
            ),
            started="2026-11-19T05:00:00Z",
            scale=1200,
            watch_s=4.5 * 3600,
            troubles=(Trouble("/vektoren", "hang", since_s=3000),),
            outputs=(NamedOutput("stimmen"),),
            experiment="kundenstimmen",
            region="northeurope",
        ),
        "The service answers.",
        troubles=(),
    ),
)
