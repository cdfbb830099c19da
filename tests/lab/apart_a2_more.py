"""Runs apart, second author: a semaphore taken twice, a marker that never comes, tiles that wait, solvers called off."""

from .sample import HEALTHY, Label, NamedOutput, Sample, pair

SAMPLES = (
    *pair(
        Sample(
            name="a2_orbit_slots",
            program="a2_satellites.py",
            script="screening.py",
            label=Label(
                "stuck",
                "in-process-deadlock",
                "lock-taken-twice",
                "Two tasks hold the two slots of a semaphore and each asks for a second one to refine its answer: no slot is ever given back.",
                ("inconclusive",),
            ),
            started="2026-11-19T15:30:00Z",
            scale=900,
            watch_s=5 * 3600,
            environment={"CLOSE_KM": "22"},
            outputs=(NamedOutput("passes"),),
            runtime="2023",
            experiment="conjunctions",
            region="centralus",
        ),
        "The answer is refined after the slot was given back.",
    ),
    *pair(
        Sample(
            name="a2_layer_marker",
            program="a2_sloj.sh",
            script="spoji.sh",
            command="sh {script}",
            label=Label(
                "stuck",
                "waiting-on-external",
                "waits-for-file",
                "The script waits for a marker that the night's processing never left; it looks every five minutes and says nothing.",
                ("inconclusive",),
            ),
            started="2026-11-16T01:30:00Z",
            scale=1200,
            watch_s=6 * 3600,
            inputs={
                "slojevi/ceste.txt": "A1 A2 A3\n",
                "slojevi/rijeke.txt": "Sava Drava Kupa\n",
                "slojevi/sume.txt": "Bilogora\n",
            },
            outputs=(NamedOutput("karta"),),
            experiment="karte",
            region="austriaeast",
        ),
        "After half an hour the layers are taken as they are.",
        program="a2_sloj__mended.sh",
    ),
    *pair(
        Sample(
            name="a2_climate_tiles",
            program="a2_climat.py",
            script="climat.py",
            label=Label(
                "stuck",
                "distributed-hang",
                "rank-took-another-branch",
                "One tile no longer exchanges once little moves in it, and runs to its end; its neighbours wait in recv() for what it does not send. faulthandler wrote the stacks every two hours.",
            ),
            started="2026-11-14T20:00:00Z",
            scale=900,
            watch_s=6 * 3600,
            outputs=(NamedOutput("climat"),),
            experiment="climat-jouet",
            region="francecentral",
        ),
        "No exchange is skipped.",
    ),
    Sample(
        name="a2_solvers_called_off",
        program="a2_speculative.py",
        script="timetable.py",
        label=Label(
            *HEALTHY,
            "A slower solver was called off by design when a good answer was there; the answer was kept.",
        ),
        started="2026-11-18T21:00:00Z",
        scale=900,
        watch_s=6 * 3600,
        outputs=(NamedOutput("timetable"),),
        origin="local",
        compute="local",
        experiment="timetable",
    ),
)
