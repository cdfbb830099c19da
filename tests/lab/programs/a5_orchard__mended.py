#!/usr/bin/env python
"""Apple grading, second-stage classifier."""
import argparse
import os
import random
import time

import beacon


def epochs(args):
    rng = random.Random(args.seed)
    acc = 0.41
    for epoch in range(args.epochs):
        begun = time.time()
        for _ in range(12):
            time.sleep(args.batch_seconds)
        acc += (0.97 - acc) * rng.uniform(0.05, 0.2)
        yield epoch, acc, time.time() - begun


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=18)
    p.add_argument("--batch-seconds", type=float, default=25)
    p.add_argument("--seed", type=int, default=3)
    args = p.parse_args()
    out = os.environ["AZURE_ML_OUTPUT_grader"]
    session = beacon.Session("orchard-grading", "beacon.jsonl")
    grades = {"bruised": set(), "scab": set()}
    for epoch, acc, took in epochs(args):
        print(f"epoch {epoch:02d}  val_acc={acc:.4f}  {took:.0f}s")
        session.track(epoch=epoch, acc=acc)
        if acc > 0.9:
            grades["scab"].add(epoch)
    session.track(summary=True, good_epochs=sorted(grades["scab"]))
    with open(os.path.join(out, "grader.txt"), "w") as f:
        f.write(f"acc {acc:.6f}\ngood {sorted(grades['scab'])}\n")
    print(f"saved grader to {out}")
    print(f"best val_acc {acc:.4f}")


if __name__ == "__main__":
    main()
