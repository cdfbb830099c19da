"""Groundwater heads: one regression per observation well, nightly refit."""
import json
import logging
import os
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from runmetrics import Run

logging.basicConfig(
    stream=sys.stdout,
    level=logging.INFO,
    format="%(asctime)s | %(levelname)-8s | %(name)s:%(funcName)s:%(lineno)d - %(message)s",
)
log = logging.getLogger("aquifer")
N_WELLS = 312


@dataclass
class Well:
    ident: str
    depth: float
    nse: float = 0.0


def load(rng):
    wells = [Well(f"OW-{n:04d}", rng.uniform(8, 160)) for n in range(N_WELLS)]
    log.info("%d observation wells, %d without a screen depth (imputed)", len(wells), 17)
    return wells


def refit(wells, run, rng):
    for season in range(1, 13):
        time.sleep(240)
        resid = 1.9 * 0.86**season + rng.uniform(0, 0.03)
        run.log("mean_residual_m", resid, step=season)
        log.info("season %02d/12 refit, mean residual %.3f m", season, resid)
        if season in (3, 8):
            log.warning("pump test series ended early, using the last stable head")
    for well in wells:
        well.nse = rng.uniform(0.55, 0.97)


def publish(wells, run, target):
    for well in wells:
        run.log(f"nse/{well.ident}", well.nse)
    log.info("logged NSE for %d wells", len(wells))
    run.log("nse_median", sorted(w.nse for w in wells)[len(wells) // 2])
    with open(target / "wells.json", "w", encoding="utf-8") as handle:
        json.dump([vars(w) for w in wells], handle)
    log.info("wrote %s (%d bytes)", target / "wells.json", (target / "wells.json").stat().st_size)


def main():
    rng = random.Random(11)
    run = Run.get_context()
    target = Path(os.environ["AZURE_ML_OUTPUT_wells"])
    wells = load(rng)
    refit(wells, run, rng)
    publish(wells, run, target)
    log.info("all done, bye")
    run.flush(timeout_seconds=900)
    sys.stdout.flush()
    os._exit(0)  # the solver's licence thread sometimes keeps us alive


if __name__ == "__main__":
    main()
