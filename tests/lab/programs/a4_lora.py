"""LoRA-style adapter tuning with early stopping and rotating checkpoints."""
import json
import logging
import math
import os
import random
import shutil
import time
import warnings
from pathlib import Path

from runmetrics import Run

logging.basicConfig(format="%(asctime)s - %(name)s - %(levelname)s - %(message)s", level=logging.INFO)
logger = logging.getLogger("adapter.trainer")
OUT = Path("outputs")

for package in ("flash_attn", "bitsandbytes", "apex", "deepspeed", "xformers"):
    try:
        __import__(package)
    except ImportError as error:
        logger.warning("%s: %s - falling back to the plain implementation", package, error)


class Checkpoints:
    def __init__(self, keep):
        self.keep, self.all = keep, []

    def save(self, step, weights):
        folder = OUT / f"checkpoint-{step}"
        folder.mkdir()
        (folder / "adapter.json").write_text(json.dumps(weights))
        (folder / "trainer_state.json").write_text(json.dumps({"global_step": step}))
        self.all.append(folder)
        logger.info("Saving model checkpoint to %s", folder)
        while len(self.all) > self.keep:
            old = self.all.pop(0)
            logger.info("Deleting older checkpoint [%s] due to save_total_limit", old)
            shutil.rmtree(old)


def main():
    warnings.warn("The attention mask is not set and cannot be inferred from input because pad token is same as eos token.")
    run, rng, checkpoints = Run.get_context(), random.Random(30), Checkpoints(2)
    best, bad, total = math.inf, 0, 3000
    logger.info("***** Running training *****\n  Num examples = 24,000\n  Num Epochs = 3\n  Total optimization steps = %d", total)
    for step in range(10, total + 1, 10):
        time.sleep(22)
        loss = 0.6 + 1.4 * math.exp(-step / 300) + rng.gauss(0, 0.02)
        norm = rng.uniform(0.3, 1.4)
        print({"loss": round(loss, 4), "grad_norm": "inf" if step in (40, 710) else round(norm, 3), "learning_rate": round(2e-4 * (1 - step / total), 8), "epoch": round(3 * step / total, 2)}, flush=True)
        if step in (40, 710):
            logger.warning("Gradient overflow. Skipping step, loss scaler 0 reducing loss scale to %d", 32768 if step == 40 else 16384)
        if step % 100 == 0:
            held_out = 0.72 + 1.2 * math.exp(-step / 260) + max(0, step - 1000) / 9000 + rng.gauss(0, 0.002)
            run.log("eval_loss", held_out, step=step)
            print({"eval_loss": round(held_out, 4), "eval_runtime": 41.2, "epoch": round(3 * step / total, 2)}, flush=True)
            checkpoints.save(step, [rng.random() for _ in range(300)])
            best, bad = (held_out, 0) if held_out < best - 0.001 else (best, bad + 1)
            if bad == 4:
                logger.info("eval_loss did not improve for 4 evaluations, best %.4f", best)
                break
    (OUT / "adapter_final.json").write_text(json.dumps([rng.random() for _ in range(300)]))
    logger.info("Training completed. adapter_final.json saved (stopped at step %d of %d by early stopping)", step, total)
    run.flush()


main()
