"""Ensemble weather members advance together; member 2 runs the fine grid and is slow."""
import multiprocessing as mp
import os
import sys
import time

HOURS = 48


def member(rank, gate, out):
    for hour in range(1, HOURS + 1):
        time.sleep(1100 if rank == 2 else 60)
        sys.stdout.write(f"m{rank} h{hour:02d} ready\n")
        sys.stdout.flush()
        gate.wait()
        if rank == 0 and hour % 6 == 0:
            with open(os.path.join(out, f"mean_{hour:02d}.txt"), "w") as f:
                f.write("ok\n")


if __name__ == "__main__":
    gate = mp.Barrier(4)
    members = [mp.Process(target=member, args=(r, gate, os.environ["AZURE_ML_OUTPUT_means"])) for r in range(4)]
    for m in members:
        m.start()
    for m in members:
        m.join()
    print("ensemble finished")
