"""Bootstrap confidence intervals for the uplift experiment, on all cores."""
import csv
import logging
import multiprocessing as mp
import os
import random
import statistics
import time
from multiprocessing import shared_memory

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(processName)-17s %(levelname)s %(message)s")
mp.log_to_stderr(logging.DEBUG)


def resample(seed):
    rng = random.Random(seed)
    time.sleep(35)
    memory = shared_memory.SharedMemory(name=NAME)
    values = list(memory.buf[:2000])
    memory.close()
    return statistics.fmean(rng.choices(values, k=2000))


def main():
    memory = shared_memory.SharedMemory(create=True, size=2000, name=NAME)
    memory.buf[:2000] = bytes(random.Random(0).choices(range(256), k=2000))
    with mp.Pool(3, maxtasksperchild=8) as pool:
        means = []
        for n, mean in enumerate(pool.imap_unordered(resample, range(240)), 1):
            means.append(mean)
            if n % 24 == 0:
                logging.info("%d of 240 resamples, sd %.4f", n, statistics.stdev(means))
    memory.close()
    memory.unlink()
    means.sort()
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_ci"], "uplift.csv"), "w", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(["low", "mid", "high"])
        writer.writerow([means[6], means[120], means[233]])
    logging.info("interval %.3f .. %.3f", means[6], means[233])


NAME = "uplift_" + os.environ["AZUREML_RUN_ID"]
if __name__ == "__main__":
    main()
