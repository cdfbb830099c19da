"""Runs apart, fifth author: what lies outside does not answer, or does so after a while."""

from .network import Trouble
from .sample import Label, NamedOutput, Sample, pair

EXTERNAL = "waiting-on-external"

SAMPLES = (
    *pair(
        Sample(
            name="a5_shops_rate_limit",
            program="a5_geokod.py",
            script="geokod.py",
            label=Label(
                "stuck",
                EXTERNAL,
                "rate-limited",
                "The geocoder answers 429 to every request from a time on; the script asks again for ever, every quarter of an hour in the end.",
            ),
            started="2026-11-17T18:00:00Z",
            scale=900,
            watch_s=8 * 3600,
            troubles=(Trouble("/geocode", "429", since_s=900),),
            outputs=(NamedOutput("souradnice"),),
            experiment="prodejny",
            region="austriaeast",
        ),
        "The limit is lifted after an hour and a half, and the script goes on.",
        program="a5_geokod.py",
        troubles=(Trouble("/geocode", "429", since_s=900, until_s=6300),),
    ),
    *pair(
        Sample(
            name="a5_treaty_lease",
            program="a5_reinsure.py",
            script="reprice.py",
            label=Label(
                "stuck",
                EXTERNAL,
                "lease-held",
                "The lease of one treaty book is held by another writer for good; the script asks for it every minute and said so once.",
            ),
            started="2026-11-19T02:00:00Z",
            scale=900,
            watch_s=9 * 3600,
            troubles=(Trouble("/leases/property-2026", "409"),),
            outputs=(NamedOutput("treaties"),),
            denied={"code": "403 Forbidden: no permission to read snapshots"},
            runtime="2023",
            experiment="reinsurance-pricing",
            region="switzerlandnorth",
        ),
        "The other writer is done after half an hour.",
        program="a5_reinsure.py",
        denied={},
        troubles=(Trouble("/leases/property-2026", "409", until_s=5600),),
    ),
    *pair(
        Sample(
            name="a5_embeddings_no_answer",
            program="a5_embed.py",
            script="embed.py",
            label=Label(
                "stuck",
                EXTERNAL,
                "no-timeout",
                "From a batch on the endpoint takes the request and never answers; the call has no timeout.",
                ("inconclusive",),
            ),
            started="2026-11-20T00:00:00Z",
            scale=900,
            watch_s=7 * 3600,
            troubles=(Trouble("/serving", "hang", since_s=3000),),
            outputs=(NamedOutput("vectors"),),
            experiment="helpdesk-embeddings",
            region="eastus2",
        ),
        "The call has a timeout, and the endpoint is back at the second attempt.",
        troubles=(Trouble("/serving", "hang", since_s=3000, until_s=3400),),
    ),
    *pair(
        Sample(
            name="a5_hotels_question",
            program="a5_khachsan.py",
            script="dubao.py",
            label=Label(
                "stuck",
                EXTERNAL,
                "prompt",
                "The script asks whether to overwrite last month's forecast, and nobody types.",
            ),
            started="2026-11-16T22:00:00Z",
            scale=900,
            watch_s=8 * 3600,
            stdin="silent",
            outputs=(NamedOutput("dubao"),),
            experiment="khach-san",
            region="southeastasia",
        ),
        "The job is given the option that answers.",
        command="python {script} --ghi-de",
    ),
)
