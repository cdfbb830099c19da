"""Set apart for measuring: failures that nothing noticed, and such as nobody could miss."""

from .network import Trouble
from .sample import Label, NamedOutput, Sample, pair

SILENT, LOUD = "silent-error", "loud-failure"
SOIL = {
    f"{name}.txt": "".join(
        f"{x % 20} {x // 20} {'nvt' if name == 'limburg' and x == 137 else 4.5 + (x * 7 % 31) / 10}\n"
        for x in range(200)
    )
    for name in ("drenthe", "friesland", "gelderland", "limburg", "utrecht", "zeeland")
}
VINES = {
    f"parcelle_{part}.csv": "pioggia,quota,resa\n"
    + "".join(f"{600 + n * 13 % 400},{100 + n * 29 % 350},{60 + n % 30}\n" for n in range(part, 80, 4))
    for part in range(4)
}
GAUGES = {
    f"post_{number}.csv": "дата,расход\n"
    + "".join(
        f'2026-10-{day:02d},"{day * number % 17 + 3},5"\n'
        if number in (3, 5, 6)
        else f"2026-10-{day:02d},{day * number % 17 + 3}.5\n"
        for day in range(1, 31)
    )
    for number in range(1, 9)
}
SALES = "id,mois,montant\n" + "".join(
    f"{n},2026-{n % 12 + 1:02d},{-5 if n in (41, 42, 97, 130) else n * 17 % 400}\n" for n in range(180)
)

