"""Runs apart, fourth author: work that failed somewhere and nobody was told, each beside its mended twin."""

import json
import random

from .network import Trouble
from .sample import Label, NamedOutput, Sample, pair

SILENT = "silent-error"


def _annotations() -> dict[str, str]:
    """Annotated samples, in files that end in .geojson."""
    rng = random.Random(8)
    files = {}
    for number in range(6):
        samples = [
            {
                "x": [round(rng.gauss(0, 1), 3) for _ in range(4)],
                "y": rng.choice(["papel", "vidrio", "envases"]),
            }
            for _ in range(60)
        ]
        files[f"anotaciones/zona_{number}.geojson"] = json.dumps({"muestras": samples})
    return files


def _feeds() -> dict[str, str]:
    """Feeds of six publishers; one book of calder's has no formats."""
    feeds = {}
    for publisher in ("acorn", "birchwood", "calder", "dovetail", "elmfield", "foxglove"):
        titles = [
            {
                "isbn": f"97814{n:08d}",
                "title": f"{publisher} {n}",
                "price_pence": 499 + n,
                "formats": ["epub"],
            }
            for n in range(140)
        ]
        if publisher == "calder":
            titles[31]["formats"] = None
        feeds[f"{publisher}.json"] = json.dumps({"titles": titles})
    return feeds


