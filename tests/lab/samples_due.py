"""What the source or the log shows to be due, beside what is there."""

from .sample import HEALTHY, Label, NamedOutput, Sample, pair

WEIGHTS = "ora,kg\n" + "".join(f"{n},{31 + n % 5 * 0.4:.1f}\n" for n in range(48))

SAMPLES = (
    *pair(
        Sample(
            name="seed_lots_logged_in_forks",
            program="seed_lots.py",
            label=Label(
                "false-completion",
                "unflushed-metrics",
                "metric-never-arrived",
                "Each lot is scored in a forked process, in which the client's sending thread does not exist: the misfit of the parent arrived, and no share of any lot.",
            ),
            started="2026-11-17T09:20:00Z",
            scale=480,
            watch_s=2 * 3600,
            outputs=(NamedOutput("curves"),),
            experiment="germination",
            region="uksouth",
        ),
        "The processes return their shares, and the parent logs them.",
    ),
    *pair(
        Sample(
            name="river_flows_look_again",
            program="river_flows.py",
            script="virtaamat.py",
            label=Label(
                "stuck",
                "waiting-on-external",
                "waits-for-file",
                "The file that says that the measurements are there was never written; the script looks every ten minutes, says so, and would do so for ever.",
            ),
            started="2026-11-18T04:40:00Z",
            scale=1800,
            watch_s=5 * 3600,
            outputs=(NamedOutput("virtaamat"),),
            inputs={"asemat.csv": "asema,joki\n1,Vuoksi\n"},
            experiment="virtaamat",
            region="northeurope",
        ),
        "The file is there, and the wait is bounded.",
        inputs={"valmis.txt": "41.5\n"},
    ),
    *pair(
        Sample(
            name="tide_tables_end_at_the_buffer",
            program="tide_tables.py",
            label=Label(
                "false-completion",
                "unflushed-output",
                "unflushed-buffer",
                "os._exit(0) ends the process with five tables open: each ends with a whole line where its buffer was full, and lacks what came after.",
            ),
            started="2026-11-16T03:15:00Z",
            scale=900,
            watch_s=2 * 3600,
            outputs=(NamedOutput("tables", "upload"),),
            experiment="tides",
            region="westeurope",
        ),
        "Every table is closed, and the interpreter ends the ordinary way.",
    ),
    *pair(
        Sample(
            name="bee_scales_fitted_on_nothing",
            program="bee_scales.py",
            script="merleg.py",
            label=Label(
                "false-completion",
                "silent-error",
                "empty-input",
                "The pattern matches no file: nothing was read, twenty rounds went over it, and a model of zeros was written.",
            ),
            started="2026-11-14T07:30:00Z",
            scale=600,
            watch_s=2 * 3600,
            outputs=(NamedOutput("modell"),),
            inputs={"kaptar_1.csv": WEIGHTS, "kaptar_2.csv": WEIGHTS},
            experiment="kaptarmerleg",
            region="swedencentral",
        ),
        "The pattern is that of the files, and an empty list ends the script.",
    ),
    *pair(
        Sample(
            name="letters_left_out_of_the_edition",
            program="letter_edition.py",
            script="edition.py",
            label=Label(
                "false-completion",
                "silent-error",
                "item-left-out",
                "One letter has no page with text, and its mean length divides by zero in a thread whose future nobody asks: its file is not there, and the register lists it.",
            ),
            started="2026-11-19T14:05:00Z",
            scale=480,
            watch_s=2 * 3600,
            outputs=(NamedOutput("edition"),),
            experiment="letters",
            region="francecentral",
        ),
        "A letter without text has a mean of zero, and every future is asked for its result.",
    ),
    *pair(
        Sample(
            name="moss_survey_never_committed",
            program="moss_survey.py",
            label=Label(
                "false-completion",
                "unflushed-output",
                "never-committed",
                "The finds were inserted and never committed: closing the connection rolled them back, and the file holds an empty table.",
            ),
            started="2026-11-12T12:45:00Z",
            scale=480,
            watch_s=2 * 3600,
            outputs=(NamedOutput("survey", "upload"),),
            experiment="mosses",
            region="norwayeast",
        ),
        "Each plot is a transaction of its own, in a with block.",
    ),
    Sample(
        name="permits_set_aside_by_design",
        program="permits_checked.py",
        label=Label(
            *HEALTHY,
            "Permits that do not pass are told at error level, counted, and kept in a table of their own; both tables are whole.",
        ),
        started="2026-11-15T22:10:00Z",
        scale=600,
        watch_s=2 * 3600,
        outputs=(NamedOutput("permits"),),
        experiment="permits",
        region="uksouth",
    ),
)