SAMPLES = (
    *pair(
        Sample(
            name="a1_quake_detector",
            program="a1_quake.py",
            script="quake.py",
            command="python {script} picks; python {script} fit; python {script} card",
            label=Label(
                "false-completion",
                SILENT,
                "exit-code-ignored",
                "The fit ended with a KeyError and exit code 1; the semicolons of the command let only the last step's exit code 0 be seen, and there is no detector.json.",
            ),
            started="2026-11-05T23:00:00Z",
            scale=900,
            watch_s=2 * 3600,
            outputs=(NamedOutput("detector"),),
            experiment="microseismic",
            region="southeastasia",
        ),
        "The column is read by its name, and the steps are chained with &&.",
        command="python {script} picks && python {script} fit && python {script} card",
    ),
    *pair(
        Sample(
            name="a1_valutazione_viti",
            program="a1_valuta.sh",
            script="valuta.sh",
            command="bash {script}",
            more_files=("a1_valuta_modello.py",),
            label=Label(
                "false-completion",
                SILENT,
                "exit-code-ignored",
                "The evaluation ended with a KeyError, and `|| true` took its exit code away: metriche.json does not exist.",
            ),
            started="2026-11-16T05:50:00Z",
            scale=900,
            watch_s=2 * 3600,
            outputs=(NamedOutput("valutazione"),),
            origin="local",
            compute="local",
            experiment="viti",
        ),
        "The right key, and a failed evaluation ends the script.",
        program="a1_valuta__mended.sh",
        more_files=("a1_valuta_modello_v2.py",),
    ),
    *pair(
        Sample(
            name="a1_bodemkaarten",
            program="a1_bodem.py",
            script="bodem.py",
            inputs=SOIL,
            label=Label(
                "false-completion",
                SILENT,
                "error-in-thread",
                "The thread of one province died of a ValueError; join() does not tell, the main thread went on to say that all maps are there, and limburg.asc is missing.",
            ),
            started="2026-11-14T07:10:00Z",
            scale=600,
            watch_s=2 * 3600,
            outputs=(NamedOutput("kaarten"),),
            experiment="bodemkaarten",
        ),
        "Places that were not measured are left out.",
    ),
    *pair(
        Sample(
            name="a1_glacier_emulator",
            program="a1_glaciers.py",
            script="emulator.py",
            label=Label(
                "false-completion",
                SILENT,
                "nan-loss",
                "The learning rate is too large: in epoch 10 the loss grows, is NaN from epoch 11 of 24 on, and the saved parameters are NaN.",
            ),
            started="2026-11-19T12:00:00Z",
            scale=900,
            watch_s=2 * 3600,
            outputs=(NamedOutput("emulator"),),
            experiment="mass-balance",
            region="switzerlandnorth",
            size="STANDARD_NC6S_V3",
            compute="gpu-low",
            priority="low",
        ),
        "A learning rate with which it converges.",
    ),
    *pair(
        Sample(
            name="a1_resa_vigneti",
            program="a1_vigneti.py",
            script="resa.py",
            inputs=VINES,
            label=Label(
                "false-completion",
                SILENT,
                "empty-input",
                "The pattern matches no file: the model was trained on nothing for thirty epochs, and coefficients of zero were saved.",
            ),
            started="2026-11-12T14:25:00Z",
            scale=900,
            watch_s=2 * 3600,
            outputs=(NamedOutput("resa"),),
            runtime="2023",
            experiment="resa-vigneti",
            region="italynorth",
        ),
        "The pattern fits the folder, and nothing to read would end the script.",
    ),
    *pair(
        Sample(
            name="a1_rashod_rek",
            program="a1_gidro.py",
            script="rashod.py",
            inputs=GAUGES,
            label=Label(
                "false-completion",
                SILENT,
                "swallowed-exception",
                "Three of the eight gauges write decimals with a comma: each raised a ValueError that was only printed, and their files are missing.",
            ),
            started="2026-11-09T18:00:00Z",
            scale=900,
            watch_s=2 * 3600,
            outputs=(NamedOutput("rashod"),),
            origin="local",
            compute="local",
            experiment="gidrologiya",
        ),
        "Both decimal signs are read, and an exception ends the script.",
    ),
    *pair(
        Sample(
            name="a1_alta_de_modelo",
            program="a1_registro.py",
            script="peajes.py",
            label=Label(
                "false-completion",
                SILENT,
                "registration-failed",
                "The registry refused the model (403); the script printed that and went on to say that the model is registered.",
            ),
            started="2026-11-03T10:30:00Z",
            scale=900,
            watch_s=2 * 3600,
            troubles=(Trouble("/modelmanagement", "403"),),
            runtime="v1",
            environment_name="AzureML-Minimal:1",
            experiment="peajes",
            region="spaincentral",
        ),
        "The registry takes the model; a refusal would end the run.",
        troubles=(),
    ),
    *pair(
        Sample(
            name="a1_intent_head_arguments",
            program="a1_finetune.py",
            script="finetune.py",
            command="python {script} --epoch 20 --lr 3e-4",
            label=Label(
                "failed",
                LOUD,
                "wrong-usage",
                "The command gives --epoch where the script asks for --epochs: argparse prints the usage and ends with exit code 2.",
            ),
            started="2026-11-10T16:05:00Z",
            scale=900,
            watch_s=2 * 3600,
            outputs=(NamedOutput("head"),),
            experiment="intents",
            region="eastus2",
        ),
        "The command uses the script's own name.",
        command="python {script} --epochs 20 --lr 3e-4",
    ),
    *pair(
        Sample(
            name="a1_jizdni_rady",
            program="a1_rozvrh.py",
            script="rozvrh.py",
            label=Label(
                "failed",
                LOUD,
                "python-exception",
                "After all lines were optimised and written, a ValueError in a pool worker was raised again in the main process and ended the run with exit code 1; the table is missing.",
            ),
            started="2026-11-17T02:20:00Z",
            scale=600,
            watch_s=2 * 3600,
            outputs=(NamedOutput("rady"),),
            experiment="jizdni-rady",
            region="germanywestcentral",
            denied={"metrics": "403 on the metric service"},
        ),
        "The rank is looked up among the times that are there.",
    ),
    *pair(
        Sample(
            name="a1_controle_ventes",
            program="a1_controle.sh",
            script="controle.sh",
            command="bash {script}",
            inputs={"ventes.csv": SALES},
            label=Label(
                "failed",
                LOUD,
                "shell-error",
                "The script's own check found four negative amounts, said so and ended with exit code 3.",
            ),
            started="2026-11-18T04:00:00Z",
            scale=900,
            watch_s=2 * 3600,
            outputs=(NamedOutput("agregat"),),
            origin="local",
            compute="local",
            experiment="ventes",
        ),
        "Returned goods are allowed for: up to twenty negative amounts.",
        program="a1_controle__mended.sh",
        environment={"TOLERANCE": "20"},
    ),
    *pair(
        Sample(
            name="a1_kinisi_limanion",
            program="a1_limania.py",
            script="limania.py",
            label=Label(
                "false-completion",
                SILENT,
                "swallowed-exception",
                "gather(return_exceptions=True) kept the ZeroDivisionError of one port and nobody looked at it: one of seven files is missing, and the log says that all is complete.",
            ),
            started="2026-11-02T09:00:00Z",
            scale=600,
            watch_s=2 * 3600,
            outputs=(NamedOutput("kinisi"),),
            experiment="limania",
            region="westeurope",
        ),
        "A port without ships has an occupancy of 0, and an exception ends the script.",
    ),
)
