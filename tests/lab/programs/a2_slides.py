"""Embeds histology slides with a small net; decoding happens in the loader's workers."""
import csv
import ctypes
import logging
import os
import time

import torch
from torch.utils.data import DataLoader, Dataset

logging.basicConfig(level=logging.INFO, format="%(levelname).1s%(asctime)s %(filename)s:%(lineno)d] %(message)s", datefmt="%m%d %H:%M:%S")


class Slides(Dataset):
    """Tiles of scanned slides, decoded by the vendor's library."""

    def __init__(self, sizes):
        self.sizes = sizes

    def __len__(self):
        return len(self.sizes)

    def __getitem__(self, i):
        scan = ctypes.create_string_buffer(bytes(range(64)))
        address = ctypes.addressof(scan) if self.sizes[i] else 0
        pixels = ctypes.create_string_buffer(64)
        ctypes.memmove(pixels, address, 64)  # vendor call: no checks
        return i, torch.tensor(list(pixels.raw), dtype=torch.float32) / 255


def embed(loader, net, rows):
    for index, x in loader:
        vectors = net(x).detach()
        rows += [[int(i), *[f"{v:.4f}" for v in vec.tolist()]] for i, vec in zip(index, vectors)]
        time.sleep(40)
        logging.info("%d tiles embedded", len(rows))


def main():
    sizes = [64] * 160
    sizes[101] = 0
    net, rows = torch.nn.Linear(64, 4), []
    loader = DataLoader(Slides(sizes), batch_size=8, num_workers=2, persistent_workers=True)
    try:
        embed(loader, net, rows)
    except RuntimeError as why:
        logging.warning("loader stopped early: %s", why)
    with open(os.path.join(os.environ["AZURE_ML_OUTPUT_vectors"], "vectors.csv"), "w", newline="") as f:
        csv.writer(f).writerows(rows)
    logging.info("vectors.csv complete")


if __name__ == "__main__":
    main()