SAMPLES = (
    *pair(
        Sample(
            name="a4_tagesabschluss",
            program="a4_lieferanten.py",
            script="tagesabschluss.py",
            label=Label(
                "false-completion",
                SILENT,
                "swallowed-exception",
                "Three suppliers have invoices with a tax class that the table does not hold; the KeyError is logged as a warning without its type, and their files are missing.",
            ),
            started="2026-11-16T22:00:00Z",
            scale=600,
            watch_s=4 * 3600,
            outputs=(NamedOutput("abschluss"),),
            experiment="tagesabschluss",
            region="germanywestcentral",
        ),
        "The table holds the third class, and nothing is caught.",
    ),
    *pair(
        Sample(
            name="a4_cohort_calls",
            program="a4_vcf.sh",
            script="joint_call.sh",
            command="bash {script}",
            more_files=("a4_vcf_call.py=call_chr.py",),
            label=Label(
                "false-completion",
                SILENT,
                "exit-code-ignored",
                "One of eight background jobs ended with a ZeroDivisionError; a bare wait returns 0, and the cohort file holds only part of that chromosome.",
            ),
            started="2026-11-12T18:30:00Z",
            scale=600,
            watch_s=5 * 3600,
            outputs=(NamedOutput("calls"),),
            experiment="joint-calling",
            region="northeurope",
            size="STANDARD_F16S_V2",
        ),
        "Every job is waited for by its number, and a window without reads has the ratio 0.",
        program="a4_vcf__mended.sh",
        more_files=("a4_vcf_call__mended.py=call_chr.py",),
    ),
    *pair(
        Sample(
            name="a4_ocr_contratos",
            program="a4_ocr_lotes.py",
            script="ocr_lotes.py",
            label=Label(
                "false-completion",
                SILENT,
                "future-not-fetched",
                "Two of 24 batches hold a blank page, over which a ZeroDivisionError was raised in the executor; nobody asks the futures, nothing is printed, and two files are missing.",
                ("unflushed-output", "inconclusive"),
            ),
            started="2026-11-05T11:00:00Z",
            scale=600,
            watch_s=4 * 3600,
            runtime="2023",
            outputs=(NamedOutput("textos"),),
            experiment="ocr-contratos",
            region="brazilsouth",
        ),
        "The futures are asked for their results, and a blank page has no confidence.",
    ),
    *pair(
        Sample(
            name="a4_hillshade_tiles",
            program="a4_tilesync.py",
            script="tilesync.py",
            label=Label(
                "false-completion",
                SILENT,
                "http-status-ignored",
                "From the middle on the tile server answered 503 to every PUT; the status is logged at level INFO and never looked at, and the style was not published either.",
            ),
            started="2026-11-18T02:00:00Z",
            scale=500,
            watch_s=4 * 3600,
            troubles=(Trouble("/tiles", "503", since_s=1300),),
            experiment="outdoor-map",
            region="switzerlandnorth",
        ),
        "A tile that was refused is sent again, and the outage of some minutes is over by then.",
        troubles=(Trouble("/tiles", "503", since_s=1300, until_s=1650),),
    ),
    *pair(
        Sample(
            name="a4_reclamations",
            program="a4_camembert.py",
            script="affinage.py",
            label=Label(
                "false-completion",
                SILENT,
                "registration-failed",
                "The registry refused the model with 404; the exception is caught, a friendly line mentions it, and the run goes on to its end without a registered model.",
            ),
            started="2026-11-10T19:40:00Z",
            scale=500,
            watch_s=4 * 3600,
            troubles=(Trouble("/modelmanagement", "404"),),
            outputs=(NamedOutput("modele"),),
            experiment="reclamations",
            region="francecentral",
            size="STANDARD_NC4AS_T4_V3",
        ),
        "The registry is asked again until it takes the model, after two refusals.",
        troubles=(Trouble("/modelmanagement", "503", until_s=4000),),
    ),
    *pair(
        Sample(
            name="a4_dose_kernel",
            program="a4_mc.cpp",
            script="dose.cpp",
            command="g++ -O1 -o dose {script} && ./dose",
            label=Label(
                "false-completion",
                SILENT,
                "disk-full-carried-on",
                "Every spill to the scratch disk failed with No space left on device; a line on stderr says so, and the kernel was computed without a quarter of its histories.",
            ),
            started="2026-11-13T14:00:00Z",
            scale=200,
            watch_s=3 * 3600,
            full=("histories.bin",),
            outputs=(NamedOutput("dose"),),
            experiment="dose-kernels",
            region="uksouth",
            environment_name="dosekernel-gcc:7",
        ),
        "The histories go to the output, and a failed write would end the program.",
        program="a4_mc__mended.cpp",
    ),
    *pair(
        Sample(
            name="a4_sudoyo_yecheuk",
            program="a4_sudoyo.py",
            script="학습.py",
            label=Label(
                "false-completion",
                SILENT,
                "nan-loss",
                "The learning rate is too high: the error grows to infinity and then is not a number, and the saved weights are NaN.",
            ),
            started="2026-11-07T06:00:00Z",
            scale=500,
            watch_s=4 * 3600,
            outputs=(NamedOutput("model"),),
            experiment="sudo-suyo",
            region="koreacentral",
        ),
        "The learning rate is smaller.",
    ),
    *pair(
        Sample(
            name="a4_backtest_kwartaly",
            program="a4_backtest.py",
            script="backtest.py",
            label=Label(
                "false-completion",
                SILENT,
                "work-skipped",
                "The four quarters of 2022 raised an IndexError, were put on a list that nobody reads, and are left out of the curve; the last line says 24 of 28.",
            ),
            started="2026-11-14T05:00:00Z",
            scale=900,
            watch_s=4 * 3600,
            outputs=(NamedOutput("backtest"),),
            experiment="momentum",
            region="polandcentral",
        ),
        "Prices after a split are converted, and an error would end the run.",
    ),
    *pair(
        Sample(
            name="a4_etiquetas_residuos",
            program="a4_etiquetas.py",
            script="entrenar.py",
            label=Label(
                "false-completion",
                SILENT,
                "trained-on-nothing",
                "The pattern asks for .json and the annotations are .geojson: no sample was read, twenty epochs passed over nothing, and the random weights were saved as the model.",
            ),
            started="2026-11-11T08:20:00Z",
            scale=500,
            watch_s=3 * 3600,
            inputs=_annotations(),
            outputs=(NamedOutput("modelo"),),
            experiment="residuos",
            region="spaincentral",
        ),
        "The pattern is the right one, and fewer than a hundred samples would end the run.",
    ),
    *pair(
        Sample(
            name="a4_bookshelf_feeds",
            program="a4_shelf.py",
            script="shelf.py",
            label=Label(
                "false-completion",
                SILENT,
                "exit-code-ignored",
                "jq ended with exit code 5 on a book without formats; the script does not ask for its exit code, and the catalogue of that publisher stops there.",
            ),
            started="2026-11-19T01:15:00Z",
            scale=500,
            watch_s=3 * 3600,
            inputs=_feeds(),
            outputs=(NamedOutput("shelf"),),
            origin="local",
            compute="local",
            experiment="shelf",
        ),
        "A book without formats has an empty list, and jq's exit code is asked for.",
    ),
    *pair(
        Sample(
            name="a4_birzhevye_bary",
            program="a4_kotirovki.py",
            script="sborshchik.py",
            label=Label(
                "false-completion",
                SILENT,
                "task-never-awaited",
                "One of twelve tasks raised an IndexError; asyncio.wait counts it as done, and asyncio's line about it stands among thousands of others: eleven files of twelve are there.",
            ),
            started="2026-11-13T07:00:00Z",
            scale=400,
            watch_s=4 * 3600,
            runtime="v1",
            environment_name="AzureML-Minimal:1",
            outputs=(NamedOutput("bary"),),
            experiment="bary",
            region="westeurope",
        ),
        "gather raises what a task raised, and a side without orders takes the price of the minute before.",
    ),
    *pair(
        Sample(
            name="a4_fawatir_almiyah",
            program="a4_fawatir.py",
            script="fawatir.py",
            label=Label(
                "false-completion",
                SILENT,
                "callback-only",
                "Two districts of thirty raised in the pool; there is a callback for results and none for errors, and nobody asks for the results: 28 districts are in the file, and no line says why.",
                ("inconclusive",),
            ),
            started="2026-11-15T23:20:00Z",
            scale=500,
            watch_s=3 * 3600,
            outputs=(NamedOutput("fawatir"),),
            experiment="fawatir",
            region="uaenorth",
        ),
        "Every result is asked for, and the last tier has no upper limit.",
    ),
)
